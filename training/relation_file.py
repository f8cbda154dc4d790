"""Writes the layers that were taught the relation as an ONNX file in 8 bits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

import onnx
from onnx import TensorProto, helper

from pipeline.score.sentiment.encoder import WIDTH
from training import export
from training.encoder import Block
from training.graph import Graph

if TYPE_CHECKING:
    from training.relation import Read, Relation

LICENCE = (
    "MIT, made from intfloat/multilingual-e5-small (MIT), UMSAB (Apache-2.0) and labels of posts (ODbL 1.0): "
    "see docs/models/toward.md"
)
INPUTS = [
    helper.make_tensor_value_info("inner", TensorProto.FLOAT, ["batch", "length", WIDTH]),
    helper.make_tensor_value_info("mask", TensorProto.INT32, ["batch", "length"]),
    *(helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", "length"]) for name in ("here", "elsewhere")),
]


def content(model: Relation, read: Read, places: Sequence[int]) -> bytes:
    """The file's bytes; spans of activations are measured over the mentions at `places`."""
    spans = export.watched(model.blocks, lambda at: model(*read.of([at])), places)
    graph = Graph()
    x = _marked(graph, model)
    graph.add("Cast", ["mask"], "real", to=TensorProto.FLOAT)
    far = export.far(graph)
    for depth, block in enumerate(model.blocks):
        own = {name: spans[f"{depth}.{name}"] for name in export.MATRICES}
        x = export.block(graph, cast(Block, block), f"r{depth + 1}", x, far, own)
    _answered(graph, model, x)
    made = graph.model({"toward": model.answer.out_features}, {}, {"licence": LICENCE}, INPUTS)
    return cast(onnx.ModelProto, made).SerializeToString(deterministic=True)


def _marked(graph: Graph, model: Relation) -> str:
    x = "inner"
    for name in ("here", "elsewhere"):
        graph.add("Unsqueeze", [name, graph.weight("last.axis", [2])], f"{name}.pieces")
        vector = graph.weight(f"{name}.vector", export.numbers(getattr(model, name)))
        graph.add("Mul", [f"{name}.pieces", vector], f"{name}.mark")
        x = graph.add("Add", [x, f"{name}.mark"], f"{name}.marked")
    return x


def _answered(graph: Graph, model: Relation, x: str) -> None:
    """The mean over the place's own pieces, weighed into the answer."""
    first = graph.weight("first.axis", [1])
    graph.add("Mul", [x, "here.pieces"], "held")
    graph.add("ReduceSum", ["held", first], "sum", keepdims=0)
    graph.add("ReduceSum", ["here", first], "pieces", keepdims=1)
    graph.add("Div", ["sum", "pieces"], "seen")
    weight = graph.weight("answer", export.numbers(model.answer.weight).T)
    graph.add("Gemm", ["seen", weight, graph.weight("answer.bias", export.numbers(model.answer.bias))], "toward")
