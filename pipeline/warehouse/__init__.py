"""Builds, checks and publishes the DuckDB file; the only room that imports duckdb."""
