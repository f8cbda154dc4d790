"""A valid brand file to be spoiled, and the folder it stands in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import brands
from pipeline.brands import Problem

VALID = """\
# a comment with "quotes", [brackets] and key = "value"
[identity]
name = "Just Dijon"
territory = "Dijon"
level = "metropole"
insee = "21231"
since = 2018-01-12
languages = ["fr", "en"]
peers = ["troyes"]

[words]
names = ["JustDijon"]
taglines = ["L'art de vivre # à Dijon"]
hashtags = [
  "#JustDijon",  # with a comment ]
  "DijonMetropole",
]
handles = ["@just_dijon"]
places = ["Dijon", "Dijon Métropole"]
inhabitants = ["Dijonnais"]
context = ["Côte-d'Or", "21000"]

[[sense]]
name = "la moutarde"
kind = "word"
words = ["moutarde de Dijon"]
of = ["Dijon"]

[[sense]]
name = "le club"
kind = "club"
words = ["DFCO"]

[[campaign]]
name = "Lancement"
start = 2018-01-12
end = 2018-06-30
channel = "affichage"

[accounts]
owned = ["x:@JustDijon", "mastodon:@ville@example.org"]
partners = ["rss:dijon.fr"]

[press]
feeds = ["https://www.bienpublic.com/rss"]

[[subscriber]]
email = "Equipe@Example.org"

[[example]]
text = "Vivre à Dijon."
accepted = true

[[example]]
text = "Un pot de moutarde de Dijon."
accepted = false
"""

PEER = """\
[identity]
name = "Troyes La Champagne"
territory = "Troyes"
level = "agglo"
insee = "10387"
[words]
places = ["Troyes"]
"""


def line_of(text: str, part: str) -> int:
    """The line, from 1, on which `part` first stands."""
    return text[: text.index(part)].count("\n") + 1


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two valid brands."""
    (tmp_path / "just-dijon.toml").write_text(VALID, "utf-8")
    (tmp_path / "troyes.toml").write_text(PEER, "utf-8")
    return tmp_path


@pytest.fixture
def spoil(folder: Path) -> Callable[[str, str], list[Problem]]:
    """Replace one part of the valid file, and say what the check then finds in it."""

    def spoiled(part: str, by: str) -> list[Problem]:
        assert part in VALID
        (folder / "just-dijon.toml").write_text(VALID.replace(part, by, 1), "utf-8")
        return brands.check(folder)

    return spoiled
