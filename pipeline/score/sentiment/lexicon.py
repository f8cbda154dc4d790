"""Reads the French polarity lexicon of this folder into a table of folded forms."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pipeline.score.folding import fold
from pipeline.score.sentiment.forms_fr import FORMS

PATH = Path(__file__).with_name("lexicon_fr.txt")

# Signs that speak without words; the same in every language.
SIGNS = {
    **dict.fromkeys("😍🥰❤💕💖💗💙💚💛💜🧡🤩😻💘🏆🥇🎉🎊👏🙌💪👌👍🌟✨😊😀😃😄😁☺🙂🤗😎🥳💯🔝🌞☀🌈😋🤤🙏♥💞💓🫶", 2.0),
    **dict.fromkeys("😡🤬😠👎💩🤮🤢😤😒🙄😞😔😢😭😩😫😱😨😰🤦🤡💔🚨☠💀😖😣😕🙁☹😟😓😥🥺🖕", -2.0),
    **dict.fromkeys((":)", ":-)", ";)", ";-)", ":d", ":-d", "=)", "<3", "^^", "xd", ":p", "8)"), 1.5),
    **dict.fromkeys((":(", ":-(", ":/", ":-/", ":'(", "=(", ":[", ":|"), -1.5),
}


@cache
def french() -> dict[str, float]:
    """Folded form -> weight in [-3, 3]; a form of several lemmas keeps the strongest."""
    table: dict[str, float] = {}
    for line in PATH.read_text("utf8").splitlines():
        if not line or line.startswith("#"):
            continue
        weight, kind, *lemmas = line.split()
        for form in (form for lemma in lemmas for form in FORMS[kind](lemma)):
            folded = fold(form)
            if abs(float(weight)) > abs(table.get(folded, 0.0)):
                table[folded] = float(weight)
    return table | SIGNS
