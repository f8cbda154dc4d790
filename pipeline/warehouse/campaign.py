"""Keeps campaign_test: what each campaign moved beyond its peers, or why nobody can tell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

import duckdb
import numpy as np

from pipeline.warehouse.campaign_effect import LEAST_PEERS, LEVEL, Change, Effect, difference, synthetic
from pipeline.warehouse.campaign_panel import SPAN, Measured, Rows, loudness, panel, tone

TABLE = "campaign_test"
MEASURES: dict[str, Callable[[Measured, Rows], Change]] = {"log_mentions": loudness, "net_sentiment": tone}
METHODS: dict[str, Callable[[Change], Effect]] = {"difference": difference, "synthetic": synthetic}

_COLUMNS = (
    "brand varchar, campaign varchar, measure varchar, method varchar, verdict varchar, reason varchar, "
    "peer_count bigint, effect double, low double, high double, p double, starts_on date, ends_on date"
)


def fill(con: duckdb.DuckDBPyConnection, everything: bool) -> bool:
    """Make or update campaign_test from campaign_night: the campaigns of which a measured night was touched."""
    if everything:
        con.execute(f"create or replace table {TABLE} ({_COLUMNS})")
    con.execute("create or replace temp table campaign_seen as select * from campaign_night")
    redone = con.execute(
        "select distinct c.brand, c.campaign, c.starts_on, c.ends_on, coalesce(c.ends_on <= c.measured_until, false) "
        "from dim_campaign as c inner join campaign_seen as s "
        "on s.brand = c.brand and s.campaign = c.campaign and s.starts_on = c.starts_on order by 1, 3, 2"
    ).fetchall()
    for brand, campaign, starts_on, ends_on, is_over in redone:
        key = [brand, campaign, starts_on]
        con.execute(f"delete from {TABLE} where brand = ? and campaign = ? and starts_on = ?", key)  # noqa: S608
        found = con.execute(
            "select unit, is_peer, is_touched, day, mention_count, scored_count, positive_count, negative_count "
            "from campaign_seen where brand = ? and campaign = ? and starts_on = ? order by is_own desc, unit, day",
            key,
        ).fetchall()
        rows = [
            [brand, campaign, measure, method, verdict, reason, *figures, starts_on, ends_on]
            for measure, method, verdict, reason, *figures in judged(_measured(found, is_over))
        ]
        con.executemany(f"insert into {TABLE} values ({', '.join('?' * 13)})", rows)  # noqa: S608
    con.execute("drop table campaign_seen")
    return everything


def _measured(rows: Sequence[tuple[object, ...]], is_over: bool) -> Measured:
    """The rows, sorted by unit, as matrices."""
    units = [list(of_unit) for _, of_unit in groupby(rows, key=lambda row: row[0])]
    counts = np.full((4, len(units), 2 * SPAN), np.nan)
    for number, of_unit in enumerate(units):
        for row in of_unit:
            if row[4] is not None:
                counts[:, number, int(str(row[3])) + SPAN] = row[4:]
    mentions, scored, positive, negative = counts
    is_peer, is_touched = (np.array([bool(unit[0][flag]) for unit in units]) for flag in (1, 2))
    return Measured(mentions, scored, positive - negative, positive + negative, is_peer, is_touched, is_over)


def judged(seen: Measured) -> Iterator[tuple[object, ...]]:
    """(measure, method, verdict, reason, peers, effect, low, high, p) of one campaign."""
    for measure, change_of in MEASURES.items():
        compared = panel(seen, measure)
        peers = len(compared.peers)
        reason = compared.reason or (None if peers > 1 else _too_few(peers, compared.lost))
        change = None if reason else change_of(seen, np.append(0, compared.peers))
        for method, judge in METHODS.items():
            if change is None:
                yield measure, method, "cannot_tell", reason, peers, None, None, None, None
                continue
            found = judge(change)
            doubt = _doubt(found, peers, compared.lost)
            # Nine digits: what two orders of addition differ by is below.
            figures = (None if x is None else round(x, 9) for x in (found.effect, found.low, found.high, found.p))
            yield measure, method, "cannot_tell" if doubt else _verdict(found), doubt, peers, *figures


def _doubt(found: Effect, peers: int, lost: int) -> str | None:
    """Why an effect that was computed still says nothing."""
    if peers < LEAST_PEERS:
        return _too_few(peers, lost)
    return "trends_disagree" if found.drift_p <= LEVEL else None


def _too_few(peers: int, lost: int) -> str:
    return "peer_campaign" if peers + lost >= LEAST_PEERS else "few_peers"


def _verdict(found: Effect) -> str:
    if found.p > LEVEL:
        return "none"
    return "up" if found.effect > 0 else "down"
