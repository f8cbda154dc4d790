"""The room's door: brands compiled once into a matcher that says which of them a text mentions, in which sense."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.match.case import Case
from pipeline.match.claims import compile_names
from pipeline.match.gate import gate
from pipeline.match.judge import Verdict, judge
from pipeline.match.names import Names
from pipeline.match.scene import Scene, see
from pipeline.model import Brand, Mention

# Of one brand in one text, as many occurrences are judged as a long article needs; the rest of a hostile one is noise.
_JUDGED = 16

# Log-odds from which one occurrence stands against the contrary sense of another, and from which the contrary counts.
_SURE, _DOUBT = 2.0, 2.0


@dataclass(frozen=True, slots=True)
class Matcher:
    """A compiled catalogue; made by `compile_catalogue`, free to share between threads and to fork."""

    names: Names = field(repr=False)
    gate: Callable[[str], bool] = field(repr=False)

    def touches(self, text: str) -> bool:
        """Whether `text` could mention any brand. Never false when `mentions` would find one; linear and fast."""
        return self.gate(text)

    def mentions(self, text: str, *, author_place: str | None = None) -> list[Mention]:
        """One mention for each brand that `text` names, by its deciding occurrence, accepted if any occurrence is.

        A refused mention keeps the rule and the evidence that refused it. `author_place` is the place the author
        declares, weak evidence. Linear time in the length of `text`.
        """
        return [_mention(case, verdict) for case, verdict in self._decided(text, author_place)]

    def explain(self, text: str, *, author_place: str | None = None) -> list[tuple[str, str, Verdict]]:
        """Every judged occurrence: brand slug, the words as written, and the verdict with all its evidence."""
        judged = self._judged(see(text, self.names), author_place)
        return [(case.claim.brand.slug, case.written(), verdict) for case, verdict in judged]

    def _decided(self, text: str, author_place: str | None) -> Iterator[tuple[Case, Verdict]]:
        """The deciding occurrence of each brand, in the order in which brands first appear."""
        if not self.gate(text):
            return
        judged: dict[str, list[tuple[Case, Verdict]]] = {}
        for case, verdict in self._judged(see(text, self.names), author_place):
            judged.setdefault(case.claim.brand.slug, []).append((case, verdict))
        yield from map(_deciding, judged.values())

    def _judged(self, scene: Scene, author_place: str | None) -> Iterator[tuple[Case, Verdict]]:
        counts: dict[str, int] = {}
        for at, found in enumerate(scene.found):
            for claim in found.name.claims:
                counts[claim.brand.slug] = counts.get(claim.brand.slug, 0) + 1
                if counts[claim.brand.slug] <= _JUDGED:
                    case = Case(scene, at, claim)
                    yield case, judge(case, author_place)


def _deciding(judged: list[tuple[Case, Verdict]]) -> tuple[Case, Verdict]:
    """The occurrence that decides: the most believed, unless it is weak and the same text surely says otherwise.

    A name keeps one sense through a text (Gale, Church, Yarowsky 1992): "Oh ! Nancy", then "dear Nancy said".
    """
    best = max(judged, key=lambda one: one[1].score)
    worst = min(judged, key=lambda one: one[1].score)
    return worst if best[1].score < _SURE and worst[1].score < -_DOUBT else best


def compile_catalogue(brands: Sequence[Brand]) -> Matcher:
    """A matcher for these brands. The gazetteer's other names come along, as neighbours and to keep names apart."""
    names = compile_names(brands)
    return Matcher(names, gate(names))


def _mention(case: Case, verdict: Verdict) -> Mention:
    first, last = case.scene.reading[case.found.first], case.scene.reading[case.found.past - 1]
    return Mention(
        brand=case.claim.brand.slug,
        territory=case.code,
        sense=verdict.sense,
        accepted=verdict.accepted,
        start=first.start,
        end=last.end,
        rule=verdict.rule,
        evidence=verdict.told(),
        by_brand_name=case.claim.kind in ("own", "tagline"),
    )
