"""Matching and sentiment alone, for people who have texts and want no store: JSON lines in, JSON lines out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

from pipeline import score
from pipeline.match import Matcher, fold
from pipeline.model import Mention

# Sentiment is read in batches sorted by length; this many lines keep memory small and the encoder busy.
BATCH = 512


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
    decoder = msgspec.json.Decoder(Line)
    for number, raw in enumerate(lines, 1):
        if not raw.strip():
            continue
        try:
            yield decoder.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            yield Skipped(number, str(error))


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
            answer["toward"] = read.toward
        yield answer


def _asked(line: Line, own_words: tuple[str, ...]) -> score.Asked:
    start, end = _span(line.text, line.target) if line.target else (0, 0)
    return score.Asked(text=line.text, start=start, end=end, own_words=own_words, lang=line.lang)


def _span(text: str, target: str) -> tuple[int, int]:
    """Where the target stands in the text, accents, case and hyphens aside; (0, 0) when it is not there."""
    words = fold.words(target)
    pattern = r"(?<!\w)" + r"\W+".join(map(re.escape, words)) + r"(?!\w)"
    folded, places = fold.fold_with_origins(text)
    found = re.search(pattern, folded) if words else None
    if found is None:
        return 0, 0
    return places[found.start()], places[found.end()]
