"""The store's engine makes no difference to what is published."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.steps import _night, _published


@pytest.mark.integration
def test_postgresql_publishes_the_rows_that_sqlite_does(tmp_path: Path, archive: Path, postgres: str) -> None:
    _night.chain(tmp_path / "sqlite", archive)
    _night.chain(tmp_path / "postgres", archive, postgres)
    published = _published.rows(tmp_path / "postgres")
    assert published == _published.rows(tmp_path / "sqlite")
    assert len(published["main.fct_mention"]) > 500
