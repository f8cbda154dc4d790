"""The source `bluesky` against Bluesky's own PLC, PDS and AppView: 300 French posts, told by the firehose."""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline import settings, steps
from pipeline.collect import Again, Ask, bluesky
from pipeline.errors import CredentialError
from pipeline.model import Query, Window
from tests.collect.loopback import Time
from tests.integration.bluesky_jetstream import Fault, Fired, Jetstream, serving
from tests.integration.bluesky_net import POSTS, Account, Net, key_of, record

pytestmark = pytest.mark.integration

NIGHT = date(2026, 1, 12)
WINDOW = Window.night(NIGHT)
NOW = WINDOW.end + timedelta(hours=3)
DIJON = [Query("just-dijon", ("Dijon",), ("JustDijon",))]
SAYINGS = (
    "À Dijon ce matin n° {}, ça sent le pain d'épices 🥐 #JustDijon",
    "Été comme hiver, Dijon reste « très » agréable à vélo 🚲 ({})",
    "On a vu Dijon sous la neige ❄️ : superbe, {} photos à venir",
)


def at(hours: float) -> datetime:
    return WINDOW.start + timedelta(hours=hours)


@dataclass
class Story:
    """A night in the network: when each thing happened, and what must stand in the store at its end."""

    net: Net
    who: dict[str, Account] = field(default_factory=dict)
    when: dict[tuple[str, str, str], datetime] = field(default_factory=dict)
    stands: dict[str, tuple[str, datetime]] = field(default_factory=dict)

    def say(self, name: str, posts: list[tuple[str, datetime, dict[str, Any]]]) -> list[str]:
        """(key, moment of witness, record) triples, in one go; they stand until something else is told."""
        account = self.who[name]
        uris = account.say([(key, told) for key, _, told in posts])
        for uri, (key, seen, told) in zip(uris, posts, strict=True):
            self.when["create", account.did, key] = seen
            self.stands[uri] = (told["text"], seen)
        return uris

    def witnessed(self, fired: Fired) -> datetime:
        """When the story says that it happened; what it does not name was before."""
        return self.when.get((fired["kind"], fired["did"], fired.get("rkey", "")), at(-2))


@pytest.fixture(scope="module")
def story(bluesky_network: Net) -> Story:
    told = Story(bluesky_network)
    told.who = {name: bluesky_network.join(name) for name in ("ville", "habitante", "touriste", "partante")}
    uris = _crowd(told)
    _edits(told, uris)
    _leaves(told, uris)
    _liars(told)
    _others(told, uris)
    bluesky_network.shown([uris["touriste"][-1]])
    wanted = set(told.when)

    def all_told(fired: list[Fired]) -> bool:
        return wanted <= {(one["kind"], one["did"], one.get("rkey", "")) for one in fired}

    bluesky_network.settled(all_told, "the night")
    return told


def _crowd(story: Story) -> dict[str, list[str]]:
    """Three hundred posts by four accounts, one every four minutes."""
    said: dict[str, list[str]] = {}
    for number, name in enumerate(story.who):
        moments = [at((number + 4 * n) * 0.07) for n in range(75)]
        texts = [SAYINGS[n % 3].format(4 * n + number) for n in range(75)]
        posts = [(key_of(m), m + timedelta(seconds=2), record(t, m)) for m, t in zip(moments, texts, strict=True)]
        said[name] = story.say(name, posts)
        for uri, moment in zip(said[name], moments, strict=True):
            story.stands[uri] = (story.stands[uri][0], moment)
    return said


def _edits(story: Story, uris: dict[str, list[str]]) -> None:
    """Six posts are edited within the night, the last of them until nothing of ours is left in it."""
    for number, uri in enumerate(uris["ville"][:6]):
        key, (old, moment) = uri.rpartition("/")[2], story.stands[uri]
        text = "Finalement je me tais" if number == 5 else f"{old} (corrigé)"
        story.who["ville"].put(key, record(text, moment))
        story.when["update", story.who["ville"].did, key] = moment + timedelta(hours=1)
        story.stands[uri] = (text, moment)
        if number == 5:
            del story.stands[uri]


