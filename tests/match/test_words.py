"""The lists of the lexicon say each word once: a copy hides what was changed beside it."""

import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.match.lexicon import FOLDER


def lists(value: object, name: str) -> Iterator[tuple[str, list[str]]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from lists(inner, f"{name} {inner.get('name', key) if isinstance(inner, dict) else key}")
    elif isinstance(value, list):
        yield name, [one for one in value if isinstance(one, str)]
        for one in value:
            yield from lists(one, name) if isinstance(one, dict) else ()


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_no_list_says_a_word_twice(path: Path) -> None:
    found = lists(tomllib.loads(path.read_text("utf-8")), "")
    assert {name: twice for name, said in found if (twice := [w for w, n in Counter(said).items() if n > 1])} == {}
