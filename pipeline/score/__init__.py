"""Reads a mention: language, tone, tone toward the territory, reach."""
