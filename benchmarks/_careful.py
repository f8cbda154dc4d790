"""The careful script: flashtext on folded text, pandas in chunks, vaderSentiment on matched posts, to_sql."""

import sqlite3
import sys
import unicodedata
from pathlib import Path

import pandas as pd
from flashtext import KeywordProcessor
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from benchmarks._names import names


def fold(text: str) -> str:
    """Lower case without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))


def main(posts: Path, home: Path, catalogue: str) -> None:
    """Match, score, aggregate."""
    home.mkdir()
    keywords = KeywordProcessor()
    for name, slug in names(catalogue).items():
        keywords.add_keyword(fold(name), slug)
    analyzer = SentimentIntensityAnalyzer()
    parts = []
    for chunk in pd.read_json(posts, lines=True, chunksize=50_000):
        chunk["brand"] = [list(dict.fromkeys(keywords.extract_keywords(fold(text)))) for text in chunk["text"]]
        matched = chunk[chunk["brand"].map(bool)].copy()
        matched["score"] = [analyzer.polarity_scores(text)["compound"] for text in matched["text"]]
        matched["day"] = pd.to_datetime(matched["created_at"]).dt.date
        parts.append(matched[["brand", "day", "score"]].explode("brand"))
    daily = pd.concat(parts).groupby(["brand", "day"]).agg(n=("score", "size"), score=("score", "mean")).reset_index()
    with sqlite3.connect(home / "daily.sqlite") as connection:
        daily.to_sql("daily", connection, index=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
