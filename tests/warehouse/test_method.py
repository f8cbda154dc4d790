"""The simulations of docs/method.md, a small one of each: they are the same each time and keep what the page says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks import _alarms, _campaigns, _carriers, _coverage, _crowds, _opinions, _weeks, method, real_nights
from benchmarks import _method_words as words
from benchmarks._held import Cell
from pipeline.warehouse import models
from pipeline.warehouse.anomaly_level import LEVEL, WINDOW


@pytest.fixture(scope="module")
def cells() -> list[Cell]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_coverage, "AUTHORS", (30, 100))
        return list(_coverage.intervals(400, seed=9))


def newest(cells: list[Cell], figure: str) -> dict[tuple[str, int], float | None]:
    return {(c.crowd, c.authors): c.held[max(c.held)] for c in cells if c.figure == figure}


@pytest.mark.parametrize(
    "figure",
    [
        "net_sentiment",
        "net_sentiment_tone",
        "net_sentiment_polar",
        "net_sentiment_weighted",
        "net_sentiment_corrected",
        "share_negative",
        "share_of_voice",
        "slogan_adoption",
        "slogan_detournement",
        "image_score",
        "tag_net_sentiment",
        "tag_share",
        "change of net_sentiment from week to week",
        "change of net_sentiment, the same authors in both weeks",
        "change of share_negative from week to week",
        "change of share_of_voice from week to week",
    ],
)
def test_intervals_hold_the_truth(cells: list[Cell], figure: str) -> None:
    held = [share for share in newest(cells, figure).values() if share is not None]
    # 400 simulations move a cell by 2.1 points, 80 to 200 by 3 to 5; the page's reader errs on the safe side.
    assert len(held) >= 6 and min(held) > 0.88, held
    assert 0.93 < np.mean(held) < 0.99


def test_every_interval_is_simulated_or_said_to_be_none(cells: list[Cell]) -> None:
    """A metric that gives low and high stands in the tables, or among those whose range is a formula's."""
    given = {
        m.metric for m in models.read().values() if m.layer == "metrics" and "cast(null as double) as low" not in m.sql
    }
    assert given == {c.figure for c in cells if c.figure in models.read()} | set(_coverage.BOUNDS)
    assert all(f"`{bound}`" in words.BOUNDS for bound in _coverage.BOUNDS)


def test_places_among_peers_name_no_order_that_is_not_there(cells: list[Cell]) -> None:
    held = [share for c in cells if c.figure.startswith(_coverage.PLACE) for share in c.held.values()]
    assert held and all(share is not None and share > 0.97 for share in held)


def test_the_first_versions_did_not(cells: list[Cell]) -> None:
    old = {(c.figure, c.crowd): c.held for c in cells if c.authors == 100}
    assert (old["share_of_voice", "a few write most, all the same"][1] or 1) < 0.6
    for metric in ("share_negative", "slogan_adoption", "slogan_detournement"):
        assert (old[metric, "a few write most, as any two"][1] or 0) > 0.99
    assert (old["net_sentiment_polar", "a few write most, all the same"][1] or 1) < 0.91
    assert (old["share_negative", "one writes a quarter, a little alike"][2] or 1) < 0.93


def test_planted_confusions_are_the_published_ones() -> None:
    table = _opinions.confusion()
    assert table.shape == (3, 3) and table.sum() > 100
    assert (table.argmax(axis=1) == [0, 1, 2]).all(), "the scorer tells more right than wrong"


def test_made_up_authors_write_as_they_should() -> None:
    rng = np.random.default_rng(0)
    quarter = _crowds.written(rng, "quarter", (5, 100))
    assert (quarter[:, 0] / quarter.sum(axis=1)).tolist() == [0.25] * 5
    assert _crowds.written(rng, "some", (1000, 100)).mean() == pytest.approx(2.5, rel=0.02)
    n = np.full((4000, 10), 5)
    shares = np.tile([0.3, 0.2, 0.5], (4000, 1))
    for rho in (0.0, 0.4, 1.0):
        positive, negative = _crowds.opinions(rng, n, shares, rho)
        assert positive.mean() / 5 == pytest.approx(0.3, abs=0.01)
        assert negative.mean() / 5 == pytest.approx(0.2, abs=0.01)
        # Variance of an author's mean: as if 5 mentions were 5 / (1 + 4 rho).
        assert (positive / 5).var() == pytest.approx(0.21 * (1 + 4 * rho) / 5, rel=0.05)


def test_a_new_week_falls_in_the_usual_range_nine_times_in_ten() -> None:
    for mean, spread, weeks, told, held in _weeks.usual(40, seed=7):
        assert float(str(weeks)) == 320
        assert float(str(told)) > 0.6 and float(str(held)) > 0.85, (mean, spread)


def test_nights_without_an_event_are_flagged_as_seldom_as_promised() -> None:
    rows = list(_alarms.flags(12, seed=2))
    nights = sum(int(str(row[2])) for row in rows)
    up = sum(int(str(row[2])) * float(str(row[3])) for row in rows)
    assert up / nights < 2 * LEVEL


def test_false_alarms_over_many_brands_are_one_in_ten_at_most() -> None:
    a_night, mean, together, found = _alarms.nights(30, 28, 0.05, seed=5)
    assert a_night < 0.3 and mean < 0.1 and together < 0.15 and found > 0.4


def test_a_new_level_is_flagged_some_seven_times() -> None:
    alarmed, after = _alarms.shift(10, seed=4)
    assert 5 < alarmed < 8 and after < 0.01


def test_made_up_counts_have_the_mean_and_the_spread_asked_for() -> None:
    made = _alarms.counts(np.random.default_rng(0), 400, WINDOW, 20, 5)
    assert made.mean() == pytest.approx(20, rel=0.03)
    assert (made[:, ::7].var() / made[:, ::7].mean()) == pytest.approx(5, rel=0.15)


def test_planted_campaigns_are_recovered() -> None:
    for row in _campaigns.recovered(25, 19, 0.41, 0.1, seed=6):
        assert abs(row.mean - row.planted) < 3 * row.spread / 5 + 0.01, row
        assert row.up > 0.5 and row.down == 0 and row.held > 0.8


def test_the_place_of_who_carries_a_brand_is_in_its_range(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("rustworkx")
    monkeypatch.setattr(_carriers, "PEOPLE", (30, 100))
    for people, step, held, wide in _carriers.places(3, seed=8):
        assert held > 0.85 and wide > 1, (people, step)


def test_the_page_names_the_cells_that_miss() -> None:
    cells = [
        Cell("a", "few", 1000, {1: 0.99, 2: 0.9}),
        Cell("b", "few", 30, {1: 0.98}),
        Cell("b", "few", 10, {1: None}),
    ]
    page = method.missed(cells)
    assert "- a, few, 1,000 authors: 90.0 %.\n\n1 of 2 cells are above 97 %" in page
    assert "None. 1 of 1 cells" in method.missed(cells[1:])


def test_the_page_is_the_one_in_docs() -> None:
    """Its words are: its figures take minutes, so that they are drawn anew by hand only."""
    page = (Path(__file__).parents[2] / "docs" / "method.md").read_text("utf-8")
    for part in (words.HEAD, words.BOUNDS, words.POWER, words.PREVALENCE, real_nights.TAIL):
        assert part in page
