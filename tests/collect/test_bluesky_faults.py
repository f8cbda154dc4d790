"""Each call that `bluesky` makes, through each fault: what passes costs nothing, what stays is said."""

import pytest

from pipeline.collect import Ask, bluesky
from pipeline.errors import PipelineError
from tests.collect import replay_bluesky as replay
from tests.collect.loopback import Time, serving
from tests.collect.test_bluesky import DIJON, OLD, Searched, speaks
from tests.collect.test_faults import NOW, STAYING

STREAM = ("getZstdDictionary", "subscribeEvents", "getPosts", "getProfiles")
SEARCH = ("createSession", "searchPosts")
PASSING = [name for name in STAYING if name[0] in "45" or name in {"reset", "cut short"}]
WHOLE = ["plain", "tagged", "reply", "quote", "starter", "edited", "year-one", "future", "before", "late"]
FOUND = ["s0", "s1", "s2", "s3"]
# What only the counts are lost by: the posts come all the same.
COUNTS = ("getZstdDictionary", "getPosts", "getProfiles")


def read(stage, fault, times):
    """The posts by key, the error and the ask of a night in which one call fails so often."""
    left, time = [STAYING[fault]] * times, Time()
    good = Searched() if stage in SEARCH else replay.answer

    def answer(asked):
        return left.pop() if asked.path.endswith(stage) and left else good(asked)

    with serving(answer) as server:
        settings = OLD if stage in SEARCH else {}
        ask = Ask(now=NOW, base_url=server.base, timeout_s=2.0, pace=time.pace, plausible=speaks, settings=settings)
        found, error = [], None
        try:
            found.extend(post.post_id.rpartition("/")[2] for post in bluesky.posts(replay.WINDOW, DIJON, ask))
        except PipelineError as failure:
            error = failure
        assert ask.asked == len(server.asked)
    return found, error, ask, time


@pytest.mark.parametrize("stage", STREAM + SEARCH)
@pytest.mark.parametrize("fault", PASSING)
def test_a_fault_that_passes_loses_nothing(stage, fault):
    found, error, ask, time = read(stage, fault, 1)
    truth = FOUND if stage in SEARCH else WHOLE
    assert sorted(found) == sorted(truth)
    assert error is None
    assert ask.truncated == (stage in SEARCH)
    assert ask.reasons["hint:counts_lost"] == 0
    assert time.slept


@pytest.mark.parametrize("stage", STREAM + SEARCH)
@pytest.mark.parametrize("fault", STAYING)
def test_a_fault_that_stays_is_never_silent(stage, fault):
    found, error, ask, time = read(stage, fault, 99)
    assert sum(time.slept) < 300
    if stage in COUNTS:
        assert set(WHOLE) <= set(found)
        assert error is None
        assert stage == "getZstdDictionary" or ask.reasons["hint:counts_lost"]
    elif stage == "subscribeEvents" and fault == "gone":
        assert found == WHOLE  # the old path answers
        assert ask.reasons["hint:old_path"] == 1
    else:
        assert found == []
        assert error is not None or ask.truncated
