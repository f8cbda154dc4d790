"""Do the figures keep what they promise? Simulations with known truth: python -m benchmarks.method > docs/method.md

Made-up data from fixed seeds, the shipped SQL and code: the same page on every run. Prints the page as Markdown. Two
parts rest on data that lie beside the repository, real posts and labelled sentences: without them there is no page.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from benchmarks import _alarms, _campaigns, _carriers, _coverage, _weeks, prevalence, real_nights
from benchmarks import _method_words as words
from benchmarks._held import Cell

# What a cell of the tables of intervals should lie between.
LEAST, MOST = 0.93, 0.97


def main(scale: int = 10) -> Iterator[str]:
    """The page's lines. `scale` multiplies the simulations: 10 for the page, 1 for a look."""
    yield from (words.HEAD, "")
    yield from _intervals(1000 * scale)
    yield from _weekly(40 * scale)
    yield from _carried(5 * scale)
    yield from _unusual(12 * scale)
    yield from _together(12 * scale)
    yield from _campaign(30 * scale)
    yield ""
    yield from prevalence.part_of_the_page()


def _intervals(simulations: int) -> Iterator[str]:
    fewer = max(simulations // 5, 50)
    chance, chance_fewer = (196 * (0.95 * 0.05 / n) ** 0.5 for n in (simulations, fewer))
    yield words.COVERAGE.format(simulations=simulations, fewer=fewer, chance=chance, chance_fewer=chance_fewer)
    cells = sorted(_coverage.intervals(simulations, seed=1), key=lambda c: (c.figure.startswith("change"), c.figure))
    places = [c for c in cells if c.figure.startswith(_coverage.PLACE)]
    tables: dict[tuple[str, ...], list[str]] = {}
    for figure, of_figure in groupby((c for c in cells if c not in places), key=lambda c: c.figure):
        tables.setdefault(tuple(_table(list(of_figure))), []).append(figure)
    for table, figures in tables.items():
        yield from ("", f"### {', '.join(figures)}", "", *table)
    yield from ("", missed([c for c in cells if c not in places]))
    held = [100 * share for c in places for share in c.held.values() if share is not None]
    yield from ("", words.PLACES.format(peers=_coverage.PEERS, low=min(held), high=max(held)))


def _table(cells: list[Cell]) -> Iterator[str]:
    """Crowds in rows, authors in columns."""
    yield from ("| how authors write | 10 authors | 30 | 100 | 1,000 |", "|---|--:|--:|--:|--:|")
    for crowd, row in groupby(cells, key=lambda c: c.crowd):
        yield f"| {crowd} | {' | '.join(_held(c) for c in row)} |"


def _held(cell: Cell) -> str:
    """The newest version's share, the older ones' in brackets."""
    newest, *older = ("–" if s is None else f"{100 * s:.1f}" for _, s in sorted(cell.held.items(), reverse=True))
    told = newest if newest == "–" else f"{newest} %"
    return f"{told} ({'; '.join(older)})" if older else told


def missed(cells: list[Cell]) -> str:
    """Which cells of today's versions hold the truth too seldom, and how many more often than asked."""
    told = [(c, share) for c in cells if (share := c.held[max(c.held)]) is not None]
    under = [f"{c.figure}, {c.crowd}, {c.authors:,} authors: {100 * s:.1f} %." for c, s in told if s < LEAST]
    above = sum(share > MOST for _, share in told)
    missed = "\n".join(f"- {one}" for one in under) + "\n\n" if under else "None. "
    least, most = f"{100 * LEAST:.0f}", f"{100 * MOST:.0f}"
    return words.MISSED.format(least=least, most=most, missed=missed, above=above, cells=len(told))


def _weekly(series: int) -> Iterator[str]:
    rows = list(_weeks.usual(series, seed=7))
    yield from ("", words.WEEKS.format(weeks=rows[0][2]), "")
    yield from ("| mean | variance / mean | told | in the range |", "|--:|--:|--:|--:|")
    for mean, spread, _, told, held in rows:
        yield f"| {mean} | {spread} | {_percent(told)} | {_percent(held, 1)} |"


def _carried(worlds: int) -> Iterator[str]:
    yield from ("", words.CARRIERS.format(worlds=worlds), "")
    yield from ("| people | fewer from one to the next | held | places named |", "|--:|--:|--:|--:|")
    for people, step, held, wide in _carriers.places(worlds, seed=8):
        yield f"| {people} | {_percent(step)} | {_percent(held, 1)} | {wide:.1f} |"
    yield from ("", words.BOUNDS)


def _unusual(series: int) -> Iterator[str]:
    rows = list(_alarms.flags(series, seed=2))
    yield from ("", words.ALARMS.format(nights=rows[0][2]), "")
    yield from ("| mean | variance / mean | flagged upwards | flagged downwards |", "|--:|--:|--:|--:|")
    for mean, spread, _, up, down in rows:
        yield f"| {mean} | {spread} | {_percent(up, 2)} | {_percent(down, 2)} |"
    yield from (
        "",
        words.POWER,
        "",
        "| mean | variance / mean | twice | three times | four times |",
        "|--:|--:|--:|--:|--:|",
    )
    for mean, spread, *found in _alarms.power(series, seed=3):
        yield f"| {mean} | {spread} | {' | '.join(_percent(share) for share in found)} |"
    alarmed, after = _alarms.shift(series, seed=4)
    yield from ("", "A level that trebles for good (20 to 60 mentions a night) is flagged on")
    yield f"{alarmed:.1f} nights in its first eight weeks and on {_percent(after, 2)} of the nights after them: it is"
    yield "the usual level by then."


def _together(count: int) -> Iterator[str]:
    yield from ("", words.NIGHTS.format(brands=50, nights=count), "")
    head = ("nights with an event", "false alarms a night", "false, mean over nights", "false, of all", "events found")
    yield from (f"| {' | '.join(head)} |", "|--:|--:|--:|--:|--:|")
    for eventful in (0.0, 0.01, 0.05):
        a_night, mean, together, found = _alarms.nights(50, count, eventful, seed=5)
        shares = f"{_percent(mean, 1)} | {_percent(together, 1)} | {_percent(found)}"
        yield f"| {_percent(eventful)} | {a_night:.3f} | {shares if eventful else f'{_percent(mean, 1)} | – | –'} |"
    yield ""
    yield from real_nights.part_of_the_page()


def _campaign(simulations: int) -> Iterator[str]:
    yield from ("", words.CAMPAIGNS.format(simulations=simulations), "")
    yield "| measure | method | peers | planted | found, mean | spread | held | up | down | cannot tell |"
    yield "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|"
    for peers in (19, 30):
        for loudness, tone in ((0.0, 0.0), (0.41, 0.1)):
            found = _campaigns.recovered(simulations, peers, loudness, tone, seed=6)
            yield from (_recovered(row) for row in sorted(found, key=lambda r: r.measure))


def _recovered(row: _campaigns.Recovered) -> str:
    figures = f"{row.planted:+.2f} | {row.mean:+.3f} | {row.spread:.3f}"
    shares = " | ".join(_percent(share, 1) for share in (row.held, row.up, row.down, row.unknown))
    return f"| {row.measure} | {row.method} | {row.peers} | {figures} | {shares} |"


def _percent(share: object, digits: int = 0) -> str:
    return f"{100 * float(str(share)):.{digits}f} %"


if __name__ == "__main__":
    for line in main():
        print(line)
