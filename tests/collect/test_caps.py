"""A cap that is taken holds, whatever the platform answers; one that would hold nothing back is refused."""

import json

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as rules
from hypothesis import strategies as st

from pipeline import collect, settings
from pipeline.collect._xterms import POST_MICROS
from pipeline.errors import BudgetError, ConfigError, PipelineError
from pipeline.steps import budget
from tests.collect.loopback import Reply, Time, serving
from tests.collect.purses import CountingPurse
from tests.collect.test_faults import NOW, QUERIES, replay_of

KINDS = ("money", "posts", "requests", "units")
PURSED = {"money": "micros"}
FAULTS = [None, Reply(b"{}", 429), Reply(b"", 503), Reply(reset=True), Reply(b"{}", 404)]
SLOW = rules(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


def with_cap(home, text):
    return settings.load({"RAYONNER_HOME": str(home), "RAYONNER_AUTHOR_KEY": "ab" * 32, "RAYONNER_BUDGET": text})


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", collect.names())
def test_a_cap_of_a_kind_the_source_does_not_take_is_refused(tmp_path, name, kind):
    source = collect.load(name)
    given_cap = with_cap(tmp_path, f"{name}:{kind}=0")
    if kind in getattr(source, "CAPS", ()):
        budget.mind_the_bill(given_cap, source)
        return
    with pytest.raises(ConfigError, match=f"{name}.*" if name == "x" else f"a cap of {kind} .* on {name}") as refused:
        budget.mind_the_bill(given_cap, source)
    assert refused.value.source == name
    if name == "x":
        with pytest.raises(ConfigError, match=f"a cap of {kind} .* on x, which takes them of money and posts only"):
            budget.mind_the_bill(with_cap(tmp_path, f"x:{kind}=0,money=5"), source)


def night(name, purse, faults, home):
    """Runs the replay's night with this purse, answers broken in the order of `faults`: what was asked and answered."""
    replay, answered, left = replay_of(name), [], list(faults)

    def answer(asked):
        reply = (left.pop(0) if left else None) or replay.answer(asked)
        answered.append((asked, reply))
        return reply

    with serving(answer) as server:
        ask = collect.Ask(
            now=NOW, settings=replay.settings(home), base_url=server.base, timeout_s=2.0, pace=Time().pace, purse=purse
        )
        try:
            list(collect.load(name).posts(replay.WINDOW, QUERIES, ask))
        except PipelineError as error:
            return answered, error
        return answered, None


def of_kind(name, kind, answered):
    """What the platform counts of a kind: each request sent, YouTube's units, X's posts and their price."""
    if kind == "requests":
        return len(answered)
    if kind == "units":
        return sum(100 if asked.path.endswith("/search") else 1 for asked, _ in answered)
    shown = [json.loads(reply.body) for _, reply in answered if reply.status == 200 and not reply.reset]
    posts = sum(len(page.get("data") or []) for page in shown if isinstance(page.get("data"), list))
    return posts if kind == "posts" else posts * POST_MICROS


TAKEN = [(name, kind) for name in collect.names() for kind in getattr(collect.load(name), "CAPS", ())]


@pytest.mark.parametrize(("name", "kind"), TAKEN)
@SLOW
@given(cap=st.integers(0, 12), faults=st.lists(st.sampled_from(FAULTS), max_size=8))
def test_a_cap_that_is_taken_holds_whatever_is_answered(tmp_path, name, kind, cap, faults):
    limit = cap * {"money": 20_000, "units": 60}.get(kind, 1)
    purse = CountingPurse(**{PURSED.get(kind, kind): limit})
    answered, error = night(name, purse, faults, tmp_path)
    assert of_kind(name, kind, answered) <= limit
    if cap == 0:
        assert isinstance(error, BudgetError)
        assert answered == []


@pytest.mark.parametrize(("name", "kind"), TAKEN)
def test_what_the_purse_counts_is_what_the_platform_was_asked(tmp_path, name, kind):
    purse = CountingPurse()
    answered, error = night(name, purse, [Reply(b"", 503), None, Reply(reset=True)], tmp_path)
    assert error is None
    counted = purse.spent[PURSED.get(kind, kind)]
    assert counted >= of_kind(name, kind, answered) > 0
