from __future__ import annotations

import hashlib

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import ConfigError, SchemaError
from pipeline.score.masking import mask
from pipeline.score.sentiment import encoder, fr, tiers
from pipeline.score.sentiment.encoder import WIDTH
from pipeline.score.toward import Place, heads, judge, relation
from pipeline.score.toward.view import HERE, marked, spoken, view
from tests.score.conftest import macro_f1

OWN_WORDS = ("La Haute-Marne respire et inspire", "Je vois la vie en Vosges", "Just Dijon")
THREE = {"negative": 0, "neutral": 1, "not_about": 1, "positive": 2}


def place(text, name, own_words=OWN_WORDS, others=()):
    start = text.index(name)
    return Place(text, start, start + len(name), own_words, others)


def toward(text, name, **more):
    one = place(text, name, **more)
    return judge([one], ["fr"], fr.tones([mask(text, OWN_WORDS)]))[0].label


def kept(gold):
    """The half of the gold set that was not trained from: every second line."""
    rows = gold[1::2]
    return [place(text, name) for _, _, name, text in rows], [THREE[label] for _, label, _, _ in rows]


@pytest.fixture
def module():
    """The accurate scorer, where the head beside it was fitted to it."""
    found = heads.module()
    if found is None:
        pytest.skip("the accurate model is not beside the project, or the head was fitted to another one")
    return found


def test_the_gold_set_is_large_and_holds_every_phenomenon(gold):
    assert len(gold) >= 300
    wanted = {"contrast", "two_places", "negation", "irony", "comparison", "question", "quote", "wish", "news", "emoji"}
    assert wanted <= {phenomenon for phenomenon, *_ in gold}
    assert {label for _, label, _, _ in gold} == set(THREE)
    assert all(name in text for _, _, name, text in gold)


def test_cues_beat_the_tone_of_the_sentence(gold, floors):
    places, labels = kept(gold)
    tones = fr.tones([mask(one.text, one.own_words) for one in places])
    told = [THREE[verdict.label] for verdict in judge(places, ["fr"] * len(places), tones)]
    sentence = [max(range(3), key=tone.__getitem__) for tone in tones]
    assert macro_f1(told, labels) >= floors["toward_gold_fast"]
    assert macro_f1(told, labels) >= macro_f1(sentence, labels) + 0.15


def test_the_encoder_beats_cues(gold, floors, module):
    places, labels = kept(gold)
    tones = module.tones([mask(one.text, one.own_words) for one in places])
    verdicts = judge(places, ["fr"] * len(places), tones, "accurate")
    assert macro_f1([THREE[one.label] for one in verdicts], labels) >= floors["toward_gold_accurate"]
    assert {one.scorer for one in verdicts} == {"toward-accurate/7"}


@pytest.mark.parametrize(
    ("text", "name", "label"),
    [
        ("Dijon est superbe, Troyes m'a déçu", "Dijon", "positive"),
        ("Dijon est superbe, Troyes m'a déçu", "Troyes", "negative"),
        ("Réunion publique ce soir à Lyon avec le ministre", "Lyon", "not_about"),
        ("Lyon : un homme tué par balle, le meurtrier en fuite", "Lyon", "not_about"),
        ("Ras-le-bol de l'insécurité à Troyes, les rues sont sales", "Troyes", "negative"),
    ],
)
def test_the_place_is_judged_not_the_post(text, name, label):
    assert toward(text, name) == label


@pytest.mark.parametrize(("name", "label"), [("Dijon", "positive"), ("Troyes", "negative")])
def test_the_encoder_tells_two_places_of_one_breath_apart(name, label, module):
    text = "Dijon est superbe, Troyes m'a déçu"
    assert judge([place(text, name)], ["fr"], module.tones([text]), "accurate")[0].label == label


def test_an_unscored_text_has_no_verdict():
    assert judge([place("Dijon", "Dijon")], [None], [None])[0].label is None


def test_a_text_that_says_nothing_judges_nobody():
    assert judge([place("Just Dijon", "Dijon")], ["fr"], [tiers.NEUTRAL])[0].label == "neutral"


def test_a_slogan_that_holds_the_name_is_all_place():
    assert (
        marked(place("Vu : La Haute-Marne respire et inspire, bof", "Haute-Marne")).split()
        == f"Vu : {HERE} , bof".split()
    )


def test_other_places_are_told_apart_from_the_one_judged():
    text = "Dijon est superbe, Troyes m'a déçu"
    seen = view(place(text, "Troyes", others=((0, 5),)))
    assert "zzautre" in seen.tokens
    assert spoken(place(text, "Troyes", others=((0, 5),))) == "UNE AUTRE VILLE est superbe, CETTE VILLE m'a déçu"


def test_a_clause_ends_at_commas_contrasts_and_comparisons():
    def clause(text, name):
        seen = view(place(text, name))
        return [token for token in seen.tokens[slice(*seen.clause)] if token != HERE]

    assert clause("Le train est lent mais Dijon est belle", "Dijon") == ["est", "belle"]
    assert "mieux" not in clause("On vit mieux à Dijon qu'à Paris", "Paris")
    assert "mieux" in clause("On vit mieux à Dijon qu'à Paris", "Dijon")


def words(module, one):
    """A question's words: the place's own pieces, and those of other places."""
    tokenizer = module.engine().tokenizer
    asked = relation.question(tokenizer, one)
    return tuple(tokenizer.decode([asked.pieces[at] for at in rows]).strip() for rows in (asked.here, asked.elsewhere))


