"""The open gazetteer of France: régions, départements, EPCI and communes, with what tells one place from another.

The rows come from `gazetteer.tsv` beside this file (licence and origin in `gazetteer.licence.md`). To refresh them:

    npm pack @etalab/decoupage-administratif && tar xzf etalab-decoupage-administratif-*.tgz
    python -c "from pathlib import Path; from pipeline import gazetteer; gazetteer.generate(Path('package/data'))"
"""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

Level = Literal["region", "departement", "epci", "commune"]

FILE = Path(__file__).with_name("gazetteer.tsv")
COLUMNS = ("level", "code", "name", "parent", "population", "article", "seat", "codes")

# INSEE's TNCC code, "typeLiaison" in the source: the article a name takes in a sentence. 0 and 1 take none.
ARTICLES = {2: "le", 3: "la", 4: "les", 5: "l'", 6: "aux", 7: "las", 8: "los"}

# The kind of intercommunality is prefixed to its name in the source ("CA du Grand Cahors"): people never say it.
_EPCI_KIND = re.compile(r"^(?:CC|CA|CU)\s+")


@dataclass(frozen=True, slots=True)
class Place:
    """One territory. `code` is the INSEE code (SIREN for an EPCI), `department` and `region` the codes it lies in.

    `population` is INSEE's municipal population, in people, None where it is not counted. `article` is the word the
    name takes in a sentence ("la" for Manche), None when it takes none. `seat` is the chef-lieu's commune code; an
    EPCI's is its most populous commune. `postcodes` is filled for communes, `members` (commune codes) for EPCI.
    """

    level: Level
    code: str
    name: str
    department: str | None
    region: str | None
    population: int | None
    article: str | None = None
    seat: str | None = None
    postcodes: tuple[str, ...] = ()
    members: tuple[str, ...] = ()


@cache
def places() -> tuple[Place, ...]:
    """Every place, régions first, then départements, EPCI and communes, each level in the order of codes."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    regions = {row["code"]: row["parent"] for row in rows if row["level"] == "departement"}
    return tuple(_place(row, regions) for row in rows)


def territory(code: str, level: str | None = None) -> Place | None:
    """The place with this code, None if there is none.

    Two-character codes name both a région and a département ("75"): without `level` the département answers.
    """
    levels = (level,) if level else ("commune", "departement", "region", "epci")
    return next((found for one in levels if (found := _by_code().get((one, code)))), None)


def communes(department: str) -> tuple[Place, ...]:
    """The communes of a département, by code; empty when the département is unknown."""
    return _by_department().get(department, ())


def named(name: str) -> tuple[Place, ...]:
    """The places that carry this name, whatever its accents, capitals, hyphens and apostrophes; most populous first."""
    return _by_name().get(fold(name), ())


def fold(text: str) -> str:
    """`text` in lower case, without accents, its words parted by single spaces: how names are compared. Linear time."""
    # Twice: letters of mathematics ("𝐃𝐢𝐣𝐨𝐧") are capitals only once decomposed, and folding a case composes anew.
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = plain.replace("œ", "oe").replace("æ", "ae")
    kept = (c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join("".join(kept).split())


def generate(src: Path, out: Path = FILE) -> int:
    """Write the gazetteer from the folder of the open JSON files, and return its number of rows.

    `src` is the `data` folder of the npm package @etalab/decoupage-administratif. Municipal arrondissements (Paris,
    Lyon, Marseille) and former communes are left to the commune that holds them. Raises OSError, KeyError.
    """
    communes = [c for c in _read(src / "communes.json") if c["type"] == "commune-actuelle"]
    rows = [*_regions(src, communes), *_departments(src, communes), *_epcis(src, communes), *map(_commune, communes)]
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONE, quotechar=None)
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    return len(rows)


def _place(row: Mapping[str, str], regions: Mapping[str, str]) -> Place:
    level: Any = row["level"]
    department = {"region": None, "departement": row["code"]}.get(level, row["parent"])
    codes = tuple(row["codes"].split())
    return Place(
        level=level,
        code=row["code"],
        name=row["name"],
        department=department,
        region=row["code"] if department is None else regions[department],
        population=int(row["population"]) if row["population"] else None,
        article=row["article"] or None,
        seat=row["seat"] or None,
        postcodes=codes if level == "commune" else (),
        members=codes if level == "epci" else (),
    )


@cache
def _by_code() -> dict[tuple[str, str], Place]:
    return {(place.level, place.code): place for place in places()}


@cache
def _by_department() -> dict[str, tuple[Place, ...]]:
    found: defaultdict[str, list[Place]] = defaultdict(list)
    for place in places():
        if place.level == "commune" and place.department:
            found[place.department].append(place)
    return {department: tuple(members) for department, members in found.items()}


@cache
def _by_name() -> dict[str, tuple[Place, ...]]:
    found: defaultdict[str, list[Place]] = defaultdict(list)
    for place in places():
        found[fold(place.name)].append(place)
    return {name: tuple(sorted(same, key=lambda p: -(p.population or 0))) for name, same in found.items()}


def _read(path: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))
    return rows


def _article(source: Mapping[str, Any]) -> str:
    return ARTICLES.get(source.get("typeLiaison", 0), "")


def _total(communes: list[dict[str, Any]], key: str, code: str) -> int | str:
    """The population of a région or département: the sum of its communes', empty when none is counted."""
    counted = [c["population"] for c in communes if c[key] == code and "population" in c]
    return sum(counted) if counted else ""


def _regions(src: Path, communes: list[dict[str, Any]]) -> Iterator[tuple[object, ...]]:
    for r in _read(src / "regions.json"):
        total = _total(communes, "region", r["code"])
        yield "region", r["code"], r["nom"], "", total, _article(r), r["chefLieu"], ""


def _departments(src: Path, communes: list[dict[str, Any]]) -> Iterator[tuple[object, ...]]:
    for d in sorted(_read(src / "departements.json"), key=lambda d: str(d["code"])):
        total = _total(communes, "departement", d["code"])
        yield "departement", d["code"], d["nom"], d["region"], total, _article(d), d["chefLieu"], ""


def _epcis(src: Path, communes: list[dict[str, Any]]) -> Iterator[tuple[object, ...]]:
    department = {c["code"]: c["departement"] for c in communes}
    for e in sorted(_read(src / "epci.json"), key=lambda e: str(e["code"])):
        members = [m["code"] for m in e["membres"] if m["code"] in department]
        seat = max(e["membres"], key=lambda m: int(m.get("populationMunicipale") or 0))["code"]
        name = " ".join(_EPCI_KIND.sub("", e["nom"]).replace('"', " ").replace("''", " ").split())
        yield "epci", e["code"], name, department[seat], e["populationMunicipale"], "", seat, " ".join(members)


def _commune(c: Mapping[str, Any]) -> tuple[object, ...]:
    postcodes = " ".join(c.get("codesPostaux", ()))
    return "commune", c["code"], c["nom"], c["departement"], c.get("population", ""), _article(c), "", postcodes
