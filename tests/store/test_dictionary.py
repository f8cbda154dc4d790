"""The data dictionary says what the tables say."""

from __future__ import annotations

from pathlib import Path

from pipeline.store.dictionary import dictionary
from pipeline.store.tables import metadata

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_is_not_stale():
    told = "docs/store.md is stale: python -m pipeline.store.dictionary > docs/store.md"
    assert (DOCS / "store.md").read_text("utf-8") == dictionary(), told


def test_every_table_and_column_says_what_it_is():
    for table in metadata.sorted_tables:
        assert table.info.get("about"), table.name
        assert [column.name for column in table.columns if not column.doc] == [], table.name


def test_the_privacy_page_names_every_column_that_expires():
    page = (DOCS / "privacy.md").read_text("utf-8")
    expiring = ["post.text", "post.url", "post.post_id", "mention.evidence"]
    assert [name for name in expiring if f"`{name}`" not in page] == []
