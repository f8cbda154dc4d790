"""Makes the accurate scorer from public weights and the given texts: python -m training.accurate --work FOLDER.

Teachers (the whole encoder, two seeds) learn from people's labels, the mean of their weights is written in 8 bits
(whole.onnx), and `training.early` cuts it in two and teaches the lower half to answer where it can.
With --short a student is written instead: eight of the mean's layers, taught by its opinions, heard together with the
fast scorers', of more texts; faster, less exact. Every stage is kept in FOLDER and not
made again; --teacher FILE spares the teachers where a file of version 2 is at hand. docs/models/accurate.md tells what
each choice was worth.
"""

from __future__ import annotations

import argparse
import json
import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnx
import torch
from tokenizers import Tokenizer

from pipeline.score.sentiment import accurate
from training import early, encoder, export, fit, halves, lessons, quality, recall, study, tweets, vocabulary, weights

log = logging.getLogger("training.accurate")

TEACHER = 12  # layers
# The student keeps these layers: of all ways to leave one out, the one that validation missed least, four times over.
LAYERS = (0, 1, 4, 6, 7, 8, 9, 10)
STUDENT = len(LAYERS)
STUDYING = fit.Recipe(epochs=1, enough=1, rate=1.2e-4, head_rate=3e-4, seed=11)
# Words before each text, by seed. E5 was made with "query: "; the mean of both teachers is asked without, since three
# pieces in thirty are a tenth of the time, and loses nothing by it.
TEACHERS = {1: "query: ", 2: ""}
# Epochs after which each teacher's surprise on validation ceased to fall, of the four that rates are planned for.
ENOUGH = {1: 2, 2: 3}
TEACHING = fit.Recipe(epochs=4)
CALIBRATED = 120  # tweets and as many posts that the spans of activations are measured on
LICENCE = "MIT, made from intfloat/multilingual-e5-small (MIT) and UMSAB (Apache-2.0): see docs/models/accurate.md"


class Bench(NamedTuple):
    """What every stage needs; `teacher` is a written file that stands for the teachers."""

    folder: Path
    teacher: Path | None
    shape: weights.Checkpoint
    kept: list[int]
    tokenizer: Tokenizer


def main() -> None:
    """Make what is missing in the work folder; without --only also write the model and log its SHA-256."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True, help="folder for checkpoints, about 1 GB")
    parser.add_argument("--threads", type=int, default=1, help="processor threads")
    parser.add_argument("--only", help="make only this stage (teacher-1, teacher-2) beside another process")
    parser.add_argument("--short", action="store_true", help="write the student instead of the teachers' mean")
    parser.add_argument("--teacher", type=Path, help="an accurate.onnx of version 2 in place of the teachers")
    parser.add_argument(
        "--out", type=Path, default=accurate.LOWER.parent, help="folder that both halves are written to"
    )
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(asked.threads)
    bench = _bench(asked.work, asked.teacher)
    if asked.only:
        _stage(bench, asked.only)
        return
    whole = asked.work / ("short.onnx" if asked.short else "whole.onnx")
    if not whole.exists():
        write(bench, _stage(bench, "student") if asked.short else _mean(bench), whole)
    early.write(whole, asked.out)


def _bench(folder: Path, teacher: Path | None) -> Bench:
    """The vocabulary, cut once, and the public weights."""
    folder.mkdir(parents=True, exist_ok=True)
    rows, cut = folder / "kept.json", folder / "tokenizer.json"
    if not cut.exists():
        whole = vocabulary.public()
        texts = [*TEACHERS.values(), *lessons.labelled()[0], *tweets.unlabelled()]
        keep = vocabulary.kept(whole, vocabulary.seen(whole, texts), vocabulary.english())
        rows.write_text(json.dumps(keep))
        cut.write_text(vocabulary.pruned(whole, keep), "utf-8")
    shape = weights.read(weights.packaged())
    return Bench(folder, teacher, shape, json.loads(rows.read_text()), Tokenizer.from_file(str(cut)))


def _stage(bench: Bench, name: str) -> encoder.Encoder:
    """A teacher or the student, from its checkpoint or made now."""
    layers = STUDENT if name == "student" else TEACHER
    path = bench.folder / f"{name}.pt"
    if not path.exists():
        log.info("%s begins", name)
        made = _student(bench) if name == "student" else _teacher(bench, int(name.removeprefix("teacher-")))
        torch.save(made.state_dict(), path)
    return _loaded(bench, layers, torch.load(path, weights_only=True))


def _loaded(bench: Bench, layers: int, state: dict[str, torch.Tensor]) -> encoder.Encoder:
    model = encoder.Encoder(bench.shape, len(bench.kept), layers)
    model.load_state_dict(state)
    return model.eval()


def _teacher(bench: Bench, seed: int) -> encoder.Encoder:
    before = TEACHERS[seed]
    model = encoder.public(bench.shape, bench.kept, TEACHER)
    recipe = replace(TEACHING, seed=seed, enough=ENOUGH[seed])
    return fit.fit(model, lessons.teaching(bench.tokenizer, before), recipe, lambda now: _tell(bench, now, before))


def _mean(bench: Bench) -> encoder.Encoder:
    """The mean of the teachers' weights, or what a written file keeps of it."""
    if bench.teacher:
        return _loaded(bench, TEACHER, recall.recalled(bench.teacher))
    return mixed([_stage(bench, f"teacher-{seed}") for seed in TEACHERS])


