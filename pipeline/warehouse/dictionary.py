"""Says what every published table and column means: tables from the SQL files, columns from sql/columns.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from pipeline.warehouse.models import ROOT, Model


def abouts(models: Mapping[str, Model]) -> dict[str, str]:
    """Table or view -> what one row of it is."""
    found = {m.name: m.about for m in models.values() if m.layer in {"marts", "views"}}
    return {**found, **_toml(ROOT)["tables"]}


def column_comments(models: Mapping[str, Model]) -> dict[str, str]:
    """Column, or table.column where a table means something of its own -> what it says.

    A SQL file may explain its own columns in its header, as `-- column: what it says`.
    """
    own = {f"{m.table}.{key}": text for m in models.values() for key, text in m.header.items()}
    return {**own, **_toml(ROOT)["columns"]}


def _toml(root: Path) -> dict[str, dict[str, str]]:
    return tomllib.loads((root / "columns.toml").read_text("utf-8"))
