"""Turns a fitted torch encoder into the ONNX file that the pipeline ships."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np
import numpy.typing as npt
import onnx
import torch
from torch import Tensor, nn

from training.encoder import FAR, Block, Encoder
from training.fit import padded
from training.graph import FUSED, Array, Graph

Words = npt.NDArray[np.void]  # (vocabulary, hidden / 32) blocks of the public checkpoint
MATRICES = ("qkv", "out", "wide", "narrow")
EVENED = 0.8  # how much of a channel's spread moves from activations to weights (SmoothQuant, Xiao et al. 2023)


@dataclass
class Seen:
    """What entered one matrix over the calibration posts: each channel's lowest and highest value."""

    low: Array = field(default_factory=lambda: np.zeros(0, np.float32))
    high: Array = field(default_factory=lambda: np.zeros(0, np.float32))

    def take(self, values: Tensor) -> None:
        """Widen the spans by `values` (..., channels)."""
        flat = values.detach().float().reshape(-1, values.shape[-1])
        low, high = flat.min(0).values.numpy(), flat.max(0).values.numpy()
        self.low = low if not len(self.low) else np.minimum(self.low, low)
        self.high = high if not len(self.high) else np.maximum(self.high, high)


def calibrated(model: Encoder, pieces: Sequence[Sequence[int]]) -> dict[str, Seen]:
    """What enters every matrix of an encoder that reads posts one by one (no padding to distort the spans)."""
    return watched(model.blocks, lambda place: model(*padded(pieces, [place])), range(len(pieces)))


def watched(blocks: nn.Module, run: Callable[[int], object], places: Iterable[int]) -> dict[str, Seen]:
    """What enters every matrix of `blocks` while `run` reads each of `places`."""
    spans: dict[str, Seen] = {}
    hooks = []
    for name, linear in blocks.named_modules():
        if isinstance(linear, nn.Linear):
            spans[name] = Seen()
            hooks.append(linear.register_forward_pre_hook(_watcher(spans[name])))
    with torch.inference_mode():
        for place in places:
            run(place)
    for hook in hooks:
        hook.remove()
    return spans


def _watcher(seen: Seen):  # noqa: ANN202
    def watch(_linear: nn.Module, given: tuple[Tensor, ...]) -> None:
        seen.take(given[0])

    return watch


def export(
    model: Encoder, words: Words, spans: Mapping[str, Seen], temperature: float, facts: Mapping[str, str]
) -> onnx.ModelProto:
    """The model in 8 bits, its vocabulary `words` in 4-bit blocks; outputs are
    `scores` (batch, 3), divided by `temperature`, `mean` (batch, hidden) and `hidden` (batch, length, hidden).
    """
    graph = Graph()
    width = model.norm.weight.shape[0]
    x = _embedded(graph, model, words)
    graph.add("Cast", ["mask"], "real", to=onnx.TensorProto.FLOAT)
    away = far(graph)
    for depth, one in enumerate(model.blocks, 1):
        own = {name: spans[f"{depth - 1}.{name}"] for name in MATRICES}
        x = block(graph, cast(Block, one), f"l{depth}", x, away, own)
    graph.add("Identity", [x], "hidden")
    _answered(graph, model, x, "real", temperature)
    return graph.model({"scores": 3, "mean": width}, {"hidden": width}, facts)


def numbers(values: Tensor) -> Array:
    """A tensor as 32-bit numbers."""
    return values.detach().float().numpy()


def _embedded(graph: Graph, model: Encoder, words: Words) -> str:
    """Rows of the vocabulary, in the 4 bits they were published in (training leaves them alone), plus positions."""
    graph.add("Gather", [graph.weight("words", words["nibbles"]), "ids"], "rows")
    graph.add("BitwiseAnd", ["rows", graph.weight("low.bits", np.uint8(15))], "rows.low")
    graph.add("BitShift", ["rows", graph.weight("high.bits", np.uint8(4))], "rows.high", direction="RIGHT")
    graph.add("Concat", ["rows.low", "rows.high"], "rows.int", axis=-1)
    graph.add("Cast", ["rows.int"], "rows.real", to=onnx.TensorProto.FLOAT)
    graph.add("Sub", ["rows.real", graph.weight("middle", np.float32(8))], "rows.signed")
    graph.add("Gather", [graph.weight("words.scales", words["scale"][:, :, None]), "ids"], "rows.half")
    graph.add("Cast", ["rows.half"], "rows.scale", to=onnx.TensorProto.FLOAT)
    graph.add("Mul", ["rows.signed", "rows.scale"], "rows.blocks")
    flat = graph.weight("flat", np.array([0, 0, model.norm.weight.shape[0]]))
    graph.add("Reshape", ["rows.blocks", flat], "rows.scaled")
    graph.add("Shape", ["ids"], "length", start=1, end=2)
    zero, axis = graph.weight("start", np.array([0])), graph.weight("rows.axis", np.array([0]))
    positions = graph.weight("positions", numbers(model.positions.weight))
    graph.add("Slice", [positions, zero, "length", axis], "places")
    return _norm(graph, model.norm, "e", "rows.scaled", "places")


