"""Where the rooms meet: one function = one Airflow task = one command.

Every step may run again, be killed anywhere or run beside itself: what it wrote is whole, and a second run ends in
the same rows. No step reads the clock or the environment: `now` and the settings are passed in.
"""

from pipeline.steps._mailing import Written
from pipeline.steps.accounts import Account, accounts
from pipeline.steps.alert import read_alerts, render_alert, send_alerts, write_alert
from pipeline.steps.attention import Attended, attention
from pipeline.steps.calendar import LEGEND, by_night, calendar, is_short
from pipeline.steps.collect import Collected, collect, collect_again
from pipeline.steps.deletions import Deleted, deletions
from pipeline.steps.digest import (
    last_week,
    read_digest,
    read_month,
    render_digest,
    send_digests,
    unsubscribe,
    write_digest,
)
from pipeline.steps.follow_up import Followed, follow_up
from pipeline.steps.imports import Imported, import_posts
from pipeline.steps.influence import influence
from pipeline.steps.lines import match_lines, sentiment_lines
from pipeline.steps.night import Night, run
from pipeline.steps.observations import import_engagement
from pipeline.steps.publish import build, publish
from pipeline.steps.rematch import Rematched, rematch
from pipeline.steps.score import own_words, score
from pipeline.steps.upkeep import forget, oppose, upkeep

__all__ = [
    "LEGEND",
    "Account",
    "Attended",
    "Collected",
    "Deleted",
    "Followed",
    "Imported",
    "Night",
    "Rematched",
    "Written",
    "accounts",
    "attention",
    "build",
    "by_night",
    "calendar",
    "collect",
    "collect_again",
    "deletions",
    "follow_up",
    "forget",
    "import_engagement",
    "import_posts",
    "influence",
    "is_short",
    "last_week",
    "match_lines",
    "oppose",
    "own_words",
    "publish",
    "read_alerts",
    "read_digest",
    "read_month",
    "rematch",
    "render_alert",
    "render_digest",
    "run",
    "score",
    "send_alerts",
    "send_digests",
    "sentiment_lines",
    "unsubscribe",
    "upkeep",
    "write_alert",
    "write_digest",
]
