"""The Atom feeds: valid, the digest's own sentences, hostile text harmless, no word of X."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest

from pipeline.model import Brand, Subscriber
from pipeline.report import anomalies, feed
from pipeline.report.ask import rows
from pipeline.report.feed import ATOM, Entry
from pipeline.report.lead import lead, subject
from pipeline.report.text import line
from pipeline.report.words import words
from tests.report import made_weeks
from tests.report.conftest import digest_of
from tests.report.payloads import payloads

PAGE = "https://veille.example.org/index.html"
FR = words("fr")


@pytest.fixture(scope="module")
def files(published: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("feeds")
    written = feed.write(published, made_weeks.BRANDS, folder, page=PAGE)
    return {path.name.removesuffix(".atom.xml"): path for path in written}


def parsed(path: Path) -> feedparser.FeedParserDict:
    read = feedparser.parse(path.read_bytes(), sanitize_html=False, resolve_relative_uris=False)
    assert not read.bozo, read.get("bozo_exception")
    assert read.version == "atom10"
    return read


def test_each_brand_that_was_heard_has_one(files: dict[str, Path]) -> None:
    french = {"quiet", "busy", "buzz", "outage", "newcomer", "small"}
    assert {name for name in files if "." not in name} == french


def test_it_holds_what_rfc_4287_asks_for(files: dict[str, Path]) -> None:
    read = parsed(files["busy"])
    assert read.feed.title == "Le Territoire « Animé » · semaines et nuits inhabituelles" and read.feed.id
    assert read.feed.link == f"{PAGE}#busy/fr" and read.feed.author == "Rayonner"
    ids = [entry.id for entry in read.entries]
    assert len(ids) == len(set(ids)) > 13 and all(one.startswith("urn:uuid:") for one in ids)
    dates = [entry.updated_parsed for entry in read.entries]
    assert dates == sorted(dates, reverse=True) and read.feed.updated_parsed == dates[0]
    assert all(entry.title and entry.content[0].type == "text/plain" and entry.link for entry in read.entries)


def flat(text: str) -> str:
    """The text as feedparser gives it: blanks of any width are one."""
    return " ".join(text.split())


@pytest.mark.parametrize("slug", ["busy", "outage", "small"])
def test_a_week_is_told_as_in_its_digest(files: dict[str, Path], published: Path, slug: str) -> None:
    digest = digest_of(published, slug, made_weeks.W53)
    titles = {flat(entry.title): flat(entry.content[0].value) for entry in parsed(files[slug]).entries}
    assert titles[flat(subject(digest, FR))] == flat(lead(digest, FR))


def test_the_same_file_gives_the_same_bytes(files: dict[str, Path], published: Path, tmp_path: Path) -> None:
    again = feed.write(published, made_weeks.BRANDS, tmp_path, page=PAGE)
    assert {path.name: path.read_bytes() for path in again} == {p.name: p.read_bytes() for p in files.values()}
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in again)


def test_more_brands_are_no_more_questions(published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def counted(published: Path, sql: str, params: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        asked.append(sql)
        return rows(published, sql, params)

    monkeypatch.setattr(feed, "rows", counted)
    monkeypatch.setattr(anomalies, "rows", counted)
    feed.write(published, [made_weeks.BY_SLUG["busy"]], tmp_path)
    alone = asked.copy()
    assert len(feed.write(published, made_weeks.BRANDS, tmp_path)) > 1
    assert len(alone) > 0 and asked == alone * 2


def test_no_word_of_x_is_in_a_feed_and_its_links_are(files: dict[str, Path]) -> None:
    text = files["busy"].read_text("utf8")
    assert "SECRET" not in text and "https://x.example.org/" in text


def test_without_a_page_it_has_no_link_to_one(published: Path, tmp_path: Path) -> None:
    (path, *_) = feed.write(published, [made_weeks.BY_SLUG["busy"]], tmp_path)
    assert "#busy/fr" not in path.read_text("utf8") and parsed(path).entries


def test_five_hundred_payloads_stay_text() -> None:
    texts, at = payloads(), digest_at()
    found = [
        Entry(f"b/{n}", text, text, at, "t-history", ((text, "https://ok.example/"),)) for n, text in enumerate(texts)
    ]
    for hostile in texts[::50]:
        xml = feed.render(dataclasses.replace(made_weeks.BY_SLUG["busy"], name=hostile), found, FR, PAGE)
        root = ElementTree.fromstring(xml.encode())
        assert len(root) == 6 + len(found) and not [
            node for node in root.iter() if not node.tag.startswith(f"{{{ATOM}}}")
        ]
        for entry, text in zip(root.findall(f"{{{ATOM}}}entry"), texts, strict=True):
            assert [child.tag.removeprefix(f"{{{ATOM}}}") for child in entry] == [
                "id", "title", "updated", "link", "link", "content",
            ]  # fmt: skip
            assert (entry[1].text or "") == line(text, 200) and (entry[5].text or "") == line(text, 1000)
    read = feedparser.parse(xml.encode())
    assert not read.bozo and len(read.entries) == len(texts)
    assert all(entry.content[0].type == "text/plain" for entry in read.entries if "content" in entry)


def digest_at() -> object:
    return made_weeks.story.moment(made_weeks.LAST)


def test_a_brand_no_file_names_any_more_has_no_feed(published: Path, tmp_path: Path) -> None:
    assert feed.write(published, [Brand("gone", "Gone", "Gone", None, "commune")], tmp_path) == []


def test_a_reader_finds_the_feed_again_and_where_it_lives(files: dict[str, Path]) -> None:
    links = {link.rel: link.href for link in parsed(files["busy"]).feed.links}
    assert links == {"self": "https://veille.example.org/busy.atom.xml", "alternate": f"{PAGE}#busy/fr"}
    root = ElementTree.parse(files["busy"]).getroot()
    assert [node.tag for node in root.iter(f"{{{ATOM}}}subtitle")] == []


def test_who_reads_english_has_a_feed_in_english(published: Path, tmp_path: Path) -> None:
    reader = Subscriber("reader@example.org", language="en")
    busy = dataclasses.replace(made_weeks.BY_SLUG["busy"], languages=("fr",), subscribers=(reader,))
    quiet = dataclasses.replace(made_weeks.BY_SLUG["quiet"], languages=("fr", "de"), subscribers=())
    written = feed.write(published, [busy, quiet], tmp_path, page=PAGE)
    assert sorted(path.name for path in written) == ["busy.atom.xml", "busy.en.atom.xml", "quiet.atom.xml"]
    french, english = parsed(tmp_path / "busy.atom.xml"), parsed(tmp_path / "busy.en.atom.xml")
    assert english.feed.language == "en" and "weeks and unusual nights" in english.feed.title
    assert english.feed.id != french.feed.id and len(english.entries) == len(french.entries)
    digest = digest_of(published, "busy", made_weeks.W53)
    titles = {flat(entry.title): flat(entry.content[0].value) for entry in english.entries}
    assert titles[flat(subject(digest, words("en")))] == flat(lead(digest, words("en")))


def test_a_feed_of_made_up_posts_says_so_in_each_entry(files: dict[str, Path]) -> None:
    found = [Entry("b/1", "Semaine 1", "Douze mentions.", digest_at(), "t-history")]
    read = feedparser.parse(feed.render(made_weeks.BY_SLUG["busy"], found, FR, PAGE, made_up=True).encode())
    assert read.feed.title.startswith("Données fictives.") and "ni chiffre réels" in read.feed.subtitle
    assert read.entries[0].content[0].value == "Données fictives. Douze mentions."
