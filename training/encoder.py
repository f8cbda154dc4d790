"""The encoder as a torch model: BERT with its attention weights in one matrix, a mean over pieces, three answers."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import cast

import torch
import torch.nn.functional as F  # noqa: N812  (torch's own name for it)
from torch import Tensor, nn

from training.weights import Checkpoint

LONGEST = 128  # positions kept of 512: a post of 280 characters is under 100 pieces
FAR = -1e4  # added to what attention must not see


class Block(nn.Module):
    """One layer: attention and a feed-forward part, each followed by a norm."""

    def __init__(self, shape: Checkpoint, dropout: float) -> None:
        super().__init__()
        self.heads = shape.heads
        self.qkv = nn.Linear(shape.hidden, 3 * shape.hidden)
        self.out = nn.Linear(shape.hidden, shape.hidden)
        self.norm = nn.LayerNorm(shape.hidden, shape.epsilon)
        self.wide = nn.Linear(shape.hidden, shape.inner)
        self.narrow = nn.Linear(shape.inner, shape.hidden)
        self.last = nn.LayerNorm(shape.hidden, shape.epsilon)
        self.drop = nn.Dropout(dropout)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """Hidden states (batch, length, hidden); `bias` (batch, 1, 1, length) is FAR on padding."""
        batch, length, hidden = x.shape
        parts = self.qkv(x).view(batch, length, 3, self.heads, hidden // self.heads).permute(2, 0, 3, 1, 4)
        # Written out: on short texts torch's fused attention takes three times as long to go backward on a CPU.
        near = parts[0] @ parts[1].transpose(2, 3) * (hidden // self.heads) ** -0.5 + bias.to(parts.dtype)
        seen = (near.softmax(3).to(parts.dtype) @ parts[2]).transpose(1, 2).reshape(batch, length, hidden)
        x = self.norm(x + self.drop(self.out(seen)))
        return cast(Tensor, self.last(x + self.drop(self.narrow(F.gelu(self.wide(x))))))


class Encoder(nn.Module):
    """Pieces in; three scores and the mean they were read from out."""

    def __init__(self, shape: Checkpoint, rows: int, layers: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.words = nn.Embedding(rows, shape.hidden).requires_grad_(False)
        self.positions = nn.Embedding(LONGEST, shape.hidden)
        self.norm = nn.LayerNorm(shape.hidden, shape.epsilon)
        self.drop = nn.Dropout(dropout)
        self.blocks = nn.ModuleList(Block(shape, dropout) for _ in range(layers))
        self.answer = nn.Linear(shape.hidden, 3)

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """`ids` and `mask` (batch, length) -> scores (batch, 3) and mean (batch, hidden)."""
        x = self.drop(self.norm(self.words(ids) + self.positions.weight[: ids.shape[1]]))
        count = mask.to(torch.float32)
        for block in self.blocks:
            x = block(x, (1.0 - count[:, None, None, :]) * FAR)
        mean = (x.float() * count[:, :, None]).sum(1) / count.sum(1, keepdim=True)
        return self.answer(self.drop(mean)), mean


def public(shape: Checkpoint, kept: Sequence[int], layers: int) -> Encoder:
    """The public weights with only the `kept` rows of the vocabulary and the first layers; the answer is untaught."""
    model = Encoder(shape, len(kept), layers)
    with torch.no_grad():
        words = torch.from_numpy(shape.matrix("emb.word", shape.hidden, len(shape.pieces)))
        model.words.weight.copy_(words[torch.tensor(kept)])
        positions = torch.tensor(shape.vector("emb.pos", LONGEST * shape.hidden)).view(LONGEST, -1)
        # Every piece has type 0: its vector is added to the positions once and for all.
        model.positions.weight.copy_(positions + torch.tensor(shape.vector("emb.type", shape.hidden)))
        _put_norm(model.norm, shape, "emb.ln")
        for depth, block in enumerate(model.blocks):
            _put_block(cast(Block, block), shape, f"l{depth}")
    return model


def shortened(teacher: Encoder, shape: Checkpoint, kept: Sequence[int]) -> Encoder:
    """A student that begins as the `kept` layers of its teacher (counted from 0), with its teacher's answer."""
    whole = copy.deepcopy(teacher)
    whole.blocks = nn.ModuleList(whole.blocks[depth] for depth in kept)
    student = Encoder(shape, teacher.words.num_embeddings, len(kept))
    student.load_state_dict(whole.state_dict())
    return student


def _put_block(block: Block, shape: Checkpoint, name: str) -> None:
    wide = shape.hidden
    for part, letter in enumerate("qkv"):
        rows = slice(part * wide, (part + 1) * wide)
        block.qkv.weight[rows] = torch.from_numpy(shape.matrix(f"{name}.{letter}.w", wide, wide))
        block.qkv.bias[rows] = torch.tensor(shape.vector(f"{name}.{letter}.b", wide))
    for linear, label in ((block.out, "ao"), (block.wide, "fi"), (block.narrow, "fo")):
        rows, columns = linear.weight.shape
        linear.weight.copy_(torch.from_numpy(shape.matrix(f"{name}.{label}.w", columns, rows)))
        linear.bias.copy_(torch.tensor(shape.vector(f"{name}.{label}.b", rows)))
    _put_norm(block.norm, shape, f"{name}.aln")
    _put_norm(block.last, shape, f"{name}.oln")


def _put_norm(norm: nn.LayerNorm, shape: Checkpoint, name: str) -> None:
    norm.weight.copy_(torch.tensor(shape.vector(f"{name}.w", shape.hidden)))
    norm.bias.copy_(torch.tensor(shape.vector(f"{name}.b", shape.hidden)))
