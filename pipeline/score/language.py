"""Says in which language a text is written, by our own reading: a platform's tag is never believed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pipeline.score import ngrams

NAME = "language"
VERSION = "1"

# What is plausible around a French territory: visitors, neighbours, regional languages, the large languages of the
# networks. Fewer than py3langid's 142, because each language more costs accuracy on short texts.
_PLAUSIBLE = "fr en es de it pt nl ca br eu oc pl ro tr sv ru uk el ar fa he ja zh ko hi th"
EXPECTED = tuple(_PLAUSIBLE.split())

# Log-odds in favour of each language before reading, in the n-gram model's own (over-confident) units. Sources are
# asked for French and English; the regional languages are seldom written and look like French. Tuned with PER_WORD
# on UMSAB train and on tests/score/language_gold.tsv.
PRIOR = {"fr": 8.0, "en": 8.0, "ca": -6.0, "oc": -8.0, "br": -2.0, "eu": -2.0, "ro": -2.0, "sv": -2.0}
PER_WORD = 4.0

# Words that one language writes often and the others of this table seldom.
FUNCTION_WORDS = {
    "fr": "le la les des du un une et est dans pour pas que qui sur avec au aux ce cette ces je tu il elle nous vous "
    "ils elles sont mais ou où donc plus très c j l d n qu s à y mon ma mes ton ta tes sa ses notre votre leur leurs "
    "été être avoir fait faire suis ai as a ont chez sans comme tout tous cet quand si se en on ne de même déjà après",
    "en": "the of and to in is it you that for on with this are be was have from my your not i we they at by an or so "
    "he she his her our what who when will would can could just don t s m re ve about there here out up all has had "
    "been if but no do how get go like more me as a were than then them these those because",
    "es": "el la los las de del un una y es en para no que con por se al lo su muy pero como más este esta qué está "
    "son hay ya mi nos ha hemos todo cuando sin sobre también",
    "de": "der die das und ist in zu nicht den dem ein eine mit auf für von wir ich sie es auch aber sehr war im an "
    "wie noch nach bei aus um wenn so hat haben sind einen einer zum zur am",
    "it": "il lo la i gli le di del della un una e è in per non che con si al da ma come più questo questa sono ho "
    "abbiamo molto dal nel nella mi ci anche siamo perché",
    "pt": "o a os as de do da um uma e é em para não que com por se ao no na mais mas como este esta muito são está "
    "nos nas eu você foi os dos das já também",
    "nl": "de het een en is in te niet van dat op met voor wij ik zij je we ook maar zeer was aan er naar bij uit om "
    "als zo heeft hebben zijn deze dit door nog wel",
}

READ = 2000  # characters looked at: language shows long before, and a 100,000-character post costs no more
FEW = 3  # words of letters under which letters say nothing; `brief` then asks the lexicons

_NOISE = re.compile(r"https?\S*|www\.\S+|@\w+|&\w+;|\bRT\b|[#_]")
_WORD = re.compile(r"[^\W\d_]+")


def identify(texts: Sequence[str]) -> list[str | None]:
    """ISO 639-1 code of each text, None where it is too short or too mixed to tell.

    Handles, links and '#' are not read. Works best on batches of thousands: over 20,000 posts/s on one core.
    """
    spoken = [_spoken(text) for text in texts]
    words = [_WORD.findall(text.lower()) for text in spoken]
    told = [i for i, found in enumerate(words) if len(found) >= FEW or _unspaced(spoken[i])]
    languages: list[str | None] = [None] * len(texts)
    if not told:
        return languages
    scores = ngrams.scores([spoken[i].encode("utf8", "surrogatepass") for i in told], EXPECTED)
    names = ngrams.tables(EXPECTED).languages
    scores += np.array([PRIOR.get(name, 0.0) for name in names], dtype=np.float32)
    scores += PER_WORD * _function_words([words[i] for i in told], names)
    for i, best in zip(told, scores.argmax(axis=1), strict=True):
        languages[i] = names[best]
    return languages


def _spoken(text: str) -> str:
    """The part of a text that is language, in the letter case of speech."""
    text = _NOISE.sub(" ", text[:READ]).strip()
    return unicodedata.normalize("NFC", text.lower() if text.isupper() else text)


def unaddressed(text: str) -> str:
    """`text` without what is no language: links, handles, '#'."""
    return _NOISE.sub(" ", text)


def _unspaced(text: str) -> bool:
    """Whether enough is written in a script that puts no spaces between words."""
    return sum("\u3040" <= letter <= "\u9fff" or "\u0e00" <= letter <= "\u0e7f" for letter in text) >= 2 * FEW


_COLUMNS = {name: set(words.split()) for name, words in FUNCTION_WORDS.items()}
_SPEAKS: dict[str, tuple[str, ...]] = {
    word: tuple(name for name, words in _COLUMNS.items() if word in words)
    for words in _COLUMNS.values()
    for word in words
}


def speakers(word: str) -> tuple[str, ...]:
    """The languages that have `word`, in small letters, among their function words."""
    return _SPEAKS.get(word, ())


def _function_words(texts: list[list[str]], names: tuple[str, ...]) -> npt.NDArray[np.float32]:
    """log(1 + weight of function words) by text and language; a word shared by k languages weighs 1/k."""
    column = {name: i for i, name in enumerate(names)}
    speaks = {word: [(column[name], 1 / len(owners)) for name in owners] for word, owners in _SPEAKS.items()}
    found = np.zeros((len(texts), len(names)), dtype=np.float32)
    for row, words in zip(found, texts, strict=True):
        for word in words:
            for where, weight in speaks.get(word, ()):
                row[where] += weight
    return np.log1p(found)
