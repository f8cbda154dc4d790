"""Reads the SQL files of sql/: what each one makes, what its header says, and the order that their reads impose."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import duckdb

from pipeline.errors import SchemaError

ROOT = Path(__file__).resolve().parents[2] / "sql"
# Each layer reads itself and those before it, never uphill.
LAYERS = ("staging", "marts", "metrics", "views", "checks", "examples")
# get_table_names cannot read these, and other engines do not share them.
BANNED = re.compile(
    r"\b(using|natural|asof|pivot|unpivot|positional|lateral|group\s+by\s+all|order\s+by\s+all)\b", re.I
)
# A header runs to the first line that is no comment; `-- key: value`, and `--   more` goes on with the last value.
_FIELD = re.compile(r"-- ([a-z][a-z0-9_]*): +(.*)")
_MORE = re.compile(r"-- {3,}(\S.*)")

KINDS = {"staging": "temp view", "metrics": "view", "views": "view", "checks": "check", "examples": "example"}


@dataclass(frozen=True, slots=True)
class Model:
    """One SQL file. `about` is its first comment, `header` its `key: value` lines, `reads` the tables it reads."""

    name: str
    layer: str
    kind: str
    sql: str
    about: str
    header: Mapping[str, str]
    reads: frozenset[str]

    @property
    def table(self) -> str:
        """What the model is called in the database: a metric's view is told apart from other tables by its prefix."""
        return f"metric_{self.name}" if self.layer == "metrics" else self.name

    @property
    def metric(self) -> str:
        """The metric that a metric file defines: `net_sentiment@1` is an older version of `net_sentiment`."""
        return self.name.partition("@")[0]

    @property
    def is_current(self) -> bool:
        """Whether the file is its metric's definition of today rather than an older one that is kept."""
        return "@" not in self.name

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns by which an incremental table is replaced: `night`, or `period` with or without `grain`."""
        return tuple(k.strip() for k in self.header.get("key", "").split(",") if k.strip())


@cache
def read(root: Path = ROOT) -> Mapping[str, Model]:
    """Every model of `root`, by name, read once a process. Raises SchemaError naming the file that breaks a rule."""
    con = duckdb.connect()
    try:
        models = [_model(con, path, layer) for layer in LAYERS for path in sorted((root / layer).glob("*.sql"))]
    finally:
        con.close()
    by_name = {m.name: m for m in models}
    if len(by_name) != len(models):
        raise SchemaError("two SQL files have the same name")
    _check_versions(by_name)
    return by_name


def ordered(models: Mapping[str, Model], layers: Collection[str]) -> list[Model]:
    """The models of `layers`, each after those it reads; metric_part comes after all metrics. Raises SchemaError.

    A table that is computed from a model (its header says what it `feeds`) comes right after it.
    """
    wanted = {m.table: m for m in models.values() if m.layer in layers}
    metrics = {n for n, m in wanted.items() if m.layer == "metrics"}
    fed = {m.header["feeds"]: n for n, m in wanted.items() if "feeds" in m.header}
    graph = {n: _before(m, wanted, metrics) | {fed[r] for r in m.reads if r in fed} for n, m in wanted.items()}
    try:
        return [wanted[n] for n in TopologicalSorter(graph).static_order()]
    except CycleError as error:
        raise SchemaError(f"SQL models read each other in a circle: {' -> '.join(error.args[1])}") from error


def digest(models: Iterable[Model]) -> str:
    """16 hexadecimal digits that change when any of the models' SQL does."""
    text = "\0".join(f"{m.name}\0{m.sql}" for m in sorted(models, key=lambda m: m.name))
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def _check_versions(models: Mapping[str, Model]) -> None:
    """An older version is named after its number, says why it was replaced, and has a newer one beside it."""
    for model in models.values():
        if model.layer != "metrics" or model.is_current:
            continue
        place, number = f"sql/metrics/{model.name}.sql", model.header.get("version", "")
        if model.name != f"{model.metric}@{number}":
            raise SchemaError(f"{place} is named after another version than its header's, {number or 'none'}")
        if "replaced" not in model.header:
            raise SchemaError(f"{place} does not say why it was replaced: a line `-- replaced: ...`")
        newer = models.get(model.metric)
        if newer is None or int(newer.header.get("version", "0")) <= int(number):
            raise SchemaError(f"{place} has no newer version beside it in sql/metrics/{model.metric}.sql")


def _before(model: Model, wanted: Mapping[str, Model], metrics: set[str]) -> set[str]:
    reads = {r for r in model.reads if r in wanted}
    return reads | metrics if "metric_part" in model.reads else reads


def _model(con: duckdb.DuckDBPyConnection, path: Path, layer: str) -> Model:
    text = path.read_text("utf-8")
    lines = text.splitlines()
    size = next((i for i, line in enumerate(lines) if not line.startswith("--")), len(lines))
    about, header = _header(lines[:size])
    sql = "\n".join(lines[size:]).strip()
    bare = re.sub(r"--[^\n]*|'[^']*'", "", sql)
    if found := BANNED.search(bare):
        raise SchemaError(f"sql/{layer}/{path.name} uses {found[0]!r}, which not every engine or our own runner reads")
    try:
        # A name comes as `raw."source" AS s`: keep what is read, not what it is called there.
        reads = frozenset(t.split(" AS ")[0].replace('"', "") for t in con.get_table_names(sql, qualified=True))
    except duckdb.Error as error:
        raise SchemaError(f"sql/{layer}/{path.name} is not SQL: {str(error).splitlines()[0]}") from error
    kind = KINDS.get(layer) or header.get("kind", "table")
    return Model(path.stem, layer, kind, sql, about, header, reads)


def _header(lines: Iterable[str]) -> tuple[str, dict[str, str]]:
    """The leading comment as prose, and its `key: value` lines."""
    about: list[str] = []
    fields: dict[str, str] = {}
    last = ""
    for line in lines:
        if field := _FIELD.fullmatch(line):
            last = field[1]
            fields[last] = field[2]
        elif last and (more := _MORE.fullmatch(line)):
            fields[last] += " " + more[1]
        else:
            about.append(line.removeprefix("--").strip())
    return " ".join(about), fields