def _student(bench: Bench) -> encoder.Encoder:
    model = encoder.shortened(_mean(bench), bench.shape, LAYERS)
    return fit.fit(model, study.lesson(bench.tokenizer, *_opinion(bench)), STUDYING, lambda now: _tell(bench, now, ""))


def _opinion(bench: Bench) -> tuple[fit.Numbers, fit.Numbers]:
    """The mean teacher's scores and means of all that a student may see; asked in 8 bits, a third of the time."""
    path = bench.folder / "opinion.npz"
    if not path.exists():
        model = _mean(bench)
        engine = halves.engine(_content(bench, model, _spans(bench, model), 1.0, {}))
        texts = [text for kind in study.asked() for text in kind.texts]
        found = {name: accurate.outputs(engine, texts, name) for name in ("scores", "mean")}
        np.savez(path, **found)
    with np.load(path) as kept:
        return kept["scores"], kept["mean"]


def mixed(models: Sequence[encoder.Encoder]) -> encoder.Encoder:
    """One model whose weights are the mean of several that began alike (a model soup, Wortsman et al. 2022)."""
    states = [model.state_dict() for model in models]
    models[0].load_state_dict({name: sum(state[name] for state in states) / len(states) for name in states[0]})
    return models[0]


def _tell(bench: Bench, model: encoder.Encoder, before: str) -> None:
    """Log the validation figures; nothing is chosen by them within a fit."""
    for language in tweets.LANGUAGES:
        val = tweets.umsab(language, "val")
        scores, _ = fit.asked(model, lessons.pieces(bench.tokenizer, val.texts, before))
        found = quality.macro_f1(scores.argmax(1), val.labels)
        log.info("%s: macro-F1 %.1f, surprise %.3f", language, 100 * found, quality.surprise(scores, val.labels))


def write(bench: Bench, model: encoder.Encoder, out: Path) -> None:
    """Measure the temperature on validation, then write the model with its facts, in one file."""
    spans = _spans(bench, model)
    raw = halves.engine(_content(bench, model, spans, 1.0, {}))
    both = [tweets.umsab(language, "val") for language in tweets.LANGUAGES]
    scores = [accurate.outputs(raw, each.texts, "scores") for each in both]
    warmth = quality.temperature(np.concatenate(scores), np.concatenate([each.labels for each in both]))
    facts = {"name": f"rayonner {accurate.NAME}/{accurate.VERSION}", "licence": LICENCE, "temperature": f"{warmth:.3f}"}
    for language, each, found in zip(tweets.LANGUAGES, both, scores, strict=True):
        facts[f"validation {language}"] = f"macro-F1 {100 * quality.macro_f1(found.argmax(1), each.labels):.1f}"
    likely = quality.chances(accurate.outputs(raw, [accurate.PROBE], "scores"), warmth)[0]
    facts["probe"] = " ".join(f"{chance:.4f}" for chance in likely)
    out.write_bytes(_content(bench, model, spans, warmth, facts).SerializeToString(deterministic=True))
    log.info("%s: %s", out.name, facts)


def _spans(bench: Bench, model: encoder.Encoder) -> dict[str, export.Seen]:
    """What enters each matrix, over tweets of both languages and posts."""
    sources = (lessons.labelled()[0], tweets.unlabelled())
    texts = [text for source in sources for text in source[:: len(source) // CALIBRATED]]
    return export.calibrated(model, lessons.pieces(bench.tokenizer, texts))


def _content(
    bench: Bench, model: encoder.Encoder, spans: dict[str, export.Seen], warmth: float, facts: dict[str, str]
) -> onnx.ModelProto:
    """The graph, the tokenizer and what the scorer needs to know of both."""
    needed = {"tokenizer": bench.tokenizer.to_str(), "probe": ""}
    words = bench.shape.blocks("emb.word", bench.shape.hidden, len(bench.shape.pieces))[bench.kept]
    return export.export(model, words, spans, warmth, {**needed, **facts})


if __name__ == "__main__":
    main()