def _norm(graph: Graph, norm: nn.LayerNorm, name: str, x: str, y: str) -> str:
    last = graph.weight("last", np.array([-1]))
    graph.add("Add", [x, y], f"{name}.sum")
    graph.add("ReduceMean", [f"{name}.sum", last], f"{name}.middle")
    graph.add("Sub", [f"{name}.sum", f"{name}.middle"], f"{name}.centred")
    gain = graph.weight(f"{name}.gain", numbers(norm.weight))
    graph.add("SimplifiedLayerNormalization", [f"{name}.centred", gain], f"{name}.scaled", axis=-1, epsilon=norm.eps)
    return graph.add("Add", [f"{name}.scaled", graph.weight(f"{name}.shift", numbers(norm.bias))], name)


def _evened(seen: Seen, wide: Array) -> tuple[Array, tuple[float, float]]:
    """A factor a channel that evens out activations against weights, and the span of the evened activations."""
    spread = np.maximum(np.maximum(np.abs(seen.low), np.abs(seen.high)), 1e-5)
    heavy = np.maximum(np.abs(wide).max(axis=1), 1e-5)
    factor = (heavy ** (1 - EVENED) / spread**EVENED).astype(np.float32)
    return factor, (float((seen.low * factor).min()), float((seen.high * factor).max()))


def _linear(graph: Graph, linear: nn.Linear, name: str, x: str, seen: Seen, evened: bool = False) -> str:
    """`x` times a matrix of 8 bits; `evened` says that what made `x` has evened it out already."""
    wide = numbers(linear.weight).T
    factor, span = _evened(seen, wide)
    given = graph.quantised(x, None if evened else factor, span)
    return graph.multiplied(given, name, wide, factor, numbers(linear.bias))


def _attention(graph: Graph, block: Block, name: str, x: str, far: str, seen: Mapping[str, Seen]) -> str:
    """Attention written out, evened out for the matrix that follows: onnxruntime's fused operators take twice as long
    on texts of thirty pieces. What evens a channel out is laid into the weights that make it.
    """
    wide, bias = numbers(block.qkv.weight).T.copy(), numbers(block.qkv.bias).copy()
    width, heads = wide.shape[0], block.heads
    factor, span = _evened(seen["qkv"], wide)
    after, _ = _evened(seen["out"], numbers(block.out.weight).T)
    scales = np.concatenate([np.full(width, (width // heads) ** -0.5, np.float32), np.ones(width, np.float32), after])
    wide, bias = wide * scales, bias * scales
    given = graph.quantised(x, factor, span)
    split = graph.weight("split", np.array([0, 0, heads, width // heads]))
    parts = []
    for at, part in enumerate("qkv"):
        columns = slice(at * width, (at + 1) * width)
        flat = graph.multiplied(given, f"{name}.{part}", wide[:, columns], factor, bias[columns])
        graph.add("Reshape", [flat, split], f"{name}.{part}.split")
        parts.append(graph.add("Transpose", [f"{name}.{part}.split"], f"{name}.{part}.heads", perm=[0, 2, 1, 3]))
    graph.add("FusedMatMul", parts[:2], f"{name}.near", FUSED, transB=1)
    graph.add("Add", [f"{name}.near", far], f"{name}.nearest")
    graph.add("Softmax", [f"{name}.nearest"], f"{name}.shares", axis=-1)
    graph.add("MatMul", [f"{name}.shares", parts[2]], f"{name}.heads")
    graph.add("Transpose", [f"{name}.heads"], f"{name}.joined", perm=[0, 2, 1, 3])
    return graph.add("Reshape", [f"{name}.joined", graph.weight("join", np.array([0, 0, width]))], f"{name}.seen")


def far(graph: Graph) -> str:
    """What is added before the softmax: nothing where pieces are, FAR on padding; (batch, 1, 1, length)."""
    graph.add("Sub", ["real", graph.weight("one", np.float32(1))], "none")
    graph.add("Mul", ["none", graph.weight("near.far", np.float32(-FAR))], "far")
    return graph.add("Unsqueeze", ["far", graph.weight("middle.axes", np.array([1, 2]))], "far4")


def block(graph: Graph, layer: Block, name: str, x: str, away: str, seen: Mapping[str, Seen]) -> str:
    """One layer on top of `x`; `away` is what `far` made."""
    around = _attention(graph, layer, name, x, away, seen)
    out = _linear(graph, layer.out, f"{name}.out", around, seen["out"], evened=True)
    x = _norm(graph, layer.norm, f"{name}.mid", out, x)
    wide = _linear(graph, layer.wide, f"{name}.wide", x, seen["wide"])
    bent = graph.add("Gelu", [wide], f"{name}.bent", FUSED)
    narrow = _linear(graph, layer.narrow, f"{name}.narrow", bent, seen["narrow"])
    return _norm(graph, layer.last, f"{name}.end", narrow, x)


def _answered(graph: Graph, model: Encoder, x: str, count: str, temperature: float) -> None:
    two, one = graph.weight("two", np.array([2])), graph.weight("first", np.array([1]))
    graph.add("Unsqueeze", [count, two], "count3")
    graph.add("Mul", [x, "count3"], "held")
    graph.add("ReduceSum", ["held", one], "sum", keepdims=0)
    graph.add("ReduceSum", [count, one], "pieces", keepdims=1)
    graph.add("Div", ["sum", "pieces"], "mean")
    head = model.answer
    weight = graph.weight("head", numbers(head.weight).T / temperature)
    bias = graph.weight("head.bias", numbers(head.bias) / temperature)
    graph.add("Gemm", ["mean", weight, bias], "scores")
