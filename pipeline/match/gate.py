"""The gate that every post passes: could this text mention anything at all? Right on names, generous on hashtags."""

from __future__ import annotations

import re
from collections.abc import Callable

import ahocorasick_rs

from pipeline.match.fold import fold_bytes
from pipeline.match.names import SHORTEST_IN_TAG, Names

# An accent may follow its letter as a sign of its own, which is no \w.
_TAG = re.compile(r"[#＃]([\w\u0300-\u036f]+)")


def gate(names: Names) -> Callable[[str], bool]:
    """A function that is true of every text in which `names` finds a claimed name, and of few others. Linear time."""
    claimed = [name.words for name in names.by_words.values() if name.claims]
    spoken = [phrase for phrase in claimed if not phrase[0].startswith("@") and _is_ascii(phrase)]
    telling = _automaton({b" %s " % max(phrase, key=len).encode() for phrase in spoken})
    exact = _automaton({b" %s " % " ".join(phrase).encode() for phrase in spoken})
    tagged = _automaton({"".join(p).encode() for p in spoken if len("".join(p)) >= SHORTEST_IN_TAG})
    handles = [phrase[0] for phrase in claimed if phrase[0].startswith("@")]
    unfolded = any(not _is_ascii(phrase) for phrase in claimed)

    def touches(text: str) -> bool:
        folded = b" %s " % fold_bytes(text)
        # One word of each name first: most posts hold none, and need no look at how their words are parted.
        if telling(folded) and exact(_single_blanks(folded)):
            return True
        if "#" in text and tagged(b" ".join(map(fold_bytes, _TAG.findall(text)))):
            return True
        return ("@" in text and _names_account(text, handles)) or (unfolded and not text.isascii())

    return touches


def _single_blanks(folded: bytes) -> bytes:
    """Each turn halves the longest run of blanks: as many turns as its logarithm."""
    while b"  " in folded:
        folded = folded.replace(b"  ", b" ")
    return folded


def _is_ascii(phrase: tuple[str, ...]) -> bool:
    return all(word.isascii() for word in phrase)


def _automaton(patterns: set[bytes]) -> Callable[[bytes], object]:
    if not patterns:
        return lambda _: ()
    found = ahocorasick_rs.BytesAhoCorasick(
        sorted(patterns), implementation=ahocorasick_rs.Implementation.ContiguousNFA
    )
    return found.find_matches_as_indexes


def _names_account(text: str, handles: list[str]) -> bool:
    lower = text.lower()
    return any(handle in lower for handle in handles)
