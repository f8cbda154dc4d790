"""Budgets: shares sum to the cap, nobody eats another's, and no interleaving of takers overspends."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.collect import Cost
from pipeline.errors import BudgetError
from pipeline.model.budget import Caps, caps, pour, split
from pipeline.store import spend

ROOT = Path(__file__).parents[2]
MONTH = "2026-11"
BRANDS = ("chablis", "just-dijon", "lille", "troyes")

amounts = st.integers(0, 10**9)
names = st.lists(st.sampled_from("abcdefgh"), min_size=1, unique=True)


@given(amounts, names)
def test_parts_sum_to_the_whole_and_differ_by_one_at_most(total: int, among: list[str]) -> None:
    parts = split(total, among)
    assert sum(parts.values()) == total and list(parts) == among
    assert max(parts.values()) - min(parts.values()) <= 1


@given(st.integers(0, 300), st.dictionaries(st.sampled_from("abcdef"), st.none() | st.integers(0, 60), min_size=1))
def test_what_is_poured_fits_or_is_refused_whole(total: int, room: dict[str, int | None]) -> None:
    poured = pour(total, room)
    if None not in room.values() and total > sum(r or 0 for r in room.values()):
        assert poured is None
        return
    assert poured is not None and sum(poured.values()) == total
    assert all(part >= 0 and (room[name] is None or part <= room[name]) for name, part in poured.items())
    # As level as the rooms let it be: who pays less than another by more than one has no room left.
    most = max(poured.values())
    assert all(part >= most - 1 or part == room[name] for name, part in poured.items())


@given(st.builds(Caps, *(st.none() | amounts for _ in range(4))), names)
def test_shares_sum_to_the_cap_in_every_kind(cap: Caps, brands: list[str]) -> None:
    shares = spend.shares(cap, brands)
    for kind in spend.KINDS:
        parts = [getattr(share, kind) for share in shares.values()]
        assert parts == [None] * len(brands) if getattr(cap, kind) is None else sum(parts) == getattr(cap, kind)


small = st.integers(0, 40)
takes = st.tuples(st.builds(Cost, posts=small, micros=small), st.lists(st.sampled_from(BRANDS), unique=True))


@given(st.lists(takes, max_size=40), st.integers(0, 120), st.lists(st.sampled_from(BRANDS), min_size=1, unique=True))
def test_no_order_of_calls_goes_over_the_cap_or_a_share(
    calls: list[tuple[Cost, list[str]]], cap: int, listened: list[str]
) -> None:
    held: dict[str, Cost] = {}
    limits = Caps(posts=cap)
    shares = spend.shares(limits, listened)
    for cost, named in calls:
        brands = [brand for brand in named if brand in listened]
        before = spend.total(held)
        try:
            charges = spend.charge(cost, brands, held, limits, shares)
        except BudgetError:
            part = -(-cost.posts // len(brands)) if brands else 0
            left = [shares[b].posts - held.get(b, Cost()).posts for b in listened]
            assert (
                cost.posts > sum(left)
                if not brands
                else part > min(shares[b].posts - held.get(b, Cost()).posts for b in brands)
            )
            continue
        for brand, paid in charges.items():
            old = held.get(brand, Cost())
            held[brand] = Cost(posts=old.posts + paid.posts, micros=old.micros + paid.micros)
        assert spend.total(held) == Cost(posts=before.posts + cost.posts, micros=before.micros + cost.micros)
        assert set(charges) <= set(brands or listened)
    assert spend.total(held).posts <= cap
    assert all(held.get(brand, Cost()).posts <= shares[brand].posts for brand in listened)


def test_what_brands_of_last_week_spent_stays_spent() -> None:
    held, cap = {"gone": Cost(posts=60)}, Caps(posts=100)
    assert spend.charge(Cost(posts=40), ["lille"], held, cap, {"lille": cap}) == {"lille": Cost(posts=40)}
    with pytest.raises(BudgetError, match="RAYONNER_BUDGET"):
        spend.charge(Cost(posts=41), ["lille"], held, cap, {"lille": cap})


def reserve(engine, source: str, month: str, cost: Cost, *brands: str, cap: int = 100) -> dict[str, Cost]:
    caps = Caps(posts=cap)
    return spend.reserve(engine, source, month, cost, brands=brands, caps=caps, share=spend.shares(caps, BRANDS))


def take(engine, posts: int, *brands: str, cap: int = 100) -> dict[str, Cost]:
    return reserve(engine, "x", MONTH, Cost(posts=posts), *brands, cap=cap)


def test_a_brand_cannot_eat_anothers_share(engine) -> None:
    take(engine, 25, "lille")
    with pytest.raises(BudgetError, match="lille"):
        take(engine, 1, "lille")
    with pytest.raises(BudgetError, match="lille"):
        take(engine, 2, "lille", "troyes")
    take(engine, 25, "troyes")
    # What is asked for all of them is paid by those who have room.
    assert set(take(engine, 50)) == {"chablis", "just-dijon"}
    assert spend.total(spend.spent(engine, MONTH)["x"]) == Cost(posts=100)


def test_a_refused_call_writes_nothing_and_months_and_sources_are_apart(engine) -> None:
    with pytest.raises(BudgetError):
        take(engine, 101)
    assert spend.spent(engine, MONTH) == {}
    take(engine, 100)
    reserve(engine, "x", "2026-12", Cost(posts=100))
    reserve(engine, "reddit", MONTH, Cost(requests=9))
    assert {source: spend.total(held) for source, held in spend.spent(engine, MONTH).items()} == {
        "x": Cost(posts=100), "reddit": Cost(requests=9),
    }  # fmt: skip


def test_what_is_given_back_may_be_taken_again_and_never_makes_a_debt(engine) -> None:
    charges = take(engine, 100)
    spend.release(engine, "x", MONTH, charges)
    assert spend.total(spend.spent(engine, MONTH)["x"]) == Cost()
    spend.release(engine, "x", MONTH, charges)
    assert spend.total(spend.spent(engine, MONTH)["x"]) == Cost()
    take(engine, 100)


TAKER = """
import sys
from pipeline import store
from pipeline.collect import Cost
from pipeline.errors import BudgetError
from pipeline.model.budget import Caps
from pipeline.store import spend
engine, brands, done = store.connect(sys.argv[1]), sys.argv[2].split(","), 0
caps = Caps(posts=400)
asked = {"brands": brands, "caps": caps, "share": spend.shares(caps, ("chablis", "just-dijon", "lille", "troyes"))}
while True:
    try:
        charges = spend.reserve(engine, "x", "2026-11", Cost(posts=3), **asked)
    except BudgetError:
        break
    spend.release(engine, "x", "2026-11", {next(iter(charges)): Cost(posts=1)})
    done += 1
