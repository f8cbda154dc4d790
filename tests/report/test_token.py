"""A token unsubscribes whom it names, and says nothing of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ConfigError
from pipeline.report.token import Wish, read, token

KEY = b"k" * 32


@given(st.from_regex(r"[a-z0-9-]{1,60}|\*", fullmatch=True), st.integers(0, 2**63 - 1))
def test_what_was_signed_is_read_back(brand: str, recipient: int) -> None:
    made = token(KEY, Wish(brand, recipient))
    assert read(KEY, f" {made}\n") == Wish(brand, recipient) and made == token(KEY, Wish(brand, recipient))
    assert "@" not in made and len(made) < 120


@given(st.text())
def test_nothing_else_is_accepted(text: str) -> None:
    with pytest.raises(ConfigError, match="not one of ours"):
        read(KEY, text)


def test_a_sign_changed_anywhere_or_another_key_is_refused() -> None:
    made = token(KEY, Wish("just-dijon", 77))
    for place in range(len(made)):
        with pytest.raises(ConfigError):
            read(KEY, made[:place] + ("0" if made[place] != "0" else "1") + made[place + 1 :])
    with pytest.raises(ConfigError):
        read(b"x" * 32, made)
