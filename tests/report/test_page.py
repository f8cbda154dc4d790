"""The page: it shows the published figures, holds no way out of itself, and speaks two languages."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pipeline import brands, settings, steps, warehouse
from pipeline.report import page
from pipeline.report.figures import METRICS, figures
from pipeline.report.text import line
from tests.steps import _night

FIRST, LAST = date(2026, 3, 2), date(2026, 4, 12)
HOSTILE = """</script><script>document.title="broken"</script>"'<img src=x onerror=alert(1)>\u2028&amp;"""


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six weeks of the sample, with the outage in the middle."""
    given = _night.settings_of(tmp_path_factory.mktemp("page"))
    steps.collect(given, "sample", FIRST, LAST, now=_night.NOW)
    steps.score(given, now=_night.NOW)
    steps.build(given, LAST, now=_night.NOW)
    return steps.publish(given, LAST, now=_night.NOW).path


@pytest.fixture(scope="module")
def listened() -> list[brands.Brand]:
    return brands.load(settings.ROOT / "brands")


def shown(html: str) -> dict:
    return json.loads(re.search(r'id="figures">(.*?)</script>', html, re.S)[1])


def test_the_figures_are_those_of_the_published_file(published: Path, listened: list) -> None:
    drawn = figures(published, listened)
    series = drawn["brands"]["just-dijon"]["series"]["mentions"]
    sql = "select period, value from metrics where metric = 'mentions' and grain = 'week' and brand = 'just-dijon'"
    truth = {period.isoformat(): value for period, value in warehouse.query(published, sql)[1]}
    assert {week: truth[week] for week in drawn["weeks"]} == dict(zip(drawn["weeks"], series["v"], strict=True))
    assert sum(v for v in series["v"] if v) > 100


def test_the_feeds_beside_it_say_that_the_sample_is_fiction(published: Path) -> None:
    feeds = [path.read_text("utf8") for path in published.parent.glob("*.atom.xml")]
    assert len(feeds) > 1 and all("<title>Données fictives." in f or "<title>Fictional data." in f for f in feeds)


def test_a_week_with_an_outage_is_shown_as_incomplete(published: Path, listened: list) -> None:
    drawn = figures(published, listened)
    coverage = dict(zip(drawn["weeks"], drawn["brands"]["just-dijon"]["series"]["mentions"]["c"], strict=True))
    assert coverage["2026-03-16"] == pytest.approx(5 / 7, abs=1e-3)
    assert coverage["2026-03-09"] == 1


def test_the_same_file_gives_the_same_bytes(published: Path, listened: list, tmp_path: Path) -> None:
    one = page.write(published, listened, tmp_path / "a" / "index.html").read_bytes()
    two = page.write(published, listened, tmp_path / "b" / "index.html").read_bytes()
    assert one == two


def test_no_text_can_leave_its_place(published: Path, listened: list) -> None:
    hostile = [replace(b, name=HOSTILE, territory=HOSTILE) if b.slug == "just-dijon" else b for b in listened]
    html = page.render(figures(published, hostile))
    assert html.count("<script") == 2 and "onerror=alert(1)>" not in re.sub(
        r"<script.*?</script>", "", html, flags=re.S
    )
    # One line of it, in sixty characters or so: what is longer or invisible is no name.
    assert shown(html)["brands"]["just-dijon"]["name"] == line(HOSTILE, 80)


def test_it_asks_nothing_of_the_network(published: Path, listened: list) -> None:
    html = page.render(figures(published, listened))
    assert "default-src 'none'" in html
    # The addresses of posts are links that a reader may open: they stand in the figures and nowhere else.
    own = re.sub(r'(id="figures">).*?</script>', r"\1</script>", html, flags=re.DOTALL)
    assert set(re.findall(r"https?://[^\"'\s)]+", own)) <= {"http://www.w3.org/2000/svg"}


def test_both_languages_say_the_same_things() -> None:
    words = page.messages()
    assert words["fr"].keys() == words["en"].keys()
    for key in words["fr"]:
        assert sorted(re.findall(r"\{\w+\}", words["fr"][key])) == sorted(re.findall(r"\{\w+\}", words["en"][key])), key


def test_it_links_to_the_feeds_beside_it(published: Path, listened: list, tmp_path: Path) -> None:
    feeds = [tmp_path / "just-dijon.atom.xml", tmp_path / 'a"b.en.atom.xml']
    html = page.write(published, listened, tmp_path / "index.html", feeds=feeds).read_text("utf8")
    links = re.findall(r'<link rel="alternate" type="application/atom\+xml" href="([^"]*)"', html)
    assert links == ["a%22b.en.atom.xml", "just-dijon.atom.xml"] and shown(html)["feeds"] == sorted(
        p.name for p in feeds
    )
    beside = (published.parent / "index.html").read_text("utf8")
    assert {path.name for path in published.parent.glob("*.atom.xml")} == set(shown(beside)["feeds"]) != set()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_figure_is_defined_where_it_is_shown_as_the_registry_defines_it(published: Path, language: str) -> None:
    told, words = page.definitions(published), page.messages()[language]
    assert list(told) == list(METRICS)
    for metric, (version, _, definition, least, source) in told.items():
        said = words[f"def_{metric}_{version}"]  # a new version asks for new words
        assert set(re.findall(r"\d+", f"{least} {source}")) <= set(re.findall(r"\d+", said)), metric
        assert ("95 %" in str(definition)) == ("95" in said), metric
