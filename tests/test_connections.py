"""What an Airflow connection stands for, without Airflow."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import collect, connections, settings

KNOWN = set(settings.SETTINGS) | {need for name in collect.names() for need in collect.load(name).NEEDS}


@pytest.mark.parametrize(
    ("name", "fields", "extra", "said"),
    [
        ("rayonner_x", {"password": "b"}, {"plan": "enterprise"},
         {"RAYONNER_X_BEARER": "b", "RAYONNER_X_PLAN": "enterprise"}),
        ("rayonner_reddit", {"login": "id", "password": "s"}, {},
         {"RAYONNER_REDDIT_CLIENT_ID": "id", "RAYONNER_REDDIT_CLIENT_SECRET": "s"}),
        ("rayonner_bluesky", {"host": "bsky.social", "login": "me", "password": "p"}, {},
         {"RAYONNER_BLUESKY_SERVICE": "https://bsky.social", "RAYONNER_BLUESKY_HANDLE": "me",
          "RAYONNER_BLUESKY_PASSWORD": "p"}),
        ("rayonner_bluesky", {"host": "http://127.0.0.1:2583"}, {},
         {"RAYONNER_BLUESKY_SERVICE": "http://127.0.0.1:2583"}),
        ("rayonner_youtube", {"password": "k", "login": None}, {}, {"RAYONNER_YOUTUBE_KEY": "k"}),
        ("rayonner_mastodon", {"host": "https://piaille.fr", "password": "t"}, {},
         {"RAYONNER_MASTODON_TOKENS": "piaille.fr=t"}),
        ("rayonner_mastodon", {"host": "a", "password": "t"}, {"tokens": "a=t,b=u", "instances": "a,b"},
         {"RAYONNER_MASTODON_TOKENS": "a=t,b=u", "RAYONNER_MASTODON_INSTANCES": "a,b"}),
        ("rayonner_mastodon", {"password": "t"}, {}, {}),
        ("rayonner_x", {"password": "{login}"}, {"law": ["no text"], "other": "x"}, {"RAYONNER_X_BEARER": "{login}"}),
    ],
)  # fmt: skip
def test_a_connection_says_what_it_holds_and_no_more(
    name: str, fields: dict[str, object], extra: dict[str, object], said: dict[str, str]
) -> None:
    assert connections.told(name, fields, extra) == said


def test_every_setting_it_may_say_is_one_that_something_reads() -> None:
    assert {setting for forms in connections.CONNECTIONS.values() for _, setting in forms} <= KNOWN


@given(
    st.sampled_from(sorted(connections.CONNECTIONS)),
    st.dictionaries(st.sampled_from(["host", "login", "password", "site"]), st.none() | st.text()),
    st.dictionaries(st.text(), st.none() | st.text() | st.integers() | st.lists(st.integers())),
)
def test_whatever_it_holds_becomes_text_or_nothing(
    name: str, fields: dict[str, object], extra: dict[str, object]
) -> None:
    assert all(isinstance(value, str) and value for value in connections.told(name, fields, extra).values())


def test_what_is_told_stands_in_place_of_the_environment_and_is_not_shown(tmp_path: object) -> None:
    had = settings.load({"RAYONNER_HOME": str(tmp_path), "RAYONNER_X_BEARER": "old", "RAYONNER_X_PLAN": "enterprise"})
    has = settings.with_told(had, connections.told("rayonner_x", {"password": "new"}, {}))
    assert (has.environ["RAYONNER_X_BEARER"], has.environ["RAYONNER_X_PLAN"]) == ("new", "enterprise")
    assert had.environ["RAYONNER_X_BEARER"] == "old"
    assert "new" not in repr(has)
