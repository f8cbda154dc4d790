"""Whom a post addresses: accounts by a keyed hash of their handle, as authors are by one of their id."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the keys of handles: NULL and none for posts kept before."""
    op.add_column("post", sa.Column("handle_key", sa.BigInteger()))
    op.create_table(
        "addressed",
        sa.Column("post_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("handle_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("post_key", "handle_key", name="pk_addressed"),
    )
    op.create_index("ix_addressed_revision", "addressed", ["revision"])
