"""The digest's words and numbers in the reader's language: a catalogue of sentences, and Babel for the rest."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_compact_decimal, format_decimal, format_percent

from pipeline.report.text import NBSP, line, tied

CATALOGUE = Path(__file__).parent / "templates" / "digest.messages.toml"
LOCALES = {"fr": "fr_FR", "en": "en_GB"}
FIRST_OF_MONTH = re.compile(r"\b1(?= [^\W\d]|$)")
MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True, slots=True)
class Words:
    """One language: `say` fills a sentence, the others write numbers and days as its readers do."""

    language: str
    messages: Mapping[str, str]
    locale: Locale

    def say(self, key: str, **places: object) -> str:
        """A sentence of the catalogue with its places filled; what fills them is never read as a pattern."""
        return self.messages[key].format(**places)

    def count(self, key: str, n: int, **places: object) -> str:
        """The sentence `key_one` or `key_other`, by the number, with {n} filled."""
        form = "one" if self.locale.plural_form(n) == "one" else "other"
        return self.messages[f"{key}_{form}"].format(n=self.number(n), **places)

    def mentions(self, n: int) -> str:
        """`12 mentions`, `1 mention`, `aucune mention`."""
        return self.count("mentions", n) if n else self.say("mentions_none")

    def number(self, value: float) -> str:
        """A whole number with thousands apart."""
        return str(format_decimal(round(value), locale=self.locale)).replace("-", MINUS)

    def decimal(self, value: float, digits: int = 2, *, signed: bool = False) -> str:
        """A number with so many decimals; no minus zero, and a true minus sign."""
        value = round(value, digits) or 0.0
        text = str(
            format_decimal(abs(value), format=f"#,##0.{'0' * digits}" if digits else "#,##0", locale=self.locale)
        )
        return self._sign(value, signed) + text

    def percent(self, share: float, digits: int = 0, *, signed: bool = False) -> str:
        """A share of 1 as a percentage."""
        share = round(share, digits + 2) or 0.0
        pattern = self.locale.percent_formats[None].pattern
        if digits:
            pattern = pattern.replace("0%", f"0.{'0' * digits}%").replace(f"0{NBSP}%", f"0.{'0' * digits}{NBSP}%")
        return self._sign(share, signed) + str(format_percent(abs(share), format=pattern, locale=self.locale))

    def rough(self, value: float) -> str:
        """An estimate: two significant digits, millions in short."""
        size = 10 ** max(int(math.log10(value)) - 1, 0) if value >= 1 else 1
        rounded = round(value / size) * size
        if rounded >= 1e6:
            return str(format_compact_decimal(rounded, locale=self.locale, fraction_digits=1))
        return self.number(rounded)

    def day(self, day: date, *, weekday: bool = True) -> str:
        """`jeudi 9 avril`, or `9 avril`."""
        return self._first(str(format_date(day, "EEEE d MMMM" if weekday else "d MMMM", locale=self.locale)))

    def short_day(self, day: date) -> str:
        """`jeu. 9`, `ven. 1er`."""
        return self._first(str(format_date(day, "EEE d", locale=self.locale)))

    def axis_day(self, day: date) -> str:
        """`9 avr.`."""
        return self._first(str(format_date(day, "d MMM", locale=self.locale)))

    def month(self, day: date) -> str:
        """`novembre 2026`."""
        return str(format_date(day, "MMMM y", locale=self.locale))

    def span(self, first: date, last: date) -> str:
        """`du 6 au 12 avril 2026`, with as little said twice as the two days allow."""
        same_year, same_month = first.year == last.year, (first.year, first.month) == (last.year, last.month)
        pattern = "d" if same_month else "d MMMM" if same_year else "d MMMM y"
        start, end = (str(format_date(d, f, locale=self.locale)) for d, f in ((first, pattern), (last, "d MMMM y")))
        return self.say("night_span", first=self._first(start), last=self._first(end))

    def nights(self, nights: Sequence[date]) -> str:
        """Nights named: `la nuit du 17 mars`, `les nuits du 17 et du 18 mars`, `du 17 au 20 mars` when all follow."""
        one_month = len({(night.year, night.month) for night in nights}) == 1
        named = [self._night(night, bare=one_month and night != nights[-1]) for night in nights]
        if len(nights) > 2 and nights[-1] - nights[0] == timedelta(days=len(nights) - 1):
            return self.say("night_run", first=named[0], last=named[-1])
        days = self.say("and").join(named)
        return self.say("night_one" if len(named) == 1 else "night_other", days=days)

    def _night(self, night: date, *, bare: bool) -> str:
        return self._first(str(format_date(night, "d", locale=self.locale))) if bare else self.day(night, weekday=False)

    def source(self, source: str) -> str:
        """A platform's name as people write it; one that the catalogue does not know keeps its own."""
        return self.messages.get(f"source_{source}") or line(source, 40)

    def the_source(self, source: str) -> str:
        """The same inside a sentence, with its article where it takes one: `la presse (flux)`, `Bluesky`."""
        return self.messages.get(f"the_{source}") or self.source(source)

    def tag(self, kind: str, tag: str) -> str:
        """A theme, an emotion or an audience; one that the catalogue does not know keeps its own name."""
        return self.messages.get(f"{kind}_{tag}") or line(tag, 40)

    def _first(self, day: str) -> str:
        """French says `1er janvier` and `2 janvier`, which Babel leaves to us."""
        return FIRST_OF_MONTH.sub("1er", day) if self.language == "fr" else day

    @staticmethod
    def _sign(value: float, signed: bool) -> str:
        return MINUS if value < 0 else "+" if signed and value > 0 else ""


@cache
def words(language: str, grain: str = "week") -> Words:
    """The words of a language, for a digest of a week or of a month; French for those that have no catalogue."""
    known = language if language in LOCALES else "fr"
    catalogue = tomllib.loads(CATALOGUE.read_text("utf8"))
    messages = catalogue[known] | (catalogue[f"{known}_month"] if grain == "month" else {})
    if known == "fr":
        messages = {key: tied(text) for key, text in messages.items()}
    return Words(known, messages, Locale.parse(LOCALES[known]))
