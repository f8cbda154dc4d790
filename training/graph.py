"""Writes an encoder as an ONNX graph in 8 bits, operator by operator, so that every choice of speed is visible.

Weights have one scale a column. Activations have one fixed scale a layer, measured beforehand, after each channel was
evened out by a constant; so a post's answer does not depend on the posts that share its batch. Layer norms are
written as a centred root-mean-square norm: onnxruntime's own LayerNormalization takes four times as long on a CPU.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

Array = npt.NDArray[np.float32]
FUSED = "com.microsoft"
# 8 bits of weight. Processors without VNNI (before 2019) add two products in 16 bits and may overflow: the scorer asks
# a loaded model a question whose answer is known and warns. 7 bits would be safe and cost a point of macro-F1.
TOP = 127

TOKENS = [helper.make_tensor_value_info(name, TensorProto.INT32, ["batch", "length"]) for name in ("ids", "mask")]


class Graph:
    """Nodes and weights in the making."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []
        self._known: set[str] = set()

    def weight(self, name: str, value: npt.ArrayLike) -> str:
        """Keep a constant under `name`; the same name is written once."""
        if name not in self._known:
            self._known.add(name)
            self.weights.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(self, kind: str, inputs: list[str], output: str, domain: str = "", **options: object) -> str:
        """Append one operator and return its output's name."""
        self.nodes.append(helper.make_node(kind, inputs, [output], domain=domain, **options))
        return output

    def quantised(self, x: str, evened: Array | None, span: tuple[float, float]) -> tuple[str, str, str]:
        """`x` times `evened`, in 8 bits over `span`: names of the values, their scale and their zero."""
        low, high = min(span[0], 0.0), max(span[1], 1e-6)
        scale = self.weight(f"{x}.scale", np.float32((high - low) / 255))
        zero = self.weight(f"{x}.zero", np.uint8(round(-low * 255 / (high - low))))
        even = x if evened is None else self.add("Mul", [x, self.weight(f"{x}.even", evened)], f"{x}.evened")
        return self.add("QuantizeLinear", [even, scale, zero], f"{x}.int"), scale, zero

    def multiplied(self, given: tuple[str, str, str], name: str, wide: Array, evened: Array, bias: Array) -> str:
        """What `quantised` gave times the matrix `wide` (inputs, outputs), plus `bias`, in 32 bits."""
        values, scale, zero = given
        matrix, scales, zeros = self.matrix(name, wide, evened)
        inputs = [values, matrix, scale, scales, zero, zeros, self.weight(f"{name}.bias", bias)]
        return self.add("MatMulIntegerToFloat", inputs, name, FUSED)

    def matrix(self, name: str, wide: Array, evened: Array) -> tuple[str, str, str]:
        """A matrix (inputs, outputs), its rows divided by `evened`, in 8 bits: names of values, scales and zeros."""
        even = wide / evened[:, None]
        scale = np.maximum(np.abs(even).max(axis=0), 1e-9) / TOP
        values = np.round(even / scale).astype(np.int8)
        zeros = np.zeros(len(scale), np.int8)
        names = (f"{name}.int", f"{name}.scales", f"{name}.zeros{len(scale)}")
        return (
            self.weight(names[0], values),
            self.weight(names[1], scale.astype(np.float32)),
            self.weight(names[2], zeros),
        )

    def model(
        self,
        outputs: Mapping[str, int],
        of_pieces: Mapping[str, int],
        facts: Mapping[str, str],
        given: Sequence[onnx.ValueInfoProto] = TOKENS,
    ) -> onnx.ModelProto:
        """The finished model: `given` in, by default `ids` and `mask` (batch, length); out each of `outputs`
        (batch, width) and each of `of_pieces` (batch, length, width).
        """
        made = [helper.make_tensor_value_info(n, TensorProto.FLOAT, ["batch", w]) for n, w in outputs.items()]
        made += [
            helper.make_tensor_value_info(n, TensorProto.FLOAT, ["batch", "length", w]) for n, w in of_pieces.items()
        ]
        graph = helper.make_graph(self.nodes, "rayonner-accurate", given, made, self.weights)
        # Opset 18 and file version 10 are read by every onnxruntime since 1.18.
        opsets = [helper.make_opsetid("", 18), helper.make_opsetid(FUSED, 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=10, producer_name="rayonner")
        helper.set_model_props(model, dict(facts))
        return model
