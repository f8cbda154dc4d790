"""A stateful Mastodon server on loopback (mastodon-mock) for as long as a test needs it, with its database in reach."""

from __future__ import annotations

import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

ACCOUNTS = ("ville", "habitante", "touriste")

CONFIG = "\n".join(
    [
        'domain = "127.0.0.1:{port}"',
        'url_scheme = "http"',
        "[database]",
        'path = "{path}"',
        *(f'[[seed.accounts]]\nusername = "{name}"\naccess_token = "{name}_token"' for name in ACCOUNTS),
    ]
)


@dataclass(frozen=True)
class Server:
    """A running server: `api` speaks to it, `path` is its SQLite file."""

    base: str
    api: httpx.Client
    path: Path

    def say(self, text: str, by: str = "ville", at: datetime | None = None, **other: Any) -> dict[str, Any]:
        """Post a status, at a moment of the past if given; what the server says of it."""
        headers = {"authorization": f"Bearer {by}_token"}
        answer = self.api.post("/api/v1/statuses", json={"status": text, **other}, headers=headers).raise_for_status()
        if at:
            self.backdate([(answer.json(), at)])
        return dict(answer.json())

    def backdate(self, said: Sequence[tuple[dict[str, Any], datetime]]) -> None:
        """Let statuses be of a moment of the past."""
        rows = [(_stored(at), int(status["id"])) for status, at in said]
        with closing(sqlite3.connect(self.path, timeout=20)) as database, database:
            database.executemany("update statuses set created_at = ? where id = ?", rows)

    def act(self, method: str, path: str, by: str = "ville", **body: Any) -> dict[str, Any]:
        """Any call of the API as one of the accounts."""
        headers = {"authorization": f"Bearer {by}_token"}
        answer = self.api.request(method, path, json=body or None, headers=headers).raise_for_status()
        return dict(answer.json())

    def set(self, sql: str, *values: object) -> None:
        """Change what the API does not let anybody change."""
        with closing(sqlite3.connect(self.path, timeout=20)) as database, database:
            database.execute(sql, values)

    def fault(self, path: str, count: int | None = None, **effect: Any) -> None:
        """Let the next calls of a path fail, for ever without `count`."""
        rule = {"match": {"path": path}, "effect": effect, **({"count": count} if count else {})}
        self.api.post("/api/v1/_mock/faults", json=rule).raise_for_status()

    def mend(self) -> None:
        """No more faults."""
        self.api.delete("/api/v1/_mock/faults").raise_for_status()


def _stored(at: datetime) -> str:
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """A server with three accounts that may be indexed; skips when mastodon-mock is not installed."""
    pytest.importorskip("mastodon_mock", reason="mastodon-mock is not installed")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "mastodon.sqlite"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (folder / "mock.toml").write_text(CONFIG.format(path=path, port=port))
    command = [sys.executable, "-c", "from mastodon_mock.cli import main; main()", "serve"]
    command += ["--config", str(folder / "mock.toml"), "--host", "127.0.0.1", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        try:
            _until_it_listens(process)
            base = f"http://127.0.0.1:{port}"
            with httpx.Client(base_url=base, timeout=30, trust_env=False) as api:
                server = Server(base, api, path)
                server.set("update accounts set indexable = 1")
                yield server
        finally:
            process.terminate()
            process.communicate()


def _until_it_listens(process: subprocess.Popen[str]) -> None:
    told = []
    for line in process.stderr or ():
        told.append(line)
        if "running on" in line:
            return
    pytest.fail(f"mastodon-mock did not start: {''.join(told)[-2000:]}")