def _leaves(story: Story, uris: dict[str, list[str]]) -> None:
    """Eight posts are deleted, two of them just after midnight; one account leaves with all it said."""
    for number, uri in enumerate(uris["habitante"][-8:]):
        key = uri.rpartition("/")[2]
        story.who["habitante"].unsay(key)
        story.when["delete", story.who["habitante"].did, key] = at(24.5) if number > 5 else at(23.5)
        del story.stands[uri]
    story.net.delete(story.who["partante"])
    story.when["account", story.who["partante"].did, ""] = at(22)
    for uri in uris["partante"]:
        del story.stands[uri]


def _liars(story: Story) -> None:
    """Dates that their authors made up, and one app that was offline at midnight."""
    lies = {"2019": datetime(2019, 5, 1, tzinfo=UTC), "l'an 1": None, "2099": datetime(2099, 1, 1, tzinfo=UTC)}
    posts = []
    for number, (year, moment) in enumerate(lies.items()):
        told = record(f"Dijon en {year}", moment or at(0))
        if moment is None:
            told["createdAt"] = "0001-01-01T00:00:00.000Z"
        posts.append((key_of(at(15), number), at(15) + timedelta(minutes=number), told))
    story.say("touriste", posts)
    late = at(23.9)
    (uri,) = story.say("touriste", [(key_of(late), at(24.6), record("Dijon, enfin du réseau", late))])
    story.stands[uri] = ("Dijon, enfin du réseau", late)


def _others(story: Story, uris: dict[str, list[str]]) -> None:
    """What is not of this night, or no post, or says nothing of ours; and what gives counts."""
    parent = {"uri": uris["touriste"][0], "cid": "bafyreidfayvfuwqa7qlnopdjiqrxzs6blmoeu4rujcjtnci5beludirz2a"}
    tag = {"$type": "app.bsky.richtext.facet#tag", "tag": "JustDijon"}
    facet = {"index": {"byteStart": 0, "byteEnd": 4}, "features": [tag]}
    answer = record("Oui, Dijon 🚲", at(16), reply={"root": parent, "parent": parent}, facets=[facet])
    quote = record("Dijon, lisez", at(16.1), embed={"$type": "app.bsky.embed.record", "record": parent})
    for hours, told in ((16, answer), (16.1, quote)):
        (uri,) = story.say("habitante", [(key_of(at(hours)), at(hours) + timedelta(seconds=1), told)])
        story.stands[uri] = (str(told["text"]), at(hours))
    elsewhere = [(key_of(at(17), n), at(17), record(f"Rien à voir n° {n}", at(17))) for n in range(10)]
    tomorrow = [(key_of(at(25 + n)), at(25 + n), record(f"Dijon demain {n}", at(25 + n))) for n in range(5)]
    for uri in story.say("touriste", elsewhere + tomorrow):
        del story.stands[uri]
    write = {"$type": "app.bsky.graph.list", "purpose": "app.bsky.graph.defs#curatelist", "name": "Dijon"}
    _write(story.who["ville"], "app.bsky.graph.list", {**write, "createdAt": "2026-01-12T12:00:00Z"})
    for name in ("habitante", "touriste"):
        subject = {"subject": story.who["ville"].did, "createdAt": "2026-01-12T12:00:00Z"}
        _write(story.who[name], "app.bsky.graph.follow", subject)
        liked = story.net.api.get(
            f"{story.net.pds}/xrpc/com.atproto.repo.getRecord",
            params={"repo": story.who["ville"].did, "collection": POSTS, "rkey": uris["ville"][10].rpartition("/")[2]},
        ).json()
        subject = {"subject": {"uri": liked["uri"], "cid": liked["cid"]}, "createdAt": "2026-01-12T12:00:00Z"}
        _write(story.who[name], "app.bsky.feed.like", subject)


