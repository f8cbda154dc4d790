"""Fits an encoder to soft answers: batches of like length, rates falling towards the first layers, mean weights.

In 32 bits: on a processor with AVX-512 and no usable AMX, 16 bits took nearly twice as long.
"""

from __future__ import annotations

import copy
import logging
import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F  # noqa: N812  (torch's own name for it)
from torch import Tensor

from training.encoder import Encoder

log = logging.getLogger(__name__)
Numbers = npt.NDArray[np.float32]
Pieces = Sequence[Sequence[int]]
PADDING = 1


@dataclass(frozen=True)
class Recipe:
    """What a fit is made of; fixed before the validation texts were looked at."""

    epochs: int = 4  # that the rates are planned for
    enough: int = 4  # and after which to stop
    batch: int = 32
    rate: float = 5e-5
    head_rate: float = 1e-3
    falling: float = 0.95  # each layer's rate against the one above it: the lower ones know their languages already
    warm: float = 0.1  # share of the steps in which rates rise; they fall to zero over the others
    decay: float = 0.01
    averaged: float = 0.99  # weight of the past in the running average of weights: about the last 100 steps
    alike: float = 1.0  # weight of the lesson's means, where it has them
    seed: int = 0


@dataclass(frozen=True)
class Lesson:
    """Texts as pieces, the answers (n, 3) wanted and, from a teacher, the means (n, hidden) to resemble."""

    pieces: Pieces
    answers: Numbers
    means: Numbers | None = None


def fit(model: Encoder, lesson: Lesson, recipe: Recipe, after: Callable[[Encoder], None]) -> Encoder:
    """Train `model`, calling `after(averaged)` each epoch; returns the running average of its weights."""
    torch.manual_seed(recipe.seed)
    chance = random.Random(recipe.seed)
    steps = recipe.epochs * math.ceil(len(lesson.pieces) / recipe.batch)
    chooser = torch.optim.AdamW(_groups(model, recipe), weight_decay=recipe.decay, fused=True)
    rates = torch.optim.lr_scheduler.LambdaLR(chooser, lambda step: slope(step / steps, recipe.warm))
    averaged = copy.deepcopy(model).eval()
    for _ in range(min(recipe.epochs, recipe.enough)):
        model.train()
        for places in batches(lesson.pieces, recipe.batch, chance):
            missed = loss(model, lesson, places, recipe.alike)
            chooser.zero_grad()
            missed.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            chooser.step()
            rates.step()
            average(averaged, model, rates.last_epoch, recipe.averaged)
            if rates.last_epoch % 50 == 0:
                log.info("step %d of %d: loss %.3f", rates.last_epoch, steps, missed.item())
        after(averaged)
    return averaged


def padded(pieces: Pieces, places: Sequence[int]) -> tuple[Tensor, Tensor]:
    """Ids and mask (batch, length) of the texts at `places`."""
    longest = max(len(pieces[at]) for at in places)
    ids = torch.full((len(places), longest), PADDING, dtype=torch.long)
    for row, at in enumerate(places):
        ids[row, : len(pieces[at])] = torch.tensor(pieces[at])
    return ids, (ids != PADDING).long()


def asked(model: Encoder, pieces: Pieces, size: int = 64) -> tuple[Numbers, Numbers]:
    """Scores before softmax (n, 3) and means (n, hidden), without training."""
    model.eval()
    scores = np.zeros((len(pieces), 3), np.float32)
    means = np.zeros((len(pieces), model.norm.weight.shape[0]), np.float32)
    with torch.inference_mode():
        for places in _sorted(pieces, size):
            answer, mean = model(*padded(pieces, places))
            scores[places], means[places] = answer.numpy(), mean.numpy()
    return scores, means


def batches(pieces: Pieces, size: int, chance: random.Random) -> list[list[int]]:
    """Places of about the same length together, the groups in random order: padding costs 5 % instead of 50 %."""
    places = sorted(range(len(pieces)), key=lambda at: len(pieces[at]) + chance.random() * 3)
    groups = [places[at : at + size] for at in range(0, len(places), size)]
    chance.shuffle(groups)
    return groups


def _sorted(pieces: Pieces, size: int) -> Iterator[list[int]]:
    places = sorted(range(len(pieces)), key=lambda at: len(pieces[at]))
    yield from (places[at : at + size] for at in range(0, len(places), size))


def loss(model: Encoder, lesson: Lesson, places: list[int], alike: float) -> Tensor:
    """Cross-entropy to the wanted answers and, with a teacher, one minus the cosine to its means."""
    scores, means = model(*padded(lesson.pieces, places))
    wanted = torch.from_numpy(lesson.answers[places])
    missed = -(wanted * F.log_softmax(scores, 1)).sum(1).mean()
    if lesson.means is None:
        return missed
    near = F.cosine_similarity(means, torch.from_numpy(lesson.means[places]), dim=1)
    return missed + alike * (1 - near).mean()


def average(averaged: Encoder, model: Encoder, step: int, most: float) -> None:
    """Move the running average towards the model; at the start nearly a plain mean, so first steps are forgotten."""
    past = min(most, (step - 1) / (step + 10))
    with torch.no_grad():
        for mine, theirs in zip(averaged.parameters(), model.parameters(), strict=True):
            if theirs.requires_grad:
                mine.lerp_(theirs, 1 - past)


def slope(done: float, warm: float) -> float:
    """The share of the full rate after the share `done` of the steps: up while `warm`, then down to zero."""
    return done / warm if done < warm else max(0.0, (1 - done) / (1 - warm))


def _groups(model: Encoder, recipe: Recipe) -> list[dict[str, object]]:
    """Parameter groups, each with its rate: the answer high, layers falling downwards."""
    depth = len(model.blocks)
    groups: list[dict[str, object]] = [{"params": list(model.answer.parameters()), "lr": recipe.head_rate}]
    for at, block in enumerate(model.blocks):
        groups.append({"params": list(block.parameters()), "lr": recipe.rate * recipe.falling ** (depth - 1 - at)})
    lowest = [*model.norm.parameters(), *model.positions.parameters()]
    return [*groups, {"params": lowest, "lr": recipe.rate * recipe.falling**depth}]
