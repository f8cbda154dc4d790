"""The store's tables: the only truth about posts, the same on SQLite and PostgreSQL.

`post_key` and `author_key` are 63-bit keyed hashes (BLAKE2b, key outside the database) of (source, post id) and
(source, author id): a row keeps its identity when the platform's ids expire, so nothing is counted twice later.
`revision` grows with each write and tells the build what changed since the last one.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

counter = Table(
    "revision_counter",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("revision", BigInteger, nullable=False),
)

post = Table(
    "post",
    metadata,
    Column("post_key", BigInteger, primary_key=True, autoincrement=False),
    Column("source", String(32), nullable=False),
    Column("post_id", Text),  # NULL once expired
    Column("author_key", BigInteger),
    Column("text", Text),  # NULL once expired
    Column("url", Text),  # NULL once expired
    Column("lang", String(8)),  # ours; NULL is "not enough text to say"
    Column("kind", String(16), nullable=False),
    Column("ownership", String(8), nullable=False),  # owned | partner | earned
    Column("repost_of_key", BigInteger),
    Column("quote_of_key", BigInteger),
    Column("reply_to_key", BigInteger),
    Column("cluster_key", BigInteger),  # hash of the folded text: near-duplicates and syndication share it
    Column("followers", BigInteger),
    Column("reach_low", Float),
    Column("reach_central", Float),
    Column("reach_high", Float),
    Column("reach_version", String(16)),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("seen_at", DateTime(timezone=True), nullable=False),
    Column("night", Date, nullable=False, index=True),  # Europe/Paris day of created_at
    Column("expires_on", Date, nullable=False, index=True),
    Column("revision", BigInteger, nullable=False, index=True),
)

engagement = Table(
    "engagement",
    metadata,
    Column("post_key", BigInteger, primary_key=True, autoincrement=False),
    Column("observed_at", DateTime(timezone=True), primary_key=True),
    Column("likes", BigInteger),
    Column("reposts", BigInteger),
    Column("replies", BigInteger),
    Column("quotes", BigInteger),
    Column("views", BigInteger),
    Column("revision", BigInteger, nullable=False, index=True),
)

mention = Table(
    "mention",
    metadata,
    Column("post_key", BigInteger, primary_key=True, autoincrement=False),
    Column("brand", String(64), primary_key=True),
    Column("territory", String(16)),
    Column("sense", String(16), nullable=False),
    Column("accepted", Boolean, nullable=False),
    Column("by_brand_name", Boolean, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("rule", String(64), nullable=False),
    Column("evidence", Text),  # NULL once expired
    Column("matcher", String(32), nullable=False),
    Column("label", String(8)),
    Column("score", Float),
    Column("toward", String(9)),
    Column("toward_score", Float),
    Column("scorer", String(48)),  # NULL is "not scored yet"
    Column("revision", BigInteger, nullable=False, index=True),
)

ledger = Table(
    "ledger",
    metadata,
    Column("source", String(32), primary_key=True),
    Column("brand", String(64), primary_key=True),
    Column("night", Date, primary_key=True),
    Column("run", String(80), primary_key=True),
    Column("status", String(12), nullable=False),
    Column("asked", BigInteger, nullable=False),
    Column("fetched", BigInteger, nullable=False),
    Column("kept", BigInteger, nullable=False),
    Column("duplicates", BigInteger, nullable=False),
    Column("skipped", BigInteger, nullable=False),
    Column("truncated", Boolean, nullable=False),
    Column("error", String(300)),
    Column("cost_micros", BigInteger, nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("revision", BigInteger, nullable=False, index=True),
)

# Which brands a run listened to: what "*" stands for in the ledger, so that a night costs one row and not one a brand.
ledger_scope = Table(
    "ledger_scope",
    metadata,
    Column("run", String(80), primary_key=True),
    Column("brand", String(64), primary_key=True),
    Column("revision", BigInteger, nullable=False, index=True),
)

cursor = Table(
    "cursor",
    metadata,
    Column("source", String(32), primary_key=True),
    Column("name", String(80), primary_key=True),
    Column("value", Text, nullable=False),
    Column("moved_at", DateTime(timezone=True), nullable=False),
)

# People who asked not to be counted: checked before every write.
opposition = Table(
    "opposition",
    metadata,
    Column("author_key", BigInteger, primary_key=True, autoincrement=False),
    Column("asked_on", Date, nullable=False),
)
