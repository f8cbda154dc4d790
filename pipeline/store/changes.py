"""What changed since a revision, as one consistent picture for the build, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, func, select

from pipeline.store import tables
from pipeline.store.database import reading

# What the build may read; cursors and opposition stay here.
_TABLES = {
    table.name: table
    for table in (
        tables.post,
        tables.addressed,
        tables.engagement,
        tables.mention,
        tables.ledger,
        tables.ledger_scope,
        tables.attention,
        tables.deletion,
    )
}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One state of the store: its revision, and the rows changed since an earlier one, both seen at one instant."""

    revision: int
    _connection: Connection

    def changes(self, table: str, since: int, size: int = 20_000) -> Iterator[list[dict[str, object]]]:
        """The rows of `table` with `since` < revision, as lists of at most `size` plain dicts; moments are in UTC.

        Tables: post, addressed, engagement, mention, ledger, ledger_scope, attention, deletion. A key of `deletion`
        stands for a post that is gone for good: its rows are in no other table. Raises KeyError for another table.
        """
        shown = _TABLES[table]
        query = select(shown).execution_options(yield_per=size)
        if since > 0:  # for all of it, walking the index would only cost
            query = query.where(shown.c.revision > since)
        names = list(shown.c.keys())
        for part in self._connection.execute(query).partitions():
            yield [dict(zip(names, row, strict=True)) for row in part]


@contextmanager
def snapshot(engine: Engine) -> Iterator[Snapshot]:
    """A read transaction that sees one state of the store however long it lasts; writers are not held up."""
    with reading(engine) as connection:
        yield Snapshot(_revision(connection), connection)


def revision(engine: Engine) -> int:
    """The number of the last committed change; 0 for an empty store."""
    with reading(engine) as connection:
        return _revision(connection)


def changes(engine: Engine, table: str, since: int, size: int = 20_000) -> Iterator[list[dict[str, object]]]:
    """As `Snapshot.changes`, in a snapshot of its own."""
    with snapshot(engine) as shown:
        yield from shown.changes(table, since, size)


def _revision(connection: Connection) -> int:
    return int(connection.execute(select(tables.counter.c.revision)).scalar_one())


def counts(engine: Engine) -> dict[str, int]:
    """Rows by kind, for a human: posts, with text, mentions, accepted, unscored, observations, nights, lists."""
    post, mention = tables.post.c, tables.mention.c
    queries = {
        "posts": select(func.count()).select_from(tables.post),
        "posts_with_text": select(func.count()).where(post.text.is_not(None)),
        "mentions": select(func.count()).select_from(tables.mention),
        "accepted": select(func.count()).where(mention.accepted),
        "unscored": select(func.count()).where(mention.accepted, mention.scorer.is_(None)),
        "observations": select(func.count()).select_from(tables.engagement),
        "ledger": select(func.count()).select_from(tables.ledger),
        "deleted": select(func.count()).select_from(tables.deletion),
        "opposed": select(func.count()).select_from(tables.opposition),
        "revision": select(tables.counter.c.revision),
    }
    with reading(engine) as connection:
        return {name: connection.execute(query).scalar_one() for name, query in queries.items()}
