"""A digest through a real mail server: STARTTLS, a login, a checked certificate, and read back as its recipient."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from html import unescape
from threading import Thread
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from typer.testing import CliRunner

from pipeline import settings as settings_room
from pipeline import steps, store, warehouse
from pipeline.cli.app import app
from pipeline.errors import ConfigError, CredentialError
from pipeline.report import page, unsubscribe
from pipeline.report import server as server_room
from tests.integration import mail_server
from tests.integration.mail_server import Server
from tests.report import made_weeks

pytestmark = pytest.mark.integration

NOW = datetime(2027, 1, 4, 6, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with mail_server.running(tmp_path_factory.mktemp("mail")) as server:
        yield server


@pytest.fixture(scope="module")
def given(server: Server, tmp_path_factory: pytest.TempPathFactory) -> settings_room.Settings:
    home = tmp_path_factory.mktemp("home")
    made_weeks.publish(home)
    (home / "brands").mkdir()
    (home / "brands" / "busy.toml").write_text(mail_server.BRAND, "utf8")
    return settings_room.load(mail_server.environment(server, home))


def send(given: settings_room.Settings) -> dict[str, int]:
    return dict(steps.send_digests(given, made_weeks.W53, now=lambda: NOW))


def test_each_reader_finds_one_mail_whole_in_their_language(given: settings_room.Settings, server: Server) -> None:
    # The first Monday of a month: the monthly reader is due as well.
    assert send(given) == {"sent": 3}
    assert send(given) == {"already": 3}
    told = {"equipe": "Semaine très animée", "team": "A very lively week", "mensuel": "mentions en décembre 2026"}
    for user, start in told.items():
        (mail,) = mail_server.inbox(server, f"{user}@example.org")
        text, html = mail.get_body(("plain",)), mail.get_body(("html",))
        assert text is not None and html is not None
        assert start in text.get_content() and start in html.get_content()
        (picture,) = [part for part in mail.walk() if part.get_content_type() == "image/png"]
        assert picture.get_content().startswith(b"\x89PNG") and picture["Content-ID"].strip("<>") in html.get_content()
        assert "Animé" in mail["Subject"] and mail["To"] == f"{user}@example.org"
        links = re.findall(r"https://\S+", text.get_content())
        assert all(link.strip(".") in html.get_content().replace("&amp;", "&") for link in links)


def test_every_link_of_a_mail_leads_into_the_page_to_a_published_post_or_out(
    given: settings_room.Settings, server: Server
) -> None:
    send(given)
    file = given.published / "rayonner.duckdb"
    html = page.write(file, made_weeks.BRANDS, given.published / "index.html").read_text("utf8")
    _, rows = warehouse.query(file, "select url from raw.post_text where url is not null")
    known = {url for (url,) in rows}
    for user, language in {"equipe": "fr", "team": "en"}.items():
        (mail,) = mail_server.inbox(server, f"{user}@example.org")
        found = links(mail)
        assert re.findall("<(https.*?)>", mail["List-Unsubscribe"])[0] in found
        inside = {link.partition("#")[2] for link in found if link.startswith(f"{given.page_url}#")}
        assert f"busy/{language}" in inside
        for place in inside:
            slug, its_language, *anchor = place.split("/")
            assert (slug, its_language) == ("busy", language) and all(f'id="{one}"' in html for one in anchor)
        others = {link for link in found if not link.startswith((f"{given.page_url}#", f"{given.unsubscribe_url}/"))}
        assert others and others <= known


def links(mail: EmailMessage) -> set[str]:
    """Each address that a reader can follow, in the HTML or in the text, which hold the same."""
    text, html = (part.get_content() for kind in ("plain", "html") if (part := mail.get_body((kind,))))
    of_html = {unescape(link) for link in re.findall(r'href="([^"]+)"', html)}
    of_text = set(re.findall(r"https://\S+", text))
    assert of_text <= of_html
    return of_html


def test_an_alert_reaches_those_who_asked_for_alerts_once_and_they_can_leave(
    given: settings_room.Settings, server: Server
) -> None:
    peak = made_weeks.W53.replace(day=31)
    assert dict(steps.send_alerts(given, peak, now=lambda: NOW)) == {"sent": 1}
    assert dict(steps.send_alerts(given, peak, now=lambda: NOW)) == {"already": 1}
    assert dict(steps.send_alerts(given, made_weeks.W43, now=lambda: NOW)) == {}, "a usual night sends nothing"
    (mail,) = mail_server.inbox(server, "alerte@example.org")
    assert mail["Subject"] == "Le Territoire Animé · alerte du jeudi 31 décembre · 60 mentions"
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None and html is not None
    assert "60 mentions ce jour-là" in text.get_content() and "60 mentions ce jour-là" in html.get_content()
    token = re.search(r"<https://veille\.example\.org/sortir/([^>]+)>", mail["List-Unsubscribe"])
    assert token and steps.unsubscribe(given, token[1], now=NOW)
    later = steps.send_alerts(given, peak.replace(day=30), now=lambda: NOW)
    assert later == {"unsubscribed": 1}


def test_the_link_of_the_mail_takes_its_reader_off_and_nobody_else(
    given: settings_room.Settings, server: Server
) -> None:
    send(given)
    (mail,) = mail_server.inbox(server, "equipe@example.org")
    token = re.search(r"<https://veille\.example\.org/sortir/([^>]+)>", mail["List-Unsubscribe"])
    assert token and mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    engine = store.connect(given.store_url)
    door = unsubscribe.application(engine, given.author_key, lambda: NOW)
    with make_server("127.0.0.1", 0, door, handler_class=Quiet) as http:
        Thread(target=http.serve_forever, daemon=True).start()
        at = f"http://127.0.0.1:{http.server_port}/sortir/"
        reader = store.recipient_key(given.author_key, "Equipe@example.org")
        with urlopen(at + token[1]) as asked:
            assert "<form method" in asked.read().decode()
        assert not store.suppressed(engine, reader, "busy"), "opening a link changes nothing"
        for _ in range(2):
            with urlopen(Request(at + token[1], data=b"List-Unsubscribe=One-Click", method="POST")) as done:
                assert done.status == 200
        with pytest.raises(HTTPError, match="404"):
            urlopen(Request(f"{at}{token[1]}0", data=b"", method="POST"))
        http.shutdown()
    assert store.suppressed(engine, reader, "busy")
    assert not store.suppressed(engine, store.recipient_key(given.author_key, "team@example.org"), "busy")
    later = steps.send_digests(given, made_weeks.W43, now=lambda: NOW)
    assert later == {"sent": 1, "unsubscribed": 1}


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        return


def test_a_wrong_password_and_an_unknown_authority_are_told_and_nothing_leaves(
    given: settings_room.Settings, server: Server
) -> None:
    assert given.relay is not None
    week = made_weeks.W53.replace(month=11, day=2, year=2026)
    no_login, no_trust = replace(given.relay, password="no"), replace(given.relay, ca=None)
    for wrong, error in ((no_login, CredentialError), (no_trust, ConfigError)):
        with pytest.raises(error):
            steps.send_digests(replace(given, relay=wrong), week, now=lambda: NOW)
    with pytest.raises(ConfigError, match="takes no mail"):
        steps.send_digests(replace(given, relay=replace(given.relay, user="", password="")), week, now=lambda: NOW)
    assert {row.state for row in store.deliveries(store.connect(given.store_url), digest="busy/2026-W45")} <= {
        "deferred"
    }


def test_tls_from_the_first_byte_checks_the_certificate_too(given: settings_room.Settings, server: Server) -> None:
    assert given.relay is not None
    # This server offers no login on that port, so the connection is as far as one gets.
    relay = replace(given.relay, tls="tls", port=server.smtps, user="")
    with server_room.connected(relay) as smtp:
        assert smtp.noop()[0] == 250
    with pytest.raises(ConfigError, match="is not trusted"), server_room.connected(replace(relay, ca=None)):
        pass


def test_the_command_sends_lists_and_takes_off(
    given: settings_room.Settings, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in mail_server.environment(server, given.home).items():
        monkeypatch.setenv(name, value)
    run = CliRunner()
    sent = run.invoke(app, ["digest", "--week", "2026-W40", "--brand", "busy", "--send"])
    assert sent.exit_code == 0 and "sent" in sent.output
    again = run.invoke(app, ["digest", "--week", "2026-W40", "--brand", "busy", "--send"])
    assert again.exit_code == 0 and "already" in again.output
    listed = run.invoke(app, ["deliveries", "--week", "2026-W40", "--json"])
    assert listed.exit_code == 0 and "@example.org" in listed.output and "equipe" not in listed.output
    assert run.invoke(app, ["unsubscribe", "busy.12.34"]).exit_code == 3
    assert "Mails in doubt" not in run.invoke(app, ["status"]).output
