"""Every word of a brand is asked for, no question is too long, and there are few of them."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline import brands
from pipeline.collect import gdelt, mastodon, rss
from pipeline.collect._plan import hashtag, packed, phrase, unaccented, words
from pipeline.gazetteer import fold
from pipeline.model import Query
from pipeline.settings import ROOT

texts = st.text(min_size=1, max_size=60) | st.lists(st.sampled_from(["Dijon", "La", "Manche", "é"]), min_size=1).map(
    " ".join
)
queries = st.lists(
    st.builds(
        Query,
        brand=st.sampled_from(["one", "two", "three"]),
        terms=st.lists(texts, max_size=8).map(tuple),
        hashtags=st.lists(texts, max_size=4).map(tuple),
    ),
    max_size=4,
)


def covered(planned, brand):
    return {word for one in planned if brand in one.brands for word in one.covers}


@given(queries)
def test_mastodon_asks_for_every_word_that_can_be_a_tag(asked):
    planned = mastodon.plan(asked)
    assert all(2 <= len(one.text) <= 101 and one.text.startswith("#") for one in planned)
    assert len({one.text for one in planned}) == len(planned)
    for query in asked:
        assert {word for word in words(query) if hashtag(word)} <= covered(planned, query.brand)


@given(queries)
def test_mastodons_search_asks_for_every_word(asked):
    planned = mastodon.plan_search(asked)
    assert all(len(one.text) <= 202 for one in planned)
    for query in asked:
        assert {word for word in words(query) if phrase(word)} <= covered(planned, query.brand)


@given(queries)
def test_gdelt_asks_for_every_word_long_enough_within_its_limit(asked):
    planned = gdelt.plan(asked)
    assert all(len(one.text) <= 240 and one.text.endswith(" sourcecountry:FR") for one in planned)
    assert all(one.text.count('"') % 2 == 0 for one in planned)
    for query in asked:
        assert {word for word in words(query) if len(phrase(word)) > 2} <= covered(planned, query.brand)


@given(queries)
def test_a_phrase_finds_every_word_it_covers(asked):
    """A wider phrase stands in a narrower one as whole words, or is the beginning of a long one."""
    for one in mastodon.plan_search(asked):
        found = f" {fold(one.text)} "
        for word in one.covers:
            held = f" {fold(phrase(word))} "
            assert found in held or held.startswith(found.rstrip()) or not found.strip()


@given(st.lists(st.text("abcdefgh ", min_size=1, max_size=40), unique=True, max_size=60))
def test_packing_loses_nothing_and_wastes_little(given_texts):
    groups = packed(dict.fromkeys(given_texts), 40, " OR ")
    assert sorted(text for group in groups for text in group) == sorted(given_texts)
    assert all(len(" OR ".join(group)) <= 40 for group in groups)
    # First fit decreasing is within 11/9 of the best, plus one; no packing does better than the lengths allow.
    least = -(-sum(len(text) + 4 for text in given_texts) // 44)
    halves = sum(len(text) + 4 > 22 for text in given_texts)
    assert len(groups) <= max(least, halves) * 1.7 + 1


def test_the_shipped_brands_take_few_questions():
    asked = brands.queries(brands.catalogue("brands", ROOT / "brands"))
    every = {word for query in asked for word in words(query)}
    assert len(gdelt.plan(asked)) < len(every) / 4
    assert len(mastodon.plan_search(asked)) < len(every)
    assert {feed for query in asked for feed in query.feeds} == {one.text for one in rss.plan(asked)}
    assert rss.plan(asked)


def test_a_tag_is_what_people_write():
    assert hashtag("Just Dijon") == "JustDijon"
    assert hashtag("#Côte-d'Or") == "CôtedOr"
    assert unaccented("DijonMétropole") == "dijonmetropole"
    assert hashtag("21000") is None
    assert hashtag("!!") is None


def test_accents_are_asked_with_and_without():
    planned = mastodon.plan([Query("one", ("Métropole",))])
    assert {one.text for one in planned} == {"#metropole", "#métropole"}


def test_brands_share_a_question():
    (one,) = mastodon.plan_search([Query("a", ("Dijon",)), Query("b", ("Dijon Métropole",))])
    assert (one.text, one.brands) == ('"Dijon"', ("a", "b"))
