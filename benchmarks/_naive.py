"""The script a newcomer writes: a loop over names with `in`, pandas, vaderSentiment, to_sql."""

import sqlite3
import sys
import unicodedata
from pathlib import Path

import pandas as pd
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from benchmarks._names import names


def fold(text: str) -> str:
    """Lower case without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))


def main(posts: Path, home: Path, catalogue: str) -> None:
    """Match, score, aggregate."""
    home.mkdir()
    brands = {fold(name): slug for name, slug in names(catalogue).items()}
    frame = pd.read_json(posts, lines=True)
    folded = frame["text"].map(fold)
    frame["brand"] = [[slug for name, slug in brands.items() if name in text] for text in folded]
    frame = frame.explode("brand").dropna(subset=["brand"])
    analyzer = SentimentIntensityAnalyzer()
    frame["score"] = frame["text"].map(lambda text: analyzer.polarity_scores(text)["compound"])
    frame["day"] = pd.to_datetime(frame["created_at"]).dt.date
    daily = frame.groupby(["brand", "day"]).agg(n=("score", "size"), score=("score", "mean")).reset_index()
    with sqlite3.connect(home / "daily.sqlite") as connection:
        daily.to_sql("daily", connection, index=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
