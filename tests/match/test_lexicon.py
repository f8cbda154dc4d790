"""The lexicon says what it means: a mistake in a rule is found here, with its name."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import ConfigError
from pipeline.match import lexicon
from pipeline.match.fold import words

SENSES = {"territory", "other_place", "club", "person", "word", "spam"}
RULES = [
    rule
    for path in sorted(lexicon.FOLDER.glob("*.toml"))
    for rule in tomllib.loads(path.read_text("utf-8")).get("rule", ())
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["name"])
def test_a_rule_speaks_for_a_known_sense_on_its_own_side(rule: dict[str, Any]) -> None:
    assert rule["sense"] in SENSES
    assert rule["weight"] >= 0 if rule["sense"] == "territory" else rule["weight"] < 0
    assert rule.get("patterns") or rule.get("words")
    assert all(name == " ".join(words(name)) for name in rule.get("names", ()))


def test_what_silences_a_rule_is_a_rule_or_a_sign() -> None:
    known = {rule["name"] for rule in RULES} | set(lexicon.rules().settings["signs"])
    assert {name for rule in RULES for name in rule.get("unless", ())} <= known


@pytest.mark.parametrize(
    "rule",
    [
        'patterns = ["dans la"]',
        'words = ["mer*"]',
        'words = ["sous marin*"]',
    ],
)
def test_a_mistake_in_a_rule_is_named(rule: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bad.toml").write_text(f'[[rule]]\nname = "bad"\nsense = "word"\nweight = -1.0\n{rule}\n', "utf-8")
    monkeypatch.setattr(lexicon, "FOLDER", tmp_path)
    with pytest.raises(ConfigError, match="bad"):
        lexicon.rules.__wrapped__()
