"""An unusual night is told the same morning, once, to those who asked; a usual or incomplete one says nothing."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from pipeline import settings as settings_room
from pipeline import steps, warehouse
from pipeline.cli.app import app
from pipeline.errors import ConfigError, RetriableError
from pipeline.model import Brand, Subscriber
from pipeline.report import alert, anomalies, mail, render
from pipeline.report.alert import Alert
from pipeline.report.words import words
from pipeline.steps import alert as step
from tests.report import made_weeks
from tests.report.test_mail import ENVELOPE

BUSY = made_weeks.BY_SLUG["busy"]
PEAK = date(2026, 12, 31)  # the Thursday of sixty mentions
MORNING = datetime(2027, 1, 1, 6, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def told(published: Path) -> Alert:
    found = alert.read(published, BUSY, PEAK)
    assert found is not None
    return found


def test_the_busiest_night_is_told_with_its_own_figures(told: Alert, published: Path) -> None:
    with duckdb.connect(str(published), read_only=True) as con:
        count, authors = con.execute(
            "select count(*), count(distinct p.author_key) from raw.mention as m "
            "join raw.post as p on p.post_key = m.post_key where m.brand = 'busy' and p.night = ? and m.accepted",
            [PEAK],
        ).fetchone()  # type: ignore[misc]
    made = alert.render(told, "fr")
    assert told.odd.observed == count == 60 and told.odd.authors == authors
    assert made.subject == "Le Territoire « Animé » · alerte du jeudi 31 décembre · 60 mentions"
    assert f"{count} mentions ce jour-là" in made.text and f"{authors} auteurs en ont parlé" in made.text
    assert f"contre {words('fr').number(told.odd.usual or 0)} d’habitude" in made.text


def test_text_and_html_say_the_same_and_the_mail_is_short(told: Alert) -> None:
    page = "https://veille.example.org/index.html"
    for language in ("fr", "en"):
        made = alert.render(told, language, page=page)
        assert len(made.text) < 2000 and len(made.html.encode()) < 40_000 and made.png is None
        assert f"{page}#busy/{language}/t-anomalies" in made.text and "\\u{" not in made.html
        assert made.html.count("<h1") == 1 and f'lang="{language}"' in made.html[:200]
        for post in told.odd.posts:
            assert post.url in made.text and post.url in made.html
    assert alert.render(told, "fr") == alert.render(told, "fr")


def test_no_word_of_x_is_in_an_alert(published: Path) -> None:
    nights = [alert.read(published, BUSY, made_weeks.W53 + timedelta(days=n)) for n in range(7)]
    posts = [post for one in nights if one for post in one.odd.posts]
    assert any(post.source == "x" for post in posts) and all(post.text is None for post in posts if post.source == "x")
    for one in filter(None, nights):
        made = alert.render(one, "fr")
        assert "SECRET" not in made.text + made.html


def test_usual_and_incomplete_nights_are_silent(published: Path) -> None:
    assert alert.read(published, BUSY, made_weeks.W43) is None
    outage = made_weeks.BY_SLUG["outage"]
    for night in made_weeks.FAILED:
        assert alert.read(published, outage, night) is None
    with pytest.raises(RetriableError, match="publish the night"):
        alert.read(published, BUSY, made_weeks.LAST + timedelta(days=1))


def test_a_change_of_measure_wakes_nobody(published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = anomalies.read
    monkeypatch.setattr(
        "pipeline.report.alert.anomalies.read",
        lambda *asked: [dataclasses.replace(odd, cause="definition") for odd in real(*asked)],
    )
    assert alert.read(published, BUSY, PEAK) is None


@pytest.mark.parametrize("cause", ["definition", "viral_post", "sentiment", "source_mix", "volume"])
@pytest.mark.parametrize("direction", ["up", "down"])
def test_each_cause_is_a_sentence(told: Alert, cause: str, direction: str) -> None:
    odd = dataclasses.replace(told.odd, cause=cause, direction=direction, detail={})
    for language in ("fr", "en"):
        made = alert.render(dataclasses.replace(told, odd=odd), language)
        assert "None" not in made.text and "{" not in made.text


def test_it_has_a_name_of_its_own_for_each_morning(told: Alert) -> None:
    assert told.id == "busy/alert/2027-01-01" and told.sent_at == MORNING
    message = mail.message(alert.render(told, "fr"), told.id, told.sent_at, ENVELOPE)
    assert message["Message-ID"] == "<digest.busy.alert.2027-01-01.0000000000001234@example.org>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative", "text/plain", "text/html",
    ]  # fmt: skip


def test_only_those_who_asked_for_alerts_are_due_one_each_address_once() -> None:
    readers = (Subscriber("w@example.org"), Subscriber("a@example.org", "fr", "alerts"))
    again = Subscriber("A@example.org", "en", "alerts")
    brand = Brand("b", "B", "B", None, "commune", subscribers=(*readers, again))
    assert [s.email for s in step._readers(brand)] == ["a@example.org"]


@pytest.fixture
def home(published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "published").mkdir()
    (tmp_path / "published" / "rayonner.duckdb").hardlink_to(published)
    (tmp_path / "brands").mkdir()
    (tmp_path / "brands" / "busy.toml").write_text(
        '[identity]\nname = "Animé"\nterritory = "Animé"\nlevel = "commune"\ninsee = "21231"\n'
        '[words]\nplaces = ["Animé"]\n[[subscriber]]\nemail = "equipe@example.org"\nfrequency = "alerts"\n', "utf8",
    )  # fmt: skip
    for name, value in {"HOME": tmp_path, "BRANDS": tmp_path / "brands", "AUTHOR_KEY": "ab" * 32}.items():
        monkeypatch.setenv(f"RAYONNER_{name}", str(value))
    return tmp_path


def test_the_command_shows_writes_and_says_when_nothing_is_unusual(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.report.shot.BROWSERS", ())
    run = CliRunner()
    shown = run.invoke(app, ["alert", "--night", "2026-12-31"])
    assert shown.exit_code == 0 and "60 mentions ce jour-là" in shown.output
    written = run.invoke(app, ["alert", "--night", "2026-12-31", "--out", str(home / "out")])
    assert written.exit_code == 0
    assert b"equipe@" not in (home / "out" / "busy-alert-2027-01-01.fr.eml").read_bytes()
    usual = run.invoke(app, ["alert", "--night", "2026-10-20"])
    assert usual.exit_code == 0 and "Nothing unusual" in usual.output
    assert run.invoke(app, ["alert", "--night", "2026-12-31", "--send"]).exit_code == 3
    assert run.invoke(app, ["alert", "--night", "2027-02-01"]).exit_code == 4


def test_without_a_mail_server_nothing_is_claimed(home: Path) -> None:
    with pytest.raises(ConfigError, match="no mail server"):
        steps.send_alerts(settings_room.load(), PEAK, now=lambda: MORNING)


def test_the_anomalies_read_are_those_of_the_view(published: Path) -> None:
    found = anomalies.read(published, ["busy", "quiet", "buzz"], made_weeks.FIRST, made_weeks.LAST)
    sql = "select brand, night, source, observed from anomaly where brand in ('busy', 'quiet', 'buzz')"
    assert sorted((o.brand, o.night, o.source, o.observed) for o in found) == sorted(warehouse.query(published, sql)[1])
    assert render.at_home(None, "busy", "fr") is None
