"""Numbers that stand for posts and authors, and mean nothing without the key."""

from __future__ import annotations

from hashlib import blake2b

# Databases know signed 64-bit integers: the sign bit is dropped so that every key is positive.
_63_BITS = 2**63 - 1


def post_key(key: bytes, source: str, post_id: str) -> int:
    """The number of a post in [0, 2**63): keyed BLAKE2b of the source, a NUL and the platform's id."""
    # surrogatepass: an id from a damaged file must still be a number, not a crash.
    digest = blake2b(f"{source}\0{post_id}".encode("utf-8", "surrogatepass"), digest_size=8, key=key).digest()
    return int.from_bytes(digest) & _63_BITS


def author_key(key: bytes, source: str, author_id: str) -> int:
    """The number of an author in [0, 2**63), made as for posts; without the key nobody can find whose it is."""
    return post_key(key, source, author_id)
