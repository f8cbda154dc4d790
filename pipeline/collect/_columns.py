"""Which columns of a CSV file make a post: the exports we know by their header."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, tzinfo

from pipeline.collect import Ask
from pipeline.collect._draft import finish, loosely
from pipeline.collect._rejects import Refuse
from pipeline.collect._rows import rows
from pipeline.collect._stream import Lines
from pipeline.errors import ConfigError, MalformedError
from pipeline.model import Post

_LINKED = {"post_id", "repost_of", "quote_of", "in_reply_to", "author_id"}
_STATUS = re.compile(r"https?://(?:www\.|mobile\.)?(?:x|twitter)\.com/[^/]+(?:/web)?/status(?:es)?/(\d+)")

Columns = Mapping[str, Sequence[str]]

# Words that spreadsheets and data frames write for "nothing".
_NOTHING = {"", "nan", "none", "null", "n/a", "na", "-"}


@dataclass(frozen=True, slots=True)
class Table:
    """How a CSV file becomes posts: for each field of a draft the columns to look in, first not empty wins.

    `values` translates cells (field -> written -> ours); `zone` and `form` read dates that do not say their zone.
    """

    name: str
    columns: Columns
    header: tuple[str, ...] = ()
    delimiter: str = ","
    platform: str | None = None
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    zone: tzinfo = UTC
    form: str | None = None


_MINET_X: Columns = {
    "post_id": ("id",),
    "created_at": ("timestamp_utc",),
    "text": ("text",),
    "author_id": ("user_id",),
    "author_handle": ("user_screen_name",),
    "author_followers": ("user_followers",),
    "author_place": ("user_location",),
    "repost_of": ("retweeted_id",),
    "quote_of": ("quoted_id",),
    "in_reply_to": ("to_tweetid",),
    "hashtags": ("hashtags",),
    "likes": ("like_count",),
    "reposts": ("retweet_count",),
    "replies": ("reply_count",),
    "views": ("impression_count",),
    "first_seen": ("collection_time",),
    "url": ("url",),
    "lang": ("lang",),
}
_MINET_BLUESKY: Columns = {
    "post_id": ("uri",),
    "created_at": ("timestamp_utc",),
    "text": ("original_text", "text"),
    "author_id": ("user_did",),
    "author_handle": ("user_handle",),
    "quote_of": ("quoted_uri",),
    "in_reply_to": ("to_post_uri",),
    "hashtags": ("hashtags",),
    "likes": ("like_count",),
    "reposts": ("repost_count",),
    "replies": ("reply_count",),
    "quotes": ("quote_count",),
    "first_seen": ("collection_time",),
    "url": ("url",),
    "lang": ("user_langs",),
}
_4CAT: Columns = {
    "post_id": ("id",),
    "created_at": ("unix_timestamp", "timestamp"),
    "text": ("body",),
    "subject": ("subject",),
    "thread_id": ("thread_id",),
    "author_id": ("author_id",),
    "author_handle": ("author",),
    "author_followers": ("author_followers",),
    "is_retweet": ("is_retweet",),
    "is_quote_tweet": ("is_quote_tweet",),
    "is_reply": ("is_reply",),
    "hashtags": ("hashtags",),
    "likes": ("like_count", "likes"),
    "reposts": ("retweet_count", "repost_count", "reposts"),
    "replies": ("reply_count", "replies"),
    "quotes": ("quote_count",),
    "views": ("impression_count", "views"),
    "url": ("link", "url", "post_url"),
    "lang": ("language_guess", "language"),
}
OURS = (
    *("platform", "post_id", "created_at", "text", "author", "author_id", "author_handle", "author_followers"),
    *("author_place", "kind", "repost_of", "quote_of", "in_reply_to", "hashtags", "likes", "reposts", "replies"),
    *("quotes", "views", "first_seen", "url", "lang"),
)

# A header is known by these columns; the first that fits is taken.
_KNOWN: tuple[tuple[frozenset[str], Table], ...] = (
    (
        frozenset({"platform", "post_id", "created_at", "text"}),
        Table("rayonner-csv", {name: (name,) for name in OURS}),
    ),
    (frozenset({"id", "timestamp_utc", "user_screen_name", "text"}), Table("minet", _MINET_X, platform="x")),
    (
        frozenset({"uri", "timestamp_utc", "user_did", "text"}),
        Table("minet-bluesky", _MINET_BLUESKY, platform="bluesky"),
    ),
    (frozenset({"id", "thread_id", "author", "body", "timestamp"}), Table("4cat", _4CAT)),
)


def known(first_line: str) -> Table | None:
    """The table whose header this line is, with the delimiter it is written in."""
    for delimiter in ",;\t|":
        header = header_of(first_line, delimiter)
        for needed, table in _KNOWN:
            if needed <= set(header):
                platform = "x" if table.name == "4cat" and "is_retweet" in header else table.platform
                return replace(table, header=header, delimiter=delimiter, platform=platform)
    return None


def header_of(line: str, delimiter: str) -> tuple[str, ...]:
    """The names in a header line; none when it is no CSV."""
    try:
        return tuple(cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), []))
    except csv.Error:
        return ()


def posts(lines: Lines, table: Table, ask: Ask, refuse: Refuse) -> Iterator[tuple[int, Post]]:
    """Posts of the rows under a header, with the number of their first line."""
    default = ask.settings.get("source") or table.platform
    if default is None and "platform" not in table.columns:
        raise ConfigError(f"this {table.name} file does not say which platform it comes from: give its name as source")
    where = _places(table)
    for row in rows(lines, table.delimiter, len(table.header)):
        if row.reason:
            refuse(row.line, row.reason, row.raw)
            continue
        try:
            yield row.line, finish(loosely(_fields(row.cells, where, table), table.zone, table.form), ask, default)
        except MalformedError as error:
            refuse(row.line, error.reason, row.raw)


def _places(table: Table) -> list[tuple[str, list[int]]]:
    """For each field the positions of its columns, in the order of preference."""
    at = {name: position for position, name in reversed(list(enumerate(table.header)))}
    found = [(name, [at[column] for column in columns if column in at]) for name, columns in table.columns.items()]
    return [(name, positions) for name, positions in found if positions]


def _fields(cells: list[str], where: list[tuple[str, list[int]]], table: Table) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, positions in where:
        for position in positions:
            cell = cells[position]
            if cell.strip().lower() not in _NOTHING or (name == "text" and cell.strip()):
                meaning = table.values.get(name, {}).get(cell.strip().lower(), cell)
                found[name] = _id(meaning) if name in _LINKED else meaning
                break
    if table.name == "4cat":
        _as_4cat_means(found)
    return found


def _id(cell: str) -> str:
    """An id as the platform writes it: out of a spreadsheet formula, or of a link to X where only the link is given."""
    found = cell.strip().removeprefix('="').removesuffix('"') if cell.startswith('="') else cell.strip()
    status = _STATUS.match(found[:200])
    return status[1] if status else found


def _as_4cat_means(found: dict[str, object]) -> None:
    """4CAT keeps titles apart, says yes or no where others give ids, and gives every post its thread."""
    if subject := found.get("subject"):
        found["text"] = f"{subject}\n{found.get('text', '')}".strip()
    for flag, kind in (("is_retweet", "repost"), ("is_quote_tweet", "quote"), ("is_reply", "reply")):
        if found.get(flag) == "yes":
            found["kind"] = kind
            return
    if "is_retweet" not in found and found.get("thread_id") != found.get("post_id"):
        found["in_reply_to"] = found.get("thread_id")
