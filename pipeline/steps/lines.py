"""Matching and sentiment alone, for people who have texts and want no store: JSON lines in, JSON lines out."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator

import msgspec

from pipeline import score
from pipeline.match import Matcher
from pipeline.model import Mention
from pipeline.steps import targets

# Sentiment is read in batches sorted by length; this many lines keep memory small and the encoder busy.
BATCH = 512

ABSENT = "the target is not in the text"

# Escapes of JSON, the two halves of a character beyond the first 65,536 taken together.
_ESCAPE = re.compile(rb"\\u[dD][89abAB]\w\w\\u[dD][c-fC-F]\w\w|\\u[dD][89a-fA-F]\w\w|\\.")


class Line(msgspec.Struct, frozen=True):
    """One line in: `id` and `text`, our `lang` if the caller knows it, `target` for tone toward a place."""

    id: str | int
    text: str
    lang: str | None = None
    target: str | None = None


class Skipped(msgspec.Struct, frozen=True):
    """A line that could not be read, with its number."""

    line: int
    error: str


def parse(lines: Iterable[bytes]) -> Iterator[Line | Skipped]:
    """Each line as a Line, or why not; empty lines are passed over."""
    for number, raw in enumerate(lines, 1):
        # Windows writes a mark of byte order before the first line.
        line = raw.removeprefix(codecs.BOM_UTF8) if number == 1 else raw
        if not line.strip():
            continue
        try:
            yield _decoded(line)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            yield Skipped(number, str(error))


def _decoded(line: bytes) -> Line:
    """A line decoded; half a character, as Python's `json.dumps` writes from a cut emoji, becomes U+FFFD."""
    try:
        return _DECODER.decode(line)
    except msgspec.DecodeError:
        return _DECODER.decode(_ESCAPE.sub(_whole, line))


def _whole(found: re.Match[bytes]) -> bytes:
    return rb"\ufffd" if len(found[0]) == len(rb"\ud800") else found[0]


_DECODER = msgspec.json.Decoder(Line)


def match_lines(lines: Iterable[bytes], matcher: Matcher) -> Iterator[dict[str, object] | Skipped]:
    """`{"id", "mentions": [...]}` for each line, accepted and refused mentions with their evidence."""
    for line in parse(lines):
        if isinstance(line, Skipped):
            yield line
        else:
            yield {"id": line.id, "mentions": [_mention(m) for m in matcher.mentions(line.text)]}


def _mention(mention: Mention) -> dict[str, object]:
    return {
        "brand": mention.brand,
        "territory": mention.territory,
        "sense": mention.sense,
        "accepted": mention.accepted,
        "start": mention.start,
        "end": mention.end,
        "evidence": {"rule": mention.rule, "words": mention.evidence},
    }


def sentiment_lines(
    lines: Iterable[bytes], tier: str, own_words: tuple[str, ...] = ()
) -> Iterator[dict[str, object] | Skipped]:
    """`{"id", "lang", "label", "score"}` for each line, in order; with a `target`, also `toward`.

    A target that is not in the text has None for `toward`, and `why` says so.

    `own_words` are those of every brand listened for: no text is judged by what a brand says of itself.
    """
    batch: list[Line | Skipped] = []
    for line in parse(lines):
        batch.append(line)
        if len(batch) >= BATCH:
            yield from _read(batch, tier, own_words)
            batch = []
    yield from _read(batch, tier, own_words)


def _read(batch: list[Line | Skipped], tier: str, own_words: tuple[str, ...]) -> Iterator[dict[str, object] | Skipped]:
    good = [line for line in batch if isinstance(line, Line)]
    scores = iter(score.read([_asked(line, own_words) for line in good], tier))
    for line in batch:
        if isinstance(line, Skipped):
            yield line
            continue
        read = next(scores)
        answer: dict[str, object] = {"id": line.id, "lang": read.lang, "label": read.label, "score": read.score}
        if line.target is not None:
            answer |= {"toward": read.toward} if _span(line) else {"toward": None, "why": ABSENT}
        yield answer


def _asked(line: Line, own_words: tuple[str, ...]) -> score.Asked:
    start, end = _span(line) or (0, 0)
    return score.Asked(text=line.text, start=start, end=end, own_words=own_words, lang=_lang(line.lang))


def _span(line: Line) -> tuple[int, int] | None:
    return targets.span(line.text, line.target) if line.target else None


def _lang(tag: str | None) -> str | None:
    """The two letters of a tag such as "FR", "fr-FR" or "fr_FR"; None for one that names no language."""
    first = re.split("[-_]", (tag or "").strip().lower())[0]
    return None if first in {"", "und"} else first
