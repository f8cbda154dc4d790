"""What the nights cost, which posts were asked for again, how often articles are read, and what should have come."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pipeline.store.moment import Moment

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the budget, the second looks and attention; past nights have neither expectation nor late posts."""
    op.create_table(
        "spend",
        sa.Column("source", sa.String(32), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("brand", sa.String(64), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("requests", "posts", "units", "micros")),
        sa.PrimaryKeyConstraint("source", "month", "brand", name="pk_spend"),
    )
    op.create_table(
        "recheck",
        sa.Column("post_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("age_days", sa.Integer(), nullable=False),
        sa.Column("checked_at", Moment(), nullable=False),
        sa.Column("outcome", sa.String(8), nullable=False),
        sa.PrimaryKeyConstraint("post_key", "age_days", name="pk_recheck"),
    )
    op.create_table(
        "attention",
        sa.Column("brand", sa.String(64), nullable=False),
        sa.Column("lang", sa.String(8), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("views", sa.BigInteger()),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("brand", "lang", "day", name="pk_attention"),
    )
    op.create_index("ix_attention_revision", "attention", ["revision"])
    op.add_column("ledger", sa.Column("expected", sa.BigInteger()))
    op.add_column("ledger", sa.Column("late", sa.BigInteger()))
    for column in (
        sa.Column("source", sa.String(32)),
        sa.Column("gone_after", Moment()),
        sa.Column("applied_at", Moment()),
    ):
        op.add_column("deletion", column)