def _write(by: Account, collection: str, told: dict[str, Any]) -> None:
    by.net.call("com.atproto.repo.createRecord", by, repo=by.did, collection=collection, record=told, validate=False)


@pytest.fixture
def jetstream(story: Story) -> Iterator[Jetstream]:
    told = Jetstream()
    told.witness(story.net.fired, story.witnessed)
    told.tick(at(-3), at(27), timedelta(minutes=5))
    with serving(told):
        yield told


@pytest.fixture
def given(story: Story, jetstream: Jetstream, tmp_path: Path) -> settings.Settings:
    return settings.load(
        {
            "RAYONNER_HOME": str(tmp_path),
            "RAYONNER_AUTHOR_KEY": "ab" * 32,
            "RAYONNER_BLUESKY_JETSTREAM": jetstream.base,
            "RAYONNER_BLUESKY_APPVIEW": story.net.appview,
            "RAYONNER_BLUESKY_SERVICE": story.net.pds,
        }
    )


def stored(given: settings.Settings, what: str = "text, created_at") -> dict[str, tuple[Any, ...]]:
    """Rows of the store by post id."""
    with closing(sqlite3.connect(given.home / "store.sqlite")) as database:
        rows = database.execute(f"select post_id, {what} from post where source = 'bluesky'").fetchall()
    return {row[0]: row[1:] for row in rows}


def expected(story: Story) -> dict[str, tuple[str, str]]:
    return {uri: (text, _moment(moment)) for uri, (text, moment) in story.stands.items()}


