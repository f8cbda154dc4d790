"""Teaches eight upper layers how a text speaks of one place beside others: python -m training.relation FILE.

FILE is an accurate.onnx of version 2 (training/README.md), whose layers they begin as. They stand on the lower half of
the shipped encoder and read, beside its numbers, which pieces are the place's own and which another place's.
"""

from __future__ import annotations

import argparse
import copy
import hashlib
import logging
import random
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F  # noqa: N812  (torch's own name for it)
from torch import Tensor, nn

from pipeline.score.sentiment import accurate, encoder
from pipeline.score.toward import heads, relation
from pipeline.steps.evaluate import Answer, towards
from pipeline.steps.evaluate.sets import LABELS
from training import fit, halves, recall, relation_file, toward, weights
from training.encoder import FAR, Encoder
from training.mentions import Labelled, examples, gold, half, invented, pairs, real, two_places, voices
from training.regression import macro_f1

log = logging.getLogger("training.relation")

EPOCHS, BATCH, RATE, HEAD_RATE, WARM, DECAY, AVERAGED = 4, 32, 1e-4, 1e-3, 0.1, 0.01, 0.99
SMOOTHED = 0.05  # share of a label given to all four alike
RARE = 3.0  # times that a real post which judges a place counts
CALIBRATED = 1500  # mentions over which the spans of activations are measured
# 16 bits where the processor multiplies them as matrices (AMX): three times as fast there, slower elsewhere.
HALF = torch.cpu._is_amx_tile_supported()

Logits = npt.NDArray[np.float64]


class Relation(nn.Module):
    """What the lower half makes of a text in; logits of `heads.LABELS` for the place marked in it out."""

    def __init__(self, whole: Encoder) -> None:
        super().__init__()
        width = encoder.WIDTH
        self.here, self.elsewhere = (nn.Parameter(torch.randn(width) * 0.02) for _ in "ab")
        self.blocks = nn.ModuleList(copy.deepcopy(block) for block in whole.blocks[halves.LAYER :])
        self.answer = nn.Linear(width, len(heads.LABELS))
        self.drop = nn.Dropout(0.1)

    def forward(self, inner: Tensor, real: Tensor, here: Tensor, elsewhere: Tensor) -> Tensor:
        """`inner` (batch, length, width), the others (batch, length) of 0 and 1 -> (batch, labels)."""
        x = inner + here[:, :, None] * self.here + elsewhere[:, :, None] * self.elsewhere
        for block in self.blocks:
            x = block(x, (1.0 - real[:, None, None, :]) * FAR)
        seen = (x.float() * here[:, :, None]).sum(1) / here.sum(1, keepdim=True)
        return self.answer(self.drop(seen))