@pytest.mark.parametrize(
    ("text", "name", "elsewhere"),
    [
        ("Dijon est superbe, Troyes m'a déçu", "Troyes", "Dijon"),
        ("Le Mans est triste mais La Rochelle brille", "La Rochelle", "Le Mans"),
        ("Adieu l'Yonne. Vive la Nièvre !", "Nièvre", "Yonne"),
        ("L'Yonne est triste, Nevers brille", "Nevers", "Yonne"),
        ("Nevers, Auxerre, Sens : trois villes", "Auxerre", "Nevers Sens"),
        ("Dijon, c'est Dijon", "Dijon", ""),
        ("Merci à Aubin, vive Nevers", "Nevers", ""),  # two communes are called so, of 3,444 inhabitants and 265
    ],
)
def test_a_question_tells_the_place_from_others_that_are_named(text, name, elsewhere, module):
    assert words(module, place(text, name)) == ("CETTE VILLE", elsewhere)


def test_another_brand_that_matching_found_is_another_place_whatever_its_name(module):
    text = "Vive Nevers, la Puisaye s'endort"
    found = ((text.index("la Puisaye"), text.index(" s'endort")),)
    assert words(module, place(text, "Nevers"))[1] == ""
    assert words(module, place(text, "Nevers", others=found))[1] == "UNE AUTRE VILLE"


def test_a_place_named_after_the_first_pieces_is_looked_for_in_all_of_them(module):
    text = "mot " * 300 + "Nevers"
    asked = relation.question(module.engine().tokenizer, place(text, "Nevers"))
    assert asked.here == tuple(range(len(asked.pieces)))


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=300), st.integers(0, 300), st.integers(0, 40))
def test_any_text_is_a_question(module, text, start, length):
    asked = relation.question(module.engine().tokenizer, Place(text, start, start + length))
    pieces = set(range(len(asked.pieces)))
    assert asked.here and pieces.issuperset(asked.here) and pieces.issuperset(asked.elsewhere)


def test_the_layers_are_told_where_the_place_stands_and_where_others(module):
    engine = module.engine()
    asked = [
        relation.question(engine.tokenizer, place("Dijon brille, Troyes dort", name)) for name in ("Dijon", "Troyes")
    ]
    here, elsewhere = relation.marks(asked, 40)
    for row, one in enumerate(asked):
        assert here[row].nonzero()[0].tolist() == list(one.here)
        assert elsewhere[row].nonzero()[0].tolist() == list(one.elsewhere) != []
    ids, mask = encoder.padded([asked[0].pieces])
    given = encoder.inner(engine, ids, mask)
    marked = [part[:1, : ids.shape[1]] for part in (here, elsewhere)]
    told = [relation.answers(relation.layers(), given, mask, (marked[0], marked[1] * on)) for on in (1, 0)]
    assert abs(told[0] - told[1]).max() > 0.01


def test_an_answer_depends_on_no_other_text_of_its_batch(module):
    asked = [place("Dijon est superbe, Troyes m'a déçu", name) for name in ("Dijon", "Troyes")]
    long = [place("Dijon " + "et ses halles " * 30, "Dijon")]
    found, told = heads.seen(module, [*asked, *long, asked[0]])
    assert found.shape == (4, 2 * WIDTH) and told.shape == (4, len(heads.LABELS))
    assert (told[0] == told[3]).all() and (found[0] == found[3]).all()
    alone = [part[0] for part in heads.seen(module, asked[:1])]
    assert found[0] == pytest.approx(alone[0], abs=0.05) and told[0] == pytest.approx(alone[1], abs=0.05)


def test_what_cues_and_relation_say_is_averaged_and_blame_is_likelier_than_that():
    told = heads.together(np.array([[1.0, 2.0, 3.0, 4.0]]), np.array([[3.0, 2.0, 1.0, 0.0]]))
    assert told.tolist() == [[2.0 + heads.BLAMED, 2.0, 2.0, 2.0]]
    assert heads.BLAMED > 0


def test_the_answer_hears_both_what_is_weighed_and_the_relation(module):
    one, head = place("Dijon est superbe, Troyes m'a déçu", "Troyes"), heads.load(heads.ACCURATE)
    found, told = heads.seen(module, [one])
    by_cue = np.array([[0.5, 0.0, -0.5, 0.0]])
    assert heads.by_encoder(head, module, [one], by_cue) == pytest.approx(
        (by_cue + found @ head.vectors + told) / 2 + [[heads.BLAMED, 0, 0, 0]]
    )


def test_a_changed_relation_is_refused(tmp_path, monkeypatch, module):
    changed = tmp_path / "changed.onnx"
    changed.write_bytes(relation.FILE.read_bytes()[:-1])
    monkeypatch.setattr(relation, "FILE", changed)
    relation.layers.cache_clear()
    with pytest.raises(SchemaError, match="fetch it again"):
        heads.seen(module, [place("Vive Nevers", "Nevers")])
    monkeypatch.setattr(relation, "FILE", tmp_path / "absent.onnx")
    with pytest.raises(ConfigError, match="RAYONNER_TIER=fast"):
        heads.seen(module, [place("Vive Nevers", "Nevers")])


def test_the_relation_is_the_file_named_and_small():
    assert hashlib.sha256(relation.FILE.read_bytes()).hexdigest() == relation.SHA256
    assert relation.FILE.stat().st_size < 15e6
