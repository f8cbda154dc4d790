"""Where the warehouse's files lie below the home folder."""

from __future__ import annotations

from pathlib import Path

LOCK_FILE = Path("build/.lock")
STAGING_FILE = Path("build/staging.duckdb")
BUILD_FILE = Path("build/rayonner.duckdb")
PUBLISHED_FILE = Path("published/rayonner.duckdb")
NIGHTS = Path("published/nights")
PARQUET = Path("published/parquet")
LATEST = Path("published/latest.json")
INFLUENCE_FOLDER = Path("influence")
