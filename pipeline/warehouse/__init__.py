"""Build, check, publish, read: the figures, and the only room that imports duckdb."""

from pipeline.warehouse.build import Built, build
from pipeline.warehouse.landing import Changes
from pipeline.warehouse.publish import Published, publish
from pipeline.warehouse.read import export, query, tables, unknown
from pipeline.warehouse.seeds import Account, keep_influence

__all__ = [
    "Account",
    "Built",
    "Changes",
    "Published",
    "build",
    "export",
    "keep_influence",
    "publish",
    "query",
    "tables",
    "unknown",
]
