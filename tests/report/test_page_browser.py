"""The page in a real browser: no rule of axe broken, no request made, no script of others run, light with 50 brands."""

from __future__ import annotations

import copy
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser

from pipeline import store
from pipeline.report import figures, page, render, shot, token, unsubscribe
from tests.report import made_weeks
from tests.report.browser import SCREENSHOTS, Watched, chromium, violations, watched
from tests.report.conftest import digest_of
from tests.report.payloads import COUNT, payloads

pytestmark = pytest.mark.integration

WEEKS, BRANDS = 260, 50


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def drawn(published: Path) -> dict[str, Any]:
    return figures.figures(published, made_weeks.BRANDS)


@pytest.fixture(scope="module")
def html(drawn: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return page.replace(tmp_path_factory.mktemp("page") / "index.html", page.render(drawn))


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing(browser: Browser, html: Path, language: str, dark: bool) -> None:
    with watched(browser, dark=dark) as seen:
        seen.open(html, f"busy/{language}")
        # What is closed at first is read too.
        seen.page.evaluate("document.querySelectorAll('details').forEach((node) => { node.open = true; })")
        assert seen.page.locator("details table").first.is_visible()
        assert violations(seen.page) == []
        assert seen.faults == []


def test_a_telephone_shows_all_of_it_and_axe_finds_nothing(browser: Browser, html: Path) -> None:
    with watched(browser, width=375) as seen:
        seen.open(html, "busy/fr")
        assert seen.page.evaluate("document.documentElement.scrollWidth") == 375
        assert violations(seen.page) == []


def test_axe_finds_nothing_where_a_reader_leaves(browser: Browser, tmp_path: Path) -> None:
    key = b"k" * 32
    engine = store.connect(f"sqlite:///{tmp_path / 'store.sqlite'}")
    store.migrate(engine)
    door = unsubscribe.application(engine, key, lambda: datetime(2027, 1, 4, tzinfo=UTC))
    wish = token.token(key, token.Wish("busy", 7))
    with watched(browser) as light, watched(browser, dark=True) as dark:
        for method, path in (("GET", wish), ("POST", wish), ("GET", "wrong")):
            answer = b"".join(door({"REQUEST_METHOD": method, "PATH_INFO": f"/x/{path}"}, lambda *_: None))
            for seen in (light, dark):
                seen.page.set_content(answer.decode())
                assert violations(seen.page) == []


def test_it_asks_nothing_of_anyone(browser: Browser, html: Path) -> None:
    with watched(browser) as seen:
        seen.open(html, "busy/fr")
        for slug in ("quiet", "buzz", "outage"):
            seen.page.select_option("#brand", slug)
        seen.page.select_option("#language", "en")
        assert [url for url in seen.requests if not url.startswith("data:")] == [html.as_uri()]
        assert seen.faults == []


def test_the_keyboard_reaches_the_brand_the_contents_and_each_week(browser: Browser, html: Path) -> None:
    with watched(browser) as seen:
        seen.open(html, "busy/fr")
        press, focused = seen.page.keyboard.press, "document.activeElement"
        press("Tab")
        assert seen.page.evaluate(f"{focused}.textContent") == "Aller au contenu"
        press("Tab")
        before = seen.page.inner_text("#live")
        press("ArrowDown")
        assert seen.page.evaluate(f"{focused}.id") == "brand"
        assert seen.page.inner_text("#live") != before, "the summary that is read aloud did not change"
        slider = seen.page.locator("input[type=range]").first
        slider.focus()
        last = slider.get_attribute("aria-valuetext")
        press("ArrowLeft")
        assert slider.get_attribute("aria-valuetext") != last and "Semaine du" in str(last)
        seen.page.locator("#contents a").nth(3).press("Enter")
        assert seen.page.evaluate(f"{focused}.id") == "t-anomalies"


def test_the_summary_and_the_tables_say_what_was_published(browser: Browser, html: Path, drawn: dict[str, Any]) -> None:
    busy = drawn["brands"]["busy"]
    with watched(browser) as seen:
        seen.open(html, "busy/fr")
        assert f"{busy['now']['mentions']['v']:.0f} mentions" in seen.page.inner_text("#live").replace("\u202f", "")
        seen.page.locator("summary").first.click()
        rows = seen.page.locator("#charts section").first.locator("tbody tr")
        values = [row.locator("td").first.inner_text() for row in rows.all()]
        assert values == [f"{v:.0f}" for v in reversed(busy["series"]["mentions"]["v"])]
        assert seen.page.locator(".odds > li").count() == min(len({odd["night"] for odd in busy["anomalies"]}), 8) > 0
        months = busy["image"]
        assert seen.page.locator("#image tbody tr").count() == len(months[max(months)])
        assert seen.page.locator("rect.campaign").count() > 0


def test_on_paper_it_is_a4_and_keeps_its_curves(browser: Browser, html: Path) -> None:
    with watched(browser) as seen:
        seen.open(html, "busy/fr")
        printed = seen.page.pdf(prefer_css_page_size=True)
        assert b"/MediaBox [0 0 594.95996 841.91998]" in printed or b"/MediaBox [0 0 595 842]" in printed
        seen.page.emulate_media(media="print")
        assert seen.page.locator("#charts svg").first.is_visible() and not seen.page.locator("nav").is_visible()


LOOKS = {
    "light": {}, "dark": {"dark": True}, "telephone": {"width": 375}, "telephone-dark": {"width": 375, "dark": True},
}  # fmt: skip


@pytest.mark.parametrize("look", LOOKS)
def test_pictures_are_kept_for_people_to_look_at(
    browser: Browser, html: Path, published: Path, tmp_path: Path, look: str
) -> None:
    folder = Path(os.environ.get(SCREENSHOTS) or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    made = render.render(digest_of(published, "busy"), "fr", page="https://veille.example.org/index.html")
    mail = page.replace(tmp_path / "digest.html", shot.standalone(made))
    with watched(browser, **LOOKS[look]) as seen:  # type: ignore[arg-type]
        for name, file, part in (("page", html, "busy/fr"), ("digest", mail, "")):
            seen.open(file, part)
            picture = folder / f"{name}-{look}.png"
            seen.page.screenshot(path=picture, full_page=True)
            # An empty page has a handful of colours.
            assert len(Image.open(picture).convert("RGB").getcolors(1 << 24) or ()) > 60
        if look == "light":
            seen.open(html, "busy/fr").page.pdf(path=folder / "page.pdf", prefer_css_page_size=True)


def test_fifty_brands_over_five_years_stay_light(browser: Browser, drawn: dict[str, Any], tmp_path: Path) -> None:
    html = page.replace(tmp_path / "big.html", page.render(grown(drawn)))
    assert html.stat().st_size < 8_000_000
    with watched(browser) as seen:
        seen.open(html, "brand-49/fr")
        assert seen.page.locator("#brand option").count() == BRANDS
        seen.page.locator("#spans input").nth(2).check(force=True)
        # Twice what the busy week draws; five years of table rows are made when a reader opens them.
        assert seen.page.evaluate("document.querySelectorAll('*').length") < 2500
        assert seen.faults == []


def grown(drawn: dict[str, Any]) -> dict[str, Any]:
    """The busy brand, fifty times, over five years."""
    first = date(2022, 1, 10)
    big = copy.deepcopy(drawn)
    big["weeks"] = [(first + timedelta(weeks=n)).isoformat() for n in range(WEEKS)]
    busy = big["brands"]["busy"]
    for lists in busy["series"].values():
        for name, values in lists.items():
            lists[name] = [values[n % len(values)] for n in range(WEEKS)]
    big["brands"] = {f"brand-{n}": {**copy.deepcopy(busy), "name": f"Marque {n}"} for n in range(BRANDS)}
    return big


def test_no_word_of_a_stranger_runs(browser: Browser, drawn: dict[str, Any], tmp_path: Path) -> None:
    texts = payloads()
    html = page.replace(tmp_path / "hostile.html", page.render(infected(drawn, texts)))
    with watched(browser, width=600) as seen:
        seen.open(html, "b0/fr")
        calm = tags(seen)
        for slug in range(1, len(texts) // SLOTS):
            seen.page.select_option("#brand", f"b{slug}")
            assert tags(seen) == calm, texts[slug * SLOTS : (slug + 1) * SLOTS]
        assert seen.faults == [] and seen.page.evaluate("typeof window.hit") == "function"
        assert seen.page.evaluate("document.scripts.length") == 2
        assert len([url for url in seen.requests if not url.startswith("data:")]) == 1
        assert seen.page.locator("[onerror], [onload], [onclick], [onmouseover], iframe, object, base").count() == 0


SLOTS = 10


def tags(seen: Watched) -> list[str]:
    return sorted(seen.page.evaluate("[...new Set([...document.querySelectorAll('*')].map((node) => node.tagName))]"))


def infected(drawn: dict[str, Any], texts: list[str]) -> dict[str, Any]:
    """The busy brand with a stranger's words wherever some can stand: ten at a time, until all were there."""
    assert len(texts) == COUNT
    brands = {}
    for number in range(COUNT // SLOTS):
        name, territory, campaign, said, url, source, theme, emotion, cause, where = (
            text.encode("utf8", "replace").decode() for text in texts[number * SLOTS : (number + 1) * SLOTS]
        )
        brand = copy.deepcopy(drawn["brands"]["busy"]) | {"name": name, "territory": territory, "peers": [source]}
        brand["campaigns"] = [{"name": campaign, "start": drawn["weeks"][-3], "end": None}]
        post = {"source": source, "url": "https://ok.example/", "toward": theme, "text": said}
        odd = {**brand["anomalies"][0], "source": where, "cause": cause, "most": source}
        brand["anomalies"] = [odd | {"posts": [post, post | {"url": url, "text": None}]}]
        brand["sources"] = {source: {"mentions": 3, "tone": None, "nights": "c" * 28}}
        months = brand["image"]
        months[max(months)] = [[theme, *row[1:]] for row in months[max(months)]][:1]
        shares = next(iter(brand["tags"]["theme"].values()))
        brand["tags"] = {"theme": {theme: shares}, "emotion": {emotion: shares}}
        brands[f"b{number}"] = brand
    return {**drawn, "brands": brands}
