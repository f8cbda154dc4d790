"""Do the figures keep what they promise? Simulations with known truth: python -m benchmarks.method > docs/method.md

Made-up data from fixed seeds, the shipped SQL and code: the same page on every run. Prints the page as Markdown. One
part is of real posts, which lie beside the repository: without them there is no page.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from benchmarks import _alarms, _campaigns, _coverage, real_nights

HEAD = """# What the figures can tell

<!-- Made by `python -m benchmarks.method > docs/method.md`. -->

Each table but that of real posts plants a truth in made-up data, lets the shipped SQL and code work on it, and counts
how often they are right. Seeds are fixed: the command gives this page again. How the tone's own errors are corrected is
in [method-prevalence.md](method-prevalence.md); what each metric counts is in [metrics.md](metrics.md)."""

COVERAGE = """## Intervals: how often they hold the truth

A 95 % interval should hold the truth in 95 of 100 cases. {simulations:,} simulations a cell ({fewer:,} with 1,000
authors): chance alone moves a cell by {chance:.1f} points ({chance_fewer:.1f}). The least n of the metric is lifted to
show what it protects from: the files give no score under 30 authors and 30 mentions. Version 1 in brackets.

Version 1 took an author's mentions for one opinion (share_negative: too wide), measured their spread directly
(net_sentiment: too narrow where a few write most) or took each mention for an opinion of its own (share_of_voice: far
too narrow). Version 2 asks first how alike one author's mentions are, and counts as many mentions as would tell as much
if each came from another author. "A few write most": Pareto with tail 1.2, at most 50 mentions an author.
Where authors write more than once and few wrote, some intervals are wider than they need be: 97 to 98.6 %. The other
intervals are not simulated: of net_sentiment_polar, slogan_adoption and slogan_detournement see docs/metrics.md."""

ALARMS = """## Unusual nights: false alarms

Counts without any event, negative binomial, with a weekday pattern; {nights:,} nights a row. A night is flagged at
p <= 0.135 % on its side, so that each direction should flag that share; counts are whole, so that fewer may be."""

POWER = """## Unusual nights: what is found

Share of single nights found that are two, three or four times as loud as usual. The price of few false alarms: with 5
mentions a night even three times as many often pass unseen."""

NIGHTS = """## Unusual nights over many brands

{brands} brands of 3 to 100 mentions a night (variance 3 times the mean), {nights} nights, judged by `night_alarm.sql`:
Benjamini and Hochberg at 10 % over all tests of a night holds the false share, in the
mean over nights, to 10 %. An event is four times the mentions."""

CAMPAIGNS = """## Campaigns: effects recovered

A campaign of 28 nights, {simulations} simulations a row. Loudness is the change of mean log(1 + mentions) (+0.41 is
half as much again), tone that of net sentiment. "Held": share of 95 % intervals that hold what was planted. Where
nothing was planted, "up" and "down" are the false findings and should add up to 5 % (300 simulations tell it to within
2.5 points, so that 7.7 % is high and no proof); where the brand did not run like its peers before the start (by chance
in 5 % of cases) the verdict is "cannot tell"."""


def main(scale: int = 10) -> Iterator[str]:
    """The page's lines. `scale` multiplies the simulations: 10 for the page, 1 for a look."""
    yield from (HEAD, "")
    yield from _intervals(1000 * scale)
    yield from _unusual(12 * scale)
    yield from _together(12 * scale)
    yield from _campaign(30 * scale)


def _intervals(simulations: int) -> Iterator[str]:
    fewer = max(simulations // 5, 50)
    chance, chance_fewer = (196 * (0.95 * 0.05 / n) ** 0.5 for n in (simulations, fewer))
    yield COVERAGE.format(simulations=simulations, fewer=fewer, chance=chance, chance_fewer=chance_fewer)
    cells = sorted(_coverage.intervals(simulations, seed=1), key=lambda c: c.metric)
    for metric, of_metric in groupby(cells, key=lambda c: c.metric):
        yield from (
            "",
            f"### {metric}",
            "",
            "| how authors write | 10 authors | 30 | 100 | 1,000 |",
            "|---|--:|--:|--:|--:|",
        )
        for crowd, row in groupby(of_metric, key=lambda c: c.crowd):
            held = " | ".join(f"{100 * c.held[2]:.1f} % ({100 * c.held[1]:.1f})" for c in row)
            yield f"| {crowd} | {held} |"


def _unusual(series: int) -> Iterator[str]:
    rows = list(_alarms.flags(series, seed=2))
    yield from ("", ALARMS.format(nights=rows[0][2]), "")
    yield from ("| mean | variance / mean | flagged upwards | flagged downwards |", "|--:|--:|--:|--:|")
    for mean, spread, _, up, down in rows:
        yield f"| {mean} | {spread} | {_percent(up, 2)} | {_percent(down, 2)} |"
    yield from ("", POWER, "", "| mean | variance / mean | twice | three times | four times |", "|--:|--:|--:|--:|--:|")
    for mean, spread, *found in _alarms.power(series, seed=3):
        yield f"| {mean} | {spread} | {' | '.join(_percent(share) for share in found)} |"
    alarmed, after = _alarms.shift(series, seed=4)
    yield from ("", "A level that trebles for good (20 to 60 mentions a night) is flagged on")
    yield f"{alarmed:.1f} nights in its first eight weeks and on {_percent(after, 2)} of the nights after them: it is"
    yield "the usual level by then."


def _together(count: int) -> Iterator[str]:
    yield from ("", NIGHTS.format(brands=50, nights=count), "")
    head = ("nights with an event", "false alarms a night", "false, mean over nights", "false, of all", "events found")
    yield from (f"| {' | '.join(head)} |", "|--:|--:|--:|--:|--:|")
    for eventful in (0.0, 0.01, 0.05):
        a_night, mean, together, found = _alarms.nights(50, count, eventful, seed=5)
        shares = f"{_percent(mean, 1)} | {_percent(together, 1)} | {_percent(found)}"
        yield f"| {_percent(eventful)} | {a_night:.3f} | {shares if eventful else f'{_percent(mean, 1)} | – | –'} |"
    yield ""
    yield from real_nights.part_of_the_page()


def _campaign(simulations: int) -> Iterator[str]:
    yield from ("", CAMPAIGNS.format(simulations=simulations), "")
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
