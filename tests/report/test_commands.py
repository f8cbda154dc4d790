"""The digest by hand: read, written, refused with the cure; the settings of the mail server."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline import settings, steps
from pipeline.brands import shape
from pipeline.cli.app import app
from pipeline.errors import ConfigError
from pipeline.model import Brand, Subscriber
from pipeline.report import words
from pipeline.steps import digest as step
from tests.report import made_weeks

RUN = CliRunner()
SMTP = {"RAYONNER_SMTP_HOST": "mail.example.org", "RAYONNER_SMTP_FROM": "veille@example.org"}


@pytest.fixture
def home(published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home whose published file is that of the made-up weeks, with one brand file and no mail server."""
    (tmp_path / "published").mkdir()
    (tmp_path / "published" / "rayonner.duckdb").hardlink_to(published)
    (tmp_path / "brands").mkdir()
    (tmp_path / "brands" / "busy.toml").write_text(
        '[identity]\nname = "Animé"\nterritory = "Animé"\nlevel = "commune"\ninsee = "21231"\n'
        '[words]\nplaces = ["Animé"]\n[[subscriber]]\nemail = "equipe@example.org"\n', "utf8",
    )  # fmt: skip
    for name, value in {"HOME": tmp_path, "BRANDS": tmp_path / "brands", "AUTHOR_KEY": "ab" * 32}.items():
        monkeypatch.setenv(f"RAYONNER_{name}", str(value))
    return tmp_path


def test_the_text_is_printed(home: Path) -> None:
    done = RUN.invoke(app, ["digest", "--week", "2026-W53", "--brand", "busy"])
    assert done.exit_code == 0 and done.output.startswith("Animé · semaine 53 · 180 mentions (+216")


def test_a_dry_run_writes_the_mail_and_nobody_s_address(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.report.shot.BROWSERS", ())  # the picture itself is looked at by people
    done = RUN.invoke(app, ["digest", "--week", "2026-W53", "--brand", "busy", "--dry-run", "--language", "en"])
    assert done.exit_code == 0 and "no screenshot" in done.output
    mail = (home / "digests" / "busy-2026-W53.en.eml").read_bytes()
    assert b"Subject: " in mail and b"equipe@" not in mail
    assert "data:image/png" in (home / "digests" / "busy-2026-W53.en.html").read_text("utf8")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["--week", "2026-W54", "--brand", "busy"], "is not an ISO week"),
        (["--week", "2026-W53", "--brand", "nobody"], "no brand is called"),
        (["--week", "2026-W53"], "name a brand"),
        (["--week", "2026-W53", "--send"], "no mail server is named"),
        (["--week", "2026-W53", "--send", "--dry-run"], "does not go with"),
        (["--week", "2026-W53", "--send", "--language", "en"], "does not go with"),
        (["--week", "2026-W53", "--brand", "busy", "--resend"], "add --send"),
        (["--week", "2026-W53", "--month", "2026-12", "--brand", "busy"], "ask for one"),
    ],
)
def test_what_cannot_be_done_is_said_with_the_cure(home: Path, asked: list[str], said: str) -> None:
    done = RUN.invoke(app, ["digest", *asked])
    assert done.exit_code == 3 and said in done.output


@pytest.mark.parametrize("command", ["digest", "alert"])
def test_a_language_that_no_mail_is_written_in_is_a_wrong_command(home: Path, command: str) -> None:
    done = RUN.invoke(app, [command, "--brand", "busy", "--language", "de"])
    assert done.exit_code == 2 and "is not one of 'fr', 'en'" in done.output


def test_an_alert_is_not_sent_again_without_being_sent(home: Path) -> None:
    for asked, said in ((["--resend"], "add --send"), (["--send", "--language", "en"], "does not go with")):
        done = RUN.invoke(app, ["alert", "--night", "2026-12-31", *asked])
        assert done.exit_code == 3 and said in done.output


def test_the_languages_of_brand_files_are_those_with_a_catalogue() -> None:
    assert set(shape.MAIL_LANGUAGES) == set(words.LOCALES)


def test_a_week_not_yet_published_may_be_asked_for_later(home: Path) -> None:
    done = RUN.invoke(app, ["digest", "--week", "2027-W01", "--brand", "busy"])
    assert done.exit_code == 4 and "publish that night first" in done.output


def test_the_last_week_is_the_one_that_is_over_in_paris() -> None:
    assert steps.last_week(datetime(2027, 1, 4, 6, 30, tzinfo=UTC)) == date(2026, 12, 28)
    assert steps.last_week(datetime(2027, 1, 3, 22, 59, tzinfo=UTC)) == date(2026, 12, 21)
    assert steps.last_week(datetime(2027, 1, 3, 23, 1, tzinfo=UTC)) == date(2026, 12, 28)  # Monday in Paris


def test_monthly_readers_are_due_on_the_first_monday_and_each_address_once() -> None:
    readers = (
        Subscriber("a@example.org"),
        Subscriber("A@example.org", "en"),
        Subscriber("m@example.org", "fr", "monthly"),
    )
    brand = Brand("b", "B", "B", None, "commune", subscribers=readers)
    assert [s.email for s in step._readers(brand, "weekly")] == ["a@example.org"]
    assert [s.email for s in step._readers(brand, "monthly")] == ["m@example.org"]
    # The Monday after week 53 is the first of January 2027; that after week 43 is no first Monday.
    assert step.due_month(made_weeks.W53) == date(2026, 12, 1) and step.due_month(made_weeks.W43) is None
    assert step.due_month(date(2026, 5, 25)) == date(2026, 5, 1)  # 1 June 2026 is a Monday


def test_a_month_is_shown_and_never_sent_by_its_name(home: Path) -> None:
    done = RUN.invoke(app, ["digest", "--month", "2026-12", "--brand", "busy"])
    assert done.exit_code == 0 and done.output.startswith("Animé · décembre 2026 · ")
    for wrong in (["--month", "2026-13"], ["--month", "december"], ["--month", "2026-12", "--send"]):
        assert RUN.invoke(app, ["digest", "--brand", "busy", *wrong]).exit_code == 3
    assert RUN.invoke(app, ["digest", "--month", "2027-01", "--brand", "busy"]).exit_code == 4


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"RAYONNER_SMTP_PORT": "smtp"}, "RAYONNER_SMTP_PORT"),
        ({"RAYONNER_SMTP_FROM": "veille"}, "RAYONNER_SMTP_FROM"),
        ({"RAYONNER_SMTP_TLS": "maybe"}, "starttls, tls or none"),
        ({"RAYONNER_SMTP_TLS": "none", "RAYONNER_SMTP_PASSWORD": "x"}, "travel in clear"),
        ({"RAYONNER_UNSUBSCRIBE_URL": "http://example.org"}, "https://"),
        ({"RAYONNER_DIGEST_DOUBT": "maybe"}, "hold or resend"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, wrong: dict[str, str], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        settings.load({"RAYONNER_HOME": str(tmp_path), **SMTP, **wrong})


def test_tls_is_on_by_default_and_an_airflow_connection_wins(tmp_path: Path) -> None:
    given = settings.load({"RAYONNER_HOME": str(tmp_path), **SMTP, "RAYONNER_SMTP_PASSWORD": "secret"})
    assert given.relay is not None and (given.relay.tls, given.relay.port) == ("starttls", 587)
    assert "secret" not in repr(given)
    other = settings.with_mail_server(given, host="relay", port=None, user="u", password="p", sender=None)
    assert other.relay is not None
    assert (other.relay.host, other.relay.port, other.relay.sender) == ("relay", 587, "veille@example.org")
