"""The DAGs read keys from Airflow's connections, by Airflow's own code; one that is absent says nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

DAGS = Path(__file__).resolve().parents[2] / "dags"
SAY = """
import json, sys
sys.path.insert(0, sys.argv[1])
from _keys import with_keys
from pipeline import settings
told = with_keys(settings.load())
print(json.dumps({name: value for name, value in told.environ.items() if name.startswith("RAYONNER_")}))
"""


def said(tmp_path: Path, **connections: dict[str, object]) -> tuple[dict[str, str], str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "RAYONNER"))}
    env |= {"AIRFLOW_HOME": str(tmp_path), "RAYONNER_HOME": str(tmp_path), "RAYONNER_X_LAW": "RGPD art. 6-1 e"}
    env |= {f"AIRFLOW_CONN_{name.upper()}": json.dumps(given) for name, given in connections.items()}
    command = [sys.executable, "-W", "ignore", "-c", SAY, str(DAGS)]
    done = subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True, check=True)
    found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return found, done.stdout.removesuffix(done.stdout.splitlines()[-1] + "\n") + done.stderr


def test_a_connection_stands_in_place_of_the_environment(tmp_path: Path) -> None:
    reddit = {"conn_type": "generic", "login": "an-id", "password": "a-long-secret"}
    found, logs = said(
        tmp_path, rayonner_reddit=reddit, rayonner_x={"conn_type": "http", "extra": {"plan": "enterprise"}}
    )
    assert found == {
        "RAYONNER_HOME": str(tmp_path),
        "RAYONNER_REDDIT_CLIENT_ID": "an-id",
        "RAYONNER_REDDIT_CLIENT_SECRET": "a-long-secret",
        "RAYONNER_X_LAW": "RGPD art. 6-1 e",
        "RAYONNER_X_PLAN": "enterprise",
    }
    assert "a-long-secret" not in logs
