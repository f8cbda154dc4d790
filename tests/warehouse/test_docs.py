"""The pages that are made from the code are as the code would make them now."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from pipeline.warehouse import docs, lineage, models

DOCS = Path(__file__).parents[2] / "docs"
CURE = "run: python -m pipeline.warehouse.docs docs"


def test_the_page_of_metrics_is_not_stale() -> None:
    assert (DOCS / "metrics.md").read_text("utf-8") == docs.metrics(models.read()), CURE


def test_the_dictionary_is_not_stale() -> None:
    assert (DOCS / "dictionary.md").read_text("utf-8") == docs.dictionary(), CURE


def test_the_cookbook_is_not_stale_and_holds_25_questions() -> None:
    page = docs.cookbook(models.read())
    assert (DOCS / "cookbook.md").read_text("utf-8") == page, CURE
    assert page.count("```sql") >= 25


@pytest.fixture(scope="module")
def found() -> Mapping[lineage.Column, frozenset[lineage.Column]]:
    return lineage.sources(models.read())


def test_the_page_of_lineage_is_not_stale(found: Mapping[lineage.Column, frozenset[lineage.Column]]) -> None:
    assert (DOCS / "lineage.md").read_text("utf-8") == docs.lineage(models.read(), found), CURE


def test_every_figure_of_the_digest_comes_from_the_store(
    found: Mapping[lineage.Column, frozenset[lineage.Column]],
) -> None:
    figures = {c: ends for c, ends in found.items() if c[0].startswith(("digest_", "metric_"))}
    assert len(figures) > 200
    computed = {end for ends in figures.values() for end in ends if not end[0].startswith("raw.")}
    assert computed == set(), "a figure that ends in a table nothing makes"
    # A count of rows and a constant have no column of their own; a value always has.
    assert not [m for (m, c), ends in figures.items() if c == "value" and not ends]


@pytest.mark.parametrize(
    ("table", "column", "needs", "lacks"),
    [
        ("metric_net_sentiment", "value", ["raw.mention.toward", "raw.mention.label"], "raw.post.followers"),
        ("metric_engagement_d7", "value", ["raw.engagement.likes", "raw.engagement.replies"], "raw.mention.label"),
        ("metric_reach_net", "value", ["raw.platform_users.user_count", "raw.post.reach_central"], "raw.mention.label"),
        ("metric_attention", "value", ["raw.attention.views"], "raw.post.post_key"),
        ("digest_post", "text", ["raw.post_text.text"], "raw.mention.label"),
        ("digest_source", "tone_effect", ["raw.mention.toward"], "raw.post.reach_central"),
    ],
)
def test_known_figures_come_from_known_columns(
    found: Mapping[lineage.Column, frozenset[lineage.Column]],
    table: str,
    column: str,
    needs: list[str],
    lacks: str,
) -> None:
    ends = {f"{one}.{other}" for one, other in found[table, column]}
    assert ends >= set(needs)
    assert lacks not in ends
