"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pipeline.store.moment import Moment

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make every table, and the one row of the counter."""
    _post()
    _engagement()
    _mention()
    _ledger()
    _lists()
    _counter()


def _key(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False)


def _revision(*tables: str) -> None:
    for table in tables:
        op.create_index(f"ix_{table}_revision", table, ["revision"])


def _post() -> None:
    op.create_table(
        "post",
        _key("post_key"),
        sa.Column("source", sa.String(32), nullable=False),
        sa.Column("post_id", sa.Text()),
        sa.Column("author_key", sa.BigInteger()),
        sa.Column("text", sa.Text()),
        sa.Column("url", sa.Text()),
        sa.Column("lang", sa.String(8)),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("ownership", sa.String(8), nullable=False),
        *(sa.Column(n, sa.BigInteger()) for n in ("repost_of_key", "quote_of_key", "reply_to_key", "cluster_key")),
        sa.Column("followers", sa.BigInteger()),
        *(sa.Column(n, sa.Float()) for n in ("reach_low", "reach_central", "reach_high")),
        sa.Column("reach_version", sa.String(16)),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.Column("night", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("post_key", name="pk_post"),
    )
    _revision("post")
    for column, rows in (("expires_on", "text IS NOT NULL"), ("repost_of_key", "repost_of_key IS NOT NULL")):
        where = sa.text(rows)
        op.create_index(f"ix_post_{column}", "post", [column], sqlite_where=where, postgresql_where=where)


def _engagement() -> None:
    op.create_table(
        "engagement",
        _key("post_key"),
        sa.Column("observed_at", Moment(), nullable=False),
        *(sa.Column(n, sa.BigInteger()) for n in ("likes", "reposts", "replies", "quotes", "views")),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("post_key", "observed_at", name="pk_engagement"),
    )
    _revision("engagement")


def _mention() -> None:
    op.create_table(
        "mention",
        _key("post_key"),
        sa.Column("brand", sa.String(64), nullable=False),
        sa.Column("territory", sa.String(16)),
        sa.Column("sense", sa.String(16), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("by_brand_name", sa.Boolean(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(64), nullable=False),
        sa.Column("evidence", sa.Text()),
        sa.Column("matcher", sa.String(32), nullable=False),
        sa.Column("label", sa.String(8)),
        sa.Column("score", sa.Float()),
        sa.Column("toward", sa.String(9)),
        sa.Column("toward_score", sa.Float()),
        sa.Column("scorer", sa.String(48)),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("post_key", "brand", name="pk_mention"),
    )
    _revision("mention")
    columns = ["post_key", "brand"]
    op.create_index(
        "ix_mention_unscored",
        "mention",
        columns,
        sqlite_where=sa.text("accepted = 1 AND scorer IS NULL"),
        postgresql_where=sa.text("accepted AND scorer IS NULL"),
    )


def _ledger() -> None:
    op.create_table(
        "ledger",
        sa.Column("source", sa.String(32), nullable=False),
        sa.Column("brand", sa.String(64), nullable=False),
        sa.Column("night", sa.Date(), nullable=False),
        sa.Column("run", sa.String(80), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        *(sa.Column(n, sa.BigInteger(), nullable=False) for n in ("asked", "fetched", "kept", "duplicates", "skipped")),
        sa.Column("truncated", sa.Boolean(), nullable=False),
        sa.Column("error", sa.String(300)),
        sa.Column("cost_micros", sa.BigInteger(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("source", "brand", "night", "run", name="pk_ledger"),
    )
    op.create_table(
        "ledger_scope",
        sa.Column("run", sa.String(80), nullable=False),
        sa.Column("brand", sa.String(64), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("run", "brand", name="pk_ledger_scope"),
    )
    _revision("ledger", "ledger_scope")


def _lists() -> None:
    op.create_table(
        "cursor",
        sa.Column("source", sa.String(32), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("moved_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("source", "name", name="pk_cursor"),
    )
    op.create_table(
        "opposition",
        _key("author_key"),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("author_key", name="pk_opposition"),
    )
    op.create_table(
        "deletion",
        _key("post_key"),
        sa.Column("deleted_at", sa.Date()),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("post_key", name="pk_deletion"),
    )
    _revision("deletion")


def _counter() -> None:
    counter = op.create_table(
        "revision_counter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_revision_counter"),
    )
    op.bulk_insert(counter, [{"id": 1, "revision": 0}])
