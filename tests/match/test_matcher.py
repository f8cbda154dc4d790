from __future__ import annotations

from collections.abc import Callable

import pytest

from pipeline import match
from pipeline.match import Matcher
from pipeline.model import Brand, Sense

MANCHE = Brand(
    "la-manche",
    "La Manche",
    "Manche",
    "50",
    "departement",
    names=("La Manche", "Attitude Manche"),
    taglines=("Terre de grand large",),
    hashtags=("#AttitudeManche",),
    handles=("@departementmanche",),
    places=("la Manche", "Cotentin"),
    inhabitants=("Manchois", "Manchoises"),
    context=("Saint-Lô",),
    senses=(Sense("jeu vidéo", "word", ("manette", "dans la manche"), of=("Manche",)),),
)
Accepts = Callable[[str, str], bool]


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return match.compile_catalogue([MANCHE])


@pytest.mark.parametrize(
    "text",
    [
        "Attitude Manche recrute",
        "#AttitudeManche",
        "#attitudemanche",
        "terre de Grand-Large !",
        "cc @DepartementManche",
    ],
)
def test_the_brands_own_words_are_accepted_and_said_to_be_its_own(matcher: Matcher, text: str) -> None:
    (one,) = matcher.mentions(text)
    assert (one.accepted, one.by_brand_name, one.rule) == (True, True, "brand_name")


def test_a_brand_name_that_is_the_bare_place_is_still_judged(matcher: Matcher) -> None:
    (one,) = matcher.mentions("Elle a traversé la Manche à la nage")
    assert (one.accepted, one.by_brand_name, one.sense) == (False, False, "other_place")


def test_inhabitants_count_for_the_territory(matcher: Matcher) -> None:
    assert matcher.mentions("Les Manchois votent dimanche")[0].accepted


def test_one_mention_a_brand_and_accepted_if_any_occurrence_surely_is(matcher: Matcher) -> None:
    (one,) = matcher.mentions("Traverser la Manche, puis visiter le département de la Manche")
    assert one.accepted
    assert "administration" in one.evidence


def test_a_sense_of_the_brand_file_speaks_against(matcher: Matcher) -> None:
    assert matcher.mentions("Il vit dans la Manche avec les élus de Saint-Lô")[0].accepted
    refused = matcher.mentions("Une manette et #Manche")[0]
    assert (refused.accepted, refused.sense) == (False, "word")


def test_a_word_written_small_in_the_brand_file_does_not_silence_the_name(matcher: Matcher) -> None:
    assert "sense:" not in matcher.mentions("Un village dans la Manche")[0].evidence


def test_the_authors_place_is_weak_evidence(matcher: Matcher) -> None:
    said = matcher.mentions("La Manche, bientôt", author_place="Saint-Lô, Normandie")[0]
    assert "author_place" in said.evidence


def test_a_refused_mention_keeps_its_rule_and_its_words(matcher: Matcher) -> None:
    (one,) = matcher.mentions("Des migrants secourus dans la Manche")
    assert not one.accepted
    assert one.territory == "50"
    assert "migrants" in one.evidence


def test_explain_tells_every_occurrence(matcher: Matcher) -> None:
    told = matcher.explain("outre-Manche ; le préfet de la Manche")
    assert [verdict.accepted for _, _, verdict in told] == [False, True]
    assert {slug for slug, _, _ in told} == {"la-manche"}


def test_nothing_named_nothing_found(matcher: Matcher) -> None:
    assert not matcher.touches("Bonjour à tous")
    assert matcher.mentions("Bonjour à tous") == []


@pytest.mark.parametrize(
    "text",
    [
        "#Paris #Lyon #Marseille #Lille #Dijon #Nancy #Tours #Rennes #Nantes dispo",
        "Massage naturiste à Dijon, appelez le 06 12 34 56 78",
        "escort #Dijon #Lyon #Lille #Metz",
    ],
)
def test_city_hashtag_spam_is_refused_whatever_it_names(national: Matcher, text: str) -> None:
    (one,) = [m for m in national.mentions(text) if m.territory == "21231"]
    assert (one.sense, one.accepted) == ("spam", False)


