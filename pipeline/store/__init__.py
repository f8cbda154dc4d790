"""The only truth about posts, and the only room that imports SQLAlchemy."""

from __future__ import annotations

from sqlalchemy import Engine

from pipeline.store.attention import Attention, attention, save_attention
from pipeline.store.changes import Snapshot, changes, counts, revision, snapshot
from pipeline.store.database import connect
from pipeline.store.deliveries import (
    Claim,
    Delivery,
    bounce,
    claim,
    clear,
    confirm,
    deliveries,
    recipient_key,
    settle,
    undelivered,
)
from pipeline.store.engagement import save_engagement
from pipeline.store.keys import author_key, post_key
from pipeline.store.leaving import expire, forget, oppose
from pipeline.store.matches import ToMatch, save_matched, save_near_keys, to_match
from pipeline.store.nights import ledger, save_ledger
from pipeline.store.posts import Cursor, Saved, cursor, save_found
from pipeline.store.rows import Found
from pipeline.store.schema import migrate
from pipeline.store.scores import ToScore, save_scores, to_score
from pipeline.store.suppressions import suppress, suppressed, undo_suppress

__all__ = [
    "Attention",
    "Claim",
    "Cursor",
    "Delivery",
    "Engine",
    "Found",
    "Saved",
    "Snapshot",
    "ToMatch",
    "ToScore",
    "attention",
    "author_key",
    "bounce",
    "changes",
    "claim",
    "clear",
    "confirm",
    "connect",
    "counts",
    "cursor",
    "deliveries",
    "expire",
    "forget",
    "ledger",
    "migrate",
    "oppose",
    "post_key",
    "recipient_key",
    "revision",
    "save_attention",
    "save_engagement",
    "save_found",
    "save_ledger",
    "save_matched",
    "save_near_keys",
    "save_scores",
    "settle",
    "snapshot",
    "suppress",
    "suppressed",
    "to_match",
    "to_score",
    "undelivered",
    "undo_suppress",
]
