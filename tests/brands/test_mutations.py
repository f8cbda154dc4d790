"""Whatever is written in a brand file, the check answers with problems and never fails."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import brands
from pipeline.errors import ConfigError

from .conftest import PEER, VALID

LINES = VALID.splitlines(keepends=True)
ODD = [
    "[",
    "]]",
    '"',
    '"""',
    "'''",
    "= ",
    "\\",
    "\0",
    "\ud83d"[:0],
    "{a = 1}",
    "é",
    "\r",
    "0000-00-00",
    "inf",
    "#",
    "\t",
    "1e999",
]

spoiling = st.one_of(
    st.tuples(st.just("cut"), st.integers(0, len(VALID)), st.integers(0, 80), st.just("")),
    st.tuples(
        st.just("put"), st.integers(0, len(VALID)), st.just(0), st.one_of(st.sampled_from(ODD), st.text(max_size=9))
    ),
    st.tuples(st.just("swap"), st.integers(0, len(LINES) - 1), st.integers(0, len(LINES) - 1), st.just("")),
    st.tuples(st.just("drop"), st.integers(0, len(LINES) - 1), st.just(0), st.just("")),
    st.tuples(st.just("twice"), st.integers(0, len(LINES) - 1), st.just(0), st.just("")),
)


def spoiled(how: str, at: int, size: int, by: str) -> str:
    lines = list(LINES)
    if how == "cut":
        return VALID[:at] + VALID[at + size :]
    if how == "put":
        return VALID[:at] + by + VALID[at:]
    if how == "swap":
        lines[at], lines[size] = lines[size], lines[at]
    elif how == "drop":
        del lines[at]
    else:
        lines.insert(at, lines[at])
    return "".join(lines)


def check(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "just-dijon.toml").write_bytes(content)
        (folder / "troyes.toml").write_text(PEER, "utf-8")
        problems = brands.check(folder)
        rows = content.count(b"\n") + 1
        assert all(1 <= p.line <= rows and p.message and p.cure and "\n" not in str(p) for p in problems)
        try:
            loaded = brands.load(folder)
        except ConfigError:
            assert any(p.fatal for p in problems)
        else:
            assert not any(p.fatal for p in problems)
            assert [brand.slug for brand in loaded] == ["just-dijon", "troyes"]


@given(spoiling)
@settings(max_examples=300, deadline=None)
def test_a_spoiled_file_gives_problems_and_never_an_error(how: tuple[str, int, int, str]) -> None:
    check(spoiled(*how).encode("utf-8", "surrogatepass"))


@given(st.binary(max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_bytes_give_problems_and_never_an_error(content: bytes) -> None:
    check(content)


def test_hostile_files_give_problems() -> None:
    for content in (
        b"a = " + b"[" * 100_000,
        b"a = 1" + b"0" * 5_000,
        b"x" * 600_000,
        b"[press]" + b" " * 90_000 + b"\n" + b" " * 9_000,
        b"a = '''\n" * 50,
        b"[a" * 1000,
    ):
        check(content)


@given(
    st.dictionaries(st.sampled_from(["identity", "words", "sense", "example", "press", "x"]), st.integers() | st.text())
)
@settings(max_examples=100, deadline=None)
def test_tables_of_the_wrong_kind_give_problems(tables: dict[str, int | str]) -> None:
    rows = [
        f"{name} = {value!r}" if isinstance(value, int) else f"{name} = [[{len(value)}]]"
        for name, value in tables.items()
    ]
    check("\n".join(rows).encode())
