"""Every mistake is named with its file, its line and its cure."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import brands
from pipeline.brands import Problem

from .conftest import PEER, VALID, line_of

Spoil = Callable[[str, str], list[Problem]]

# What is replaced, by what, the part of the spoiled file whose line is named, what the message and the cure say.
MISTAKES = [
    ('level = "metropole"', 'leve = "metropole"', "leve =", "unknown key 'leve'", "'level'"),
    ('level = "metropole"', 'leve = "metropole"', "[identity]", "no 'level'", "one of region"),
    ("[press]", "[pres]", "[pres]", "unknown table 'pres'", "'press'"),
    ("[[sense]]", "[sense_]\n[[sense]]", "[sense_]", "unknown table 'sense_'", "'sense'"),
    ("[[campaign]]", "[[campain]]", "[[campain]]", "unknown table 'campain'", "'campaign'"),
    ("[[campaign]]", "[campaign]", "[campaign]", "may stand several times", "[[campaign]]"),
    ("[identity]\n", "", 'name = "Just Dijon"', "'name' stands outside its table", "[identity]"),
    ("[press]", "[press.x]", "[press.x]", "unknown key 'x'", "write one of feeds"),
    ('kind = "club"', 'kind = "sport"', 'kind = "sport"', "'sport'", "club"),
    ('name = "le club"\n', "", '[[sense]]\nkind = "club"', "[sense] has no 'name'", "add name"),
    ('["moutarde de Dijon"]', '"moutarde de Dijon"', 'words = "mou', "not a list", '["...", "..."]'),
    ('["moutarde de Dijon"]', '["moutarde de Dijon", 3]', "words = [", "holds 3", "between quotes"),
    ('"Lancement"', "12", "name = 12", "holds 12", 'a text: "..."'),
    ('"Lancement"', '"  "', 'name = "  "', "holds '  '", "a text"),
    ("start = 2018-01-12", 'start = "12/01/2018"', "start = ", "holds '12/01/2018'", "without quotes"),
    ("start = 2018-01-12", "start = 2018-01-12T10:00:00", "start = ", "datetime", "2024-05-31"),
    ("since = 2018-01-12", "since = 18", "since = 18", "holds 18", "a year"),
    ("since = 2018-01-12", "since = 2018-02-30", "since = 2018-02-30", "not TOML", "key ="),
    ("end = 2018-06-30", "end = 2017-06-30", "end = 2017", "ends before it starts", "dates"),
    ("accepted = true", 'accepted = "oui"', 'accepted = "oui"', "holds 'oui'", "true or false"),
    ('"21231"', '"99999"', '"99999"', "no INSEE code of a metropole", '"21231" (Dijon)'),
    ('"21231"', "21231", "insee = 21231", "holds 21231", "a text"),
    ('insee = "21231"\n', "", "[identity]", "a metropole has an INSEE code", '"21231" (Dijon)'),
    ('"metropole"', '"area"', 'insee = "', "an area has no INSEE code", "leave insee out"),
    ('"en"]', '"english"]', '"english"', "not a language code", "two small"),
    ('["troyes"]', '["troie"]', '["troie"]', "no brand file is called 'troie'", "'troyes'"),
    ('["troyes"]', '["just-dijon"]', '["just-dijon"]', "this brand itself", "leave it out"),
    ('"DijonMetropole"', '"Dijon Métropole !"', '"Dijon Métropole !"', "not a hashtag", "#JustDijon"),
    ('"DijonMetropole"', '"#2024"', '"#2024"', "not a hashtag", "#JustDijon"),
    ('"@just_dijon"', '"just dijon"', '"just dijon"', "not a handle", "@dijon"),
    ('"rss:dijon.fr"', '"dijon.fr"', '"dijon.fr"', "not an account", "rss:dijon.fr"),
    ('"rss:dijon.fr"', '"myspace:dijon"', '"myspace:dijon"', "not an account", "platform:account"),
    ('"https://www.bienpublic.com/rss"', '"javascript:x"', '"javascript:x"', "not the address", "https://"),
    ("Equipe@Example.org", "equipe at example.org", "email = ", "not an e-mail address", "equipe@example.org"),
    ('Equipe@Example.org"', 'e@example.org"\nlanguage = "de"', 'language = "de"', "holds 'de'", "one of fr, en"),
    ('"JustDijon"]', '"Y"]', '"Y"]', "so short", "ville d'Eu"),
    ('"JustDijon"]', '"21"]', '"21"]', "so short", "ville d'Eu"),
    ('"moutarde de Dijon"]', '"Dijon"]', 'words = ["Dijon"]', "own term", "words around"),
    ('"moutarde de Dijon"]', '"à Dijon"]', 'words = ["à Dijon"]', "how people speak", "more of the phrase"),
    ('"moutarde de Dijon"]', '"!?"]', 'words = ["!?"]', "holds no letter", "write a word"),
    ('of = ["Dijon"]', 'of = ["Dijonais"]', 'of = ["Dijonais"]', "none of the brand's terms", "'Dijonnais'"),
    ("Un pot de moutarde de Dijon.", "vivre a dijon", 'text = "vivre', "stands twice", "keep one"),
    ('"Just Dijon"', '"Just Dijon', "name = ", "not TOML", "docs/brands.md"),
    ("[accounts]", "[identity]", "[identity]\nowned", "not TOML", "docs/brands.md"),
]


@pytest.mark.parametrize(("part", "by", "stands", "message", "cure"), MISTAKES)
def test_a_mistake_is_named_with_its_line_and_its_cure(
    spoil: Spoil, part: str, by: str, stands: str, message: str, cure: str
) -> None:
    spoiled = VALID.replace(part, by, 1)
    found = [p for p in spoil(part, by) if message in p.message and cure in p.cure]
    assert [p.line for p in found] == [line_of(spoiled, stands)]
    assert found[0].fatal
    assert Path(found[0].file).name == "just-dijon.toml"


WARNINGS = [
    ('"Dijonnais"]', '"Dijonnais", "Dijonnais"]', "inhabitants =", "stands twice"),
    ('"Vivre à Dijon."', '"Vivre à Beaune."', 'text = "Vivre', "none of the brand's terms"),
    ('territory = "Dijon"', 'territory = "Mâcon"', "insee =", "is Dijon, not Mâcon"),
    ('"21000"]', '"la ville"]', "context =", "so common"),
]


@pytest.mark.parametrize(("part", "by", "stands", "message"), WARNINGS)
def test_a_doubt_is_a_warning(spoil: Spoil, part: str, by: str, stands: str, message: str) -> None:
    found = spoil(part, by)
    assert [(p.fatal, p.line) for p in found if message in p.message] == [(False, line_of(VALID, stands))]
    assert not any(p.fatal for p in found)


def test_a_valid_folder_has_no_problem(folder: Path) -> None:
    assert brands.check(folder) == []


def test_an_ordinary_word_needs_a_sense(tmp_path: Path) -> None:
    file = tmp_path / "tours.toml"
    head = '[identity]\nname = "Tours en fête"\nterritory = "Tours"\nlevel = "commune"\ninsee = "37261"\n[words]\n'
    sense = '[[sense]]\nname = "le mot"\nkind = "word"\nwords = ["tours de piste"]\n'
    file.write_text(head + 'places = ["Tours"]\ntaglines = ["La Fête"]\n', "utf-8")
    assert [(p.line, p.fatal) for p in brands.check(tmp_path)] == [(7, False), (8, True)]
    file.write_text(head + 'places = ["Tours"]\ntaglines = ["La Fête"]\n' + sense, "utf-8")
    assert brands.check(tmp_path) == []


def test_a_namesake_needs_a_sense(tmp_path: Path) -> None:
    head = '[identity]\nname = "Valence romaine"\nterritory = "Saint-Denis"\nlevel = "commune"\ninsee = "93066"\n'
    (tmp_path / "saint-denis.toml").write_text(head + '[words]\nplaces = ["Saint-Denis"]\n', "utf-8")
    assert [(p.line, p.fatal) for p in brands.check(tmp_path)] == [(7, False)]
    assert "97411" in brands.check(tmp_path)[0].message


def test_paris_the_department_is_no_namesake_of_paris(tmp_path: Path) -> None:
    head = '[identity]\nname = "Paris je t\'aime"\nterritory = "Paris"\nlevel = "commune"\ninsee = "75056"\n'
    (tmp_path / "paris.toml").write_text(head + '[words]\nplaces = ["Paris"]\n', "utf-8")
    assert brands.check(tmp_path) == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("names", "just dijon"),
        ("taglines", "Just-Dijon"),
        ("hashtags", "#justdijon"),
        ("handles", "@Just_Dijon"),
    ],
)
def test_one_term_for_two_brands_is_named_in_the_second(folder: Path, key: str, value: str) -> None:
    with (folder / "troyes.toml").open("a", encoding="utf-8") as file:
        file.write(f'{key} = [\n"{value}"]\n')
    found = brands.check(folder)
    assert [(Path(p.file).name, p.line, p.fatal) for p in found] == [("troyes.toml", 9, True)]
    assert "just-dijon.toml" in found[0].message


def test_one_place_for_two_territories_is_a_warning(folder: Path) -> None:
    (folder / "troyes.toml").write_text(PEER.replace('["Troyes"]', '["Troyes",\n"dijon"]'), "utf-8")
    found = [p for p in brands.check(folder) if "just-dijon.toml" in p.message]
    assert [(Path(p.file).name, p.line, p.fatal) for p in found] == [("troyes.toml", 8, False)]


def test_a_broken_row_does_not_move_the_line_of_the_next(spoil: Spoil) -> None:
    found = spoil('kind = "word"\nwords = ["moutarde de Dijon"]', 'kind = "word"\nwordz = ["moutarde de Dijon"]')
    assert {p.line for p in found} == {line_of(VALID, "[[sense]]"), line_of(VALID, '"moutarde de Dijon"')}
    later = spoil(
        'name = "la moutarde"\nkind = "word"', 'name = "la moutarde"\nkind = "x"\n[[sense]]\nname = "y"\nkind = "word"'
    )
    assert any("'x'" in p.message for p in later)


def test_an_account_of_two_owners_is_a_warning(folder: Path) -> None:
    with (folder / "troyes.toml").open("a", encoding="utf-8") as file:
        file.write('[accounts]\nowned = ["x:justdijon"]\n')
    assert [(p.line, p.fatal) for p in brands.check(folder)] == [(9, False)]


@pytest.mark.parametrize("name", ["Just Dijon", "été", "commune-21231-dijon", "a--b", "x" * 65])
def test_a_file_name_that_cannot_name_a_brand_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / f"{name}.toml").write_text(VALID.replace('["troyes"]', "[]"), "utf-8")
    assert [(p.line, p.fatal) for p in brands.check(tmp_path)] == [(1, True)]
    assert "rename it" in brands.check(tmp_path)[0].cure


def test_a_file_that_is_not_utf8_is_named_with_the_line(folder: Path) -> None:
    (folder / "troyes.toml").write_bytes("[identity]\nname = 'Périgueux'\n".encode("latin-1"))
    found = [p for p in brands.check(folder) if "UTF-8" in p.message]
    assert [(Path(p.file).name, p.line) for p in found] == [("troyes.toml", 2)]


def test_files_of_windows_editors_are_read(folder: Path) -> None:
    (folder / "just-dijon.toml").write_bytes(b"\xef\xbb\xbf" + VALID.replace("\n", "\r\n").encode())
    assert brands.check(folder) == []


def test_an_empty_folder_is_a_mistake_with_a_cure(tmp_path: Path) -> None:
    assert [(p.file, p.fatal) for p in brands.check(tmp_path)] == [(str(tmp_path), True)]
    assert [p.fatal for p in brands.check(tmp_path / "absent")] == [True]


def test_a_directory_in_the_place_of_a_file_is_named(folder: Path) -> None:
    (folder / "odd.toml").mkdir()
    assert [Path(p.file).name for p in brands.check(folder)] == ["odd.toml"]


def test_no_message_prints_an_address(spoil: Spoil) -> None:
    assert not any("secret" in str(p) for p in spoil("Equipe@Example.org", "secret.person at example"))


def test_a_problem_reads_as_editors_like_it(spoil: Spoil) -> None:
    (problem,) = spoil('"21231"', '"99999"')
    assert str(problem).endswith("just-dijon.toml:6: '99999' is no INSEE code of a metropole; write \"21231\" (Dijon)")
