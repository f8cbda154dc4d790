"""Reads the lexicon: the TOML files that hold every word, weight and pattern of the sense rules."""

from __future__ import annotations

import itertools
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pipeline.errors import ConfigError
from pipeline.match.fold import words
from pipeline.match.rules import KINDS, NAME, SHORTEST_STEM, Node, Rule, Rules, longest_by_first

FOLDER = Path(__file__).with_name("words")

_K = TypeVar("_K")


@cache
def rules() -> Rules:
    """The rules of the lexicon. Raises ConfigError where a file of it cannot be read."""
    tables = [_toml(path) for path in sorted(FOLDER.glob("*.toml"))]
    classes = {name: _class(ws) for table in tables for name, ws in table.get("classes", {}).items()}
    macros = {name: tuple(ws) for table in tables for name, ws in table.get("macros", {}).items()}
    settings = {key: value for table in tables for key, value in table.get("settings", {}).items()}
    root = Node()
    bags: defaultdict[tuple[str, ...], list[Rule]] = defaultdict(list)
    stems: defaultdict[str, list[Rule]] = defaultdict(list)
    for one in itertools.chain.from_iterable(table.get("rule", ()) for table in tables):
        rule = _rule(one)
        for pattern in one.get("patterns", ()):
            for plain in _expanded(pattern, macros):
                _plant(root, plain, classes, rule)
        for phrase in (*one.get("words", ()), *_pairs(classes.get(one.get("pairs", ""), ()))):
            _heard(phrase, rule, bags, stems)
    return Rules(root, _frozen(bags), longest_by_first(bags), _by_letters(stems), classes, settings)


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as wrong:
        raise ConfigError(f"{path.name}: {wrong}") from wrong


def _class(members: Sequence[str]) -> frozenset[str]:
    folded = [words(member) for member in members]
    if wrong := [member for member, plain in zip(members, folded, strict=True) if len(plain) != 1]:
        raise ConfigError(f"a kind of words holds single words: {', '.join(wrong)}")
    return frozenset(plain for (plain,) in folded)


def _frozen(found: Mapping[_K, list[Rule]]) -> dict[_K, tuple[Rule, ...]]:
    return {key: tuple(value) for key, value in found.items()}


def _by_letters(stems: Mapping[str, list[Rule]]) -> dict[str, tuple[tuple[str, tuple[Rule, ...]], ...]]:
    found: defaultdict[str, list[tuple[str, tuple[Rule, ...]]]] = defaultdict(list)
    for stem, fired in stems.items():
        found[stem[:SHORTEST_STEM]].append((stem, tuple(fired)))
    return {letters: tuple(those) for letters, those in found.items()}


def _rule(one: Mapping[str, Any]) -> Rule:
    limits = {key: frozenset(one.get(key, ())) for key in ("names", "levels", "codes", "unless")}
    rest = {key: one[key] for key in ("reach", "most", "foreign") if key in one}
    fields: dict[str, Any] = {**limits, **rest}
    return Rule(one["name"], one["sense"], float(one["weight"]), **fields)


def _pairs(codes: Iterable[str]) -> list[str]:
    """Two codes glued, as the hashtag of a fixture does: "#OLRCL"."""
    return [one + other for one, other in itertools.permutations(sorted(codes), 2)]


def _heard(phrase: str, rule: Rule, bags: dict[tuple[str, ...], list[Rule]], stems: dict[str, list[Rule]]) -> None:
    if phrase.endswith("*") and (len(phrase) <= SHORTEST_STEM or len(words(phrase)) != 1):
        raise ConfigError(f"{rule.name}: a stem is the beginning of one word, four letters or more, not {phrase}")
    if phrase.endswith("*"):
        stems[words(phrase)[0]].append(rule)
    else:
        bags[words(phrase)].append(rule)


def _expanded(pattern: str, macros: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    """The plain patterns of one with <macros> and optional? elements."""
    choices: list[Sequence[str]] = []
    for element in pattern.split():
        plain = element.removesuffix("?")
        one = macros[plain[1:-1]] if plain.startswith("<") else (plain,)
        choices.append((*one, "") if element.endswith("?") else one)
    for choice in itertools.product(*choices):
        yield " ".join(choice).split()


def _plant(root: Node, elements: list[str], classes: Mapping[str, frozenset[str]], rule: Rule) -> None:
    if NAME not in elements:
        raise ConfigError(f"a pattern of {rule.name} has no {NAME}: {' '.join(elements)}")
    at = elements.index(NAME)
    left = _grown(root, reversed(elements[:at]), classes)
    left.right = left.right or Node()
    _grown(left.right, elements[at + 1 :], classes).rules.append(rule)


def _grown(node: Node, elements: Iterable[str], classes: Mapping[str, frozenset[str]]) -> Node:
    for element in elements:
        if element in KINDS:
            node = node.kinds.setdefault(element, Node())
        elif element.startswith("{"):
            node = _classed(node, classes[element[1:-1]])
        else:
            node = node.exact.setdefault(words(element)[0], Node())
    return node


def _classed(node: Node, members: frozenset[str]) -> Node:
    for known, following in node.classes:
        if known == members:
            return following
    node.classes.append((members, Node()))
    return node.classes[-1][1]
