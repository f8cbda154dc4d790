"""The unusual nights that docs/method.md tells of are those that the shipped chain finds in the real posts."""

from __future__ import annotations

import gzip
import json
import re
from datetime import date
from pathlib import Path

import pytest

from benchmarks import real_nights

PAGE = (Path(__file__).parents[2] / "docs" / "method.md").read_text("utf-8")
TABLE = re.findall(r"^\| \d{4}-\d\d-\d\d \| .*", PAGE, re.MULTILINE)
FIRST, LAST = "2018-09-20", "2018-12-12"


@pytest.mark.slow
def test_the_rarest_nights_are_found_again(tmp_path: Path, real_posts: Path) -> None:
    """Twelve weeks of the posts hold the two rarest nights and the eight weeks that make their usual level."""
    part = tmp_path / "part.jsonl"
    with gzip.open(real_posts, "rt", encoding="utf8") as posts, part.open("w", encoding="utf8") as out:
        out.writelines(line for line in posts if FIRST <= json.loads(line)["created_at"][:10] <= LAST)
    found = list(real_nights.rarest(real_nights.publish(part, tmp_path / "home", date.fromisoformat(LAST))))
    assert [real_nights.row(night) for night in found[:2]] == TABLE[:2]
    assert [len(night.posts) for night in found] == [night.mentions for night in found]
    # The page says that its alarms are all there are. The p of 4 November rests on weeks before these.
    told = [line[2:12] for line in TABLE if FIRST <= line[2:12] <= LAST and "| no alarm |" not in line]
    assert [f"{night.night}" for night in found if night.cause] == told


def test_the_page_tells_of_the_nights_that_were_read() -> None:
    told = [f"| {event} | {count} |" for event, count in real_nights.READ.values()]
    assert [line[2:12] for line in TABLE] == [night for night, _ in real_nights.READ]
    assert [line[line.index(end) :] for line, end in zip(TABLE, told, strict=True)] == told
    # Nobody read more posts of an event than the night has.
    assert all(
        int(line.split(" | ")[2]) >= count for line, (_, count) in zip(TABLE, real_nights.READ.values(), strict=True)
    )
