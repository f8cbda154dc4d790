"""Unsubscribe tokens: who and what, signed, without any address in them; whoever holds one can only unsubscribe."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from hashlib import blake2b

from pipeline.errors import ConfigError

# 128 bits: not to be guessed, and short enough for a link on one line.
_SIGNATURE = 16


@dataclass(frozen=True, slots=True)
class Wish:
    """What a token asks for: no more digests of `brand` (`*`: of any) for the holder of `recipient_key`."""

    brand: str
    recipient_key: int


def token(key: bytes, wish: Wish) -> str:
    """`brand.recipient.signature`, fit for a web address; the same wish gives the same token for ever."""
    body = f"{wish.brand}.{wish.recipient_key:016x}"
    return f"{body}.{_sign(key, body)}"


def read(key: bytes, text: str) -> Wish:
    """The wish of a token. Raises ConfigError when it is not ours, cut short or altered."""
    body, _, signature = text.strip().rpartition(".")
    brand, _, number = body.rpartition(".")
    # Compared as bytes: text outside ASCII would raise, and bytes take the same time whatever is wrong.
    known = hmac.compare_digest(_sign(key, body).encode(), signature.encode("utf-8", "replace"))
    if not known or not brand:
        raise ConfigError("this unsubscribe token is not one of ours, or is incomplete; copy it whole from the mail")
    return Wish(brand, int(number, 16))


def _sign(key: bytes, body: str) -> str:
    # The author key signs too, told apart by `person`: one secret to keep, and neither use reveals the other.
    text = body.encode("utf-8", "surrogatepass")
    return blake2b(text, digest_size=_SIGNATURE, key=key, person=b"unsubscribe").hexdigest()
