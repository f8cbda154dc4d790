"""The pages that are made from the code are as the code would make them now."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from pipeline.warehouse import docs, lineage, models, origin

DOCS = Path(__file__).parents[2] / "docs"
REPORT = Path(__file__).parents[2] / "pipeline" / "report"
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
def found() -> lineage.Lineage:
    return lineage.sources(models.read())


def test_the_page_of_lineage_is_not_stale(found: lineage.Lineage) -> None:
    assert (DOCS / "lineage.md").read_text("utf-8") == docs.lineage(models.read(), found), CURE


def test_every_figure_of_the_digest_comes_from_the_store(found: lineage.Lineage) -> None:
    figures = {c: o for c, o in found.items() if c[0].startswith(("digest_", "metric_")) or c[0] in lineage.SHOWN}
    assert len(figures) > 400
    computed = {end for o in figures.values() for end in o.made_of | o.decided_by if not end[0].startswith("raw.")}
    assert computed == set(), "a figure that ends in a table nothing makes"
    # A count of rows and a constant have no column of their own; a value always has.
    assert not [m for (m, c), o in figures.items() if c == "value" and not o.made_of]


def test_the_page_of_lineage_shows_every_table_that_readers_are_shown(found: lineage.Lineage) -> None:
    trees = [ast.parse(path.read_text("utf-8")) for path in REPORT.glob("*.py")]
    texts = [n.value for t in trees for n in ast.walk(t) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    tables = {m.table for m in models.read().values()}
    read = {table for text in texts for table in re.findall(r"\b(?:from|join)\s+(\w+)", text) if table in tables}
    assert {"anomaly", "place_image", "fct_mention", "digest_week"} <= read
    page = docs.lineage(models.read(), found)
    assert not [table for table in sorted(read) if f"\n## {table}\n" not in page], "add it to lineage.SHOWN"
    assert not lineage.SHOWN - read, "nothing that readers see comes from it any more"


@pytest.mark.parametrize(
    ("table", "column", "needs", "lacks"),
    [
        ("metric_net_sentiment", "value", ["raw.mention.toward", "raw.mention.label"], "raw.post.followers"),
        ("metric_engagement_d7", "value", ["raw.engagement.likes", "raw.engagement.replies"], "raw.mention.label"),
        ("metric_reach_net", "value", ["raw.platform_users.user_count", "raw.post.reach_central"], "raw.mention.label"),
        ("metric_attention", "value", ["raw.attention.views"], "raw.post.post_key"),
        ("digest_post", "text", ["raw.post_text.text"], "raw.mention.label"),
        ("digest_source", "tone_effect", ["raw.mention.toward"], "raw.post.reach_central"),
        ("anomaly", "observed", ["raw.post.ownership"], "raw.mention.toward"),
        # A view that holds the registry to one metric keeps that metric's origin.
        ("place_image", "place_score", ["raw.mention.toward"], "raw.post.followers"),
        ("tag_week", "net_sentiment", ["raw.mention.toward"], "raw.attention.views"),
    ],
)
def test_known_figures_come_from_known_columns(
    found: lineage.Lineage, table: str, column: str, needs: list[str], lacks: str
) -> None:
    ends = _names(found[table, column].made_of)
    assert ends >= set(needs)
    assert lacks not in ends


@pytest.mark.parametrize(
    ("table", "column", "needs", "lacks"),
    [
        # The scorer's answer picks the row of its confusions.
        ("metric_net_sentiment_corrected", "value", ["raw.mention.toward", "raw.post.ownership"], "raw.post.followers"),
        (
            "metric_share_of_voice",
            "value",
            ["raw.brand_peer.peer", "raw.ledger.status", "raw.mention.accepted", "raw.mention.brand"],
            "raw.mention.toward",
        ),
        # A count of rows is made of none of their columns.
        ("metric_mentions", "value", ["raw.mention.accepted", "raw.mention.sense"], "raw.mention.toward"),
        ("metric_attention", "value", ["raw.attention.brand"], "raw.mention.brand"),
    ],
)
def test_known_columns_decide_which_rows_a_figure_is_made_of(
    found: lineage.Lineage, table: str, column: str, needs: list[str], lacks: str
) -> None:
    made_of, decided_by = found[table, column]
    assert _names(decided_by) >= set(needs)
    assert lacks not in _names(decided_by | made_of)


def _names(columns: frozenset[lineage.Column]) -> set[str]:
    return {f"{table}.{column}" for table, column in columns}


def _told(*columns: str) -> frozenset[lineage.Column]:
    return frozenset(("t" if c[0] in "ab" else "u", c) for c in columns)


@pytest.mark.parametrize(
    ("sql", "made_of", "decided_by"),
    [
        ("select t.a as x from t where t.b > 0", "a", "b*"),
        ("select count(*) as x from t group by t.b having max(t.a) > 1", "", "ab*"),
        ("select t.a as x from t inner join u on u.c = t.b", "a", "bc*+"),
        # A left join neither adds nor takes away what stands before it.
        ("select t.a as x from t left join u on u.c = t.b", "a", "*"),
        ("select u.d as x from t left join u on u.c = t.b", "d", "bc*"),
        ("select v.n as x from t cross join (values (1), (2)) as v (n) where t.a = v.n", "", "a*"),
        ("select distinct t.a as x from t", "a", "a*"),
        ("select t.a as x from t order by t.b limit 1", "a", "b*"),
        ("select t.a as x from t order by t.b", "a", "*"),
        ("select t.a as x from t qualify row_number() over (order by t.b) = 1", "a", "b*"),
        ("select t.a as x from t where exists (select 1 from u where u.c = t.b)", "a", "bc*+"),
        ("select (select max(u.d) from u where u.c = t.b) as x from t", "d", "bc*+"),
        ("with v as (select a as y from t where b > 0) select y as x from v union all select d from u", "ad", "b*+"),
    ],
)
def test_what_is_made_of_is_told_from_what_decides(sql: str, made_of: str, decided_by: str) -> None:
    shape = {"t": {"a": "bigint", "b": "bigint"}, "u": {"c": "bigint", "d": "bigint"}}
    found = origin.origins(sql, shape)["x"]
    rows = {"*": ("t", origin.ROWS), "+": ("u", origin.ROWS)}
    assert found.made_of == _told(*made_of)
    assert found.decided_by == frozenset(rows[c] for c in decided_by if c in rows) | _told(
        *(c for c in decided_by if c not in rows)
    )
