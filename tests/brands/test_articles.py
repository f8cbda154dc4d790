"""The Wikipedia articles on a territory: as the brand file names them, or derived where the name leaves no doubt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.brands import forms
from pipeline.brands.articles import articles
from pipeline.model import Brand


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Dijon", "fr:Dijon"),
        ("en:Dijon", "en:Dijon"),
        ("Manche_(département)", "fr:Manche (département)"),
        ("  Le   Havre ", "fr:Le Havre"),
        ("Portail:Dijon", "fr:Portail:Dijon"),
        ("en:", None),
        ("Dijon#Histoire", None),
        ("Dijon|ville", None),
        ("a\0b", None),
        ("é" * 128, None),
    ],
)
def test_a_title_is_read_or_refused(written, read):
    assert forms.article(written) == read


@given(st.text(max_size=300))
def test_what_is_read_is_read_again_as_the_same(text):
    once = forms.article(text)
    assert once is None or forms.article(once) == once


def brand(level, insee, *named):
    return Brand("a", "A", "A", insee, level, articles=named)


@pytest.mark.parametrize(
    ("level", "insee", "found"),
    [
        ("commune", "21231", {"fr": ("Dijon",)}),
        ("metropole", "21231", {"fr": ("Dijon",)}),
        ("departement", "52", {"fr": ("Haute-Marne",)}),
        ("region", "32", {"fr": ("Hauts-de-France",)}),
        ("departement", "50", {}),  # Manche: the sea
        ("departement", "86", {}),  # Vienne: the capital of Austria, a river, a town
        ("region", "53", {}),  # Bretagne: history, geography, the région
        ("commune", "26362", {}),  # Valence: there are three
        ("area", None, {}),
        ("commune", "99999", {}),
    ],
)
def test_a_name_leads_to_an_article_only_without_doubt(level, insee, found):
    assert articles(brand(level, insee)) == found


def test_what_is_named_replaces_what_would_be_derived():
    named = brand("commune", "21231", "fr:Dijon", "en:Dijon", "fr:Grand Dijon")
    assert articles(named) == {"fr": ("Dijon", "Grand Dijon"), "en": ("Dijon",)}
