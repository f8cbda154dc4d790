"""X's questions: every word covered, none too long, no operator X refuses, as few as can be."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pipeline import brands
from pipeline.collect import Ask, x
from pipeline.collect._plan import hashtag, phrase, unaccented, words
from pipeline.collect._xplan import planned
from pipeline.collect._xterms import PLANS, RECENT
from pipeline.gazetteer import fold
from pipeline.model import Query
from pipeline.settings import ROOT

NOW = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
texts = st.text(min_size=1, max_size=60) | st.lists(
    st.sampled_from(["Dijon", "La", "Manche", "é", "Chenôve", "chenove", "-", '"']), min_size=1, max_size=40
).map(" ".join)
queries = st.lists(
    st.builds(
        Query,
        brand=st.sampled_from(["one", "two", "three"]),
        terms=st.lists(texts, max_size=8).map(tuple),
        hashtags=st.lists(texts, max_size=4).map(tuple),
        handles=st.lists(st.sampled_from(["dijon", "ville@example.org", "a.bsky.social", "x" * 16]), max_size=2).map(
            tuple
        ),
        languages=st.sampled_from([("fr",), ("fr", "en"), (), ("fr-FR",)]),
        exclusions=st.lists(texts, max_size=8).map(tuple),
    ),
    max_size=4,
)


def askable(query):
    """The words that X takes in some form."""
    spoken = {word for word in query.terms if re.search(r"\w", phrase(word))}
    tags = {word for word in query.hashtags if (tag := hashtag(word)) and len(tag) < 128}
    return spoken | tags


@settings(deadline=None)
@given(queries, st.sampled_from(sorted(PLANS)))
def test_every_word_is_asked_for_within_the_length_of_the_plan(asked, name):
    found = planned(asked, PLANS[name])
    assert all(len(one.text) <= PLANS[name].longest for one in found)
    assert len({one.text for one in found}) == len(found)
    for query in asked:
        covered = {word for one in found if query.brand in one.brands for word in one.covers}
        assert askable(query) <= covered


def outside_quotes(text):
    assert text.count('"') % 2 == 0
    return re.sub(r'"[^"]*"', "W", text)


@settings(deadline=None)
@given(queries)
def test_questions_are_ones_that_x_takes(asked):
    for one in planned(asked):
        bare = outside_quotes(one.text)
        depth = 0
        for sign in bare:
            depth += (sign == "(") - (sign == ")")
            assert 0 <= depth <= 2
        assert depth == 0
        # AND binds before OR, so every OR stands in parentheses; each exclusion is negated alone, beside its phrase.
        inside = re.sub(r"\(W(?: -W)+\)", "W", bare)
        term = r"(?:W|[#@]\w+)"
        assert re.fullmatch(rf"(?:{term}|\({term}(?: OR {term})+\))(?: lang:[a-z]{{2}})?", inside), one.text


FORM = re.compile(r'\("([^"]*)"((?: -"[^"]*")+)\)|"([^"]*)"|[#@](\w+)')


def stands(wanted, said):
    """Whether a phrase stands in the tokens of a text, accents loose on the question's side."""
    tokens = re.findall(r"\w+", wanted.lower())
    runs = range(len(said) - len(tokens) + 1)
    return any(all(w in (t, unaccented(t)) for t, w in zip(tokens, said[at:], strict=False)) for at in runs)


def finds(question, text):
    """Whether X's documented rules find a text: phrases by token, and not those negated beside them."""
    said = re.findall(r"\w+", text.lower())
    for limited, negated, free, tag in FORM.findall(question):
        if stands(limited or free or tag, said) and not any(stands(n, said) for n in re.findall(r'"([^"]*)"', negated)):
            return True
    return False


@settings(deadline=None)
@given(queries)
def test_a_question_finds_every_word_it_covers(asked):
    for one in planned(asked):
        for word in one.covers:
            said = phrase(word)
            assume(len(said) < 120)
            assert finds(one.text, said) or (hashtag(word) and finds(one.text, "#" + hashtag(word)))


def test_the_shipped_brands_take_one_question_each_or_two():
    asked = brands.queries(brands.catalogue("brands", ROOT / "brands"))
    found = planned(asked)
    assert len(found) <= len(asked) * 1.1
    assert all(len(one.brands) == 1 for one in found)
    assert len(planned(asked, PLANS["enterprise"])) == len(asked)
    assert x.plan(asked) == found == x.plan(asked, Ask(now=NOW))
    named = Ask(now=NOW, settings={"RAYONNER_X_PLAN": "enterprise"})
    assert x.plan(asked, named) == planned(asked, PLANS["enterprise"])


@pytest.mark.parametrize(
    ("query", "text"),
    [
        (Query("a", ("Dijon",)), '"Dijon" lang:fr'),
        (Query("a", ("Dijon",), languages=("fr", "en")), '"Dijon"'),
        (Query("a", ("Just Dijon",), languages=()), '("Just Dijon" OR #JustDijon)'),
        (Query("a", ("Dijon Métropole", "Dijon"), languages=()), '(#DijonMétropole OR "Dijon")'),
        (Query("a", ("Chenove", "Chenôve"), languages=()), '"Chenôve"'),
        (Query("a", ("Cote", "Côte d'Or"), languages=()), '("Côte d\'Or" OR #CôtedOr OR "Cote")'),
        (Query("a", (), ("DijonMetropole", "DijonMétropole"), languages=()), "#DijonMétropole"),
        (Query("a", (), (), ("@Dijon", "ville@example.org"), languages=()), "@Dijon"),
        (
            Query("a", ("La Manche", "Saint-Lô"), exclusions=("faire la manche", "manche à air"), languages=()),
            '(("La Manche" -"faire la manche") OR "Saint-Lô" OR #LaManche OR #SaintLô)',
        ),
    ],
)
def test_a_question_is_written_as_x_wants_it(query, text):
    (one,) = planned([query])
    assert one.text == text


def test_brands_that_ask_the_same_share_the_question_and_others_do_not():
    one, two, three = Query("a", ("Dijon",)), Query("b", ("Dijon",)), Query("c", ("Lille",))
    assert [found.brands for found in planned([one, two, three])] == [("a", "b"), ("c",)]


def test_exclusions_that_do_not_fit_are_left_to_the_matcher():
    many = tuple(f"faire la manche {'é' * 30} {n}" for n in range(40))
    (one,) = planned([Query("a", ("La Manche",), exclusions=many)])
    assert len(one.text) <= RECENT.longest
    assert 5 < one.text.count("-") < 40
    assert fold("La Manche") in fold(one.text)


def test_a_question_costs_at_least_its_forecast():
    (one,) = planned([Query("a", ("Dijon",))])
    assert (one.cost, one.cost_micros) == (2, 5_000)
    (one,) = planned([Query("a", ("Dijon",))], PLANS["pay-per-use-archive"])
    assert one.cost_micros == 10_000


def test_words_of_a_query_are_those_that_are_listened_for():
    query = Query("a", ("Just Dijon",), ("JustDijon",))
    (one,) = planned([query])
    assert set(words(query)) <= set(one.covers)
