"""Each case of a week, told as it was approved: text and HTML compared line by line with the files in golden/.

After a wanted change: `python -m tests.report.test_golden` writes them anew, and git shows what readers will see.
"""

from __future__ import annotations

import tempfile
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from pipeline.report import render
from tests.report import made_weeks
from tests.report.conftest import digest_of

GOLDEN = Path(__file__).parent / "golden"
PAGE = "https://veille.example.org/index.html"
CASES = {
    "quiet": ("quiet", made_weeks.W53, "fr"),
    "busy": ("busy", made_weeks.W53, "fr"),
    "busy_english": ("busy", made_weeks.W53, "en"),
    "bad_buzz": ("buzz", made_weeks.W53, "fr"),
    "outage": ("outage", made_weeks.W53, "fr"),
    "outage_english": ("outage", made_weeks.W53, "en"),
    "newcomer": ("newcomer", made_weeks.W53, "fr"),
    "too_few": ("small", made_weeks.W53, "fr"),
    "never_collected": ("silent", made_weeks.W53, "fr"),
    "summer_time_ends": ("busy", made_weeks.W43, "fr"),
    "month": ("busy", made_weeks.DECEMBER, "fr"),
    "month_english": ("busy", made_weeks.DECEMBER, "en"),
    "month_with_an_outage": ("outage", made_weeks.DECEMBER, "fr"),
}


class Outline(HTMLParser):
    """The HTML as a reader of it gets it: each text on a line under its tag, links, pictures, language."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.path: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value for name, value in attrs if name in {"href", "src", "alt", "lang", "scope", "aria-label"}}
        if told:
            self.lines.append(f"<{tag} {' '.join(f'{name}={value!r}' for name, value in told.items())}>")
        if tag not in {"meta", "br", "img"}:  # they have no end
            self.path.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.path:
            while self.path.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        tag = self.path[-1] if self.path else "html"
        if data.strip() and tag != "style":
            self.lines.append(f"{tag}: {' '.join(data.split())}")


def outline(html: str) -> str:
    told = Outline()
    told.feed(html)
    return "\n".join(told.lines) + "\n"


def written(published: Path, brand: str, week: date, language: str) -> dict[str, str]:
    made = render.render(digest_of(published, brand, week), language, page=PAGE)
    return {"txt": f"{made.subject}\n\n{made.text}", "outline": outline(made.html)}


@pytest.mark.parametrize("case", CASES)
def test_a_week_is_told_as_it_was_approved(published: Path, case: str) -> None:
    for kind, text in written(published, *CASES[case]).items():
        assert text == (GOLDEN / f"{case}.{kind}").read_text("utf8"), f"{case}.{kind}"


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        path = made_weeks.publish(Path(home))
        for name, wanted in CASES.items():
            for kind, text in written(path, *wanted).items():
                (GOLDEN / f"{name}.{kind}").write_text(text, "utf8")
