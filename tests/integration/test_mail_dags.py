"""The production path of mails: Airflow runs the DAG, its connection names the server, the reader finds the mail."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from pipeline import settings, store
from tests.integration import mail_server
from tests.integration.mail_server import PASSWORD, USER, Server
from tests.report import made_weeks

pytestmark = [pytest.mark.integration, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
# 07:30 in Paris, when each timetable is due: on the Monday after week 53, and on the morning after its unusual night.
MONDAY, MORNING = "2027-01-04T06:30:00+00:00", "2027-01-01T06:30:00+00:00"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with mail_server.running(tmp_path_factory.mktemp("mail")) as server:
        yield server


@pytest.fixture(scope="module")
def env(server: Server, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An Airflow that knows the mail server by its connection alone; only trust is told by the environment."""
    home = tmp_path_factory.mktemp("home")
    made_weeks.publish(home)
    (home / "brands").mkdir()
    (home / "brands" / "busy.toml").write_text(mail_server.BRAND, "utf8")
    env = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "RAYONNER"))}
    told = mail_server.environment(server, home)
    env |= {name: value for name, value in told.items() if "_SMTP_" not in name or name.endswith("_CA")}
    connection = {"conn_type": "smtp", "host": "localhost", "port": server.smtp, "login": USER, "password": PASSWORD}
    connection["extra"] = {"from_email": "territoire@example.org"}
    env |= {"AIRFLOW_CONN_RAYONNER_SMTP": json.dumps(connection), "AIRFLOW__CORE__DEFAULT_TASK_RETRY_DELAY": "1"}
    airflow(env, "db", "migrate")
    return env


def airflow(env: dict[str, str], *words: str, code: int = 0) -> str:
    done = subprocess.run([ROOT / "bin/airflow", *words], env=env, cwd=ROOT, capture_output=True, text=True)
    said = done.stdout + done.stderr
    assert done.returncode == code, said[-6000:]
    return said


def mails(server: Server, user: str) -> list[EmailMessage]:
    return mail_server.inbox(server, f"{user}@example.org")


def states(env: dict[str, str]) -> dict[str, int]:
    """How many deliveries of each digest were sent; nothing else may be in the ledger."""
    told: dict[str, int] = {}
    for row in store.deliveries(store.connect(settings.load(env).store_url)):
        assert row.state == "sent"
        told[row.digest] = told.get(row.digest, 0) + 1
    return told


def test_the_weekly_dag_sends_the_week_that_has_just_ended_through_its_connection(
    server: Server, env: dict[str, str]
) -> None:
    said = airflow(env, "dags", "test", "weekly", MONDAY)
    assert PASSWORD not in said
    assert states(env) == {"busy/2026-W53": 2, "busy/2026-12": 1}
    for user, subject in {"equipe": "semaine 53", "team": "week 53", "mensuel": "décembre 2026"}.items():
        (mail,) = mails(server, user)
        assert subject in mail["Subject"] and "territoire@example.org" in mail["From"]
    assert mails(server, "alerte") == []


def test_the_alert_dag_tells_the_unusual_night_and_no_other(server: Server, env: dict[str, str]) -> None:
    airflow(env, "dags", "test", "alert", MORNING)
    (mail,) = mails(server, "alerte")
    assert mail["Subject"] == "Le Territoire Animé · alerte du jeudi 31 décembre · 60 mentions"
    assert states(env)["busy/alert/2027-01-01"] == 1
