import json
import shutil

import numpy as np
import pytest

from pipeline.errors import SchemaError
from pipeline.score.sentiment import en, features, fr, linear, tone
from pipeline.score.sentiment.lexicon import french
from pipeline.score.sentiment.tokens import cut
from tests.score.conftest import macro_f1

SIZE = 1_500_000  # bytes that the fast models may add to the project, each


@pytest.fixture(params=[fr, en], ids=["fr", "en"])
def scorer(request):
    return request.param


def test_tones_on_validation_stay_above_the_floor(scorer, umsab, floors):
    lang = scorer.__name__[-2:]
    texts, labels = umsab(lang, "val")
    told = np.array(scorer.tones(texts))
    assert macro_f1(told.argmax(axis=1).tolist(), labels) >= floors[f"fast_{lang}_validation"]


def test_probabilities_say_how_often_they_are_right(scorer, umsab, floors):
    lang = scorer.__name__[-2:]
    texts, labels = umsab(lang, "val")
    told = np.array(scorer.tones(texts))
    sure, right = told.max(axis=1), told.argmax(axis=1) == np.array(labels)
    tenth = np.minimum((sure * 10).astype(int), 9)
    gaps = [abs(sure[tenth == k].mean() - right[tenth == k].mean()) * (tenth == k).mean() for k in set(tenth)]
    # 324 texts: the error of a perfectly calibrated scorer is itself about 0.04 in ten bins.
    assert sum(gaps) <= floors[f"calibration_error_{lang}_at_most"]


def test_probabilities_sum_to_one_and_are_the_same_alone(scorer):
    texts = ["", "Dijon est superbe", "What a lovely place", "😡😡", "http", "!!!"]
    told = scorer.tones(texts)
    assert all(sum(one) == pytest.approx(1) for one in told)
    assert [scorer.tones([text])[0] for text in texts] == told
    assert scorer.tones([]) == []


def test_the_model_is_small_and_described(scorer):
    assert scorer.MODEL.stat().st_size < SIZE
    told = json.loads(scorer.MODEL.with_suffix(".json").read_text())
    assert {"sha256", "features", "licence", "labelled"} <= set(told)


def test_another_model_file_is_refused(tmp_path):
    path = tmp_path / "fr_fast.npz"
    shutil.copy(fr.MODEL.with_suffix(".json"), path.with_suffix(".json"))
    path.write_bytes(fr.MODEL.read_bytes() + b"0")
    with pytest.raises(SchemaError, match="install it again"):
        linear.load(path)


def test_a_model_of_other_features_is_refused(tmp_path):
    path = tmp_path / "fr_fast.npz"
    shutil.copy(fr.MODEL, path)
    told = json.loads(fr.MODEL.with_suffix(".json").read_text()) | {"features": features.VERSION + 1}
    path.with_suffix(".json").write_text(json.dumps(told))
    with pytest.raises(SchemaError, match="features"):
        linear.load(path)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("J'adore cette ville, tout est magnifique ❤️", "positive"),
        ("Quelle honte, les rues sont sales et dangereuses", "negative"),
        ("Le conseil municipal se réunit jeudi à 18 h 30", "neutral"),
        ("C'est nul, je déteste cette campagne", "negative"),
    ],
)
def test_plain_sentences_are_read_right(text, label):
    assert tone([text], ["fr"], "fast")[0][0] == label


def test_negation_turns_what_follows_and_the_verb_between_its_halves():
    def turned(text):
        tokens = cut(text).tokens
        return [token for token, is_turned in zip(tokens, features.negated(tokens), strict=True) if is_turned]

    assert "ennuie" in turned("On ne s'ennuie jamais ici")
    assert "beau" in turned("Ce n'est pas beau")
    assert "belle" not in turned("Pas mal, très belle")
    assert "attire" in turned("La ville n'attire plus")
    assert turned("Plus belle que jamais") == []


def test_the_lexicon_writes_out_forms_and_weighs_them():
    table = french()
    assert len(table) > 4000
    assert all(-3 <= weight <= 3 and weight for weight in table.values())
    for word in ("accueille", "magnifiques", "sale", "insecurite", "depaysante", "embouteillages", "fermetures"):
        assert table[word], word
    assert table["accueillante"] > 0 > table["decue"]
