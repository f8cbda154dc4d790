"""Decides which posts mention which brand, in which sense, and keeps the evidence."""

from __future__ import annotations

from pipeline.match.cluster import cluster_key, near_key
from pipeline.match.judge import Verdict
from pipeline.match.matcher import Matcher, compile_catalogue
from pipeline.match.owner import ownership

# Raised whenever a rule, a weight or a word changes what is accepted: mentions carry it.
VERSION = "match/3"

__all__ = ["VERSION", "Matcher", "Verdict", "cluster_key", "compile_catalogue", "near_key", "ownership"]
