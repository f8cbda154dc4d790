"""Numbers that stand for posts and authors, and mean nothing without the key."""

from __future__ import annotations

import os
import secrets
from hashlib import blake2b
from pathlib import Path

from pipeline.errors import ConfigError

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


def handle_key(key: bytes, source: str, handle: str) -> int:
    """The number of an account by its handle, with or without @, in any case; never that of an author's id."""
    return post_key(key, source, f"@{handle.removeprefix('@').casefold()}")


def secret(given: str | None, home: Path) -> bytes:
    """The 32 bytes of the key: as given in hexadecimal, else from `home`/author.key, private and made at first run.

    Raises ConfigError for what is no such key.
    """
    if given:
        return _read(given, "RAYONNER_AUTHOR_KEY")
    path = home / "author.key"
    home.mkdir(parents=True, exist_ok=True)
    try:
        # O_EXCL: of two first runs side by side one makes the key and both read the same.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read(path.read_text("ascii").strip(), str(path))
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(32) + "\n")
    return _read(path.read_text("ascii").strip(), str(path))


def _read(text: str, where: str) -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise ConfigError(f"{where} must hold 64 hexadecimal digits; make one with: openssl rand -hex 32")
    return key
