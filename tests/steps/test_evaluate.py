"""Figures come with intervals and floors, absent sets are named, and wrong answers can be looked at."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.steps import evaluate as room
from pipeline.steps.evaluate import Answer, Evaluated, Sets, Trial, towards
from pipeline.steps.evaluate.figures import calibration, macro_f1, share
from pipeline.steps.evaluate.sets import floors

REAL = Sets().tests / "score" / "toward_real.tsv"
LABELS = ("negative", "neutral", "positive")


def written(tmp_path: Path, floor: float) -> Sets:
    folder = tmp_path / "tests" / "score"
    folder.mkdir(parents=True)
    lines = [
        "half\tlang\tthemes\taudiences\temotions\tsenses\ttext",
        "tune\tfr\tnature\t\t\t\tUne plage",
        "tune\tfr\thealth\t\t\t\tUne plage \x1b[31m rouge",
        "held\tfr\thealth\t\t\t\tUne plage encore",
    ]
    (folder / "image_gold.tsv").write_text("\n".join(lines), "utf-8")
    floors = {"floors": {"tune": {"themes": [floor, 0.0]}}}
    (folder / "image_floors.json").write_text(json.dumps(floors), "utf-8")
    return Sets(tmp_path / "tests", tmp_path / "none")


def test_sets_that_are_not_there_are_named_and_the_others_measured(tmp_path):
    done = room.evaluate(written(tmp_path, 0.5))
    assert [trial.name for trial in done.trials] == ["image held", "image tune"]
    rooms = "matching language sentiment cascade toward"
    assert {name.split()[0] for name in done.absent} == set(rooms.split())
    assert len(done.absent) == 14


@pytest.mark.parametrize(("floor", "sinks"), [(0.5, []), (0.51, ["image tune themes"])])
def test_a_figure_under_its_floor_is_told(tmp_path, floor, sinks):
    assert [one.trial for one in room.evaluate(written(tmp_path, floor)).figures if one.sinks] == sinks


def test_every_figure_keeps_its_floor():
    done = room.evaluate(Sets())
    if done.absent:
        pytest.skip(f"not beside the project: {', '.join(done.absent)}")
    held = [one for one in done.figures if one.floor is not None or one.ceiling is not None]
    assert [f"{one.trial} {one.name}: {one.value}" for one in held if one.sinks] == []
    # Each floor that is written down is that of a figure: one under another name would hold nothing.
    bounds = {f"{one.trial} {one.name}" for one in held if one.floor is not None}
    bounds |= {f"{one.trial} {one.name} at most" for one in held if one.ceiling is not None}
    assert bounds == set(floors(Sets()))


def test_wrong_answers_are_shown_with_the_words_that_decided_but_not_those_held_out(tmp_path):
    done = room.evaluate(written(tmp_path, 0.5))
    ((trial, answer),) = room.wrong(done, "themes")
    assert (trial, answer.wanted, answer.told, answer.why) == ("image tune", "health", "nature", "plage → nature")
    assert room.wrong(done, "image-held") == []
    assert room.wrong(done, "audiences") == []


def test_a_place_is_found_as_its_brand_is_written():
    answer = Answer("Traverser la Manche", "other", "territory", "name", "la Manche")
    done = Evaluated((Trial("matching tune", (), (answer,)), Trial("matching la Manche", (), (answer,))), ())
    assert room.wrong(done, "la-manche") == [("matching tune", answer)]


def test_mentions_that_were_learnt_from_are_told_by_the_cross_validation_that_training_recorded():
    found = {trial.name: trial.figures[0] for trial in towards.reals(Sets()) if isinstance(trial, Trial)}
    assert list(found) == ["toward real-fast", "toward real-accurate"]
    for figure in found.values():
        assert (figure.name, figure.low, figure.high) == ("cross-validated macro-F1", None, None)
        assert figure.n == sum(not line.startswith("#") for line in REAL.read_text("utf-8").splitlines())
        assert 0.33 < (figure.value or 0) < 1


def test_short_texts_of_the_gold_set_are_asked_as_a_reader_s_post_is():
    trial = next(trial for trial in towards.gold(Sets()) if isinstance(trial, Trial))
    told = {answer.text: answer for answer in trial.answers}
    assert told["Annecy 🌞💙"].told == "positive"
    assert told["Annecy 🌞💙"].why.startswith("signs/")


def test_two_places_are_told_apart_where_praise_and_blame_are_both_told_as_they_are():
    told = {
        "a": [("positive", "positive"), ("negative", "negative")],
        "b": [("positive", "positive"), ("negative", "positive")],
        "both praised": [("positive", "positive"), ("positive", "positive")],
        "alone": [("negative", "negative")],
    }
    answers = tuple(Answer(text, *one) for text, both in told.items() for one in both)
    figure = towards.both("t", answers)
    assert (figure.value, figure.n) == (0.5, 2)


def test_intervals_are_wilson_s():
    one = share("t", "f", 9, 30)
    assert (one.value, round(one.low or 0, 2), round(one.high or 0, 2)) == (0.3, 0.17, 0.48)
    assert share("t", "f", 0, 0).value is None
    assert not share("t", "f", 0, 0).sinks


def test_macro_f1_is_the_mean_of_the_classes_and_its_interval_does_not_move():
    told = [("negative", "negative")] * 10 + [("neutral", "neutral")] * 10 + [("positive", "neutral")] * 10
    answers = [Answer("", wanted, said) for wanted, said in told]
    figure = macro_f1("t", answers, LABELS)
    assert figure.value == pytest.approx((1 + 2 / 3 + 0) / 3)
    assert figure == macro_f1("t", answers, LABELS)
    assert (figure.low or 0) < (figure.value or 0) < (figure.high or 0)
    assert macro_f1("t", [], LABELS).value is None


def test_calibration_error_is_how_far_from_right_the_sure_are():
    likely = [(0.95, 0.05, 0.0)] * 10 + [(0.55, 0.45, 0.0)] * 10
    figure = calibration("t", likely, [True] * 10 + [False] * 10)
    assert figure.value == pytest.approx((0.05 + 0.55) / 2)
    assert (figure.low or 0) <= (figure.value or 0) <= (figure.high or 0)
    assert calibration("t", [], []).value is None


@pytest.mark.parametrize(("ceiling", "sinks"), [(0.31, False), (0.29, True)])
def test_an_error_over_its_ceiling_sinks(ceiling, sinks):
    figure = calibration("t", [(0.7, 0.2, 0.1)] * 2, [True, True])
    assert replace(figure, ceiling=ceiling).sinks is sinks
