"""The shape of a rule, and which rules a text fires: grammar around a name, words near it or anywhere."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.match.reading import Word

# What stands for the name in a pattern, and what stands for a kind of word:
# Xx any word with a capital, xx any word without, 99 a number, _ any word, ^ the beginning of a sentence, $ its end,
# a comma any punctuation inside the sentence. Without the comma the words of a pattern stand side by side.
NAME = "*"
KINDS = frozenset(("Xx", "xx", "99", "_", "^", "$", ","))


# Stems ("autrich*") have at least as many letters: shorter ones begin too many words.
SHORTEST_STEM = 4


@dataclass(frozen=True, slots=True)
class Rule:
    """What one rule says. `weight` is in log-odds, positive for the territory; `sense` is what it speaks for.

    `names` (folded), `levels` and `codes` (INSEE) limit it, empty is everywhere; `foreign` limits it to texts that are,
    or are not, in another language; `unless` names the rules and signs that silence it. For words: `reach` is how many
    words away from the name they may stand (0 is the whole text), `most` how many different ones count.
    """

    name: str
    sense: str
    weight: float
    names: frozenset[str] = frozenset()
    levels: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()
    reach: int = 0
    most: int = 1
    unless: frozenset[str] = frozenset()
    foreign: bool | None = None

    def speaks_of(self, name: str, level: str, code: str | None, foreign: bool) -> bool:
        """Whether the rule applies to this name of a territory of this level and INSEE code, in this text."""
        return (
            (not self.names or name in self.names)
            and (self.foreign is None or self.foreign == foreign)
            and (not self.levels or level in self.levels)
            and (not self.codes or code in self.codes)
        )


@dataclass(slots=True)
class Node:
    """One step of the patterns, walked away from the name: to the left first, then to the right."""

    exact: dict[str, Node] = field(default_factory=dict)
    classes: list[tuple[frozenset[str], Node]] = field(default_factory=list)
    kinds: dict[str, Node] = field(default_factory=dict)
    right: Node | None = None
    rules: list[Rule] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Rules:
    """The compiled lexicon. `bags` gives the rules of a phrase, `stems` by their first
    letters those of words that begin so."""

    grammar: Node
    bags: Mapping[tuple[str, ...], tuple[Rule, ...]]
    longest: Mapping[str, int]
    stems: Mapping[str, tuple[tuple[str, tuple[Rule, ...]], ...]]
    classes: Mapping[str, frozenset[str]]
    settings: Mapping[str, Any]

    def around(self, reading: Sequence[Word], first: int, past: int) -> list[Rule]:
        """The grammar rules that the name at `first` to `past` fires."""
        found: list[Rule] = []
        for left in _walk(self.grammar, reading, first - 1, -1):
            if left.right:
                for node in _walk(left.right, reading, past, 1):
                    found.extend(node.rules)
        return found

    def heard(self, reading: Sequence[Word]) -> list[tuple[Rule, int, str]]:
        """The word rules that the whole text fires, each with the index of its first word and its phrase."""
        found = [
            (r, index, " ".join(said))
            for index, said in phrases(reading, self.longest, self.bags)
            for r in self.bags[said]
        ]
        for index, word in enumerate(reading):
            for stem, fired in self.stems.get(word.folded[:SHORTEST_STEM], ()):
                if word.folded.startswith(stem):
                    found.extend((rule, index, word.folded) for rule in fired)
        return found


def phrases(
    reading: Sequence[Word], longest: Mapping[str, int], known: Collection[tuple[str, ...]]
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The longest known phrase at each word, with the word's index. `longest` is, by first word, in words."""
    for index, word in enumerate(reading):
        for size in range(longest.get(word.folded, 0), 0, -1):
            said = tuple(w.folded for w in reading[index : index + size])
            if len(said) == size and said in known:
                yield index, said
                break


def longest_by_first(known: Iterable[tuple[str, ...]]) -> dict[str, int]:
    """By first word, the number of words of the longest phrase that begins so."""
    longest: dict[str, int] = {}
    for phrase in known:
        longest[phrase[0]] = max(len(phrase), longest.get(phrase[0], 0))
    return longest


def _walk(node: Node, reading: Sequence[Word], index: int, step: int) -> Iterator[Node]:
    """Every node reached from `node` through the words at `index`, `index + step`, ... of the same sentence."""
    yield node
    edge = index if step > 0 else index + 1
    if edge >= len(reading) or index < 0 or reading[edge].breaks:
        yield from (node.kinds[kind] for kind in "^$" if kind in node.kinds)
        return
    if not reading[edge].soft:
        if "," not in node.kinds:
            return
        node = node.kinds[","]
    word = reading[index]
    for following in _following(node, word):
        yield from _walk(following, reading, index + step, step)


def _following(node: Node, word: Word) -> Iterator[Node]:
    if word.folded in node.exact:
        yield node.exact[word.folded]
    for members, following in node.classes:
        if word.folded in members:
            yield following
    for kind, following in node.kinds.items():
        if _is(word, kind):
            yield following


def _is(word: Word, kind: str) -> bool:
    if kind == "99":
        return word.folded.isdigit()
    if kind == "_":
        return True
    written = word.folded.isalpha() and not word.whole
    return kind in ("Xx", "xx") and written and word.capital == (kind == "Xx")