def _moment(moment: datetime) -> str:
    """As the store writes it: milliseconds are all that an author's date has."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


@pytest.mark.parametrize("way", ["new", "old"])
def test_the_store_holds_what_stood_at_the_end_of_the_night(
    given: settings.Settings, story: Story, jetstream: Jetstream, way: str
) -> None:
    given.environ["RAYONNER_BLUESKY_PATH"] = way  # type: ignore[index]
    jetstream.faults = [Fault("cut", 120), Fault("slow", 200)]
    done = steps.collect(given, "bluesky", NIGHT, NIGHT, now=NOW)
    assert len(story.stands) == 300 - 1 - 8 - 75 + 3 + 1 + 2
    found = {uri: (text, created[:26]) for uri, (text, created) in stored(given).items()}
    assert found == expected(story)
    assert done.failed == {}


def test_a_second_run_changes_nothing_and_the_ledger_says_complete(given: settings.Settings, story: Story) -> None:
    for _ in range(2):
        steps.collect(given, "bluesky", NIGHT, NIGHT, now=NOW)
    with closing(sqlite3.connect(given.home / "store.sqlite")) as database:
        rows = database.execute("select status, fetched, truncated from ledger where brand = 'just-dijon'").fetchall()
    assert [(status, truncated) for status, _, truncated in rows] == [("complete", 0)]
    assert {uri: text for uri, (text, _) in stored(given).items()} == {u: t for u, (t, _) in story.stands.items()}


def test_counts_are_those_of_the_appview(given: settings.Settings, story: Story) -> None:
    steps.collect(given, "bluesky", NIGHT, NIGHT, now=NOW)
    rows = stored(given, "followers, kind, hex(author_key)")
    of_ville = {uri: row for uri, row in rows.items() if story.who["ville"].did in uri}
    assert {row[0] for row in of_ville.values()} == {2}
    assert {row[1] for row in rows.values()} == {"post", "reply", "quote"}
    with closing(sqlite3.connect(given.home / "store.sqlite")) as database:
        assert database.execute("select max(likes) from engagement").fetchone() == (2,)


def test_a_look_back_that_ends_in_the_night_is_said(given: settings.Settings, jetstream: Jetstream) -> None:
    jetstream.floor = at(12)
    steps.collect(given, "bluesky", NIGHT, NIGHT, now=NOW)
    with closing(sqlite3.connect(given.home / "store.sqlite")) as database:
        ((status, reasons),) = database.execute(
            "select status, reasons from ledger where brand = 'just-dijon'"
        ).fetchall()
    assert status == "partial"
    assert "hint:look_back" in reasons
    assert all(created >= _moment(at(12)) for _, created in stored(given).values())


def _ask(story: Story, **other: str) -> Ask:
    told = {"RAYONNER_BLUESKY_APPVIEW": story.net.appview, "RAYONNER_BLUESKY_SERVICE": story.net.pds, **other}
    return Ask(now=NOW, timeout_s=20, pace=Time().pace, settings=told, plausible=lambda text: "Dijon" in text)


def test_the_search_of_a_logged_in_account_finds_the_night(story: Story) -> None:
    ville = story.who["ville"]
    login = {"RAYONNER_BLUESKY_HANDLE": ville.handle, "RAYONNER_BLUESKY_PASSWORD": ville.password}
    ask = _ask(story, RAYONNER_BLUESKY_LOOKBACK_HOURS="1", **login)
    found = {post.post_id: post for post in bluesky.posts(WINDOW, DIJON, ask)}
    # The AppView keeps the first version of an edited post, so that one is found by its old words.
    truth = {uri for uri, (_, moment) in story.stands.items() if WINDOW.holds(moment)}
    made_up = {uri for uri, (text, _) in story.stands.items() if text.startswith("Dijon en ")}
    assert truth - made_up <= set(found)
    assert all(WINDOW.holds(post.created_at) for post in found.values())
    assert ask.truncated
    assert ask.reasons["hint:searched"] == 1
    assert {post.author_followers for post in found.values() if post.author_id == ville.did} == {2}


def test_a_wrong_password_is_refused_by_the_real_service(story: Story) -> None:
    login = {"RAYONNER_BLUESKY_HANDLE": story.who["ville"].handle, "RAYONNER_BLUESKY_PASSWORD": "wrong"}
    with pytest.raises(CredentialError, match="app password"):
        list(bluesky.posts(WINDOW, DIJON, _ask(story, RAYONNER_BLUESKY_LOOKBACK_HOURS="1", **login)))


def test_known_posts_are_looked_at_again_and_the_deleted_are_gone(story: Story) -> None:
    deleted = [f"at://{did}/{POSTS}/{key}" for kind, did, key in story.when if kind == "delete"]
    kept = list(story.stands)[:40]
    seen = list(bluesky.again(kept + deleted, _ask(story)))
    assert [one.post_id for one in seen] == kept + deleted
    assert [one.post_id for one in seen if one.gone] == deleted
    assert all(isinstance(one, Again) and (one.gone or one.engagement) for one in seen)


def test_check_against_the_real_services(story: Story, jetstream: Jetstream) -> None:
    ville = story.who["ville"]
    login = {"RAYONNER_BLUESKY_HANDLE": ville.handle, "RAYONNER_BLUESKY_PASSWORD": ville.password}
    told = bluesky.check(_ask(story, RAYONNER_BLUESKY_JETSTREAM=jetstream.base, **login))
    assert told == f"{jetstream.base[7:]} streams; counts can be read; the login works"


def test_nothing_of_the_network_listens_beyond_loopback(story: Story) -> None:
    if not Path("/proc/net/tcp").exists():
        pytest.skip("the shared list of sockets is Linux's")
    listening = subprocess.run(["ss", "-ltnp"], capture_output=True, text=True, check=True).stdout.splitlines()
    own = [line.split()[3] for line in listening if f"pid={story.net.process.pid}," in line]
    assert len(own) >= 4
    assert all(address.startswith(("127.0.0.1:", "[::1]:")) for address in own)