@pytest.mark.parametrize(
    ("text", "code", "wanted"),
    [
        ("Saint-Savin (Vienne) ouvre son abbaye", "86", True),
        ("Vienne (38) : le théâtre antique", "86", False),
        ("Vienne (38) : le théâtre antique", "38544", True),
        ("Accident à Tours (37)", "37261", True),
        ("rue de Lille, Paris", "59350", False),
        ("Chrétien de Troyes", "10387", False),
        ("la basilique Saint-Martin de Tours", "37261", True),
        ("Nancy Pelosi", "54395", False),
        ("Lens bat Metz 2-1 en Ligue 1", "62498", False),
        ("le commissariat de Lens", "62498", True),
        ("place des Vosges", "88", False),
        ("Je hais la Manche", "50", True),
        ("Le député de la Vienne de 1876 à 1889", "86", True),
        ("La Vienne de 1900", "86", False),
        ("Un brick se perdit dans la Manche", "50", False),
        ("Le sénateur de la Manche parle du Brexit et des pêcheurs anglais", "50", True),
        ("La Manche passe en vigilance orange : vents forts, vagues, tempête", "50", True),
        ("La rive gauche de la Vienne, à Châtellerault", "86", False),
        ("Lille déroule contre Angers", "59350", False),
        ("Le marché de Noël de Nancy", "54395", True),
        ("Escort girl ce soir #Lille #Paris #Dijon #Nancy whatsapp", "59350", False),
        ("dans les Vosges", "88", True),
        ("deux tours de clef", "37261", False),
        ("moutarde de Dijon", "21231", False),
    ],
)
def test_the_senses_that_the_rules_are_for(accepts: Accepts, text: str, code: str, wanted: bool) -> None:
    assert accepts(text, code) is wanted


@pytest.mark.parametrize(
    ("text", "code", "wanted"),
    [
        ("Manche. Un motard se tue sur la route de Périers", "50", True),
        ("Manche | Trois nouveaux radars", "50", True),
        ("Manche / La foire aux bestiaux annulée", "50", True),
        ("50 - Manche : le préfet interdit les feux", "50", True),
        ("Manche : trois migrants secourus en mer", "50", False),
        ("Manche : une barque retrouvée", "50", False),
        ("2 - Manche perdue d'un cheveu", "50", False),
        ("Taille M. Manche : longue", "50", False),
        ("Vienne. Le collège rouvre lundi", "86", True),
        ("Vienne : l'Autriche reconfine", "86", False),
        ("Vienne. Le festival Jazz à Vienne dévoile son affiche", "86", False),
        ("Valognes, Manche", "50", True),
        ("Montmorillon, Vienne : la piscine ferme", "86", True),
        ("Nord - Sud : deux points de vue", "59", False),
        ("Loire : la crue monte encore, le fleuve déborde", "42", False),
        ("Lot : un incendie à Cahors", "46", True),
    ],
)
def test_a_departement_alone_before_the_news_is_its_dateline(
    accepts: Accepts, text: str, code: str, wanted: bool
) -> None:
    assert accepts(text, code) is wanted


@pytest.mark.parametrize(
    ("text", "code", "wanted"),
    [
        ("on habite dans la manche depuis dix ans", "50", True),
        ("j'adore la vienne et ses villages", "86", True),
        ("Bref on est à tours ce soir", "37261", True),
        ("je bosse à lens", "62498", True),
        ("il fait beau dans la manche aujourd'hui", "50", True),
        ("il fait la manche devant la gare", "50", False),
        ("j'adore la manche de cette robe", "50", False),
        ("un ferry dans la manche", "50", False),
        ("que vienne le printemps", "86", False),
        ("vienne est une ville magnifique en autriche", "86", False),
        ("ils jouent des tours à tout le monde", "37261", False),
    ],
)
def test_a_place_written_small_is_known_by_who_lives_there(
    accepts: Accepts, text: str, code: str, wanted: bool
) -> None:
    assert accepts(text, code) is wanted


@pytest.mark.parametrize(
    ("text", "code", "wanted"),
    [
        ("Les plages de la Manche sont propres, surtout à Agon-Coutainville", "50", True),
        ("Les plages de la Manche vues d'Angleterre", "50", False),
        ("les communes de Vienne rurale", "86", True),
        ("Les communes de la Vienne se regroupent", "38544", False),
        ("Nancy a eu 40 ans samedi", "54395", False),
        ("Nancy, 52 ans, coiffeuse", "54395", False),
        ("Nancy est enceinte", "54395", False),
        ("Nancy est vraiment magnifique sous la neige", "54395", True),
        ("Troyes reçoit Guingamp vendredi", "10387", False),
        ("Lille corrige Metz", "59350", False),
        ("Lille accueille un congrès de cardiologie", "59350", True),
        ("la maire de Lille rencontre Lyon", "59350", True),
    ],
)
def test_shores_ages_and_fixtures(accepts: Accepts, text: str, code: str, wanted: bool) -> None:
    assert accepts(text, code) is wanted
