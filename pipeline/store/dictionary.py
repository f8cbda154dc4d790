"""The store's data dictionary, made from its tables: `python -m pipeline.store.dictionary > docs/store.md`."""

from __future__ import annotations

import sys

from sqlalchemy import Column, Table

from pipeline.store.tables import metadata

_OPENING = """\
# The store

Made from `pipeline/store/` by `python -m pipeline.store.dictionary > docs/store.md`; a test fails when it is stale.

The store is the only truth about posts, and the only place where people's words are kept. It is one SQLite file
(WAL; the default) or one PostgreSQL database, with the same tables and the same answers. Analysts read the published
file, not the store.

- **Twice is once.** A batch of posts, its mentions, its counts and the source's cursor are one transaction. The same
  batch again writes nothing.
- **Revisions.** Each transaction that changes a row takes the next number of `revision_counter`, whose row every
  writer locks: revisions follow commits. The build reads the rows whose `revision` is greater than the last one it
  saw, in one read transaction.
- **Versions.** A post seen again is kept as its newest version (by `seen_at`); what that version does not tell (author,
  links, followers) stays as an older one told it. `seen_at` is when the version was first seen: seeing it again
  unchanged is no change.
- **Edits.** When the text of a post changes, its mentions lose their scores and are read again. A mention whose words
  are gone stays as a refused row with the rule `edited-out`; one that newer matching rules no longer find, with the
  rule `not-found-again`.
- **Counts** are dated observations, written when a count differs from the last known before it. `NULL` is unknown,
  never zero.
- **Power cuts.** Every commit is synced to disk (`synchronous=FULL`; PostgreSQL's default): what was confirmed, a
  deletion above all, is not forgotten.

What is personal in it, for how long, and how a person leaves it: [privacy.md](privacy.md).
"""


def dictionary() -> str:
    """The text of docs/store.md."""
    tables = sorted(metadata.tables.values(), key=lambda table: table.name)
    return "\n".join([_OPENING, *(_table(table) for table in tables)])


def _table(table: Table) -> str:
    lines = [f"## {table.name}", "", table.info["about"], "", "| column | type | key | null | what it is |"]
    lines += ["|---|---|---|---|---|", *(_line(column) for column in table.columns), ""]
    return "\n".join(lines)


def _line(column: Column[object]) -> str:
    kind = column.type.compile().lower()
    key, null = "yes" if column.primary_key else "", "yes" if column.nullable else ""
    return f"| `{column.name}` | {kind} | {key} | {null} | {column.doc} |"


if __name__ == "__main__":
    sys.stdout.write(dictionary())
