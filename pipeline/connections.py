"""Which settings an Airflow connection stands for: pure, tested without Airflow, printed in docs/settings.md."""

from __future__ import annotations

import string
from collections.abc import Mapping

# connection -> (fields, setting) in this order; a field that Airflow does not know stands in the connection's extra.
# A setting is told only when every field of its form is filled.
CONNECTIONS: dict[str, tuple[tuple[str, str], ...]] = {
    "rayonner_x": (
        ("{password}", "RAYONNER_X_BEARER"),
        ("{plan}", "RAYONNER_X_PLAN"),
        ("{terms}", "RAYONNER_X_TERMS"),
        ("{law}", "RAYONNER_X_LAW"),
    ),
    "rayonner_reddit": (
        ("{login}", "RAYONNER_REDDIT_CLIENT_ID"),
        ("{password}", "RAYONNER_REDDIT_CLIENT_SECRET"),
        ("{subreddits}", "RAYONNER_REDDIT_SUBREDDITS"),
    ),
    "rayonner_bluesky": (
        ("{address}", "RAYONNER_BLUESKY_SERVICE"),
        ("{login}", "RAYONNER_BLUESKY_HANDLE"),
        ("{password}", "RAYONNER_BLUESKY_PASSWORD"),
    ),
    "rayonner_youtube": (("{password}", "RAYONNER_YOUTUBE_KEY"),),
    "rayonner_mastodon": (
        ("{site}={password}", "RAYONNER_MASTODON_TOKENS"),
        ("{tokens}", "RAYONNER_MASTODON_TOKENS"),
        ("{instances}", "RAYONNER_MASTODON_INSTANCES"),
    ),
}

_OWN = ("host", "login", "password")
# A host is written "bsky.social" or "https://bsky.social": `site` is it without, `address` with.
_OF_HOST = ("site", "address")


def told(name: str, given: Mapping[str, object], extra: Mapping[str, object]) -> dict[str, str]:
    """The settings that the connection `name` stands for; `given` holds its host, login and password.

    What it leaves out, and what is no text or number, is not in the answer. Raises KeyError for another connection.
    """
    fields = {field: str(value) for field, value in extra.items() if isinstance(value, str | int) and value != ""}
    fields |= {field: str(given[field]) for field in _OWN if given.get(field)}
    if host := fields.get("host"):
        fields |= {"site": host.partition("://")[2] or host, "address": host if "://" in host else f"https://{host}"}
    return {setting: form.format_map(fields) for form, setting in CONNECTIONS[name] if _needed(form) <= fields.keys()}


def table() -> str:
    """The names as a Markdown table: connection, field, setting."""
    rows = ["| Connection | Field | Setting |", "|---|---|---|"]
    for name, forms in CONNECTIONS.items():
        rows += [f"| `{name}` | {_shown(form)} | `{setting}` |" for form, setting in forms]
    return "\n".join(rows)


def _needed(form: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(form) if field}


def _shown(form: str) -> str:
    fields = [field for _, field, _, _ in string.Formatter().parse(form) if field]
    shown = {**dict.fromkeys(_OF_HOST, "host"), **{field: field for field in _OWN}}
    return " and ".join(shown.get(field, f"extra `{field}`") for field in fields)
