"""From plain words to the questions X's search takes, within the length its plan allows.

A question serves one brand, unless two brands ask the same: X bills posts, not questions, so a brand's posts are paid
from its own share, and a crowded brand cannot push the posts of a quiet one off a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pipeline.collect._plan import Asked, Planned, cut, hashtag, packed, phrase, shared, unaccented
from pipeline.collect._xterms import RECENT, Plan
from pipeline.gazetteer import fold
from pipeline.model import Query

_LONGEST_TERM = 128  # characters of one phrase or tag, as X's enterprise rules have it; the v2 pages name no figure
_HANDLE = re.compile(r"[A-Za-z0-9_]{1,15}")  # an account of X; handles of other networks have dots or are longer
_LANGUAGE = re.compile(r"[a-z]{2}")
_REQUESTS = 2  # of a question: how many posts there are, and the first page


def planned(queries: Sequence[Query], plan: Plan = RECENT) -> list[Planned]:
    """The questions for the brands: each word is covered by one of them, but for what X takes neither as a phrase (no
    letter or digit in it) nor as a hashtag (digits only, more than 127 characters).
    """
    asked = shared(queries, lambda query: _questions(query, plan.longest))
    return [replace(one.planned(text, _REQUESTS), cost_micros=plan.count_micros) for text, one in asked.items()]


def _questions(query: Query, longest: int) -> Iterator[tuple[str, str]]:
    """(question, word) for each word a question covers."""
    tail = _language(query)
    room = longest - len(tail) - len("()")
    forms: dict[str, Asked] = {}
    for form, covers in _forms(query):
        text = _without(form, covers, query.exclusions, room)
        one = forms.setdefault(text, Asked([], []))
        one.covers.extend(covers)
    for group in packed(forms, room, " OR "):
        either = " OR ".join(group)
        text = (f"({either})" if len(group) > 1 else either) + tail
        yield from ((text, word) for form in group for word in forms[form].covers)


def _language(query: Query) -> str:
    """The language asked for when it is one. X's own guess: with several languages everything is taken and told apart
    here.
    """
    one = query.languages[0].lower() if len(query.languages) == 1 else ""
    return f" lang:{one}" if _LANGUAGE.fullmatch(one) else ""


def _forms(query: Query) -> Iterator[tuple[str, list[str]]]:
    """Phrases in quotes, hashtags and accounts, each with the words it covers.

    X cuts a text into words at signs, `#` among them, so a hashtag of one word is found by the word itself; the
    hashtags that the brand names are asked for all the same.
    """
    most = _LONGEST_TERM - len('""')
    phrases = ((cut(phrase(word), most), word) for word in query.terms)
    yield from ((f'"{text}"', covers) for text, covers in _widest(phrases))
    tags = [(hashtag(word), word) for word in query.terms if len(_words(word)) > 1]
    tags += [(hashtag(word), word) for word in query.hashtags]
    whole = ((tag, word) for tag, word in tags if tag and len(tag) < _LONGEST_TERM)
    yield from ((f"#{text}", covers) for text, covers in _widest(whole))
    for handle in query.handles:
        if _HANDLE.fullmatch(handle.removeprefix("@")):
            yield "@" + handle.removeprefix("@"), [handle]


def _without(form: str, covers: Iterable[str], exclusions: Iterable[str], room: int) -> str:
    """The form, and behind it what it must not be found in, negated one by one: X negates no group.

    An exclusion that stands inside a covered word would refuse that word. Those that do not fit are left to the
    matcher, which knows them all: they cost money, not truth.
    """
    sought, own = _whole(form), [_whole(word) for word in covers]
    text = form
    for one in exclusions:
        unwanted = cut(phrase(one), _LONGEST_TERM - len('-""'))
        more = f' -"{unwanted}"'
        useful = sought in _whole(unwanted) and not any(_whole(unwanted) in word for word in own)
        if form.startswith('"') and useful and len(text) + len(more) + len("()") <= room:
            text += more
    return text if text == form else f"({text})"


def _whole(text: str) -> str:
    """The text as whole words can be looked for in it."""
    return f" {fold(text)} "


def _widest(given: Iterable[tuple[str, str]]) -> list[tuple[str, list[str]]]:
    """Without what another phrase or tag of the list finds as well; that one takes over the words it covers."""
    covers: dict[str, list[str]] = {}
    for text, word in given:
        covers.setdefault(text, []).append(word)
    kept: list[tuple[str, list[str]]] = []
    for text in sorted(covers, key=lambda t: (len(_words(t)), -_accents(t), len(t), t)):
        if not _words(text):
            continue
        wider = next((one for one in kept if _finds(_words(one[0]), _words(text))), None)
        if wider:
            wider[1].extend(covers[text])
        else:
            kept.append((text, covers[text]))
    return kept


def _finds(wide: list[str], narrow: list[str]) -> bool:
    """Whether whoever asks for `wide` gets every post that `narrow` gets.

    X's search finds an accented word with and without its accents, a plain one only as it is.
    """
    runs = range(len(narrow) - len(wide) + 1)
    return any(
        all(w == n or unaccented(w) == n for w, n in zip(wide, narrow[at : at + len(wide)], strict=True)) for at in runs
    )


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _accents(text: str) -> int:
    return sum(a != b for a, b in zip(text.lower(), unaccented(text), strict=False))
