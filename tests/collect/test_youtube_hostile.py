"""Whatever YouTube answers is read, refused with a reason, or trouble: nothing of it breaks the night."""

import json
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.collect import Ask, _youtube_posts
from pipeline.collect._answer import Answer
from pipeline.collect._youtube_api import _listed, _refusal
from pipeline.errors import PipelineError, UnavailableError
from tests.collect.replay_youtube import THREADS, VIDEOS, found
from tests.collect.test_x_hostile import leaves, names_in

NOW = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
GOOD = [{"items": list(VIDEOS.values())}, {"items": [t for told in THREADS.values() for t in told]}, found(1, 2)]
WORDS = sorted(names_in(GOOD) | {"error", "errors", "reason", "details", "textDisplay", "customUrl", "defaultLanguage"})
anything = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=6)
)


@st.composite
def mutated(draw):
    """A good list with one value somewhere in it replaced by anything."""
    page = at = json.loads(json.dumps(draw(st.sampled_from(GOOD))))
    while True:
        key = draw(st.sampled_from(list(at) if isinstance(at, dict) else list(range(len(at)))))
        if isinstance(at[key], dict | list) and at[key] and draw(st.booleans()):
            at = at[key]
            continue
        at[key] = draw(anything)
        return page


@settings(deadline=None, max_examples=150)
@given(mutated() | st.dictionaries(st.sampled_from(WORDS), anything, max_size=6))
def test_no_list_breaks_the_reading(page):
    ask, handles = Ask(now=NOW), _youtube_posts.handles(page)
    assert all(isinstance(one, str) for one in (*handles, *handles.values(), *_youtube_posts.channels(page)))
    for post in (*_youtube_posts.videos(page, handles, ask), *(post for post, _ in _youtube_posts.comments(page, ask))):
        assert post.post_id
        post.text.encode()
    assert all(isinstance(one, str) and one for one in _youtube_posts.ids(page))
    told = list(_youtube_posts.again(page, ["video000001", "a"], ask))
    assert [one.post_id for one in told] == ["video000001", "a"]


@settings(deadline=None, max_examples=100)
@given(anything, st.sampled_from([400, 403, 404, 429]))
def test_any_refusal_has_a_meaning(said, status):
    answer = Answer("https://www.googleapis.com/youtube/v3/search", status, {}, json.dumps(said).encode())
    error = _refusal(answer, NOW)
    assert isinstance(error, PipelineError)
    assert error.status == status
    try:
        page = _listed(answer)
    except UnavailableError:
        return
    assert isinstance(page["items"], list)
