"""Which columns of the tables it reads a query's columns are made of, and which decide what is in them (sqlglot)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sqlglot import exp, parse_one
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, build_scope, find_all_in_scope

# (table, column); a table of the store keeps its `raw.`.
Column = tuple[str, str]
Shape = dict[str, dict[str, str]]

# As a column: which rows a table has.
ROWS = "*"


class Origin(NamedTuple):
    """What a value is computed from, and what joins, filters and groups look at to choose the rows it comes from."""

    made_of: frozenset[Column] = frozenset()
    decided_by: frozenset[Column] = frozenset()


def origins(sql: str, shape: Shape) -> dict[str, Origin]:
    """Each column of a query, and its ROWS -> where it comes from. `shape` holds the columns of the tables it reads."""
    tree = qualify(_flat(sql), schema={_flat_name(t): c for t, c in shape.items()}, dialect="duckdb")
    scope = build_scope(tree)
    assert scope is not None and isinstance(tree, exp.Query)
    query = _Query()
    return {name: query.column(scope, i) for i, name in enumerate(tree.named_selects)} | {ROWS: query.rows(scope)}


class _Query:
    """One query; what is found of its parts is kept, since wide parts are asked again and again."""

    def __init__(self) -> None:
        self._columns: dict[tuple[int, int], Origin] = {}
        self._rows: dict[int, Origin] = {}

    def column(self, scope: Scope, index: int) -> Origin:
        key = id(scope), index
        if key not in self._columns:
            if scope.set_operation_scopes:
                self._columns[key] = together(self.column(one, index) for one in scope.set_operation_scopes)
            else:
                self._columns[key] = self._selected(scope, _selects(scope)[index])
        return self._columns[key]

    def rows(self, scope: Scope) -> Origin:
        """What decides which rows there are, all of it under `decided_by`."""
        if id(scope) not in self._rows:
            self._rows[id(scope)] = together(self._deciding(scope))
        return self._rows[id(scope)]

    def _selected(self, scope: Scope, selected: exp.Expr) -> Origin:
        """A row that finds no partner in a left join stays, so that the join decides on its own columns alone."""
        found = [self.rows(scope), *self._read(scope, selected)]
        tables = {c.table for c in find_all_in_scope(selected, exp.Column)}
        for join in scope.expression.args.get("joins") or ():
            if join.side and join.alias_or_name in tables:
                found += map(deciding, self._read(scope, join.args.get("on")))
        return together(found)

    def _deciding(self, scope: Scope) -> Iterator[Origin]:
        if scope.set_operation_scopes:
            yield from map(self.rows, scope.set_operation_scopes)
            return
        query = scope.expression
        joins = query.args.get("joins") or []
        outer = {j.alias_or_name for j in joins if j.side}
        for name, (_, source) in scope.selected_sources.items():
            if name not in outer:
                yield self.rows(source) if isinstance(source, Scope) else Origin(frozenset(), _of(source, ROWS))
        parts = [query.args.get(p) for p in ("where", "group", "having", "qualify", "limit")]
        parts += [j.args.get("on") for j in joins if not j.side]
        if query.args.get("distinct"):
            parts += _selects(scope)
        if query.args.get("limit"):
            parts.append(query.args.get("order"))
        for part in parts:
            yield from map(deciding, self._read(scope, part))

    def _read(self, scope: Scope, part: exp.Expr | None) -> Iterator[Origin]:
        """Where each column and each query inside a part of a query comes from."""
        if part is None:
            return
        for column in find_all_in_scope(part, exp.Column):
            yield self._resolved(scope, column)
        inside = {id(one.expression): one for one in scope.subquery_scopes}
        for query in find_all_in_scope(part, exp.Query):
            if inner := inside.get(id(query)):
                yield self.rows(inner)
                yield from (self.column(inner, i) for i in range(len(query.selects)))

    def _resolved(self, scope: Scope | None, column: exp.Column) -> Origin:
        while scope is not None and column.table not in scope.sources:
            scope = scope.parent  # a query inside another names the outer one's tables
        if scope is None:
            return Origin()  # the name of a column that is selected: it is read there
        source = scope.sources[column.table]
        if not isinstance(source, Scope):
            return Origin(_of(source, column.name))
        if isinstance(source.expression, exp.UDTF):  # `values`: constants, or columns that stand beside it
            return together(self._read(source, source.expression))
        return self.column(source, [one.alias_or_name for one in _selects(source)].index(column.name))


def _selects(scope: Scope) -> list[exp.Expr]:
    assert isinstance(scope.expression, exp.Query)
    return scope.expression.selects


def deciding(origin: Origin) -> Origin:
    """As `origin`, of something that a value depends on without being made of it."""
    return Origin(frozenset(), origin.made_of | origin.decided_by)


def together(origins: Iterable[Origin]) -> Origin:
    """All of them as one."""
    every = list(origins)
    return Origin(frozenset().union(*(o.made_of for o in every)), frozenset().union(*(o.decided_by for o in every)))


def _of(table: exp.Expr, column: str) -> frozenset[Column]:
    return frozenset({(table.name.replace("__", "."), column)})


def _flat(sql: str) -> exp.Expr:
    """The query with `raw.post` called `raw__post`, so that all tables stand in one schema."""
    tree = parse_one(sql, dialect="duckdb")
    for table in tree.find_all(exp.Table):
        if table.db:
            table.replace(exp.alias_(exp.to_table(f"{table.db}__{table.name}"), table.alias or table.name, table=True))
    return tree


def _flat_name(table: str) -> str:
    return table.replace(".", "__")
