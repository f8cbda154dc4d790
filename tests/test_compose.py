"""docker-compose.yml says nothing that the code does not know: commands, settings, paths, secrets."""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline import __version__, settings

ROOT = Path(__file__).resolve().parents[1]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
DOCKERFILE = (ROOT / "docker/Dockerfile").read_text("utf8")
WORKDIR = "/opt/rayonner"


def told(service: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in (service.get("environment") or {}).items()}


def test_every_port_is_loopbacks() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", ())]
    assert ports
    assert all(str(port).startswith("127.0.0.1:") for port in ports)


def test_every_image_is_pinned_to_a_release() -> None:
    images = [service["image"] for service in SERVICES.values()] + re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    for image in images:
        assert re.search(r":v?\d+\.\d+(\.\d+)?(-[a-z0-9-]+)?$", image), image


def test_our_image_carries_our_version() -> None:
    assert {service["image"] for service in OURS.values()} == {f"rayonner:{__version__}"}


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"init"}))
def test_every_lasting_service_has_a_health_check(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_every_setting_is_one_that_the_code_reads() -> None:
    asked = {name for service in OURS.values() for name in told(service) if name.startswith("RAYONNER_")}
    asked |= set(re.findall(r"^#?(RAYONNER_\w+)=", (ROOT / ".env.example").read_text("utf8"), re.MULTILINE))
    assert {name.removesuffix("_FILE") for name in asked} <= set(settings.SETTINGS)


def test_what_the_file_asks_of_its_reader_is_in_the_example() -> None:
    asked = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text("utf8")))
    assert {name for name in asked if not name.startswith("RAYONNER_")} == {"RUN_AS", "HOST_FOLDER"}
    assert {name for name in asked if name.startswith("RAYONNER_")} <= set(settings.SETTINGS)
    example = (ROOT / ".env.example").read_text("utf8")
    assert all(re.search(rf"^#?{name}=", example, re.MULTILINE) for name in asked)


def test_every_airflow_option_exists_and_only_secrets_come_from_a_command() -> None:
    spec = importlib.util.find_spec("airflow")
    assert spec
    assert spec.origin
    options = yaml.safe_load((Path(spec.origin).parent / "config_templates/config.yml").read_text("utf8"))
    for name in {name for service in OURS.values() for name in told(service) if name.startswith("AIRFLOW__")}:
        section, option = name.removesuffix("_CMD").lower().split("__")[1:]
        known = options[section]["options"][option]
        assert bool(known.get("sensitive")) == name.endswith("_CMD"), name


def test_every_command_is_one_that_airflow_knows() -> None:
    listed = "from airflow.cli.cli_config import core_commands as c; print(*[x.name for x in c])"
    env = {**os.environ, "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR"}
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", listed], env=env, capture_output=True, text=True, check=True
    )
    known = set(run.stdout.splitlines()[-1].split())
    for service in OURS.values():
        program, command = service["command"][:2]
        assert os.access(ROOT / program, os.X_OK)
        assert command in known


def test_every_part_of_airflow_that_a_night_needs_is_there() -> None:
    assert {service["command"][1] for service in OURS.values()} == {"db", "api-server", "scheduler", "dag-processor"}


def test_the_image_holds_every_path_that_the_services_name() -> None:
    copied = {target for line in re.findall(r"^COPY (.+)$", DOCKERFILE, re.MULTILINE) for target in line.split()[:-1]}
    assert f"WORKDIR {WORKDIR}" in DOCKERFILE
    assert all((ROOT / name).exists() for name in copied)
    assert {"bin", "pipeline", "sql", "brands", "dags", "pyproject.toml", "requirements.lock"} <= copied
    for service in OURS.values():
        env = told(service)
        assert f"ENV RAYONNER_HOME={env['RAYONNER_HOME']}\n" in DOCKERFILE
        assert env["RAYONNER_BRANDS"] == f"{WORKDIR}/brands"
        mounted = {
            volume.split(":")[-2] if volume.endswith(":ro") else volume.split(":")[-1] for volume in service["volumes"]
        }
        assert mounted == {env["RAYONNER_HOME"], env["RAYONNER_BRANDS"]}


def test_what_the_image_copies_is_let_through(tmp_path: Path) -> None:
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text("utf8").splitlines() if line.startswith("!")}
    copied = {target for line in re.findall(r"^COPY (.+)$", DOCKERFILE, re.MULTILINE) for target in line.split()[:-1]}
    assert allowed == copied


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("deployment")
    (folder / "bin").mkdir()
    shutil.copy(ROOT / "bin/secrets", folder / "bin/secrets")
    subprocess.run([folder / "bin/secrets"], check=True, capture_output=True)
    return folder


def test_every_secret_is_a_file_that_our_script_makes(made: Path) -> None:
    assert set(COMPOSE["secrets"]) == {path.name for path in (made / "secrets").iterdir()}
    for name, secret in COMPOSE["secrets"].items():
        assert secret == {"file": f"./secrets/{name}"}
        assert len((made / "secrets" / name).read_text("ascii")) >= 44
    assert (made / "secrets").stat().st_mode & 0o777 == 0o700


def test_every_service_is_given_the_secrets_that_it_reads_and_no_other() -> None:
    for service in SERVICES.values():
        read = set(re.findall(r"/run/secrets/(\w+)", " ".join(told(service).values())))
        assert read == set(service.get("secrets", ()))


def test_making_the_secrets_again_changes_none(made: Path) -> None:
    before = {path.name: path.read_bytes() for path in (made / "secrets").iterdir()}
    subprocess.run([made / "bin/secrets"], check=True, capture_output=True)
    assert {path.name: path.read_bytes() for path in (made / "secrets").iterdir()} == before


def test_no_secret_is_written_in_the_file() -> None:
    for service in SERVICES.values():
        for name, value in told(service).items():
            if re.search(r"PASSWORD|SECRET|KEY|_CONN(_|$)", name):
                assert "/run/secrets/" in value, name


def test_the_settings_are_read_from_the_secrets(made: Path, tmp_path: Path) -> None:
    env = {name: value for name, value in told(OURS["scheduler"]).items() if name.startswith("RAYONNER_")}
    env = {name: value.replace("/run/secrets", str(made / "secrets")) for name, value in env.items()}
    env = {name: re.sub(r"\$\{\w+:-(.*)\}", r"\1", value) for name, value in env.items()}
    read = settings.load(env | {"RAYONNER_HOME": str(tmp_path)})
    assert read.author_key.hex() == (made / "secrets/author_key").read_text("ascii")
    database = told(SERVICES["store-db"])
    password = (made / "secrets/store_db_password").read_text("ascii")
    user, name = database["POSTGRES_USER"], database["POSTGRES_DB"]
    assert read.store_url == f"postgresql+psycopg://{user}:{password}@store-db:5432/{name}"
    assert not (tmp_path / "author.key").exists()
    # Mail goes to the catcher until .env names a real server.
    assert read.relay
    assert (read.relay.host, read.relay.port, read.relay.tls) == ("mail", 1025, "none")
    assert "mail" in SERVICES


def test_airflow_reads_its_database_from_the_secret(made: Path) -> None:
    command = shlex.split(told(OURS["scheduler"])["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_CMD"])
    command = [word.replace("/run/secrets", str(made / "secrets")) for word in command]
    address = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    password = (made / "secrets/airflow_db_password").read_text("ascii")
    assert address == f"postgresql+psycopg://airflow:{password}@airflow-db:5432/airflow"
