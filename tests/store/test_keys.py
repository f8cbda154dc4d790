"""Keys are numbers that fit a database and mean nothing without the secret."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from store_story import KEY

from pipeline import store


@given(st.text(), st.text())
def test_a_key_is_a_positive_signed_integer_and_always_the_same(source, post_id):
    key = store.post_key(KEY, source, post_id)
    assert 0 <= key < 2**63
    assert key == store.post_key(KEY, source, post_id)


def test_another_secret_gives_another_number():
    assert store.post_key(KEY, "x", "1") != store.post_key(bytes(32), "x", "1")
    assert store.post_key(KEY, "x", "11") != store.post_key(KEY, "x1", "1")
    assert store.author_key(KEY, "x", "\ud800") >= 0


def test_the_number_of_a_post_never_changes_between_versions_of_this_program():
    assert store.post_key(KEY, "sample", "id-1") == 4018398231545220662
