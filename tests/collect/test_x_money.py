"""What X costs: counted before it is spent, never over the cap, never less than X bills."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.collect import Ask, Cost, x
from pipeline.collect._paying import paying
from pipeline.errors import BudgetError, PipelineError, UnavailableError
from pipeline.model import Query
from tests.collect.loopback import Reply, Time, serving
from tests.collect.purses import CountingPurse
from tests.collect.replay_x import WINDOW
from tests.collect.replay_x import settings as declared
from tests.collect.test_x import counts, post, said

NOW = WINDOW.end + timedelta(hours=4)
EACH = 15_000  # a post and its author, in millionths of a dollar


class Billing:
    """A server with so many posts for each word; `billed` is what X would ask for the pages it gave."""

    def __init__(self, **held):
        self.held = held
        self.billed = 0
        self.sizes = []

    def __call__(self, asked):
        word = next(word for word in self.held if word in asked.query["query"])
        start, most = int(asked.query.get("next_token", 0)), int(asked.query["max_results"])
        assert 10 <= most <= 100
        self.sizes.append(most)
        numbers = range(start, min(start + most, self.held[word]))
        base = list(self.held).index(word) * 10_000
        posts = [post(base + n, author_id=str(n % 7)) for n in numbers]
        users = [{"id": author, "username": f"u{author}"} for author in sorted({p["author_id"] for p in posts})]
        self.billed += 5_000 * len(posts) + 10_000 * len(users)
        meta = {"result_count": len(posts)} | (
            {"next_token": str(start + most)} if start + most < self.held[word] else {}
        )
        return said({"data": posts, "includes": {"users": users}, "meta": meta})


def read(answer, purse, *words):
    with serving(answer) as server:
        ask = Ask(now=NOW, settings=declared(None), base_url=server.base, timeout_s=2.0, pace=Time().pace, purse=purse)
        found, error = [], None
        try:
            found.extend(x.posts(WINDOW, [Query(word.lower(), (word,)) for word in words], ask))
        except PipelineError as failure:
            error = failure
        return found, error, ask


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 240), st.integers(0, 130), st.integers(0, 4_000_000))
def test_what_is_spent_is_what_was_billed_and_never_over_the_cap(dijon, lille, cap):
    bill, purse = Billing(Dijon=dijon, Lille=lille), CountingPurse(micros=cap)
    found, error, ask = read(bill, purse, "Dijon", "Lille")
    assert purse.spent["micros"] == bill.billed == ask.cost_micros
    assert purse.most["micros"] <= cap
    assert purse.spent["posts"] == len(found)
    assert purse.spent["requests"] == len(bill.sizes)
    assert error or len(found) == dijon + lille, "posts are missing and nobody says so"
    assert ask.truncated == (error is not None)
    if error:
        assert type(error) is BudgetError
        assert cap - bill.billed < 10 * EACH, "there was money for one more page"


def test_smaller_pages_are_asked_when_money_is_short():
    bill, purse = Billing(Dijon=500), CountingPurse(micros=40 * EACH)
    found, error, _ = read(bill, purse, "Dijon")
    assert bill.sizes[0] == 25
    assert bill.sizes == sorted(bill.sizes, reverse=True)
    assert len(found) == sum(bill.sizes) > 25
    assert type(error) is BudgetError


def test_a_cap_on_posts_holds_as_well():
    bill, purse = Billing(Dijon=500), CountingPurse(posts=130)
    found, error, _ = read(bill, purse, "Dijon")
    assert (bill.sizes, len(found)) == ([100, 25], 125)
    assert type(error) is BudgetError


def test_a_crowded_brand_cannot_spend_the_share_of_a_quiet_one():
    half = 20 * EACH
    bill, purse = Billing(Dijon=5_000, Lille=12), CountingPurse(share={"dijon": half, "lille": half})
    found, error, ask = read(bill, purse, "Dijon", "Lille")
    assert sum("Dijon" in p.text for p in found)
    assert len([p for p in found if int(p.post_id) >= 2060000000000010000]) == 12
    assert type(error) is BudgetError
    assert {brand for brands in purse.refused for brand in brands} >= {"dijon"}
    assert ask.reasons["budget"] == 1
    assert purse.by_brand["dijon"] <= half


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 429, 500, 503])
def test_a_refusal_costs_nothing(status):
    purse = CountingPurse()
    _, error, ask = read(lambda asked: Reply(b"{}", status), purse, "Dijon")
    assert error
    assert purse.cost == Cost()
    assert ask.cost_micros == 0


@pytest.mark.parametrize("lost", [Reply(reset=True), Reply(b"{" * 90, cut=3), Reply(b'{"data": [{"id"'), Reply(b"")])
def test_an_answer_lost_on_the_way_stays_paid(lost):
    purse = CountingPurse()
    _, error, ask = read(lambda asked: lost, purse, "Dijon")
    assert type(error) is UnavailableError
    # Four tries of one page: X bills a post once a day, however often it was sent.
    assert purse.cost == Cost(requests=1, posts=100, micros=100 * EACH)
    assert ask.cost_micros == 100 * EACH


def test_a_page_with_more_than_was_asked_is_paid_in_full():
    posts = [post(n, author_id=str(n)) for n in range(150)]
    users = [{"id": str(n), "username": "u"} for n in range(150)]
    purse = CountingPurse(micros=120 * EACH)
    found, error, _ = read(lambda asked: said({"data": posts, "includes": {"users": users}}), purse, "Dijon")
    assert (len(found), error) == (150, None)
    assert purse.spent["micros"] == 100 * EACH, "what the cap does not hold cannot be taken; nothing more is asked"
    purse = CountingPurse()
    read(lambda asked: said({"data": posts, "includes": {"users": users}}), purse, "Dijon")
    assert purse.cost == Cost(requests=1, posts=150, micros=150 * EACH)


class Killed(BaseException):
    """As when the process dies: nothing that follows runs."""


def test_a_kill_between_taking_and_giving_back_counts_too_much_and_never_too_little():
    purse = CountingPurse()
    ask = Ask(now=NOW, purse=purse)
    with pytest.raises(Killed), paying(ask, Cost(requests=1, posts=100, micros=100 * EACH), ["a"]) as bill:
        bill.cost = Cost(requests=1, posts=3, micros=3 * EACH)
        raise Killed
    assert purse.cost == Cost(requests=1, posts=100, micros=100 * EACH)
    assert ask.cost_micros == 100 * EACH


def test_a_forecast_is_paid_by_the_brand_it_is_for():
    purse = CountingPurse()
    with serving(lambda asked: said(counts(3))) as server:
        ask = Ask(now=NOW, settings=declared(None), base_url=server.base, pace=Time().pace, purse=purse)
        assert x.expected(WINDOW, [Query("a", ("Dijon",)), Query("b", ("Lille",))], ask) == {"a": 3, "b": 3}
    most, left = Cost(requests=4, micros=20_000), Cost(requests=3, micros=15_000)  # four tries may each be billed
    assert purse.calls == [c for b in ("a", "b") for c in (("take", most, (b,)), ("give back", left, (b,)))]


def test_a_forecast_without_money_is_unknown_not_zero():
    with serving(lambda asked: said(counts(3))) as server:
        purse = CountingPurse(micros=24_999)
        ask = Ask(now=NOW, settings=declared(None), base_url=server.base, pace=Time().pace, purse=purse)
        assert x.expected(WINDOW, [Query("a", ("Dijon",)), Query("b", ("Lille",))], ask) == {"a": 3}


def test_second_looks_are_paid_by_the_post():
    purse = CountingPurse()
    answer = lambda asked: said({"data": [{"id": "1"}, {"id": "2"}]})  # noqa: E731
    with serving(answer) as server:
        ask = Ask(now=NOW, settings=declared(None), base_url=server.base, pace=Time().pace, purse=purse)
        assert len(list(x.again(["1", "2", "3"], ask))) == 3
    assert purse.calls[0] == ("take", Cost(requests=1, posts=3, micros=15_000), ())
    assert purse.cost == Cost(requests=1, posts=2, micros=10_000)


def test_check_asks_the_purse_first():
    with serving(lambda asked: said(counts(3))) as server:
        ask = Ask(now=NOW, settings=declared(None), base_url=server.base, purse=CountingPurse(micros=4_999))
        assert "budget" in x.check(ask)
        assert server.asked == []


def test_a_night_says_whose_posts_are_missing():
    bill, purse = Billing(Dijon=500, Lille=3), CountingPurse(share={"dijon": 20 * EACH})
    _, error, ask = read(bill, purse, "Dijon", "Lille")
    assert (type(error), ask.truncated, ask.cut) == (BudgetError, True, {"dijon"})
