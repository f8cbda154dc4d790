"""The store's tables: the only truth about posts, the same on SQLite and PostgreSQL.

`post_key` and `author_key` are 63-bit keyed hashes (BLAKE2b, key outside the database) of (source, post id) and
(source, author id): a row keeps its identity when the platform's ids expire, so nothing is counted twice later.
`revision` grows with each write and tells the build what changed since the last one. docs/store.md is made from
the `doc` of each column and the `about` of each table.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, Float, Index, Integer, String, Table, Text

from pipeline.store.columns import key_column, metadata, revision_column
from pipeline.store.moment import Moment
from pipeline.store.registers import (
    attention,
    cursor,
    deletion,
    delivery,
    ledger,
    ledger_scope,
    opposition,
    recheck,
    spend,
    suppression,
)

__all__ = [
    "addressed",
    "attention",
    "counter",
    "cursor",
    "deletion",
    "delivery",
    "engagement",
    "ledger",
    "ledger_scope",
    "mention",
    "metadata",
    "opposition",
    "post",
    "recheck",
    "spend",
    "suppression",
]

counter = Table(
    "revision_counter",
    metadata,
    Column("id", Integer, primary_key=True, doc="always 1"),
    Column("revision", BigInteger, nullable=False, doc="revision of the last committed change"),
    info={"about": "One row: the number of the last change. Every writer locks it, so revisions follow commits."},
)

post = Table(
    "post",
    metadata,
    key_column("post_key", "keyed hash of (source, post id)"),
    Column("source", String(32), nullable=False, doc="platform"),
    Column("post_id", Text, doc="the platform's id; NULL once expired"),
    Column("author_key", BigInteger, doc="keyed hash of (source, author id); NULL is unknown"),
    Column("handle_key", BigInteger, doc="keyed hash of (source, @handle) of the author; NULL is unknown"),
    Column("text", Text, doc="NULL once expired"),
    Column("url", Text, doc="link that names no author; NULL once expired"),
    Column("lang", String(8), doc="language read by us; NULL is not enough text to say"),
    Column("kind", String(16), nullable=False, doc="post, repost, quote, reply or article"),
    Column("ownership", String(8), nullable=False, doc="owned, partner or earned"),
    Column("repost_of_key", BigInteger, doc="key of the post passed on"),
    Column("quote_of_key", BigInteger, doc="key of the post quoted"),
    Column("reply_to_key", BigInteger, doc="key of the post answered"),
    Column("cluster_key", BigInteger, doc="hash of the folded text: word-for-word copies share it"),
    Column("near_key", BigInteger, doc="hash of seven of its words: copies that differ by a few words mostly share it"),
    Column("followers", BigInteger, doc="the author's followers when seen; NULL is unknown"),
    Column("reach_low", Float, doc="screen appearances, low estimate"),
    Column("reach_central", Float, doc="screen appearances, central estimate"),
    Column("reach_high", Float, doc="screen appearances, high estimate"),
    Column("reach_version", String(16), doc="formula of the estimate"),
    Column("created_at", Moment, nullable=False, doc="when it was published (UTC)"),
    Column("seen_at", Moment, nullable=False, doc="when this version of it was first seen (UTC)"),
    Column("night", Date, nullable=False, doc="Europe/Paris day of created_at"),
    Column("expires_on", Date, nullable=False, doc="day on which text, link and id go; never put off"),
    revision_column(),
    info={"about": "One row per post that mentions at least one brand, accepted or refused."},
)
# Only rows that still hold text are looked for by date, so the index forgets a post when the store does.
Index(
    "ix_post_expires_on",
    post.c.expires_on,
    sqlite_where=post.c.text.is_not(None),
    postgresql_where=post.c.text.is_not(None),
)
# A platform's posts in the order of their age, while there is something of them left to look at again.
Index(
    "ix_post_followed",
    post.c.source,
    post.c.created_at,
    sqlite_where=post.c.text.is_not(None),
    postgresql_where=post.c.text.is_not(None),
)
# A deleted post takes its reposts along: they hold its text.
Index(
    "ix_post_repost_of_key",
    post.c.repost_of_key,
    sqlite_where=post.c.repost_of_key.is_not(None),
    postgresql_where=post.c.repost_of_key.is_not(None),
)

addressed = Table(
    "addressed",
    metadata,
    key_column("post_key", "the post"),
    key_column("handle_key", "keyed hash of (source, @handle), as in post.handle_key"),
    revision_column(),
    info={"about": "One row per post and account that a version of its text addresses with @, its author's left out."},
)

engagement = Table(
    "engagement",
    metadata,
    key_column("post_key", "the post"),
    Column("observed_at", Moment, primary_key=True, doc="when the counts were seen (UTC)"),
    Column("likes", BigInteger, doc="NULL is unknown"),
    Column("reposts", BigInteger, doc="NULL is unknown"),
    Column("replies", BigInteger, doc="NULL is unknown"),
    Column("quotes", BigInteger, doc="NULL is unknown"),
    Column("views", BigInteger, doc="appearances observed by the platform; NULL is unknown"),
    revision_column(),
    info={"about": "One row per post and moment at which its counts differed from those before, or came of age."},
)

mention = Table(
    "mention",
    metadata,
    key_column("post_key", "the post"),
    Column("brand", String(64), primary_key=True, doc="slug of the brand file"),
    Column("territory", String(16), doc="INSEE code of the territory"),
    Column("sense", String(16), nullable=False, doc="territory, other_place, club, person, word or spam"),
    Column("accepted", Boolean, nullable=False, doc="whether it counts for the brand"),
    Column("by_brand_name", Boolean, nullable=False, doc="by the brand's own name, not the place's"),
    Column("start", Integer, nullable=False, doc="first character of the words that decided"),
    Column("end", Integer, nullable=False, doc="character after the last"),
    Column("rule", String(64), nullable=False, doc="what accepted or refused it; see the note on edits"),
    Column("evidence", Text, doc="the words that decided; NULL once expired"),
    Column("matcher", String(32), nullable=False, doc="version of the matching rules, + that of the brand's file"),
    Column("label", String(8), doc="tone of the post: negative, neutral or positive"),
    Column("score", Float, doc="tone of the post in [-1, 1]"),
    Column("toward", String(9), doc="tone toward the territory, or not_about"),
    Column("toward_score", Float, doc="tone toward the territory in [-1, 1]"),
    Column("scorer", String(48), doc="name/version of the scorer; NULL is not scored yet"),
    Column("themes", Text, doc="themes read, with commas between; empty is none, NULL is not read"),
    Column("audiences", Text, doc="audiences spoken of, written as themes are"),
    Column("emotions", Text, doc="emotions shown (experimental), written as themes are"),
    Column("senses", Text, doc="senses evoked, written as themes are"),
    Column("image_version", String(16), doc="version of what read the four; NULL is not read"),
    revision_column(),
    info={"about": "One row per post and brand that its words could mean, accepted or refused, with its scores."},
)
# What waits for a score: small, in the order in which it is read.
_unscored = mention.c.accepted & mention.c.scorer.is_(None)
Index("ix_mention_unscored", mention.c.post_key, mention.c.brand, sqlite_where=_unscored, postgresql_where=_unscored)
