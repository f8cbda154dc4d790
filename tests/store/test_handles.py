"""Whom a text addresses: kept as keyed hashes, found again by the author who bears the handle."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_story import HANDLE, KEY, START, found, rows, save

from pipeline import store
from pipeline.model import Post
from pipeline.store.handles import addressed
from pipeline.store.keys import author_key, handle_key


def said(text: str, source: str = "x", **more: str) -> set[str]:
    return addressed(Post(source, "1", START, START, text, **more))


@pytest.mark.parametrize(
    ("text", "source", "handles"),
    [
        ("Merci @Ville_Dijon et @ville_dijon, @region-bfc.", "x", {"ville_dijon", "region-bfc"}),
        ("avec @mairie.bsky.social.", "bluesky", {"mairie.bsky.social"}),
        ("@Ville@Example.org bravo", "mastodon", {"ville@example.org"}),
        ("écrire à contact@dijon.fr ou https://example.org/@quelquun", "x", set()),
        ("comme dit u/Quelqu_un et /u/autre, pas en/u/x", "reddit", {"quelqu_un", "autre"}),
        ("@ seul, @@ deux, @. trois", "x", set()),
    ],
)
def test_handles_are_told_from_addresses(text: str, source: str, handles: set[str]) -> None:
    assert said(text, source) == handles


def test_ones_own_handle_and_the_words_of_another_address_nobody() -> None:
    assert said("@moi et @toi", author_handle="@Moi") == {"toi"}
    assert said("RT @moi: avec @toi", kind="repost") == set()


def test_who_addresses_hundreds_addresses_the_first_fifty() -> None:
    assert said(" ".join(f"@n{k}" for k in range(400))) == {f"n{k}" for k in range(50)}


@given(st.text(alphabet="@.-a_ /u", max_size=300))
def test_any_text_gives_handles_that_are_in_it(text: str) -> None:
    assert all(f"@{handle}" in text for handle in said(text))


def test_a_handle_is_one_number_in_any_case_and_no_author() -> None:
    assert handle_key(KEY, "x", "@Dijon") == handle_key(KEY, "x", "dijon") != handle_key(KEY, "bluesky", "dijon")
    assert handle_key(KEY, "x", "dijon") != author_key(KEY, "x", "dijon")


def test_the_one_addressed_is_found_by_the_handle_of_their_posts(engine):
    save(engine, found(1), found(2, text=f"Dijon avec @{HANDLE.upper()}", author_id="other", author_handle="other"))
    kept = rows(engine)
    bears = {row["handle_key"] for row in kept["post"] if row["post_key"] == store.post_key(KEY, "sample", "id-1")}
    assert {row["handle_key"] for row in kept["addressed"]} == bears == {handle_key(KEY, "sample", HANDLE)}
    assert "marie" not in repr(kept["addressed"])


def test_versions_in_any_order_address_the_same(engine):
    first = found(1, text="Dijon @un", seen_at=START)
    second = found(1, text="Dijon @deux", seen_at=START + timedelta(hours=1))
    save(engine, second)
    save(engine, first)
    kept = {row["handle_key"] for row in rows(engine)["addressed"]}
    assert kept == {handle_key(KEY, "sample", handle) for handle in ("un", "deux")}
    revision = store.revision(engine)
    assert save(engine, first, second).same == 2
    assert store.revision(engine) == revision


def test_whom_a_deleted_post_addressed_is_forgotten(engine):
    save(engine, found(1, text="Dijon @un"), found(2, text="Dijon @un"))
    store.forget(engine, "sample", "id-1", KEY)
    assert len(rows(engine)["addressed"]) == 1


def test_that_others_addressed_an_opponent_is_forgotten(engine):
    save(engine, found(1, author_id="gone", author_handle="un"), found(2, text="Dijon @un et @deux"))
    store.oppose(engine, "sample", "gone", KEY, START.date())
    assert [row["handle_key"] for row in rows(engine)["addressed"]] == [handle_key(KEY, "sample", "deux")]
