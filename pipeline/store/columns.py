"""What every table of the store is made with: the naming of constraints, keyed hashes, moments, revisions."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, MetaData

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def key_column(name: str, doc: str) -> Column[int]:
    """A keyed hash as primary key. BIGINT on SQLite too: rows then append and only a narrow index is random."""
    return Column(name, BigInteger, primary_key=True, autoincrement=False, doc=doc)


def revision_column() -> Column[int]:
    """The number of the transaction that last changed the row."""
    return Column("revision", BigInteger, nullable=False, index=True, doc="transaction that last changed the row")
