"""Reads a mention: language, tone, tone toward the territory, reach."""

from pipeline.score.masking import mask
from pipeline.score.reading import Asked, read

__all__ = ["Asked", "mask", "read"]
