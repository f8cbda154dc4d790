"""The ten rarest nights of 2017-2019 in the real posts, found anew: python -m benchmarks.real_nights [--home FOLDER]

Prints what stands in docs/method.md, then the numbers of the posts behind each night. With --home the store and the
published file stay in that folder: whoever doubts what a night was reads its posts there.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

from pipeline import settings, steps, warehouse

POSTS = Path(__file__).parents[2] / "shared" / "data" / "posts_fr_before_2020.jsonl.gz"
NOW, LAST = datetime(2026, 6, 1, tzinfo=UTC), date(2019, 12, 31)

HEAD = """## Unusual nights in real posts

47,793 French posts of 2017-2019 by and around members of parliament, with the 3,062 before them, through
`import --catalogue national`, `score --tier fast`, `build` and `publish`: {mentions:,} mentions, {places} places
listened for. `python -m benchmarks.real_nights` does it again and names the posts behind each night. The ten rarest
nights, whose posts were all read:

| night | place | mentions | authors | usual | p | cause | what happened | mentions of it |
|---|---|--:|--:|--:|--:|---|---|--:|"""

TAIL = """
The seven alarms are all that these three years give, and none is false: something had happened in the place, and nearly
every post speaks of it. Those that do not are of 16 April 2019: a ruling by a court in Paris about the airport of
Toulouse, and a member's morning in the constituency. Places also stood for what happens in them: "Versailles" was
parliament, "Biarritz" a summit. The other three nights have fewer than 10 mentions: flagged, left out of later levels,
and no alarm. What was missed is not known: nobody listed what happened in 610 places."""

# What its posts tell, read one by one, and how many of them tell it. A night that is not here is printed as not read.
READ = {
    ("2018-12-12", "commune-67482-strasbourg"): ("the day after the attack on the Christmas market", 21),
    ("2018-12-11", "commune-67482-strasbourg"): ("the attack on the Christmas market, that evening", 14),
    ("2019-10-28", "commune-64102-bayonne"): ("the attack on the mosque", 13),
    ("2018-11-04", "departement-988-nouvelle-caledonie"): ("the referendum on independence", 12),
    ("2019-08-24", "commune-64122-biarritz"): ("the summit of the G7 opens", 12),
    ("2019-04-15", "commune-75056-paris"): ("Notre-Dame burns", 21),
    ("2018-10-15", "departement-11-aude"): ("deadly floods", 9),
    ("2018-07-09", "commune-78646-versailles"): ("the president speaks to parliament there", 8),
    ("2019-05-24", "commune-69123-lyon"): ("a bomb in a street", 9),
    ("2019-04-16", "commune-75056-paris"): ("the day after the fire of Notre-Dame", 12),
}

COUNTED = """
    select count(*), (select count(*) from dim_brand where is_listened)
    from fct_mention where ownership <> 'owned' and night between '2017-01-01' and '2019-12-31'
"""

RAREST = """
    select t.night, t.brand, d.territory, t.mention_count, t.author_count, t.usual_count, t.p, a.cause
    from night_test as t
    inner join dim_brand as d on d.brand = t.brand
    left join anomaly as a on a.brand = t.brand and a.night = t.night and a.source = t.source
    where t.source = '*' and t.direction = 'up' and t.night between '2017-01-01' and '2019-12-31'
    order by t.p, t.night, t.brand
    limit 10
"""

BEHIND = """
    select post_number from fct_mention
    where brand = ? and night = ? and ownership <> 'owned' and is_night_complete
    order by created_at, post_number
"""


class Night(NamedTuple):
    """An unusual night. `cause` is None where it is flagged and gives no alarm."""

    night: date
    brand: str
    place: str
    mentions: int
    authors: int
    usual: float
    p: float
    cause: str | None
    posts: list[int]


def publish(posts: Path, home: Path, last: date = LAST) -> Path:
    """Import, score, build and publish with the national catalogue. The key is fixed, and so are the posts' numbers."""
    given = settings.load({"RAYONNER_HOME": str(home), "RAYONNER_TIER": "fast", "RAYONNER_AUTHOR_KEY": "00" * 32})
    steps.import_posts(given, posts, now=NOW, catalogue="national")
    steps.score(given, now=NOW, catalogue="national")
    steps.build(given, last, now=NOW, catalogue="national")
    return steps.publish(given, last, now=NOW, catalogue="national").path


def rarest(published: Path) -> Iterator[Night]:
    """The ten rarest nights of a published file, the rarest first."""
    for found in warehouse.query(published, RAREST)[1]:
        behind = warehouse.query(published, BEHIND, [found[1], found[0]])[1]
        yield Night(*found, [number for (number,) in behind])  # type: ignore[arg-type, call-arg]


def page(published: Path, nights: list[Night]) -> Iterator[str]:
    """The part of docs/method.md, line by line."""
    mentions, places = warehouse.query(published, COUNTED)[1][0]
    yield HEAD.format(mentions=mentions, places=places)
    yield from map(row, nights)
    yield TAIL


def row(of: Night) -> str:
    """One night of the table."""
    event, told = READ.get((f"{of.night}", of.brand), ("not read yet", "?"))
    counts = f"{of.mentions} | {of.authors} | {of.usual:.1f} | {of.p:.0e}".replace("e-0", "e-")
    return f"| {of.night} | {of.place} | {counts} | {of.cause or 'no alarm'} | {event} | {told} |"


def part_of_the_page() -> Iterator[str]:
    """The same from a home that is thrown away. It takes a minute or two, and needs the posts beside the repository."""
    with tempfile.TemporaryDirectory() as home:
        published = publish(POSTS, Path(home))
        yield from page(published, list(rarest(published)))


def main(home: Path) -> Iterator[str]:
    """The part of the page, then the posts behind it. They are numbers: no words of people, no names."""
    published = publish(POSTS, home)
    nights = list(rarest(published))
    yield from page(published, nights)
    for of in nights:
        yield f"\n{of.night} {of.brand}: posts {' '.join(map(str, of.posts))}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, help="an empty folder that keeps the store and the published file")
    kept = parser.parse_args().home
    with tempfile.TemporaryDirectory() as thrown_away:
        for line in main(kept or Path(thrown_away)):
            print(line)
