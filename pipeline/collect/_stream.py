"""Files of any size read as a stream of lines: plain, gzip or Zstandard, told apart by their first bytes."""

from __future__ import annotations

import codecs
import logging
import zlib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import BinaryIO, Protocol

import zstandard

from pipeline.collect import Ask

log = logging.getLogger(__name__)

_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
_BOM = b"\xef\xbb\xbf"

CHUNK = 1 << 20
# 4 bytes of Zstandard may unpack to 128 KiB, one byte of gzip to 1 KiB: with bites of these sizes a hostile file
# yields at most 128 MiB, or 64 MiB, at a time.
_ZSTD_BITE = 4 << 10
_GZIP_BITE = 64 << 10
# Public dumps of social networks are packed with a window of 2 GiB (zstd --long=31).
_WINDOW = 1 << 31

# A page of 500 X posts with everything expanded is some 5 MB; a line beyond this is not a post.
MAX_LINE = 64 << 20


# Numbered from 1, without their end; None stands for a line longer than MAX_LINE.
Lines = Iterator[tuple[int, bytes | None]]


class _Unpacker(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, packed: bytes, /) -> bytes: ...


def chunks(path: Path, ask: Ask) -> Iterator[bytes]:
    """The file's bytes, unpacked. One that ends too early or is damaged yields what could be read, and is counted."""
    with path.open("rb") as file:
        magic = file.read(4)
        file.seek(0)
        if magic.startswith(_GZIP):
            yield from _unpacked(file, ask, gzip=True)
        elif magic == _ZSTD:
            yield from _unpacked(file, ask, gzip=False)
        else:
            while chunk := file.read(CHUNK):
                yield chunk


def _unpacked(file: BinaryIO, ask: Ask, *, gzip: bool) -> Iterator[bytes]:
    """Unpack member after member: both formats may be concatenated, and public dumps are."""
    unpacker: _Unpacker | None = None
    try:
        while packed := file.read(_GZIP_BITE if gzip else _ZSTD_BITE):
            while packed:
                unpacker = unpacker or _unpacker(gzip)
                if plain := unpacker.decompress(packed):
                    yield plain
                packed = b""
                if unpacker.eof:
                    # Tapes and some tools pad a gzip file with NULs.
                    packed, unpacker = unpacker.unused_data.lstrip(b"\0"), None
    except (zlib.error, zstandard.ZstdError):
        _broken(ask, "damaged_file")
    else:
        if unpacker is not None:
            _broken(ask, "truncated_file")


def _unpacker(gzip: bool) -> _Unpacker:
    if gzip:
        return zlib.decompressobj(wbits=31)  # 31: a gzip header and its checksum are expected
    return zstandard.ZstdDecompressor(max_window_size=_WINDOW).decompressobj()


def _broken(ask: Ask, reason: str) -> None:
    log.warning("the file could not be read to its end: %s", reason)
    ask.truncated = True
    ask.skip(reason)


def utf8(chunks: Iterator[bytes], encoding: str | None = None) -> Iterator[bytes]:
    """The same text in UTF-8. Without `encoding`, UTF-16 is known by its first bytes and all else is left as it is.

    Bytes that mean nothing in the encoding become U+FFFD.
    """
    first = next(chunks, b"")
    if encoding is None and first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    if encoding is None or codecs.lookup(encoding).name == "utf-8":
        yield first
        yield from chunks
        return
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    for chunk in chain([first], chunks):
        yield decoder.decode(chunk).encode("utf-8", "replace")
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")


def lines(chunks: Iterator[bytes]) -> Lines:
    """Lines with their number from 1, without their end; None stands for a line longer than MAX_LINE."""
    number, parts, held = 0, [b""], 0  # what is known of the line that has not ended yet
    for chunk in _unmarked(chunks):
        first, *ended = chunk.split(b"\n")
        held += len(first)
        if held <= MAX_LINE:
            parts.append(first)
        for following in ended:
            number += 1
            yield number, b"".join(parts) if held <= MAX_LINE else None
            parts, held = [following], len(following)
        if held > MAX_LINE:
            parts = []
    if held:
        yield number + 1, b"".join(parts) if held <= MAX_LINE else None


def _unmarked(chunks: Iterator[bytes]) -> Iterator[bytes]:
    yield next(chunks, b"").removeprefix(_BOM)
    yield from chunks
