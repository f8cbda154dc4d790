"""Fits a student to its teacher: tones of many texts, and beside them the tone toward places, by a second answer.

The layers under the first halving are left as the teacher's: they cost a third of the work to teach and the halving
asks nothing of them.
"""

from __future__ import annotations

import copy
import logging
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
import torch.nn.functional as F  # noqa: N812  (torch's own name for it)
from torch import Tensor, nn

from training.encoder import Encoder
from training.fit import Lesson, average, batches, loss, padded, slope
from training.lessons import Toward

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Recipe:
    """What a study is made of."""

    batch: int = 32
    rate: float = 6e-5
    answer_rate: float = 3e-4
    toward_rate: float = 1e-3
    warm: float = 0.06
    averaged: float = 0.995
    turns: int = 4  # how often each mention is seen, while each text is seen once
    loud: float = 0.7  # of the mentions' loss against the texts'
    seed: int = 11


def study(model: Encoder, lesson: Lesson, toward: Toward, recipe: Recipe, after: Callable[[Encoder], None]) -> Encoder:
    """Train `model` once over the lesson; returns the running average of its weights. `after` is told every quarter."""
    torch.manual_seed(recipe.seed)
    for part in (model.positions, model.norm, *list(model.blocks)[: model.halved[0]]):
        part.requires_grad_(False)
    second = nn.Linear(model.norm.weight.shape[0], 1 + int(toward.labels.max()))
    steps = list(_steps(lesson, toward, recipe))
    chooser = torch.optim.AdamW(_groups(model, second, recipe), weight_decay=0.01, fused=True)
    rates = torch.optim.lr_scheduler.LambdaLR(chooser, lambda step: slope(step / len(steps), recipe.warm))
    averaged = copy.deepcopy(model).eval()
    for step, (of_tones, places) in enumerate(steps, 1):
        model.train()
        for low in list(model.blocks)[: model.halved[0]]:
            low.eval()
        missed = loss(model, lesson, places, 1.0) if of_tones else recipe.loud * _toward(model, second, toward, places)
        chooser.zero_grad()
        missed.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        chooser.step()
        rates.step()
        average(averaged, model, step, recipe.averaged)
        if step % 50 == 0:
            log.info("step %d of %d: loss %.3f", step, len(steps), missed.item())
        if step % max(1, len(steps) // 4) == 0:
            after(averaged)
    return averaged


def _toward(model: Encoder, second: nn.Linear, toward: Toward, places: list[int]) -> Tensor:
    _, means = model(*padded(toward.pieces, places))
    wanted, weights = torch.from_numpy(toward.labels[places]), torch.from_numpy(toward.weights[places])
    each = F.cross_entropy(second(F.dropout(means, 0.1)), wanted, reduction="none", label_smoothing=0.05)
    return (each * weights).sum() / weights.sum()


def _steps(lesson: Lesson, toward: Toward, recipe: Recipe) -> Iterator[tuple[bool, list[int]]]:
    """Batches of texts (True), with those of mentions (False) spread evenly among them."""
    chance = random.Random(3)
    texts = batches(lesson.pieces, recipe.batch, chance)
    mentions = [one for _ in range(recipe.turns) for one in batches(toward.pieces, recipe.batch, chance)]
    every = max(1, len(texts) // max(1, len(mentions)))
    groups = [texts[at : at + every] for at in range(0, len(texts), every)]
    for at in range(max(len(groups), len(mentions))):
        yield from ((True, places) for group in groups[at : at + 1] for places in group)
        yield from ((False, places) for places in mentions[at : at + 1])


def _groups(model: Encoder, second: nn.Linear, recipe: Recipe) -> list[dict[str, object]]:
    body = [p for name, p in model.named_parameters() if p.requires_grad and not name.startswith("answer")]
    return [
        {"params": body, "lr": recipe.rate},
        {"params": list(model.answer.parameters()), "lr": recipe.answer_rate},
        {"params": list(second.parameters()), "lr": recipe.toward_rate},
    ]