class Read:
    """Mentions as they enter the layers: each one's question, and what the lower half makes of its pieces."""

    def __init__(self, labelled: Sequence[Labelled]) -> None:
        engine = accurate.engine()
        self.asked = [relation.question(engine.tokenizer, one.place) for one in labelled]
        self.pieces = [one.pieces for one in self.asked]
        self.inner = [np.zeros((0, 0), np.float16)] * len(labelled)
        self.truth = torch.tensor([heads.LABELS.index(one.label) for one in labelled])
        for places, ids, mask in encoder.batches(self.pieces):
            found = encoder.inner(engine, ids, mask)
            for at, row, length in zip(places, found, mask.sum(axis=1), strict=True):
                self.inner[at] = row[:length].astype(np.float16)

    def of(self, places: Sequence[int]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """What `Relation` reads of the mentions at `places`."""
        _, mask = encoder.padded([self.pieces[at] for at in places])
        inner = np.zeros((*mask.shape, encoder.WIDTH), np.float32)
        for row, at in enumerate(places):
            inner[row, : len(self.inner[at])] = self.inner[at]
        here, elsewhere = relation.marks([self.asked[at] for at in places], mask.shape[1])
        a, b, c, d = (torch.from_numpy(one) for one in (inner, mask.astype(np.float32), here, elsewhere))
        return a, b, c, d


Tests = dict[str, tuple[list[Labelled], Read]]  # sets by name, as they are labelled and as they are read


def learn(model: Relation, read: Read, counts: Tensor, tell: Tests) -> Relation:
    """Fit the layers; returns the running mean of their weights. `counts` says how often each mention counts."""
    chance = random.Random(0)
    steps = EPOCHS * -(-len(read.pieces) // BATCH)
    layers = [{"params": model.blocks.parameters(), "lr": RATE}]
    others = [model.here, model.elsewhere, *model.answer.parameters()]
    chooser = torch.optim.AdamW([*layers, {"params": others, "lr": HEAD_RATE}], weight_decay=DECAY, fused=True)
    rates = torch.optim.lr_scheduler.LambdaLR(chooser, lambda step: fit.slope(step / steps, WARM))
    averaged = copy.deepcopy(model).eval()
    for _ in range(EPOCHS):
        model.train()
        for places in fit.batches(read.pieces, BATCH, chance):
            with torch.autocast("cpu", torch.bfloat16, enabled=HALF):
                told = model(*read.of(places))
            missed = F.cross_entropy(told.float(), read.truth[places], reduction="none", label_smoothing=SMOOTHED)
            chooser.zero_grad()
            (missed * counts[places]).mean().backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            chooser.step()
            rates.step()
            fit.average(averaged, model, rates.last_epoch, AVERAGED)
        tell_all(averaged, tell)
    return averaged


def tell_all(model: Relation, tests: Tests) -> None:
    """Log macro-F1 of each set, and of how many texts that praise one place and blame another both are told."""
    found = []
    for name, (labelled, read) in tests.items():
        truth, told = toward.three([one.label for one in labelled]), toward.answers(logits(model, read))
        cases = [Answer(one.place.text, LABELS[a], LABELS[b]) for one, a, b in zip(labelled, truth, told, strict=True)]
        apart = towards.both(name, cases)
        share = "" if apart.value is None else f", both told of {apart.value:.3f} of {apart.n}"
        found.append(f"{name} {macro_f1(told, truth):.3f}{share}")
    log.info("; ".join(found))


def logits(model: Relation, read: Read) -> Logits:
    """Answers (mentions, labels) without training."""
    found = np.zeros((len(read.pieces), len(heads.LABELS)))
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=HALF):
        for places, _, _ in encoder.batches(read.pieces):
            found[places] = model(*read.of(places)).float().numpy()
    return found


def lessons(kept: int | None) -> tuple[list[Labelled], list[Labelled]]:
    """What is learnt from, and which real posts are kept from it: none, or one half."""
    every = real()
    sides = half(every)
    out = [one for one, side in zip(every, sides, strict=True) if side == kept]
    inside = [one for one, side in zip(every, sides, strict=True) if side != kept]
    return [*examples(), *invented(), *voices(), *pairs(), *gold()[0], *inside], out


def main() -> None:
    """Train, tell what it is worth, write the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("whole", type=Path, help="an accurate.onnx of version 2")
    parser.add_argument("--out", type=Path, default=relation.FILE, help="where to write")
    parser.add_argument("--keep", type=int, choices=(0, 1), help="keep a half of the real posts from it and measure")
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(1)
    torch.manual_seed(0)
    state = recall.recalled(asked.whole)
    whole = Encoder(weights.read(weights.packaged()), len(state["words.weight"]), 12)
    whole.load_state_dict(state)
    learnt, kept = lessons(asked.keep)
    sets = {"gold kept": gold()[1], "two places": two_places()} | ({"real kept": kept} if kept else {})
    tests = {name: (labelled, Read(labelled)) for name, labelled in sets.items()}
    read = Read(learnt)
    counts = torch.tensor([RARE if toward.judges(one) else 1.0 for one in learnt])
    log.info("%d mentions to learn from, %s", len(learnt), {name: len(one) for name, one in sets.items()})
    began = time.monotonic()
    model = learn(Relation(whole), read, counts, tests)
    log.info("learnt in %.0f s", time.monotonic() - began)
    content = relation_file.content(model, read, range(0, len(learnt), max(1, len(learnt) // CALIBRATED)))
    asked.out.write_bytes(content)
    log.info("%s: %d bytes, sha256 %s", asked.out.name, len(content), hashlib.sha256(content).hexdigest())


if __name__ == "__main__":
    main()
