"""What of a post leaves the store: recent texts and links, where terms allow it, until they must be forgotten."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta

import duckdb

from pipeline.collect import Legal
from pipeline.warehouse.landing import Row
from pipeline.warehouse.seeds import KEPT_NIGHTS

COLUMNS = {"post_key": "bigint", "source": "varchar", "text": "varchar", "url": "varchar", "expires_on": "date"}
# Two digits of these leave: the exact number of followers would tell which account an author is, and reach is computed
# from it.
_ROUNDED = ("followers", "reach_low", "reach_central", "reach_high")
# A post is read by people here: the longest that any platform but an article shows whole.
LONGEST = 10_000

# An account (@name, @name@server, @name.server) or the end of an e-mail address.
_ACCOUNT = re.compile(r"[@＠][\w.-]*\w(?:@[\w.-]*\w)?")


def shown(row: Row, legal: Mapping[str, Legal]) -> Row:
    """The post's row as it leaves: text and link only where the source's terms allow them, its audience rounded."""
    terms = legal.get(str(row["source"]))
    text = _unnamed(_clean(row["text"])) if terms and terms.show_text else None
    url = _clean(row["url"]) if terms and terms.show_link else None
    audience = {name: _two_digits(row[name]) for name in _ROUNDED}
    return {**row, **audience, "text": text, "url": url}


def _two_digits(count: object) -> object:
    return type(count)(float(f"{count:.1e}")) if isinstance(count, int | float) else None


def _unnamed(text: str | None) -> str | None:
    """The text without the accounts and addresses it names: people leave the store as numbers only."""
    return _ACCOUNT.sub("@…", text) if text else text


def refresh(con: duckdb.DuckDBPyConnection, legal: Mapping[str, Legal], today: date) -> None:
    """Write raw.post_text anew: what it held and what landed_post brings, less what must be forgotten.

    Runs in its own transaction and checkpoint, so that its blocks hold nothing else and are given up whole.
    """
    forget_on = today + timedelta(days=KEPT_NIGHTS)
    con.begin()
    con.execute(f"create table if not exists raw.post_text ({', '.join(f'{c} {t}' for c, t in COLUMNS.items())})")
    con.execute(
        "create or replace temp table kept_text as "
        "select post_key, source, text, url, expires_on from landed_post union all "
        "select o.* from raw.post_text as o "
        "where o.post_key not in (select post_key from landed_post) "
        "and o.post_key not in (select post_key from landed_deletion)"
    )
    _drop_unshown(con, legal)
    con.execute(
        "create or replace table raw.post_text as select * from kept_text "
        "where (text is not null or url is not null) and expires_on > ?::date",
        [forget_on],
    )
    con.commit()
    con.execute("drop table kept_text")
    con.execute("checkpoint")


def overwrite(con: duckdb.DuckDBPyConnection) -> None:
    """Write noise over the file's free blocks: a text taken out of a table stays in the block it lay in until then.

    Call it last, outside a transaction. It costs what is free, a few dozen megabytes.
    """
    con.execute("checkpoint")
    free, size = con.execute("select free_blocks, block_size from pragma_database_size()").fetchall()[0]
    # Hashes do not compress: 8 bytes each fill a block. Two blocks more than are free: none is filled to the brim.
    count = (free + 2) * size // 8
    con.execute("create table raw.noise as select hash(range) as noise from range(?)", [count])
    con.execute("checkpoint")
    con.execute("drop table raw.noise")
    con.execute("checkpoint")


def _drop_unshown(con: duckdb.DuckDBPyConnection, legal: Mapping[str, Legal]) -> None:
    """Forget at once what a source's terms no longer allow to be shown."""
    texts = [n for n, terms in legal.items() if terms.show_text]
    links = [n for n, terms in legal.items() if terms.show_link]
    con.execute("update kept_text set text = null where not list_contains(?::varchar[], source)", [texts])
    con.execute("update kept_text set url = null where not list_contains(?::varchar[], source)", [links])


def _clean(text: object) -> str | None:
    """The text without what DuckDB or JSON cannot hold: NUL and lone surrogates."""
    if not isinstance(text, str):
        return None
    text = text[:LONGEST].replace("\0", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text
