"""Which format a file is in, told by its first lines, and the reader that goes with it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

from pipeline.collect import Ask, _columns, _jsonl, _mapped, _xpages
from pipeline.collect._json import fields
from pipeline.collect._rejects import Refuse
from pipeline.collect._stream import CHUNK, Lines, chunks, lines, utf8
from pipeline.errors import MalformedError, SchemaError
from pipeline.model import Post

FORMATS = ("jsonl", "x", "csv")

_ACCEPTED = (
    "Accepted, plain or packed with gzip or Zstandard: our JSON lines (platform, post_id, created_at, text, ...); "
    "X API v2 JSON as twarc writes it, pages or flattened, one a line; CSV as minet (x, bluesky) or 4CAT write it; "
    "any other CSV with a map (--map FILE.toml, see docs/sources.md)"
)
# A file may begin with some broken lines; one that has nothing readable in so many is not one of ours.
_LOOKED_AT = 50


def posts(
    path: Path, ask: Ask, refuse: Refuse, map: Path | str | None, format: str | None
) -> Iterator[tuple[int, Post]]:
    """The posts of a file with the number of their line. Raises SchemaError with the accepted formats."""
    if map:
        mapped = _mapped.load(map)
        numbered = lines(utf8(chunks(path, ask), mapped.encoding))
        return _columns.posts(numbered, _mapped.headed(mapped, numbered), ask, refuse)
    numbered = lines(utf8(chunks(path, ask)))
    first = _peeked(numbered)
    found = format or _told(path, first)
    whole: Lines = chain(first, numbered)
    if found == "empty":
        ask.skip("empty_file")
        return iter(())
    if found == "jsonl":
        return _jsonl.posts(whole, ask, refuse)
    if found == "x":
        return _xpages.posts(whole, ask, refuse)
    if found != "csv":
        raise SchemaError(f"no format is called {found!r}: write one of {', '.join(FORMATS)}")
    return _csv(path, whole, ask, refuse)


def _peeked(numbered: Lines) -> list[tuple[int, bytes | None]]:
    first: list[tuple[int, bytes | None]] = []
    size = 0
    for number, line in islice(numbered, _LOOKED_AT):
        first.append((number, line))
        size += len(line or b"")
        if size > CHUNK:
            break
    return first


def _told(path: Path, first: list[tuple[int, bytes | None]]) -> str:
    """The format of the first line that tells one."""
    written = [line.strip() for _, line in first if line and line.strip()]
    if not written and all(line is not None for _, line in first):
        return "empty"
    if written and _columns.known(_shown(written[0])):
        return "csv"
    for line in written:
        try:
            found = fields(line)
        except MalformedError:
            continue
        if "post_id" in found and "created_at" in found:
            return "jsonl"
        if {"data", "errors", "meta"} & set(found) or {"id", "text"} <= set(found):
            return "x"
    raise SchemaError(f"{path.name} is in no known format{_hint(written)}. {_ACCEPTED}")


def _hint(written: list[bytes]) -> str:
    """What such a file often is."""
    if written and written[0].startswith(b"["):
        return " (a JSON array: write one object a line, with `jq -c '.[]'`)"
    if written and written[0].startswith(b"PK\x03\x04"):
        return " (a spreadsheet or a ZIP file: save the sheet as CSV, or unpack it)"
    return ""


def _csv(path: Path, numbered: Lines, ask: Ask, refuse: Refuse) -> Iterator[tuple[int, Post]]:
    for _, line in numbered:
        if line and line.strip():
            if table := _columns.known(_shown(line)):
                return _columns.posts(numbered, table, ask, refuse)
            break
    raise SchemaError(f"{path.name} has no header we know. {_ACCEPTED}")


def _shown(line: bytes) -> str:
    return line[:20_000].decode("utf-8", "replace").strip()
