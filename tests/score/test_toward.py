from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.score.masking import mask
from pipeline.score.sentiment import fr, tiers
from pipeline.score.sentiment.encoder import WIDTH
from pipeline.score.toward import Place, heads, judge
from pipeline.score.toward.apart import part
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
    found = heads.encoder()
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
    assert {one.scorer for one in verdicts} == {"toward-accurate/6"}


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
    assert spoken(place(text, "Troyes", others=((0, 5),))) == "autre est superbe, CETTE VILLE m'a déçu"


def test_a_clause_ends_at_commas_contrasts_and_comparisons():
    def clause(text, name):
        seen = view(place(text, name))
        return [token for token in seen.tokens[slice(*seen.clause)] if token != HERE]

    assert clause("Le train est lent mais Dijon est belle", "Dijon") == ["est", "belle"]
    assert "mieux" not in clause("On vit mieux à Dijon qu'à Paris", "Paris")
    assert "mieux" in clause("On vit mieux à Dijon qu'à Paris", "Dijon")


@pytest.mark.parametrize(
    ("text", "name", "own"),
    [
        ("Dijon est superbe, Troyes m'a déçu", "Troyes", "CETTE VILLE m'a déçu"),
        ("Dijon est superbe, Troyes m'a déçu", "Dijon", "CETTE VILLE est superbe"),
        ("Le Mans est triste mais La Rochelle brille", "La Rochelle", "CETTE VILLE brille"),
        ("On vit bien mieux à Dijon qu'à Paris", "Paris", "à CETTE VILLE"),
        ("Adieu l'Yonne. Vive la Nièvre !", "Nièvre", "Vive la CETTE VILLE"),
        ("L'Yonne est triste, Nevers brille", "Nevers", "CETTE VILLE brille"),
        ("Cela va mieux. Je sais que Nevers plaît, Paris non", "Nevers", "Je sais que CETTE VILLE plaît"),
        ("Dijon, c'est Dijon", "Dijon", None),
        ("Dijon et Troyes sont superbes", "Troyes", None),
        ("Merci à Aubin, vive Nevers", "Nevers", None),  # two communes are called so, of 3,444 inhabitants and 265
        ("", "", None),
    ],
)
def test_a_place_has_a_clause_of_its_own_where_another_is_named_outside_of_it(text, name, own):
    assert part(place(text, name)) == own


def test_another_brand_that_matching_found_is_another_place_whatever_its_name():
    text = "Vive Nevers, la Puisaye s'endort"
    found = ((text.index("la Puisaye"), text.index(" s'endort")),)
    assert part(place(text, "Nevers")) is None
    assert part(place(text, "Nevers", others=found)) == "Vive CETTE VILLE"


TOWNS, SAID = ["Dijon", "Paris", "la Nièvre", "Saint-Étienne"], ["est superbe", "m'a déçu", "reste loin", "quel ennui"]


@given(st.permutations(TOWNS), st.permutations(SAID), st.sampled_from([", ", ". ", " mais ", " ; ", " : "]))
def test_the_clause_of_one_place_holds_nothing_that_is_said_of_another(towns, said, between):
    text = between.join(f"{town} {what}" for town, what in zip(towns, said, strict=True))
    for town, what in zip(towns, said, strict=True):
        assert part(place(text, town)) == f"CETTE VILLE {what}"


@given(st.text(max_size=300), st.integers(0, 300), st.integers(0, 40))
def test_any_text_has_a_clause_that_holds_the_place_or_none(text, start, length):
    own = part(Place(text, start, start + length))
    assert own is None or "CETTE VILLE" in own


def test_what_the_encoder_sees_of_a_clause_stands_beside_what_it_sees_of_the_text(module):
    two, alone = place("Dijon est superbe, Troyes m'a déçu", "Troyes"), place("Troyes m'a déçu", "Troyes")
    both, single = heads.seen(module, [two, alone])
    assert both[-1] == 1.0 and not single[2 * WIDTH :].any()
    assert both[2 * WIDTH : -1] == pytest.approx(single[WIDTH : 2 * WIDTH], abs=0.05)
    assert heads.load(heads.ACCURATE).vectors.shape == (len(both), len(heads.LABELS))
