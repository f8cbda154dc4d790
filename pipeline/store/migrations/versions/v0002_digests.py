"""What was sent to whom, and who asked for no more."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pipeline.store.moment import Moment

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the ledger of deliveries and the list of people who unsubscribed."""
    op.create_table(
        "delivery",
        sa.Column("digest", sa.String(96), nullable=False),
        sa.Column("recipient_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("message_id", sa.String(250), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("code", sa.Integer()),
        sa.Column("claimed_at", Moment(), nullable=False),
        sa.Column("settled_at", Moment()),
        sa.PrimaryKeyConstraint("digest", "recipient_key", name="pk_delivery"),
    )
    op.create_index("ix_delivery_message_id", "delivery", ["message_id"])
    op.create_table(
        "suppression",
        sa.Column("recipient_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("brand", sa.String(64), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("recipient_key", "brand", name="pk_suppression"),
    )
