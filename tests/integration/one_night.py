"""One night collected from Bluesky and Mastodon, in a process that a test may kill: NIGHT NOW, settings on stdin."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import date, datetime

from pipeline import settings, steps
from pipeline.collect import bluesky, mastodon
from pipeline.collect._pace import POLITE
from pipeline.errors import PipelineError

# The policy of every night but for its waits: here nobody is to be spared.
HASTY = replace(POLITE, base_s=0.01, rest_s=0.01, patience_s=5.0)
SOURCES = ("bluesky", "mastodon")


def collect(given: settings.Settings, night: date, now: datetime, catalogue: str) -> dict[str, PipelineError]:
    """Both sources, as the night's DAG runs them: one that fails does not stop the other. What failed, by source."""
    bluesky.POLICY = mastodon.POLICY = HASTY
    failed = {}
    for source in SOURCES:
        try:
            steps.collect(given, source, night, night, now=now, catalogue=catalogue)
        except PipelineError as error:
            failed[source] = error
    return failed


if __name__ == "__main__":
    told = json.load(sys.stdin)
    given = settings.load(told["environ"])
    print("begun", flush=True)
    collect(given, date.fromisoformat(sys.argv[1]), datetime.fromisoformat(sys.argv[2]), told["catalogue"])
