"""Tone toward the place named, which is seldom the tone of the post: in most posts a place is where things happen."""

from pipeline.score.toward.judging import NAME, VERSION, Verdict, judge
from pipeline.score.toward.view import Place

__all__ = ["NAME", "VERSION", "Place", "Verdict", "judge"]
