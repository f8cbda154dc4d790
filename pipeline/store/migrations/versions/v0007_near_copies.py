"""Copies that differ by a few words, so that they can be counted once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the key of near copies, NULL for every post kept before: its word-for-word copies still have theirs."""
    op.add_column("post", sa.Column("near_key", sa.BigInteger()))
