"""The tables about the work itself: what was asked for, where sources stopped, who must not be kept, what was sent."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, Date, Integer, String, Table, Text

from pipeline.store.columns import key_column, metadata, revision_column
from pipeline.store.moment import Moment

ledger = Table(
    "ledger",
    metadata,
    Column("source", String(32), primary_key=True, doc="platform"),
    Column("brand", String(64), primary_key=True, doc="slug, or * for every brand of the run's scope"),
    Column("night", Date, primary_key=True, doc="Europe/Paris day asked for"),
    Column("run", String(80), primary_key=True, doc="night, or file:<hash> for an imported archive"),
    Column("status", String(12), nullable=False, doc="complete, partial, failed, off or budget"),
    Column("asked", BigInteger, nullable=False, doc="calls made"),
    Column("fetched", BigInteger, nullable=False, doc="posts received"),
    Column("kept", BigInteger, nullable=False, doc="mentions accepted"),
    Column("duplicates", BigInteger, nullable=False, doc="posts received more than once"),
    Column("skipped", BigInteger, nullable=False, doc="posts, lines or pages that could not be used"),
    Column("truncated", Boolean, nullable=False, doc="whether the source had more than it gave"),
    Column("error", String(300), doc="what went wrong, without secret or text of a post"),
    Column("cost_micros", BigInteger, nullable=False, doc="millionths of the source's currency"),
    Column("reasons", JSON, nullable=False, doc="skips by reason"),
    Column("expected", BigInteger, doc="posts foreseen by the platform's counts or the same weekdays; NULL is unknown"),
    Column("late", BigInteger, doc="posts of the night that a run of a later day brought; NULL is none looked for"),
    revision_column(),
    info={"about": "One row per source, brand, night and run: what was asked and what came back. A gap is a fact."},
)

ledger_scope = Table(
    "ledger_scope",
    metadata,
    Column("run", String(80), primary_key=True, doc="run of the ledger"),
    Column("brand", String(64), primary_key=True, doc="a brand it listened to"),
    revision_column(),
    info={
        "about": "The brands a run listened to: what * stands for, so that a night costs one row and not one a brand."
    },
)

cursor = Table(
    "cursor",
    metadata,
    Column("source", String(32), primary_key=True, doc="platform"),
    Column("name", String(80), primary_key=True, doc="which of the source's cursors"),
    Column("value", Text, nullable=False, doc="the source's own words for where it stopped"),
    Column("moved_at", Moment, nullable=False, doc="start of the night that moved it (UTC)"),
    info={"about": "Where each source stopped; committed with the posts that came before it."},
)

opposition = Table(
    "opposition",
    metadata,
    key_column("author_key", "keyed hash of (source, author id)"),
    Column("asked_on", Date, nullable=False, doc="day of the request"),
    info={"about": "People who asked not to be counted: checked before every write."},
)

deletion = Table(
    "deletion",
    metadata,
    key_column("post_key", "a post that must not be kept, whether or not it ever was"),
    Column("deleted_at", Date, doc="day of the deletion; NULL when it was not told"),
    revision_column(),
    Column("source", String(32), doc="platform that told; NULL when a person did"),
    Column("gone_after", Moment, doc="when it was deleted, or last seen there (UTC); NULL is unknown"),
    Column("applied_at", Moment, doc="when it left the store (UTC); NULL is unknown"),
    info={
        "about": "Posts taken out for good; the build takes them out too, and a later import cannot bring them back."
    },
)

delivery = Table(
    "delivery",
    metadata,
    Column("digest", String(96), primary_key=True, doc="brand and ISO week: just-dijon/2026-W47"),
    Column(
        "recipient_key",
        BigInteger,
        primary_key=True,
        autoincrement=False,
        index=True,
        doc="keyed hash of the address",
    ),
    Column("state", String(10), nullable=False, doc="sending, sent, deferred, refused or bounced; see the docs"),
    Column("message_id", String(250), nullable=False, index=True, doc="the same at every attempt"),
    Column("attempts", Integer, nullable=False, doc="how often it was handed to the mail server"),
    Column("code", Integer, doc="last SMTP answer; NULL is none"),
    Column("claimed_at", Moment, nullable=False, doc="when the last attempt began (UTC)"),
    Column("settled_at", Moment, doc="when its outcome was known (UTC); NULL is in doubt"),
    Column("cleared_at", Moment, doc="when a person said that what bounced can be reached again (UTC)"),
    info={"about": "One row per digest and recipient, claimed before the mail leaves: nobody receives two."},
)

suppression = Table(
    "suppression",
    metadata,
    Column("recipient_key", BigInteger, primary_key=True, autoincrement=False, doc="keyed hash of the address"),
    Column("brand", String(64), primary_key=True, doc="slug, or * for every brand"),
    Column("asked_at", Moment, nullable=False, doc="when they last unsubscribed (UTC)"),
    Column("undone_at", Moment, doc="when they asked to be mailed again (UTC); NULL while they want no more"),
    info={"about": "Who wants no more digests of a brand: read in the transaction that claims a delivery."},
)

spend = Table(
    "spend",
    metadata,
    Column("source", String(32), primary_key=True, doc="platform"),
    Column("month", String(7), primary_key=True, doc="UTC month, 2026-11: the one that platforms bill"),
    Column("brand", String(64), primary_key=True, doc="slug, or * for what all brands share"),
    Column("requests", BigInteger, nullable=False, doc="calls paid for or reserved"),
    Column("posts", BigInteger, nullable=False, doc="posts paid for or reserved"),
    Column("units", BigInteger, nullable=False, doc="the platform's quota units"),
    Column("micros", BigInteger, nullable=False, doc="millionths of the source's currency"),
    info={"about": "What each source cost in a month; reserved before a call, so no crash can spend over the cap."},
)

recheck = Table(
    "recheck",
    metadata,
    key_column("post_key", "the post"),
    Column("age_days", Integer, primary_key=True, autoincrement=False, doc="1, 3, 7 or 28; 0 is the last look of all"),
    Column("checked_at", Moment, nullable=False, doc="when it was looked at (UTC), or found to be missed"),
    Column("outcome", String(8), nullable=False, doc="seen, or missed: no look in the 13 hours before this age"),
    info={"about": "Looks at a kept post: its counts at equal age, whether it is still there; gone with its text."},
)

attention = Table(
    "attention",
    metadata,
    Column("brand", String(64), primary_key=True, doc="slug"),
    Column("lang", String(8), primary_key=True, doc="edition of Wikipedia"),
    Column("day", Date, primary_key=True, doc="UTC day"),
    Column("views", BigInteger, doc="page views by people; NULL is unknown, never zero"),
    revision_column(),
    info={"about": "How often the articles on a territory are read: attention, beside talk."},
)
