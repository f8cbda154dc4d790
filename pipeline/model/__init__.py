"""The nouns that pass between rooms: frozen, typed, and free of any platform, database or scheduler."""

from pipeline.model.brand import Brand, Campaign, Example, Sense, Subscriber
from pipeline.model.night import PARIS, Window, night_of
from pipeline.model.post import (
    Engagement,
    Kind,
    Label,
    LedgerRow,
    Mention,
    Ownership,
    Post,
    Query,
    Reach,
    Scores,
    Status,
    Toward,
)

__all__ = [
    "PARIS",
    "Brand",
    "Campaign",
    "Engagement",
    "Example",
    "Kind",
    "Label",
    "LedgerRow",
    "Mention",
    "Ownership",
    "Post",
    "Query",
    "Reach",
    "Scores",
    "Sense",
    "Status",
    "Subscriber",
    "Toward",
    "Window",
    "night_of",
]
