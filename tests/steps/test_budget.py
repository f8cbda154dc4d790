"""The purse: only what was taken is given back, to whoever paid; the bill is told before it is run up."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as rules
from hypothesis import strategies as st

from pipeline import settings, steps, store
from pipeline.collect import Cost, mastodon, rss, sample
from pipeline.errors import BudgetError, ConfigError
from pipeline.model.budget import Caps
from pipeline.steps import budget
from pipeline.store import spend
from tests.steps import _voice

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
BRANDS = ("chablis", "just-dijon", "lille")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> store.Engine:
    made = store.connect(f"sqlite:///{tmp_path_factory.mktemp('store') / 'store.sqlite'}")
    store.migrate(made)
    return made


def given_budget(text: str, home: Path) -> settings.Settings:
    return settings.load({"RAYONNER_HOME": str(home), "RAYONNER_AUTHOR_KEY": "ab" * 32, "RAYONNER_BUDGET": text})


def test_a_budget_that_cannot_be_read_stops_at_once_and_names_the_setting(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="RAYONNER_BUDGET: no source is called 'facebook'"):
        given_budget("facebook:posts=5", tmp_path)
    with pytest.raises(ConfigError, match="RAYONNER_RECOLLECT_DAYS"):
        settings.load({"RAYONNER_HOME": str(tmp_path), "RAYONNER_RECOLLECT_DAYS": "-1"})


def test_the_purse_of_the_settings_is_that_of_the_utc_month(engine: store.Engine, tmp_path: Path) -> None:
    given = given_budget("mastodon:posts=9", tmp_path)
    late = datetime(2026, 12, 1, 0, 30, tzinfo=UTC)
    purse = budget.purse(given, engine, mastodon, BRANDS, late)
    assert (purse.month, purse.caps) == ("2026-12", Caps(posts=9))
    assert budget.purse(given, engine, rss, BRANDS, late).caps == Caps()


@pytest.mark.parametrize("caps", ["", "sample:requests=10,units=10", "youtube:money=5"])
def test_a_source_paid_by_the_post_is_not_collected_without_a_cap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caps: str
) -> None:
    voice = _voice.speaking(monkeypatch)
    monkeypatch.setattr(sample, "POST_MICROS", 5_000, raising=False)
    monkeypatch.setattr(sample, "expected", lambda window, queries, ask: voice.asked.append(window), raising=False)
    with pytest.raises(ConfigError, match="RAYONNER_BUDGET=sample:money=50"):
        steps.collect(given_budget(caps, tmp_path), "sample", date(2026, 5, 20), date(2026, 5, 21), now=NOW)
    assert voice.asked == []
    told = store.ledger(store.connect(f"sqlite:///{tmp_path / 'store.sqlite'}"))
    assert {row.night.day for row in told} == {20, 21}
    assert {row.status for row in told} == {"failed"}


@pytest.mark.parametrize("caps", ["sample:money=0", "sample:posts=1"])
def test_any_cap_of_money_or_posts_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caps: str) -> None:
    voice = _voice.speaking(monkeypatch)
    monkeypatch.setattr(sample, "POST_MICROS", 5_000, raising=False)
    assert steps.collect(given_budget(caps, tmp_path), "sample", date(2026, 5, 20), date(2026, 5, 20), now=NOW).nights
    assert voice.asked == [date(2026, 5, 20)]


def test_second_looks_have_a_quarter_of_the_cap_to_themselves(
    engine: store.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sample, "again", lambda post_ids, ask: iter(()), raising=False)
    given = given_budget("sample:posts=41", tmp_path)
    nights, looks = budget.purse(given, engine, sample, BRANDS, NOW), budget.purse_of_looks(given, engine, sample, NOW)
    looks.take(Cost(posts=10), ["lille"])  # looks are paid by their own part, whoever is named
    with pytest.raises(BudgetError):
        looks.take(Cost(posts=1))
    nights.take(Cost(posts=31))
    with pytest.raises(BudgetError):
        nights.take(Cost(posts=1))


costs = st.builds(Cost, requests=st.integers(0, 3), posts=st.integers(0, 20))
calls_made = st.tuples(st.booleans(), st.integers(0, 1), costs, st.sampled_from([(), BRANDS[:1], BRANDS[:2]]))
ROUNDS = iter(range(10**6))


@rules(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(calls_made, max_size=20), st.integers(0, 60))
def test_taken_less_given_back_is_spent_whoever_takes_turns(
    engine: store.Engine, calls: list[tuple[bool, int, Cost, tuple[str, ...]]], cap: int
) -> None:
    source = f"s{next(ROUNDS)}"
    purses = [
        budget.StoredPurse(engine, source, "2026-11", Caps(posts=cap), spend.shares(Caps(posts=cap), BRANDS))
        for _ in range(2)
    ]
    taken = [{}, {}]  # purse -> brands -> what is out
    for is_taking, who, cost, brands in calls:
        out = taken[who].setdefault(brands, [0, 0])
        if is_taking:
            try:
                purses[who].take(cost, brands)
            except BudgetError:
                continue
            taken[who][brands] = [out[0] + cost.requests, out[1] + cost.posts]
        else:
            purses[who].give_back(cost, brands)
            taken[who][brands] = [max(0, out[0] - cost.requests), max(0, out[1] - cost.posts)]
        held = spend.spent(engine, "2026-11").get(source, {})
        both = [sum(out[kind] for one in taken for out in one.values()) for kind in (0, 1)]
        assert [spend.total(held).requests, spend.total(held).posts] == both
        assert both[1] <= cap
        assert all(
            held.get(b, Cost()).posts <= share.posts for b, share in spend.shares(Caps(posts=cap), BRANDS).items()
        )
    assert spend.total(purses[0].paid).posts + spend.total(purses[1].paid).posts == sum(
        out[1] for one in taken for out in one.values()
    )


def test_what_a_call_did_not_cost_returns_to_those_who_paid_it(engine: store.Engine) -> None:
    purse = budget.StoredPurse(engine, "back", "2026-11", Caps(), spend.shares(Caps(), BRANDS))
    purse.take(Cost(requests=1, posts=100), ["lille", "chablis"])
    purse.give_back(Cost(posts=41), ["chablis", "lille"])
    assert purse.paid == {"chablis": Cost(1, 29), "lille": Cost(0, 30)}
    purse.give_back(Cost(posts=500), ["lille"])  # was never taken for lille alone
    assert spend.total(spend.spent(engine, "2026-11")["back"]) == Cost(requests=1, posts=59)


def test_a_refusal_names_the_source(engine: store.Engine) -> None:
    purse = budget.StoredPurse(engine, "named", "2026-11", Caps(posts=0), {"lille": Caps(posts=0)})
    with pytest.raises(BudgetError, match="named: what is left of this month's posts") as refused:
        purse.take(Cost(posts=1))
    assert refused.value.source == "named"


def test_the_bill_is_told_when_it_goes_over_what_remains(engine: store.Engine) -> None:
    caps = Caps(posts=300, micros=2_000_000)
    purse = budget.StoredPurse(engine, "dear", "2026-11", caps, spend.shares(caps, BRANDS))
    assert budget.warning(purse, {"lille": 90, "chablis": 10}) is None
    assert budget.warning(purse, {"lille": 90}, price=15_000) is None
    assert "2.00 of money remain for 2.25" in (budget.warning(purse, {"lille": 90}, price=25_000) or "")
    told = budget.warning(purse, {"lille": 101, "chablis": 10})
    assert told and "over the share of lille" in told
    purse.take(Cost(posts=100, micros=1_000_000))
    told = budget.warning(purse, dict.fromkeys(BRANDS, 70))
    assert told and told.startswith("210 posts foreseen; 200 of posts remain for 210; 1.00 of money remain for 2.10")
    # The month after, the price is that of the month before.
    after = budget.StoredPurse(engine, "dear", "2026-12", Caps(micros=1_000_000), spend.shares(Caps(), BRANDS))
    assert "2.10" in (budget.warning(after, dict.fromkeys(BRANDS, 70)) or "")


def test_accounts_say_spent_cap_and_where_the_month_leads(tmp_path: Path) -> None:
    given = given_budget("mastodon:posts=100;rss:money=5", tmp_path)
    engine = store.connect(given.store_url)
    store.migrate(engine)
    budget.purse(given, engine, mastodon, BRANDS, NOW).take(Cost(requests=3, posts=22))
    now = datetime(2026, 11, 23, 0, tzinfo=UTC)
    assert steps.accounts(given, engine, "2026-11", now) == [
        steps.Account("mastodon", "requests", 3, None, 4),
        steps.Account("mastodon", "posts", 22, 100, 30),
        steps.Account("rss", "micros", 0, 5_000_000, 0),
    ]
    assert steps.accounts(given, engine, "2026-10", now)[0].foreseen is None