print(done)
"""


def test_processes_that_spend_together_stop_at_the_cap(url, engine) -> None:
    wants = ["lille", "lille", "lille,troyes", "just-dijon"]
    program = [sys.executable, "-c", TAKER, url]
    takers = [
        subprocess.Popen([*program, brands], cwd=ROOT, env=os.environ, stdout=subprocess.PIPE, text=True)
        for brands in wants
    ]
    done: Counter[str] = Counter()
    for brands, taker in zip(wants, takers, strict=True):
        said, _ = taker.communicate(timeout=120)
        assert taker.returncode == 0
        done[brands] += int(said)
    held = spend.spent(engine, MONTH)["x"]
    assert spend.total(held).posts == 2 * sum(done.values())  # three taken, one given back, each time
    # A share of 100 each: nobody over it, and nobody stopped while there was room for what they asked.
    assert all(cost.posts <= 100 for cost in held.values())
    assert held["lille"].posts >= 97 and held["just-dijon"].posts >= 97 and "chablis" not in held


KILLED = """
import sys
from pipeline import store
from pipeline.model.budget import Caps
from pipeline.collect import Cost
from pipeline.store import spend
caps = Caps(posts=100)
spend.reserve(store.connect(sys.argv[1]), "x", "2026-11", Cost(posts=90), brands=(), caps=caps, share={"lille": caps})
print("taken", flush=True)
sys.stdin.read()
"""


def test_a_process_killed_before_it_gives_back_leaves_too_much_on_the_books_never_too_little(url, engine) -> None:
    program = [sys.executable, "-c", KILLED, url]
    with subprocess.Popen(program, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout and child.stdout.readline() == b"taken\n"
        child.kill()
    assert spend.total(spend.spent(engine, MONTH)["x"]) == Cost(posts=90)
    with pytest.raises(BudgetError):
        take(engine, 11)


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("x", "name one source"),
        ("x:posts=1;x:posts=2", "once"),
        ("facebook:posts=1", "no source is called 'facebook'"),
        ("x:euros=5", "requests=, posts=, units= or money="),
        ("x:posts=1,posts=2", "each once"),
        ("x:posts=1.5", "a whole number"),
        ("x:posts=ten", "a whole number"),
        ("x:posts=-1", "0 or more"),
        ("x:money=nan", "12.50"),
        ("x:money=1e99", "12.50"),
        ("x:money=٣", "12.50"),
        ("x:", "requests="),
    ],
)
def test_a_budget_that_cannot_be_read_names_the_cure(text: str, cure: str) -> None:
    with pytest.raises(ValueError, match=cure):
        caps(text, ["x", "youtube"])


def test_a_budget_is_read_with_its_money_in_millionths() -> None:
    assert caps(" x: money=12.50, posts=10000 ; youtube:units=200000;", ["x", "youtube"]) == {
        "x": Caps(micros=12_500_000, posts=10_000),
        "youtube": Caps(units=200_000),
    }
    assert caps("", []) == {}


@given(st.text(max_size=40))
def test_no_text_makes_the_reader_fail_otherwise(text: str) -> None:
    with suppress(ValueError):
        caps(text, ["x"])
