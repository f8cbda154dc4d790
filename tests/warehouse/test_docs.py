"""The pages that are made from the code are as the code would make them now."""

from __future__ import annotations

from pathlib import Path

from pipeline.warehouse import docs, models

DOCS = Path(__file__).parents[2] / "docs"
CURE = "run: python -m pipeline.warehouse.docs docs"


def test_the_page_of_metrics_is_not_stale() -> None:
    assert (DOCS / "metrics.md").read_text("utf-8") == docs.metrics(models.read()), CURE


def test_the_dictionary_is_not_stale() -> None:
    assert (DOCS / "dictionary.md").read_text("utf-8") == docs.dictionary(), CURE
