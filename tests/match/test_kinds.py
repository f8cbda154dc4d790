"""Kinds of signs that sentences of web pages showed to be missing, in sentences written for this project."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Accepts = Callable[[str, str], bool]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Un automobiliste sur la D924 : la Manche au petit matin", True),
        ("Un automobiliste sur la digue : la Manche au petit matin", False),
        ("La Manche survolée par un A320", False),
        ("Bâtir une Manche solidaire", True),
        ("Il retroussa une manche déchirée", False),
        ("La Manche, berceau de ce fromage", True),
        ("La Manche a vu naître trois ministres", True),
        ("Le taux a encore baissé, et c'est la Manche qui fait le mieux", True),
        ("Il vit entre la Manche et la Seine-Maritime", True),
        ("Une plaine entre la Manche et la Loire", False),
        ("Ce nom vient de la mer : il provient de la Manche, qui sépare deux pays", False),
    ],
)
def test_la_manche_by_kind(accepts: Accepts, text: str, wanted: bool) -> None:
    assert accepts(text, "50") is wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Des orages tombent sur la Vienne depuis midi", True),
        ("Un pont sur la Vienne", False),
        ("Au confluent du Clain et de la Vienne", False),
        ("En descendant la Vienne sans se presser", False),
        ("La Vienne est une longue rivière", False),
        ("Le sous-préfet de Vienne ouvre la séance", False),
        ("La préfète de la Vienne ouvre la séance", True),
        ("Ils marchaient dans Vienne", False),
        ("Ils marchaient dans la Vienne", True),
        ("Vienne Le département vote son budget", True),
    ],
)
def test_vienne_by_kind(accepts: Accepts, text: str, wanted: bool) -> None:
    assert accepts(text, "86") is wanted


@pytest.mark.parametrize(
    ("text", "code", "wanted"),
    [
        ("Troyes (4-3-3) : Dupont, Durand, Martin", "10387", False),
        ("Un ailier convoité par Lille", "59350", False),
        ("Lille a tenté le pari Dupont", "59350", False),
        ("Il devrait signer bientôt à Lens", "62498", False),
        ("Lens a perdu 300 habitants en dix ans", "62498", True),
        ("Une convention signée à Lille par les maires", "59350", True),
    ],
)
def test_a_club_without_a_word_of_sport(accepts: Accepts, text: str, code: str, wanted: bool) -> None:
    assert accepts(text, code) is wanted
