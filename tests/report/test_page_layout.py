"""How the page stands on paper, on a telephone and at each address, measured in a real browser."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from pipeline.report import figures, page
from tests.report import made_weeks
from tests.report.browser import Watched, chromium, watched

pytestmark = pytest.mark.integration

# A4 is 210 mm wide; the page's print margins are 14 mm; 96 points make an inch of 25.4 mm.
PRINTABLE = 687

WIDER = """(width) => [...document.querySelectorAll("main *, header *, footer *")]
    .filter((node) => node.getClientRects().length && !node.closest(".out, .skip, svg"))
    .filter((node) => Math.max(node.getBoundingClientRect().right, node.scrollWidth) > width + 1)
    .map((node) => `${node.tagName}.${node.className} ${node.textContent.slice(0, 40)}`)"""

# Each word of a drawing with the drawing's own edges, and the words of it that lie over one another.
CLASHES = """(drawing) => {
    const words = [...drawing.querySelectorAll("text")].map((node) => ({ text: node.textContent, box: node.getBoundingClientRect() }));
    const across = (a, b) => a.left < b.right && b.left < a.right && a.top + 2 < b.bottom - 2 && b.top + 2 < a.bottom - 2;
    const own = drawing.getBoundingClientRect();
    return [
        ...words.filter((one) => one.box.left < own.left - 1 || one.box.right > own.right + 1).map((one) => `${one.text} leaves`),
        ...words.flatMap((a, i) => words.slice(i + 1).filter((b) => across(a.box, b.box)).map((b) => `${a.text} / ${b.text}`)),
    ];
}"""  # noqa: E501 - JavaScript


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def drawn(published: Path) -> dict[str, Any]:
    """Five years of the busy brand beside peers whose reach is in the millions: the widest that a table gets."""
    shown = copy.deepcopy(figures.figures(published, made_weeks.BRANDS))
    shown["weeks"] = [(date(2022, 1, 10) + timedelta(weeks=n)).isoformat() for n in range(260)]
    for brand in shown["brands"].values():
        for lists in brand["series"].values():
            for name, values in lists.items():
                lists[name] = [values[n % len(values)] for n in range(260)]
        brand["now"]["reach"] = {"v": 187_654, "lo": 93_900, "hi": 376_000, "n": 277, "grain": "rolling28"}
    shown["brands"]["busy"]["peers"] = list(shown["brands"])
    return shown


@pytest.fixture(scope="module")
def html(drawn: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return page.replace(tmp_path_factory.mktemp("page") / "index.html", page.render(drawn))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_nothing_is_wider_than_the_paper(browser: Browser, html: Path, language: str) -> None:
    with watched(browser, width=PRINTABLE) as seen:
        seen.page.emulate_media(media="print")
        seen.open(html, f"busy/{language}")
        assert seen.page.locator("#peers tbody tr").count() > 3
        assert seen.page.evaluate(WIDER, PRINTABLE) == []
        # As a printer sees it, each table stays inside its card.
        seen.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        assert seen.page.evaluate(WIDER, PRINTABLE) == []
        for table in seen.page.locator("main .scroll").all():
            assert table.evaluate("(node) => node.scrollWidth <= node.clientWidth"), table.inner_text()


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("width", [375, 700, 1280])
def test_no_word_of_a_drawing_touches_another(browser: Browser, html: Path, width: int, language: str) -> None:
    with watched(browser, width=width) as seen:
        seen.open(html, f"busy/{language}")
        for span in range(3):
            seen.page.locator("#spans input").nth(span).check(force=True)
            drawings = seen.page.locator("#charts section > svg, #image figure svg").all()
            assert len(drawings) > 3
            for drawing in drawings:
                assert drawing.evaluate(CLASHES) == []


def test_a_desk_shows_the_peers_whole_and_the_loudest_first(
    browser: Browser, html: Path, drawn: dict[str, Any]
) -> None:
    with watched(browser) as seen:
        seen.open(html, "busy/fr")
        within = "(node) => node.scrollWidth <= node.clientWidth"
        assert seen.page.locator("#peers .scroll").evaluate(within)
        shares = {b["name"]: b["now"].get("share_of_voice", {}).get("v") or -1 for b in drawn["brands"].values()}
        names = seen.page.locator("#peers tbody th").all_inner_texts()
        assert names == sorted(names, key=lambda name: -shares[name]) and len(set(shares.values())) > 1
        assert seen.page.locator("#peers tr.self th").inner_text() == drawn["brands"]["busy"]["name"]


def test_an_estimate_has_two_digits_as_in_the_mail(browser: Browser, html: Path) -> None:
    with watched(browser) as seen:
        told = seen.open(html, "busy/fr").page.locator("#tiles li").nth(2).inner_text().replace("\u202f", " ")
        assert "190 000" in told and "entre 94 000 et 380 000, sur 277 mentions" in told
        said = seen.page.evaluate("[0, 7, 41_950, 999_999, 12_345_678].map(rough)")
        assert [text.replace("\u202f", " ").replace("\xa0", " ") for text in said] == [
            "0", "7", "42 000", "1 M", "12 M",
        ]  # fmt: skip
        counted = "[0, 1, 2, 1e6].map((n) => count('authors', n))"
        assert [text.split()[-1] for text in seen.page.evaluate(counted)] == ["auteur", "auteur", "auteurs", "auteurs"]


def title(seen: Watched) -> str:
    return seen.page.inner_text("#title")


@pytest.mark.parametrize("part", ["%E0%A4%A", "nowhere/fr", "__proto__/fr", "%"])
def test_a_wrong_address_says_so_and_shows_a_brand(browser: Browser, html: Path, part: str) -> None:
    with watched(browser) as seen:
        seen.open(html, part)
        assert title(seen) in seen.page.inner_text("#astray") and seen.page.locator("#tiles li").count() == 4
        seen.page.select_option("#brand", "busy")
        assert not seen.page.locator("#astray").is_visible() and seen.faults == []


def test_an_address_changed_by_hand_is_followed(browser: Browser, html: Path, drawn: dict[str, Any]) -> None:
    with watched(browser) as seen:
        seen.open(html, "busy/fr")
        assert not seen.page.locator("#astray").is_visible()
        for part, language, astray in (("quiet/en/t-method", "en", False), ("nowhere", "en", True)):
            seen.page.evaluate("(part) => { location.hash = part; }", part)
            seen.page.wait_for_function("(language) => document.documentElement.lang === language", arg=language)
            seen.page.wait_for_function("(astray) => document.getElementById('astray').hidden !== astray", arg=astray)
            assert title(seen) == drawn["brands"]["quiet"]["name"]
        assert seen.faults == []


def test_the_chosen_brand_can_be_followed_and_each_figure_is_defined(
    browser: Browser, published: Path, tmp_path: Path
) -> None:
    feeds = [tmp_path / name for name in ("busy.atom.xml", "busy.en.atom.xml", "buzz.atom.xml")]
    html = page.write(published, made_weeks.BRANDS, tmp_path / "index.html", feeds=feeds)
    with watched(browser) as seen:
        for part, to in (("busy/fr", "busy.atom.xml"), ("busy/en", "busy.en.atom.xml"), ("buzz/en", "buzz.atom.xml")):
            seen.open(html, part)
            assert seen.page.locator("#feed a").get_attribute("href") == to
            assert seen.page.locator("#definitions dt").count() == len(figures.METRICS) + 2
            assert all(len(text) > 100 for text in seen.page.locator("#definitions dd").all_inner_texts())
        seen.open(html, "quiet/fr")
        assert not seen.page.locator("#feed").is_visible() and seen.faults == []
