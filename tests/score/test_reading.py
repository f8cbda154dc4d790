import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.score import Asked, read
from pipeline.score.sentiment import fr, tiers, tone

SLOGAN = "La Haute-Marne respire et inspire"


def asked(text, place, own_words=(), **more):
    start = text.index(place)
    return Asked(text, start, start + len(place), own_words, **more)


def test_a_language_that_is_not_scored_has_no_tone():
    found = read([asked("Wir haben ein wunderbares Wochenende in Dijon verbracht", "Dijon")], "fast")[0]
    assert (found.lang, found.label, found.score, found.toward, found.toward_score) == ("de", None, None, None, None)


def test_a_text_too_short_for_a_language_has_no_tone():
    assert read([asked("Dijon", "Dijon")], "fast")[0].label is None


def test_a_language_given_is_believed():
    assert read([asked("Dijon 😍", "Dijon", lang="fr")], "fast")[0].lang == "fr"


def test_answers_come_in_the_order_asked():
    texts = [
        "Dijon est une ville sale et triste",
        "We love Dijon, what a beautiful place",
        "J'adore Dijon, c'est splendide",
    ]
    found = read([asked(text, "Dijon") for text in texts] * 2, "fast")
    assert [one.label for one in found] == ["negative", "positive", "positive"] * 2
    assert [one.scorer.split("/")[0] for one in found[:3]] == ["fr-fast", "en-vader", "fr-fast"]


def test_nothing_asked_gives_nothing():
    assert read([], "fast") == []


def test_an_unknown_tier_is_refused():
    with pytest.raises(ValueError, match="tier"):
        read([asked("Dijon", "Dijon")], "best")


@pytest.mark.parametrize("tier", ["accurate", "cascade"])
def test_without_the_accurate_model_the_fast_one_answers_and_says_so(tier, monkeypatch):
    monkeypatch.setattr(tiers, "accurate", lambda: None)
    found = read([asked("J'adore vraiment Dijon", "Dijon")], tier)[0]
    assert found.scorer == "fr-fast/2+toward-fast/7"


class Loud:
    """An accurate scorer that says the same of every text, early of some, and keeps what it is asked."""

    NAME, VERSION = "loud", "1"

    def __init__(self, early=()):
        self.asked, self.early = [], early

    def opinions(self, texts, heard, sure):
        self.asked += zip(texts, heard, [sure] * len(texts), strict=True)
        return [((0.0, 0.0, 1.0), text in self.early) for text in texts]


@pytest.mark.parametrize("tier", sorted(tiers.SURE))
def test_the_accurate_scorer_is_asked_only_in_doubt(tier, monkeypatch):
    loud, sure_at = Loud(), tiers.SURE[tier]
    monkeypatch.setattr(tiers, "accurate", lambda: loud)
    sure, doubtful = "Quelle honte, c'est sale", "On verra ce que ça donne"
    known = {sure: (sure_at, 1 - sure_at, 0.0), doubtful: (sure_at - 0.01, 1.01 - sure_at, 0.0)}
    monkeypatch.setattr(fr, "tones", lambda texts: [known[text] for text in texts])
    found = tiers.read([sure, doubtful, doubtful], ["fr", "fr", "fr"], tier)
    assert loud.asked == [(doubtful, known[doubtful], tiers.ENOUGH[tier])]
    assert [one.scorer for one in found] == ["fr-fast/2", *["loud/1&fr-fast/2"] * 2]


def test_an_early_answer_is_taken_as_it_is_and_named(monkeypatch):
    text = "On verra ce que ça donne"
    monkeypatch.setattr(tiers, "accurate", lambda: Loud(early=(text,)))
    monkeypatch.setattr(fr, "tones", lambda texts: [(0.5, 0.3, 0.2)] * len(texts))
    found = tiers.read([text], ["fr"], "accurate")[0]
    assert (found.probabilities, found.scorer) == ((0.0, 0.0, 1.0), "loud-early/1&fr-fast/2")


def test_a_text_without_words_is_not_sent_to_any_scorer(monkeypatch):
    loud = Loud()
    monkeypatch.setattr(tiers, "accurate", lambda: loud)
    assert tone(["Lieu !!! http @user"], ["fr"], "accurate")[0][:2] == ("neutral", 0.0)
    assert loud.asked == []


def styled(text, style):
    return {
        "as": text,
        "upper": text.upper(),
        "lower": text.lower(),
        "tag": "#" + "".join(c for c in text.title() if c.isalnum()),
    }[style]


BLANKS = st.text(st.sampled_from(" \n!?.…,;:-/\"«»()'’"), max_size=6)
ADDRESS = st.sampled_from(["", " https://t.co/abc", " @hautemarne", " #LaHauteMarneRespireEtInspire", " RT @u: "])


@settings(deadline=None)
@given(
    st.sampled_from(["as", "upper", "lower", "tag"]),
    st.integers(1, 3),
    BLANKS,
    ADDRESS,
    st.sampled_from(["fast", "accurate", "cascade"]),
)
def test_a_slogan_alone_is_neutral_in_every_tier(style, times, blanks, address, tier):
    text = address + (blanks + " " + styled(SLOGAN, style)) * times + blanks + address
    found = read([Asked(text, 0, len(text), (SLOGAN,), lang="fr")], tier)[0]
    assert (found.label, found.score, found.toward, found.toward_score) == ("neutral", 0.0, "neutral", 0.0)


def test_a_slogan_does_not_sway_what_stands_beside_it():
    plain = "Encore une réunion à Chaumont ce matin"
    with_slogan = f"{plain} {SLOGAN}"
    found = [read([asked(text, "Chaumont", (SLOGAN,))], "fast")[0] for text in (plain, with_slogan)]
    assert found[0].label == found[1].label


@given(st.text(st.characters(), max_size=200), st.integers(-5, 300), st.integers(-5, 300))
@settings(deadline=None)
def test_any_text_and_any_offsets_are_read_without_harm(text, start, end):
    found = read([Asked(text, start, end, (SLOGAN,), lang="fr", others=((end, start), (0, 3)))], "fast")[0]
    assert -1 <= found.score <= 1
    assert -1 <= found.toward_score <= 1
    assert found.lang == "fr"
    assert dataclasses.is_dataclass(found)


def test_the_accurate_tier_hears_the_fast_scorer_too(monkeypatch):
    monkeypatch.setattr(tiers, "accurate", lambda: Loud())
    monkeypatch.setattr(fr, "tones", lambda texts: [(0.5, 0.3, 0.2)] * len(texts))
    found = tiers.read(["On verra ce que ça donne"], ["fr"], "accurate")[0]
    assert found.probabilities == (0.0, 0.0, 1.0)
    assert found.scorer == "loud/1&fr-fast/2"
    mixed = tiers._together(Loud(), (0.1, 0.1, 0.8), False, tiers.toned((0.6, 0.2, 0.2), "b/1"))
    assert sum(mixed.probabilities) == pytest.approx(1)
    assert 0.1 < mixed.probabilities[0] < 0.6


def test_two_scorers_that_agree_are_surer_than_either():
    same = (0.1, 0.1, 0.8)
    assert tiers._together(Loud(), same, False, tiers.toned(same, "b/1")).probabilities[2] > 0.81
