"""What brand files get wrong together: one name for two brands, peers that do not exist."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from pipeline.brands.sheet import Sheet
from pipeline.gazetteer import fold
from pipeline.model import Brand

Known = Sequence[tuple[Sheet, Brand]]

# A post with a shared term of these would count for both brands: one of them has to give it up.
EXCLUSIVE = {"names": "names", "taglines": "names", "hashtags": "hashtags", "handles": "handles"}


def check_together(known: Known) -> None:
    """Blame on the sheets what two brands cannot both say."""
    _check_clashes(known)
    _check_places(known)
    _check_peers(known)
    _check_accounts(known)


def _check_clashes(known: Known) -> None:
    first: dict[tuple[str, str], tuple[Sheet, str]] = {}
    for sheet, brand in known:
        for key, family in EXCLUSIVE.items():
            for term in getattr(brand, key):
                holder, spelling = first.setdefault((family, _form(family, term)), (sheet, term))
                if holder is not sheet:
                    where = _stands(sheet, key)
                    message = f"{term!r} is also {_whose(holder)} ({spelling!r})"
                    sheet.blame(where, message, "leave it to one of the two brands", value=term)


def _form(family: str, term: str) -> str:
    """What makes two terms one for a reader: names fold, #Dijon is #dijon, a handle keeps its dots."""
    return term.lower() if family == "handles" else fold(term)


def _stands(sheet: Sheet, key: str) -> tuple[str, str]:
    """Where a term stands: a brand's first name may be written as `name` alone."""
    return ("words", key) if ("words", key) in sheet.lines else ("identity", "name")


def _whose(sheet: Sheet) -> str:
    return f"in {Path(sheet.file).name}"


def _check_places(known: Known) -> None:
    """Two brands of one territory share its name; two territories do not, unless a sense tells them apart."""
    holders: defaultdict[str, list[tuple[Sheet, Brand, str]]] = defaultdict(list)
    for sheet, brand in known:
        for place in brand.places:
            holders[fold(place)].append((sheet, brand, place))
    for same in holders.values():
        for sheet, brand, place in same:
            other = next((s for s, b, _ in same if b.insee != brand.insee), None)
            if other and not brand.senses:
                cure = 'add a [[sense]] of kind "other_place"'
                message = f"the place {place!r} is also {_whose(other)}, another territory"
                sheet.blame(("words", "places"), message, cure, value=place, fatal=False)


def _check_peers(known: Known) -> None:
    slugs = [brand.slug for _, brand in known]
    for sheet, brand in known:
        for peer in brand.peers:
            where = ("identity", "peers")
            if peer == brand.slug:
                sheet.blame(where, f"{peer!r} is this brand itself", "leave it out", value=peer)
            elif peer not in slugs:
                close = difflib.get_close_matches(peer, slugs, n=1)
                cure = f"did you mean {close[0]!r}?" if close else "write the name of a brand file, without .toml"
                sheet.blame(where, f"no brand file is called {peer!r}", cure, value=peer)


def _check_accounts(known: Known) -> None:
    first: dict[str, Sheet] = {}
    for sheet, brand in known:
        for account in brand.owned:
            holder = first.setdefault(account, sheet)
            if holder is not sheet:
                message = f"the account {account!r} is also owned {_whose(holder)}"
                name = account.partition(":")[2]
                sheet.blame(("accounts", "owned"), message, "check whose it is", value=name, fatal=False)
