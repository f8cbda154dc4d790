"""docs/brands.md says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline import brands
from pipeline.brands import guide

PAGE = Path(__file__).resolve().parents[2] / "docs" / "brands.md"


def test_the_tables_of_keys_are_fresh() -> None:
    text = PAGE.read_text("utf-8")
    assert guide.refresh(text) == text, "pipeline.brands.guide.write writes docs/brands.md anew"


def test_the_first_brand_file_of_the_page_is_right(tmp_path: Path) -> None:
    found = re.search(r"```toml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert found
    (tmp_path / "my-town.toml").write_text(found[1], "utf-8")
    assert brands.check(tmp_path) == []


def test_every_file_the_page_names_is_there() -> None:
    named = re.findall(r"`((?:brands|pipeline)/[\w./-]+\.(?:toml|txt|tsv))`", PAGE.read_text("utf-8"))
    assert len(named) >= 3
    assert [name for name in named if name != "brands/my-town.toml" and not (PAGE.parents[1] / name).exists()] == []


def test_a_page_without_a_place_for_the_tables_is_refused() -> None:
    with pytest.raises(ValueError, match="needs the lines"):
        guide.refresh("# Nothing\n")
