"""Reads an encoder's weights back out of a written accurate.onnx, so that a student can be taught by it alone.

Only files of version 2 are read (`git show 1f177ad:pipeline/score/sentiment/accurate.onnx`): 12 layers, attention in
one operator. In 8 bits their answers are those of the mean of teachers within 0.09 of a score.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

MATRICES = ("qkv", "out", "wide", "narrow")
Weights = dict[str, np.ndarray]


def recalled(path: Path) -> dict[str, Tensor]:
    """The state of `training.encoder.Encoder`, out of 8 bits (layers) and 4 bits (words)."""
    model = onnx.load(str(path))
    known = {one.name: numpy_helper.to_array(one) for one in model.graph.initializer}
    warmth = next(float(one.value) for one in model.metadata_props if one.key == "temperature")
    evened = {
        node.input[1].removesuffix(".int"): known[node.input[0].removesuffix(".int") + ".even"]
        for node in model.graph.node
        if node.op_type in {"MatMulIntegerToFloat", "QAttention"}
    }
    state = {"words.weight": _words(known), "positions.weight": known["positions"], **_norm("norm", known, "e")}
    state |= {"answer.weight": known["head"].T * warmth, "answer.bias": known["head.bias"] * warmth}
    for depth in range(sum(name.endswith(".qkv") for name in evened)):
        place, name = f"blocks.{depth}", f"l{depth + 1}"
        for matrix in MATRICES:
            whole = f"{name}.{matrix}"
            wide = known[f"{whole}.int"].astype(np.float32) * known[f"{whole}.scales"] * evened[whole][:, None]
            state |= {f"{place}.{matrix}.weight": wide.T, f"{place}.{matrix}.bias": known[f"{whole}.bias"]}
        state |= {**_norm(f"{place}.norm", known, f"{name}.mid"), **_norm(f"{place}.last", known, f"{name}.end")}
    return {name: torch.from_numpy(np.array(value, np.float32)) for name, value in state.items()}


def _norm(place: str, known: Weights, name: str) -> Weights:
    return {f"{place}.weight": known[f"{name}.gain"], f"{place}.bias": known[f"{name}.shift"]}


def _words(known: Weights) -> np.ndarray:
    nibbles = np.concatenate([known["words"] & 15, known["words"] >> 4], axis=-1).astype(np.float32) - 8
    return (nibbles * known["words.scales"].astype(np.float32)).reshape(len(nibbles), -1)
