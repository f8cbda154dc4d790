"""What an operator does about mails: sees those that wait, settles them, takes people off and puts them back."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipeline import settings, store
from pipeline.cli import digest, look, people
from pipeline.cli.app import app
from pipeline.report import token

NOW = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
BRAND, DIGEST = "just-dijon", "just-dijon/2026-W47"
STATES = ("sent", "deferred", "refused", "bounced", "sending")


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> store.Engine:
    """A ledger with one delivery in each state."""
    for name, value in {"HOME": str(tmp_path), "AUTHOR_KEY": "ab" * 32}.items():
        monkeypatch.setenv(f"RAYONNER_{name}", value)
    monkeypatch.setenv("COLUMNS", "160")
    for room in (digest, look, people):
        monkeypatch.setattr(room, "now", lambda: NOW)
    engine = store.connect(settings.load().store_url)
    store.migrate(engine)
    for place, state in enumerate(STATES):
        who = store.recipient_key(settings.load().author_key, f"{state}@example.org")
        store.claim(engine, DIGEST, who, f"<{state}@mail>", now=NOW)
        if state != "sending":
            store.settle(engine, DIGEST, who, 1, state, now=NOW, code=200 + place)
    return engine


def rayonner(*words: str, code: int = 0) -> Result:
    done = CliRunner().invoke(app, list(words))
    assert done.exit_code == code, done.output
    return done


def states(*asked: str) -> list[str]:
    return [json.loads(line)["state"] for line in rayonner("deliveries", "--json", *asked).stdout.splitlines()]


def who(engine: store.Engine, state: str) -> str:
    """Why the next digest would not be claimed for that recipient, or that it would."""
    key = store.recipient_key(settings.load().author_key, f"{state}@example.org")
    return store.claim(engine, f"{BRAND}/2026-W48", key, f"<{state}2@mail>", now=NOW).why


def test_status_counts_the_mails_that_wait_for_somebody(engine: store.Engine) -> None:
    told = json.loads(rayonner("status", "--json").stdout)["mails"]
    assert told == {"sending": 1, "deferred": 1, "refused": 1, "bounced": 1}
    said = rayonner("status").output
    assert all(f"rayonner deliveries --state {state}" in said for state in told) and "Mails in doubt" in said
    rayonner("deliveries", "--delivered", "all")
    assert "Mails in doubt" not in rayonner("status").output


def test_deliveries_are_listed_by_state(engine: store.Engine) -> None:
    assert sorted(states()) == sorted(STATES)
    assert [states("--state", state) for state in STATES] == [[state] for state in STATES]
    assert states("--doubts") == states("--doubts", "--state", "sending") == ["sending"]
    assert "one state" in rayonner("deliveries", "--doubts", "--state", "sent", code=3).output
    rayonner("deliveries", "--state", "lost", code=2)


def test_a_doubt_is_settled_and_a_typo_is_not_taken_for_it(engine: store.Engine) -> None:
    said = rayonner("deliveries", "--delivered", "<sendin@mail>", code=3).output
    assert "no mail in doubt has that Message-ID" in said and states("--doubts") == ["sending"]
    assert "1 deliveries" in rayonner("deliveries", "--delivered", "<sending@mail>").output
    assert states("--doubts") == [] and "0 deliveries" in rayonner("deliveries", "--delivered", "all").output


def test_a_mail_that_came_back_stops_the_next_until_its_address_is_cleared(engine: store.Engine) -> None:
    rayonner("deliveries", "--bounced", "<typo@mail>", code=3)
    rayonner("deliveries", "--bounced", "<sent@mail>")
    assert who(engine, "sent") == "bounced"
    rayonner("deliveries", "--reachable", "sen@example.org", code=3)
    rayonner("deliveries", "--reachable", "Sent@example.org")
    assert who(engine, "sent") == "new" and who(engine, "bounced") == "bounced"


def test_someone_leaves_by_their_token_and_comes_back_at_their_wish(engine: store.Engine) -> None:
    key = settings.load().author_key
    own = token.token(key, token.Wish(BRAND, store.recipient_key(key, "sent@example.org")))
    assert "They had not" in rayonner("unsubscribe", own, "--undo").output
    assert "Done" in rayonner("unsubscribe", own).output and who(engine, "sent") == "unsubscribed"
    assert "done before" in rayonner("unsubscribe", own).output
    assert "mailed again" in rayonner("unsubscribe", own, "--undo").output and who(engine, "sent") == "new"


def test_someone_leaves_by_their_address(engine: store.Engine) -> None:
    rayonner("unsubscribe", "Sent@example.org", "--brand", BRAND)
    assert who(engine, "sent") == "unsubscribed"
    rayonner("unsubscribe", "sent@example.org", "--brand", BRAND, "--undo")
    rayonner("unsubscribe", "sent@example.org", "--brand", "*")
    assert who(engine, "sent") == "unsubscribed"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ((), "give a TOKEN"),
        (("sent@example.org",), "name it with --brand"),
        (("sent@example.org", "--brand", "just-dijn"), "no brand is called"),
        (("busy.12.34",), "not one of ours"),
        (("busy.12.34", "--brand", BRAND), "leave --brand out"),
        (("--listen", "127.0.0.1:8026", "--undo"), "alone"),
    ],
)
def test_a_wish_that_cannot_be_read_changes_nothing(engine: store.Engine, asked: tuple[str, ...], said: str) -> None:
    assert said in rayonner("unsubscribe", *asked, code=3).output
    assert who(engine, "sent") == "new"
