"""From one sheet to one Brand: values given their form, and what a single file can get wrong by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pipeline.brands import forms
from pipeline.brands.fill import Filled, fill
from pipeline.brands.shape import LISTS
from pipeline.brands.sheet import Sheet, Where
from pipeline.gazetteer import fold
from pipeline.model import Brand, Campaign, Example, Sense, Subscriber

Rows = list[tuple[int, Filled]]

_FORMS: dict[tuple[str, str], tuple[Callable[[str], str | None], str, str]] = {
    ("words", "hashtags"): (forms.hashtag, "is not a hashtag", 'letters, digits and _ only: "#JustDijon"'),
    ("words", "handles"): (forms.handle, "is not a handle", 'one account name: "@dijon" or "@ville@example.org"'),
    ("accounts", "owned"): (forms.account, "is not an account", 'platform:account, as "x:dijon" or "rss:dijon.fr"'),
    ("accounts", "partners"): (forms.account, "is not an account", 'platform:account, as "x:dijon" or "rss:dijon.fr"'),
    ("press", "feeds"): (forms.feed, "is not the address of a feed", 'it whole: "https://example.org/rss.xml"'),
    ("attention", "articles"): (forms.article, "is not the title of an article", 'it as Wikipedia does: "en:Dijon"'),
}


def brand(sheet: Sheet) -> Brand | None:
    """The sheet's brand, None when what identifies it is missing. Its mistakes are on the sheet."""
    if sheet.raw is None:
        return None
    _check_slug(sheet)
    tables, lists = fill(sheet)
    for (table, key), (form, message, cure) in _FORMS.items():
        tables[table][key] = _formed(sheet, (table, key), tables[table].get(key, ()), form, message, cure)
    identity = tables["identity"]
    if not {"name", "territory", "level"} <= identity.keys():
        return None
    return Brand(
        slug=sheet.slug,
        name=identity["name"],
        territory=identity["territory"],
        insee=identity.get("insee"),
        level=identity["level"],
        since=identity.get("since"),
        languages=_languages(sheet, identity.get("languages", ("fr",))),
        peers=identity.get("peers", ()),
        **_words(tables),
        senses=tuple(_sense(row) for row in _whole(sheet, "sense", lists["sense"])),
        campaigns=_campaigns(sheet, lists["campaign"]),
        subscribers=_subscribers(sheet, lists["subscriber"]),
        examples=tuple(Example(**row) for row in _whole(sheet, "example", lists["example"])),
    )


def _words(tables: dict[str, Filled]) -> dict[str, Any]:
    words = {key: tables["words"].get(key, ()) for key in ("taglines", "places", "inhabitants", "context")}
    name = tables["identity"]["name"]
    # A brand that bears its territory's bare name ("La Manche") is not named by each post about the territory.
    is_place = fold(name) in map(fold, words["places"])
    words["names"] = tuple(dict.fromkeys((*(() if is_place else (name,)), *tables["words"].get("names", ()))))
    words |= {key: tables["words"][key] for key in ("hashtags", "handles")}
    return {**words, **tables["accounts"], **tables["press"], **tables["attention"]}


def _check_slug(sheet: Sheet) -> None:
    if not forms.slug(sheet.slug):
        cure = 'rename it: small letters without accents, digits and hyphens, as "just-dijon.toml"'
        if forms.NATIONAL_SLUG.match(sheet.slug):
            cure = "rename it: names like commune-21231-dijon belong to the national catalogue"
        sheet.blame((), f"the file name {sheet.slug!r} cannot name a brand", cure)


def _formed(
    sheet: Sheet, where: Where, texts: tuple[str, ...], form: Callable[[str], str | None], message: str, cure: str
) -> tuple[str, ...]:
    kept: dict[str, None] = {}
    for text in texts:
        if formed := form(text):
            kept[formed] = None
        else:
            sheet.blame(where, f"{text!r} {message}", f"write {cure}", value=text)
    return tuple(kept)


def _languages(sheet: Sheet, codes: tuple[str, ...]) -> tuple[str, ...]:
    for code in codes:
        if code not in forms.LANGUAGES:
            cure = 'write two small letters: "fr", "en", "de"'
            sheet.blame(("identity", "languages"), f"{code!r} is not a language code", cure, value=code)
    return tuple(code for code in codes if code in forms.LANGUAGES) or ("fr",)


def _whole(sheet: Sheet, table: str, rows: Rows) -> list[Filled]:
    """The rows that lack nothing they need; the sheet notes which, so that a later mistake finds its line."""
    needed = {name for name, key in LISTS[table].items() if key.required}
    whole = [(number, row) for number, row in rows if needed <= row.keys()]
    sheet.kept[table] = [number for number, _ in whole]
    return [row for _, row in whole]


def _sense(row: Filled) -> Sense:
    return Sense(row["name"], row["kind"], row["words"], row.get("of", ()))


def _campaigns(sheet: Sheet, rows: Rows) -> tuple[Campaign, ...]:
    kept = []
    for number, row in rows:
        if not {"name", "start"} <= row.keys():
            continue
        if "end" in row and row["end"] < row["start"]:
            message = f"the campaign {row['name']!r} ends before it starts"
            sheet.blame(("campaign", number, "end"), message, "put the two dates right, or leave end out")
        kept.append(Campaign(row["name"], row["start"], row.get("end"), row.get("channel")))
    return tuple(kept)


def _subscribers(sheet: Sheet, rows: Rows) -> tuple[Subscriber, ...]:
    kept = []
    for number, row in rows:
        if "email" not in row:
            continue
        if address := forms.email(row["email"]):
            kept.append(Subscriber(address, row.get("language", "fr"), row.get("frequency", "weekly")))
        else:
            # The address itself stays out of the message: problems are logged and pasted into tickets.
            sheet.blame(
                ("subscriber", number, "email"), "this is not an e-mail address", 'write it whole: "equipe@example.org"'
            )
    return tuple(kept)
