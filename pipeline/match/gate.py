"""The gate that every post passes: could this text mention anything at all? Right on names, generous on hashtags."""

from __future__ import annotations

import re
from collections.abc import Callable

import ahocorasick_rs

from pipeline.match.fold import fold_bytes
from pipeline.match.names import SHORTEST_IN_TAG, Names

_TAG = re.compile(r"[#＃](\w+)")


def gate(names: Names) -> Callable[[str], bool]:
    """A function that is true of every text in which `names` finds a claimed name, and of few others. Linear time."""
    claimed = [name.words for name in names.by_words.values() if name.claims]
    accounts = [phrase for phrase in claimed if phrase[0].startswith("@")]
    spoken = [b" %s " % " ".join(phrase).encode() for phrase in claimed if _is_ascii(phrase) and phrase not in accounts]
    search = _automaton(spoken)
    tagged = _automaton(["".join(p).encode() for p in claimed if _is_ascii(p) and len("".join(p)) >= SHORTEST_IN_TAG])
    handles = [account for phrase in accounts for account in phrase]
    unfolded = any(not _is_ascii(phrase) for phrase in claimed)

    def touches(text: str) -> bool:
        folded = b" %s " % b" ".join(fold_bytes(text).split())
        if search(folded):
            return True
        if "#" in text and tagged(b" ".join(map(fold_bytes, _TAG.findall(text)))):
            return True
        return ("@" in text and _names_account(text, handles)) or (unfolded and not text.isascii())

    return touches


def _is_ascii(phrase: tuple[str, ...]) -> bool:
    return all(word.isascii() for word in phrase)


def _automaton(patterns: list[bytes]) -> Callable[[bytes], object]:
    if not patterns:
        return lambda _: ()
    found = ahocorasick_rs.BytesAhoCorasick(patterns, implementation=ahocorasick_rs.Implementation.ContiguousNFA)
    return found.find_matches_as_indexes


def _names_account(text: str, handles: list[str]) -> bool:
    lower = text.lower()
    return any(handle in lower for handle in handles)
