"""Exports of listening tools, described by a small TOML file: which column is what, and how dates are written."""

from __future__ import annotations

import codecs
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from pipeline.collect._columns import OURS, Table, header_of
from pipeline.collect._stream import Lines
from pipeline.errors import ConfigError, SchemaError

# Shipped as examples, under the name of the tool.
_EXAMPLES = Path(__file__).parent / "_maps"
_NEEDED = ("post_id", "created_at", "text")


class _File(msgspec.Struct, forbid_unknown_fields=True):
    delimiter: str = ","
    encoding: str = "utf-8"
    skip_lines: int = 0
    platform: str | None = None


class _Dates(msgspec.Struct, forbid_unknown_fields=True):
    format: str | None = None
    zone: str = "UTC"


class _Sheet(msgspec.Struct, forbid_unknown_fields=True):
    columns: dict[str, str | list[str]]
    file: _File = msgspec.field(default_factory=_File)
    dates: _Dates = msgspec.field(default_factory=_Dates)
    values: dict[str, dict[str, str]] = {}


@dataclass(frozen=True, slots=True)
class Mapped:
    """What a map file says: how to open the export, and how its rows become posts (the header still unknown)."""

    table: Table
    encoding: str
    skip_lines: int


def examples() -> list[str]:
    """The tools for which an example map is shipped."""
    return sorted(path.stem for path in _EXAMPLES.glob("*.toml"))


def load(given: Path | str) -> Mapped:
    """Read a map file, or a shipped example by its name. Raises ConfigError naming the file, the key and the cure."""
    path = _EXAMPLES / f"{given}.toml" if str(given) in examples() else Path(given)
    try:
        sheet = msgspec.convert(tomllib.loads(path.read_text("utf-8")), _Sheet)
    except OSError as error:
        raise ConfigError(f"{path} cannot be read; shipped maps: {', '.join(examples())}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise ConfigError(f"{path}: {error}; see docs/sources.md for the keys of a map") from error
    _check(path, sheet)
    table = Table(
        name=path.stem,
        columns={name: [at] if isinstance(at, str) else at for name, at in sheet.columns.items()},
        delimiter=sheet.file.delimiter,
        platform=sheet.file.platform,
        values={name: {k.lower(): v for k, v in words.items()} for name, words in sheet.values.items()},
        zone=_zone(path, sheet.dates.zone),
        form=sheet.dates.format,
    )
    return Mapped(table, sheet.file.encoding, sheet.file.skip_lines)


def _check(path: Path, sheet: _Sheet) -> None:
    for name in (*sheet.columns, *sheet.values):
        if name not in OURS:
            raise ConfigError(f"{path}: no field is called {name!r}; write one of {', '.join(OURS)}")
    for name in _NEEDED:
        if name not in sheet.columns:
            raise ConfigError(f"{path}: [columns] must say which column is {name!r}")
    if "platform" not in sheet.columns and not sheet.file.platform:
        raise ConfigError(f"{path}: say where the posts come from, by `platform` under [file] or under [columns]")
    if len(sheet.file.delimiter) != 1:
        raise ConfigError(f"{path}: `delimiter` must be one character, as ';' or '\\t'")
    try:
        codecs.lookup(sheet.file.encoding)
    except LookupError as error:
        raise ConfigError(f"{path}: no encoding is called {sheet.file.encoding!r}; try utf-8 or cp1252") from error


def _zone(path: Path, name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ConfigError(f"{path}: no time zone is called {name!r}; write one like Europe/Paris") from error


def headed(mapped: Mapped, lines: Lines) -> Table:
    """The table with its header, read from the lines. Raises SchemaError naming the columns that are missing."""
    header: tuple[str, ...] = ()
    for number, line in lines:
        if number > mapped.skip_lines and line and line.strip():
            header = header_of(line.decode("utf-8", "replace").strip("\r"), mapped.table.delimiter)
            break
    missing = [name for name in _NEEDED if not set(mapped.table.columns[name]) & set(header)]
    if missing:
        wanted = "; ".join(f"{name}: {' or '.join(mapped.table.columns[name])}" for name in missing)
        raise SchemaError(f"the file has no column for {wanted}; its columns: {', '.join(header)[:300] or 'none'}")
    return replace(mapped.table, header=header)
