"""A night of X from the settings to the ledger: declared or not, within its budget, killed in the middle of a page."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from pipeline import settings, steps, store
from pipeline.collect import x as source
from pipeline.errors import ConfigError
from pipeline.model import LedgerRow
from pipeline.steps.publish import profiles
from pipeline.steps.sources import check_sources
from pipeline.store import spend
from tests.collect.loopback import Asked, Reply, Server, serving
from tests.collect.replay_x import page, post
from tests.collect.replay_x import settings as declared

pytestmark = pytest.mark.integration

ROOT = Path(__file__).resolve().parents[2]
NIGHT = date(2026, 5, 30)
NOW = datetime(2026, 5, 31, 3, tzinfo=UTC)
DAY = timedelta(days=1)
EACH, COUNT = 15_000, 5_000
HELD = {"Dijon": 230, "Lille": 4, "Troyes": 0, "Bourges": 0}


class X:
    """X with HELD posts for each town; `billed` is what its pages cost, `stuck` makes it silent in a page.

    `bloated` is a town whose pages are larger than anybody reads.
    """

    def __init__(self) -> None:
        self.billed = 0
        self.stuck = False
        self.bloated = ""
        self.asked_a_page = threading.Event()

    def __call__(self, asked: Asked) -> Reply:
        town = next(town for town in HELD if f'"{town}"' in asked.query["query"])
        if "/counts/" in asked.path:
            self.billed += 5_000
            return self.said({"data": [{"tweet_count": HELD[town]}], "meta": {"total_tweet_count": HELD[town]}})
        start, most = int(asked.query.get("next_token", 0)), int(asked.query["max_results"])
        self.asked_a_page.set()
        if town == self.bloated:
            return Reply(b"[" + b" " * (1 << 20) + b"]")
        if self.stuck:
            return Reply(hold=True, cut=0, headers={"content-length": "99"})
        first = list(HELD).index(town) * 1_000
        numbers = range(start, min(start + most, HELD[town]))
        posts = [post(first + n, text=f"Un week-end à {town}, numéro {n}", author_id=str(n)) for n in numbers]
        users = [{"id": str(n), "username": f"u{n}", "public_metrics": {"followers_count": 5}} for n in numbers]
        self.billed += EACH * len(posts)
        more = str(start + most) if start + most < HELD[town] else None
        return self.said(page(*posts, token=more) | {"includes": {"users": users}})

    @staticmethod
    def said(found: object) -> Reply:
        return Reply(json.dumps(found).encode())


@pytest.fixture
def x() -> X:
    return X()


@pytest.fixture
def server(x: X) -> Iterator[Server]:
    with serving(x) as running:
        yield running


@pytest.fixture
def environ(tmp_path: Path, server: Server) -> dict[str, str]:
    brands = tmp_path / "brands"
    brands.mkdir()
    for slug in ("just-dijon", "lille", "troyes", "bourges"):
        text = (ROOT / "brands" / f"{slug}.toml").read_text("utf-8")
        (brands / f"{slug}.toml").write_text(re.sub(r"(?m)^peers = .*$", "peers = []", text), "utf-8")
    home = {"RAYONNER_HOME": str(tmp_path / "var"), "RAYONNER_AUTHOR_KEY": "ab" * 32, "RAYONNER_BRANDS": str(brands)}
    asked = {"RAYONNER_X_URL": server.base, "RAYONNER_SOURCES": "x", "RAYONNER_BUDGET": "x:money=50"}
    return home | declared(None) | asked


def collect(environ: dict[str, str], now: datetime = NOW) -> dict[str, LedgerRow]:
    given = settings.load(environ)
    steps.collect(given, "x", NIGHT, NIGHT, now=now)
    return ledger(given)


def ledger(given: settings.Settings) -> dict[str, LedgerRow]:
    return {row.brand: row for row in store.ledger(store.connect(given.store_url), source="x")}


def spent(environ: dict[str, str]) -> int:
    engine = store.connect(settings.load(environ).store_url)
    return spend.total(spend.spent(engine, "2026-05").get("x", {})).micros


def test_a_night_is_foreseen_kept_and_paid_by_brand(environ: dict[str, str], x: X) -> None:
    rows = collect(environ)
    assert {row.status for row in rows.values()} == {"complete"}
    assert [(rows[b].kept, rows[b].expected) for b in ("just-dijon", "lille", "troyes")] == [(230, 230), (4, 4), (0, 0)]
    assert rows["just-dijon"].cost_micros == 230 * EACH + 5_000
    assert rows["troyes"].cost_micros == 5_000
    assert spent(environ) == x.billed == sum(row.cost_micros for row in rows.values())


def test_the_budget_ends_a_brand_and_not_the_others(environ: dict[str, str], x: X) -> None:
    environ |= {"RAYONNER_BUDGET": "x:money=4"}
    rows = collect(environ)
    assert {brand: row.status for brand, row in rows.items() if row.status != "complete"} == {"just-dijon": "budget"}
    assert 0 < rows["just-dijon"].kept < 230, "what was paid for is kept"
    assert "BudgetError" in (rows["just-dijon"].error or "")
    assert (rows["lille"].kept, rows["lille"].error, rows["lille"].truncated) == (4, None, False)
    assert x.billed == spent(environ) <= 4_000_000
    assert rows["just-dijon"].cost_micros <= 1_000_000, "a quarter of the cap each"
    for later in (1, 2):
        collect(environ, NOW.replace(hour=3 + later))
        assert x.billed == spent(environ) <= 4_000_000


def test_a_night_killed_in_a_page_is_counted_too_dear_and_never_too_cheap(environ: dict[str, str], x: X) -> None:
    collect_in = (
        "import sys, json; from datetime import date, datetime; from pipeline import settings, steps;"
        "given = settings.load(json.load(sys.stdin));"
        f"steps.collect(given, 'x', date.fromisoformat('{NIGHT}'), date.fromisoformat('{NIGHT}'),"
        f" now=datetime.fromisoformat('{NOW.isoformat()}'))"
    )
    x.stuck = True
    child = subprocess.Popen([sys.executable, "-c", collect_in], stdin=subprocess.PIPE, text=True, cwd=ROOT)
    assert child.stdin
    child.stdin.write(json.dumps(environ))
    child.stdin.close()
    assert x.asked_a_page.wait(60)
    child.send_signal(signal.SIGKILL)
    child.wait(30)
    standing = spent(environ) - x.billed
    assert standing == 100 * EACH, "the page that was under way stays paid"
    x.stuck = False
    rows = collect(environ)
    assert rows["just-dijon"].kept == 230
    assert spent(environ) - x.billed == standing


def test_a_key_without_declarations_asks_nothing_and_says_why(environ: dict[str, str], server: Server) -> None:
    del environ["RAYONNER_X_TERMS"]
    given = settings.load(environ)
    assert steps.collect(given, "x", NIGHT, NIGHT, now=NOW).nights == 0
    assert steps.follow_up(given, "x", now=NOW).seen == 0
    rows = ledger(given)
    assert {row.status for row in rows.values()} == {"off"}
    assert all((row.error or "").startswith("TermsError: x: set RAYONNER_X_TERMS") for row in rows.values())
    (checked,) = check_sources(given, ["x"], now=NOW)
    assert checked.mend and "RAYONNER_X_TERMS" in checked.told
    assert server.asked == []
    environ["RAYONNER_X_TERMS"] = "no-public-readers"
    assert {row.status for row in collect(environ).values()} == {"complete"}, "what was off is asked once declared"


def test_a_fault_that_passes_loses_no_post_and_only_its_brand_pays_twice(
    environ: dict[str, str], x: X, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "POLICY", replace(source.POLICY, most_bytes=1 << 19))
    x.bloated = "Lille"
    before = collect(environ)
    assert {brand: row.status for brand, row in before.items() if row.status != "complete"} == {"lille": "partial"}
    assert before["lille"].kept == 0
    x.bloated, given = "", settings.load(environ)
    done = steps.collect(given, "x", NIGHT + DAY, NIGHT + DAY, now=NOW + DAY)
    assert done.again == [NIGHT]
    rows = {row.brand: row for row in store.ledger(store.connect(given.store_url), source="x", until=NIGHT)}
    assert (rows["lille"].status, rows["lille"].kept, rows["lille"].late) == ("complete", HELD["Lille"], HELD["Lille"])
    assert rows["lille"].cost_micros == before["lille"].cost_micros + HELD["Lille"] * EACH + COUNT
    assert rows["just-dijon"] == before["just-dijon"], "what was whole is not paid twice"
    assert steps.collect(given, "x", NIGHT + DAY, NIGHT + DAY, now=NOW + DAY).again == []


def test_what_x_does_not_give_is_not_paid_twice(environ: dict[str, str], x: X) -> None:
    """Recent search reaches seven days back, so the beginning of the night is out of reach, and stays so."""
    rows = collect(environ, NOW + 7 * DAY - timedelta(hours=10))
    assert {row.status for row in rows.values()} == {"partial"}
    given, later = settings.load(environ | {"RAYONNER_RECOLLECT_DAYS": "8"}), NOW + 7 * DAY
    assert steps.collect(given, "x", NIGHT + 7 * DAY, NIGHT + 7 * DAY, now=later + DAY).again == []


def test_a_key_without_a_cap_asks_nothing_and_says_why(environ: dict[str, str], server: Server) -> None:
    environ["RAYONNER_BUDGET"] = "x:requests=1000"
    with pytest.raises(ConfigError, match="RAYONNER_BUDGET=x:money=50"):
        collect(environ)
    rows = ledger(settings.load(environ))
    assert {row.status for row in rows.values()} == {"failed"}
    assert all("RAYONNER_BUDGET=x:money=50" in (row.error or "") for row in rows.values())
    assert server.asked == []


def test_without_a_key_x_is_off(environ: dict[str, str], server: Server) -> None:
    del environ["RAYONNER_X_BEARER"]
    assert {row.status for row in collect(environ).values()} == {"off"}
    assert server.asked == []


def test_text_of_x_stays_in_the_store() -> None:
    terms = profiles()["x"]
    assert (terms.show_text, terms.show_link, terms.delete_within_hours) == (False, True, 24)
    assert not profiles()["youtube"].combine_engagement
