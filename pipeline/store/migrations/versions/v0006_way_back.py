"""The way back: of whoever unsubscribed and wants to be mailed again, and of an address that bounced."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pipeline.store.moment import Moment

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Date what was undone, beside what it undoes; find the deliveries of one recipient."""
    op.add_column("delivery", sa.Column("cleared_at", Moment()))
    op.add_column("suppression", sa.Column("undone_at", Moment()))
    op.create_index("ix_delivery_recipient_key", "delivery", ["recipient_key"])
