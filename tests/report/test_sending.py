"""The step that sends: one brand's fault is its own, a policy on doubts is heeded, nobody is mailed in vain."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import pytest

from pipeline import settings, steps, store
from pipeline.errors import ConfigError, FatalError, PipelineError, RetriableError
from pipeline.model import Brand
from pipeline.report import alert, reading
from pipeline.report.digest import Digest
from pipeline.store.deliveries import GRACE
from tests.report.mailbox import Mailbox

NOW = datetime(2027, 1, 4, 6, 30, tzinfo=UTC)
W52 = date(2026, 12, 21)
BRANDS = {"busy": "Animé", "buzz": "Tempête", "quiet": "Calme"}
FILE = """
[identity]
name = "{name}"
territory = "{name}"
level = "commune"
insee = "21231"
[words]
places = ["{name}"]
[[subscriber]]
email = "{slug}@example.org"
"""


@pytest.fixture
def home(published: Path, tmp_path: Path) -> Path:
    """A home whose published file is that of the made-up weeks, with one reader for each of three brands."""
    (tmp_path / "published").mkdir()
    (tmp_path / "published" / "rayonner.duckdb").hardlink_to(published)
    (tmp_path / "brands").mkdir()
    for slug, name in BRANDS.items():
        (tmp_path / "brands" / f"{slug}.toml").write_text(FILE.format(name=name, slug=slug), "utf8")
    return tmp_path


@pytest.fixture(autouse=True)
def read_once(published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each brand's week is read from the file once for all tests: that is half of their time."""
    monkeypatch.setattr(reading, "read", lambda _, brand, week: week_of(published, brand, week))


@cache
def week_of(published: Path, brand: Brand, week: date, read: Callable[..., Digest] = reading.read) -> Digest:
    return read(published, brand, week)


def given(home: Path, port: int, **more: str) -> settings.Settings:
    told = {"HOME": str(home), "BRANDS": str(home / "brands"), "AUTHOR_KEY": "ab" * 32}
    told |= {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(port), "SMTP_TLS": "none", "SMTP_FROM": "veille@example.org"}
    return settings.load({f"RAYONNER_{name}": value for name, value in (told | more).items()})


def brands_reached(box: Mailbox) -> list[str]:
    return sorted(message_id.split(".")[1] for message_id in box.held)


def but_for(slug: str, fault: Exception) -> Callable[[Path, Brand, date], Digest]:
    """Read every brand's week but one's."""
    whole = reading.read

    def read(published: Path, brand: Brand, week: date) -> Digest:
        if brand.slug == slug:
            raise fault
        return whole(published, brand, week)

    return read


@pytest.mark.parametrize(
    ("fault", "family"),
    [
        (ConfigError("its letter cannot be written"), FatalError),
        (KeyError("a bug"), RetriableError),
    ],
)
def test_one_brand_s_error_is_named_and_keeps_no_other_brand_s_mail(
    home: Path, port: int, box: Mailbox, monkeypatch: pytest.MonkeyPatch, fault: Exception, family: type[PipelineError]
) -> None:
    whole = reading.read
    monkeypatch.setattr(reading, "read", but_for("buzz", fault))
    with pytest.raises(family, match=r"no mail for buzz: .*other brands: 2 sent\)"):
        steps.send_digests(given(home, port), W52, now=lambda: NOW)
    assert brands_reached(box) == ["busy", "quiet"]
    monkeypatch.setattr(reading, "read", whole)
    assert steps.send_digests(given(home, port), W52, now=lambda: NOW) == {"already": 2, "sent": 1}
    assert brands_reached(box) == ["busy", "buzz", "quiet"] and set(box.held.values()) == {1}


def test_one_brand_s_error_keeps_no_other_brand_s_alert(
    home: Path, port: int, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for slug, name in BRANDS.items():
        file = FILE.format(name=name, slug=slug) + 'frequency = "alerts"\n'
        (home / "brands" / f"{slug}.toml").write_text(file, "utf8")
    whole = alert.read

    def read(published: Path, brand: Brand, night: date) -> alert.Alert | None:
        if brand.slug == "quiet":
            raise ConfigError("its alert cannot be written")
        return whole(published, brand, night)

    monkeypatch.setattr(alert, "read", read)
    with pytest.raises(FatalError, match=r"no mail for quiet: .*other brands: 2 sent\)"):
        steps.send_alerts(given(home, port), date(2026, 12, 31), now=lambda: NOW)
    assert brands_reached(box) == ["busy", "buzz"]


def test_a_fatal_error_beside_a_mail_deferred_is_worth_another_try(
    home: Path, port: int, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.plan = {"busy@example.org": "451 rcpt"}
    monkeypatch.setattr(reading, "read", but_for("buzz", ConfigError("its letter cannot be written")))
    with pytest.raises(RetriableError, match=r"no mail for buzz: .*1 deferred, 1 sent"):
        steps.send_digests(given(home, port), W52, now=lambda: NOW)


def test_a_week_that_is_not_published_is_told_once_for_all_brands(home: Path, port: int, box: Mailbox) -> None:
    with pytest.raises(RetriableError, match=r"no mail for busy, buzz, quiet: .*publish that night first"):
        steps.send_digests(given(home, port), date(2027, 1, 4), now=lambda: NOW)
    assert not box.held


def test_the_policy_on_doubts_sends_again_by_itself_what_is_surely_nobody_s_any_more(
    home: Path, port: int, box: Mailbox
) -> None:
    box.plan = {"busy@example.org": "lost after"}
    hold, resend = given(home, port), given(home, port, DIGEST_DOUBT="resend")
    assert steps.send_digests(resend, W52, now=lambda: NOW) == {"doubt": 1, "sent": 2}
    box.plan = {}
    later = NOW + GRACE
    assert steps.send_digests(hold, W52, now=lambda: later) == {"doubt": 1, "already": 2}
    assert steps.send_digests(resend, W52, now=lambda: NOW) == {"doubt": 1, "already": 2}
    assert steps.send_digests(resend, W52, now=lambda: later) == {"sent": 1, "already": 2}
    assert sorted(box.held.values()) == [1, 1, 2]
    (twice,) = [message_id for message_id, times in box.held.items() if times == 2]
    first, second = [mail for mail in box.mails if twice.encode() in mail]
    assert first == second, "a mail sent again is the same mail, byte for byte"
    assert store.deliveries(store.connect(hold.store_url), state="sending") == []
