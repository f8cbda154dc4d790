"""Whatever X answers is read, refused with a reason, or trouble: nothing of it breaks the night, nothing is silent."""

import json
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.collect import Ask, _xanswers
from pipeline.collect._answer import Answer
from pipeline.collect._xapi import _page
from pipeline.errors import UnavailableError
from tests.collect.replay_x import NEWEST, OLDER

NOW = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)


def names_in(found):
    """Every name that stands in a JSON value."""
    if isinstance(found, dict):
        return set(found).union(*map(names_in, found.values()))
    return set().union(*map(names_in, found)) if isinstance(found, list) else set()


GONE = {"errors": [{"resource_id": "1", "type": "https://api.twitter.com/2/problems/resource-not-found"}]}
GOOD = [NEWEST, OLDER, OLDER | GONE, GONE]
WORDS = sorted(names_in(GOOD) | {"tweets", "posts", "post_count", "tweet_count", "note_tweet", "copyright"})
leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=8)
    | st.sampled_from(["1", "2060000000000000001", "2026-05-30T10:00:00Z", "retweeted", "FR", "\0", "\ud800"])
)
anything = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=6)
)


@st.composite
def mutated(draw):
    """A good page with one value somewhere in it replaced by anything."""
    page = at = json.loads(json.dumps(draw(st.sampled_from(GOOD))))
    while True:
        keys = list(at) if isinstance(at, dict) else list(range(len(at)))
        key = draw(st.sampled_from(keys))
        if isinstance(at[key], dict | list) and at[key] and draw(st.booleans()):
            at = at[key]
            continue
        at[key] = draw(anything)
        return page


@settings(deadline=None, max_examples=150)
@given(mutated() | st.dictionaries(st.sampled_from(WORDS), anything, max_size=6))
def test_no_page_breaks_the_reading(page):
    ask = Ask(now=NOW)
    held = page.get("data")
    for post in _xanswers.posts(page, ask):
        assert post.post_id
        post.text.encode()
    cost = _xanswers.cost(page)
    assert cost.posts >= (len(held) if isinstance(held, list) else 0)
    assert min(cost.posts, cost.micros, _xanswers.number(page)) >= 0
    token = _xanswers.following(page)
    assert token is None or (isinstance(token, str) and token)
    _xanswers.ids(page)


@settings(deadline=None, max_examples=100)
@given(mutated() | st.dictionaries(st.sampled_from(WORDS), anything, max_size=6))
def test_no_look_up_breaks_and_each_post_is_told_once(page):
    told = list(_xanswers.again(page, ["1", "2060000000000000009"], Ask(now=NOW)))
    assert len({one.post_id for one in told}) == len(told) <= 2
    assert all(one.engagement is None for one in told if one.gone)


@settings(deadline=None, max_examples=100)
@given(anything)
def test_an_answer_is_a_page_or_trouble(said):
    try:
        page = _page(Answer("https://api.x.com/2", 200, {}, json.dumps(said).encode()))
    except UnavailableError:
        return
    assert isinstance(page, dict)
