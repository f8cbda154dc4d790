"""Cuts the encoder's graph in two after a layer and adds the head that answers early."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import onnx
from onnx import TensorProto, helper
from torch import nn

from pipeline.score.sentiment import encoder
from training.encoder import FAR
from training.graph import FUSED, Graph
from training.head import Head

LAYER = 4  # at equal cost the sixth strays from the whole as often; a layer of its own on top gained nothing


def engine(whole: onnx.ModelProto) -> encoder.Engine:
    """A whole encoder to ask, its head untaught."""
    lower, upper = cut(whole)
    return encoder.engine(joined(lower, Head()).SerializeToString(), upper.SerializeToString())


def cut(whole: onnx.ModelProto) -> tuple[onnx.ModelProto, onnx.ModelProto]:
    """Both halves of the encoder, which meet in `inner` (batch, length, width) after LAYER."""
    between = f"l{LAYER}.end"
    inner = helper.make_tensor_value_info("inner", TensorProto.FLOAT, ["batch", "length", encoder.WIDTH])
    lower = _part(whole, {between}, set(), whole.graph.input, [inner])
    upper = _part(whole, {out.name for out in whole.graph.output}, {between}, [inner, whole.graph.input[1]], None)
    for half in (lower, upper):
        for node in half.graph.node:
            node.input[:] = ["inner" if name == between else name for name in node.input]
            node.output[:] = ["inner" if name == between else name for name in node.output]
    del upper.metadata_props[:]
    return lower, upper


def _part(
    whole: onnx.ModelProto,
    wanted: set[str],
    given: set[str],
    inputs: Iterable[onnx.ValueInfoProto],
    outputs: Iterable[onnx.ValueInfoProto] | None,
) -> onnx.ModelProto:
    """What of a graph is needed to make `wanted` where `given` is at hand."""
    needed, nodes = set(wanted), []
    for node in reversed(whole.graph.node):
        if needed.intersection(node.output) and not given.intersection(node.output):
            needed.update(node.input)
            nodes.append(node)
    weights = [one for one in whole.graph.initializer if one.name in needed]
    graph = helper.make_graph(nodes[::-1], whole.graph.name, list(inputs), list(outputs or whole.graph.output), weights)
    part = helper.make_model(graph, opset_imports=whole.opset_import, ir_version=whole.ir_version)
    part.producer_name = whole.producer_name
    part.metadata_props.extend(whole.metadata_props)
    return part


def joined(lower: onnx.ModelProto, head: Head) -> onnx.ModelProto:
    """The lower half with the head's `early` (batch, 3), which also needs `heard` (batch, 3)."""
    made = onnx.ModelProto()
    made.CopyFrom(lower)
    graph = Graph()
    mean, taken = _looked(graph, head)
    graph.add("Concat", [mean, taken, "heard"], "head.given", axis=1)
    _dense(graph, head.between, "head.given", "head.between")
    graph.add("Gelu", ["head.between"], "head.bent", FUSED)
    _dense(graph, head.answer, "head.bent", "early")
    made.graph.node.extend(graph.nodes)
    made.graph.initializer.extend(graph.weights)
    made.graph.input.append(helper.make_tensor_value_info("heard", TensorProto.FLOAT, ["batch", 3]))
    made.graph.output.append(helper.make_tensor_value_info("early", TensorProto.FLOAT, ["batch", 3]))
    return made


def _looked(graph: Graph, head: Head) -> tuple[str, str]:
    """The mean over a text's pieces (batch, width), and what each way of looking takes from them."""
    graph.add("Cast", ["mask"], "head.real", to=TensorProto.FLOAT)
    graph.add("Unsqueeze", ["head.real", graph.weight("head.last", [1])], "head.row")  # (batch, 1, length)
    graph.add("MatMul", ["head.row", "inner"], "head.sum")
    graph.add("ReduceSum", ["head.row", graph.weight("head.lengths", [2])], "head.count")
    graph.add("Div", ["head.sum", "head.count"], "head.means")
    graph.add("Squeeze", ["head.means", "head.last"], "head.mean")
    _dense(graph, head.look, "inner", "head.look")
    graph.add("Transpose", ["head.look"], "head.looks", perm=[0, 2, 1])
    graph.add("Sub", ["head.row", graph.weight("head.one", np.float32(1))], "head.padding")
    graph.add("Mul", ["head.padding", graph.weight("head.away", np.float32(-FAR))], "head.far")
    graph.add("Add", ["head.looks", "head.far"], "head.near")
    graph.add("Softmax", ["head.near"], "head.shares", axis=-1)
    graph.add("MatMul", ["head.shares", "inner"], "head.seen")  # (batch, heads, width)
    graph.add("Unsqueeze", ["head.seen", "head.lengths"], "head.each")
    graph.add("MatMul", ["head.each", graph.weight("head.take", head.take.detach().numpy())], "head.taken")
    flat = graph.weight("head.flat", [0, head.take.shape[0] * head.take.shape[2]])
    return "head.mean", graph.add("Reshape", ["head.taken", flat], "head.numbers")


def _dense(graph: Graph, linear: nn.Linear, x: str, name: str) -> str:
    weight = graph.weight(f"{name}.weight", linear.weight.detach().numpy().T)
    graph.add("MatMul", [x, weight], f"{name}.plain")
    return graph.add("Add", [f"{name}.plain", graph.weight(f"{name}.bias", linear.bias.detach().numpy())], name)
