"""Former communes, whose names people still use: "Portbail" is a part of Port-Bail-sur-Mer since 2019.

The rows come from `words/former.tsv` (origin and licence in `pipeline/gazetteer.licence.md`). To refresh them, once
`pipeline/gazetteer.tsv` is:

    npm pack @etalab/decoupage-administratif && tar xzf etalab-decoupage-administratif-*.tgz
    python -c "from pathlib import Path; from pipeline.match import former; former.generate(Path('package/data'))"
"""

from __future__ import annotations

import csv
import json
from functools import cache
from pathlib import Path

from pipeline import gazetteer
from pipeline.gazetteer import Place
from pipeline.match.lexicon import FOLDER

FILE = FOLDER / "former.tsv"
COLUMNS = ("name", "code")
_KINDS = frozenset(("commune-deleguee", "commune-associee"))
# "Boulogne" is said of Boulogne-Billancourt before a village of Vendée: so large a commune is called by its first word.
_CALLED_SHORT = 10_000


@cache
def communes() -> tuple[tuple[str, Place], ...]:
    """Each former name with the commune that holds it today; names that a commune of today bears are not among them."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = [(row["name"], row["code"]) for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]
    return tuple((name, place) for name, code in rows if (place := gazetteer.territory(code, "commune")))


def generate(src: Path, out: Path = FILE) -> int:
    """Write the former communes from the `data` folder of the npm package, and return their number.

    Communes déléguées and associées are all that the source keeps of former communes; a name two départements share
    is left out, for it would tell neither, and so is one that a large commune is called by. Raises OSError, KeyError.
    """
    former = [c for c in json.loads((src / "communes.json").read_text("utf-8")) if c["type"] in _KINDS]
    homes: dict[str, set[str]] = {}
    for one in former:
        homes.setdefault(gazetteer.fold(one["nom"]), set()).add(one["departement"])
    taken = _taken()
    rows = {
        (str(one["nom"]), str(one["chefLieu"]))
        for one in former
        if len(homes[gazetteer.fold(one["nom"])]) == 1 and gazetteer.fold(one["nom"]) not in taken
    }
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONE, quotechar=None)
        writer.writerow(COLUMNS)
        writer.writerows(sorted(rows))
    return len(rows)


def _taken() -> frozenset[str]:
    """The folded names of the places of today, and the first word of large communes."""
    names = {gazetteer.fold(place.name) for place in gazetteer.places()}
    communes = (place for place in gazetteer.places() if place.level == "commune")
    large = (place for place in communes if (place.population or 0) > _CALLED_SHORT)
    return frozenset(names | {gazetteer.fold(place.name).split()[0] for place in large})
