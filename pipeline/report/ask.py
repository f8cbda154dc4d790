"""Asks the published file for rows, and says so when it was published by another version."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline import warehouse
from pipeline.errors import ConfigError, SchemaError


def rows(published: Path, sql: str, params: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    """The rows of one question. Raises SchemaError when the file lacks what is asked for."""
    try:
        return warehouse.query(published, sql, params)[1]
    except ConfigError as error:
        raise SchemaError(
            f"{published} was published by another version; run: rayonner build, rayonner publish"
        ) from error
