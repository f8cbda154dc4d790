"""The head that answers after the fourth layer: its shape and its fit."""

from __future__ import annotations

import logging
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from pipeline.score.sentiment.encoder import WIDTH
from training.encoder import FAR

log = logging.getLogger(__name__)

HEADS, OF_EACH, BETWEEN = 12, 32, 256  # ways of looking at a text, numbers taken from each, neurons between
EPOCHS, BATCH, RATE, DECAY = 10, 64, 1e-3, 0.05
DOUBTED, SURE = 0.70, 0.2  # texts that the fast scorer is surer of weigh less: the head is not asked about them

Numbers = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]


class Texts(NamedTuple):
    """What is learnt from: of each text its pieces (length, WIDTH) at the head's layer, the logarithms of the fast
    scorer's chances (n, 3), and what both scorers say in the end (n, 3).
    """

    pieces: list[npt.NDArray[np.float16]]
    heard: Numbers
    told: Numbers

    def of(self, places: Places) -> tuple[Tensor, Tensor, Tensor]:
        """Pieces (batch, length, WIDTH), which of them are not padding, and what is heard, of the texts at `places`."""
        longest = max(len(self.pieces[at]) for at in places)
        found = np.zeros((len(places), longest, WIDTH), np.float32)
        real = np.zeros((len(places), longest), bool)
        for row, at in enumerate(places):
            found[row, : len(self.pieces[at])] = self.pieces[at]
            real[row, : len(self.pieces[at])] = True
        return torch.from_numpy(found), torch.from_numpy(real), torch.from_numpy(self.heard[places])


class Head(nn.Module):
    """Looks at a text's pieces in HEADS ways, beside their mean, and weighs them with what the fast scorer says."""

    def __init__(self) -> None:
        super().__init__()
        self.look = nn.Linear(WIDTH, HEADS)
        self.take = nn.Parameter(torch.randn(HEADS, WIDTH, OF_EACH) * WIDTH**-0.5)
        self.between = nn.Linear(WIDTH + HEADS * OF_EACH + 3, BETWEEN)
        self.answer = nn.Linear(BETWEEN, 3)
        self.rest, self.less = nn.Dropout(0.1), nn.Dropout(0.3)

    def forward(self, pieces: Tensor, real: Tensor, heard: Tensor) -> Tensor:
        """Scores before softmax (batch, 3)."""
        shares = self.look(pieces).masked_fill(~real[:, :, None], FAR).softmax(1)
        taken = torch.einsum("bhw,hwo->bho", shares.transpose(1, 2) @ pieces, self.take).flatten(1)
        mean = (pieces * real[:, :, None]).sum(1) / real.sum(1, keepdim=True)
        given = self.rest(torch.cat([mean, taken, heard], 1))
        return self.answer(self.less(nn.functional.gelu(self.between(given))))


def learn(known: Texts, rows: Places) -> Head:
    """A head fitted to what both scorers say of the texts at `rows`, in batches of like length."""
    torch.manual_seed(0)
    chance = np.random.default_rng(0)
    head = Head()
    weights = np.where(known.heard.max(axis=1) < np.log(DOUBTED), 1.0, SURE).astype(np.float32)
    chooser = torch.optim.AdamW(head.parameters(), RATE, weight_decay=DECAY)
    rates = torch.optim.lr_scheduler.OneCycleLR(chooser, RATE, total_steps=EPOCHS * (len(rows) // BATCH))
    for epoch in range(EPOCHS):
        missed = []
        for places in _dealt(known, rows, chance):
            likely = torch.log_softmax(head(*known.of(places)), 1)
            each = -(torch.from_numpy(known.told[places]) * likely).sum(1)
            loss = (each * torch.from_numpy(weights[places])).mean()
            chooser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(head.parameters(), 1.0)
            chooser.step()
            rates.step()
            missed.append(loss.item())
        log.info("epoch %d of %d: loss %.4f", epoch + 1, EPOCHS, np.mean(missed))
    return head.eval()


def _dealt(known: Texts, rows: Places, chance: np.random.Generator) -> list[Places]:
    """Whole batches of texts of like length, in random order."""
    mixed = chance.permutation(rows)
    mixed = mixed[np.argsort([len(known.pieces[at]) // 6 for at in mixed], kind="stable")]
    dealt = [mixed[at : at + BATCH] for at in range(0, len(mixed) // BATCH * BATCH, BATCH)]
    return [dealt[at] for at in chance.permutation(len(dealt))]


@torch.inference_mode()
def answers(head: Head, known: Texts, rows: Places) -> Numbers:
    """Chances (n, 3) of the texts at `rows`."""
    found = [torch.softmax(head(*known.of(rows[at : at + BATCH])), 1).numpy() for at in range(0, len(rows), BATCH)]
    return np.concatenate(found)
