"""Bluesky's own servers (PLC, PDS, AppView of the npm package dev-env) on loopback, and the firehose of that PDS."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

HERE = Path(__file__).parent / "bluesky"
POSTS = "app.bsky.feed.post"
POSTGRES = os.environ.get("RAYONNER_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
_MOST_WRITES = 100  # in one call (com.atproto.repo.applyWrites allows 200)


@dataclass
class Net:
    """A running network: `pds` and `appview` are addresses, `fired` is what its firehose told so far, in order."""

    pds: str
    appview: str
    admin: str
    process: subprocess.Popen[str]
    api: httpx.Client
    fired: list[dict[str, Any]] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def call(self, name: str, by: Account | None = None, **body: Any) -> dict[str, Any]:
        """A procedure of the PDS, as an account or as nobody."""
        headers = {"authorization": f"Bearer {by.token}"} if by else {}
        answer = self.api.post(f"{self.pds}/xrpc/{name}", json=body, headers=headers)
        assert answer.status_code == 200, f"{name}: {answer.status_code} {answer.text[:300]}"
        return dict(answer.json()) if answer.content else {}

    def join(self, name: str) -> Account:
        """A new account, known to the AppView."""
        told = {"handle": f"{name}.test", "email": f"{name}@example.test", "password": f"{name}-pass"}
        made = self.call("com.atproto.server.createAccount", **told)
        return Account(self, made["did"], told["handle"], told["password"], made["accessJwt"])

    def delete(self, account: Account) -> None:
        """Delete an account for good."""
        headers = {"authorization": self.admin}
        url = f"{self.pds}/xrpc/com.atproto.admin.deleteAccount"
        self.api.post(url, json={"did": account.did}, headers=headers).raise_for_status()

    def settled(self, ready: Callable[[list[dict[str, Any]]], bool], what: str) -> None:
        """Wait until the firehose has told enough, half a minute at most."""
        with self.changed:
            assert self.changed.wait_for(lambda: ready(self.fired), timeout=30), f"the firehose never told: {what}"

    def shown(self, uris: list[str], what: str = "posts") -> None:
        """Wait until the AppView shows the last of these, half a minute at most."""
        ends = time.monotonic() + 30
        url = f"{self.appview}/xrpc/app.bsky.feed.getPosts"
        while not self.api.get(url, params={"uris": uris[-1:]}).json().get("posts"):
            assert time.monotonic() < ends, f"the AppView never showed: {what}"
            threading.Event().wait(0.05)  # another process indexes: there is nothing else to wait on


@dataclass
class Account:
    """Somebody who posts."""

    net: Net
    did: str
    handle: str
    password: str
    token: str

    def say(self, posts: list[tuple[str, dict[str, Any]]]) -> list[str]:
        """Post records under given keys, many in a call; their addresses."""
        for some in range(0, len(posts), _MOST_WRITES):
            writes = [
                {"$type": "com.atproto.repo.applyWrites#create", "collection": POSTS, "rkey": rkey, "value": told}
                for rkey, told in posts[some : some + _MOST_WRITES]
            ]
            self.net.call("com.atproto.repo.applyWrites", self, repo=self.did, validate=False, writes=writes)
        return [f"at://{self.did}/{POSTS}/{rkey}" for rkey, _ in posts]

    def put(self, rkey: str, told: dict[str, Any]) -> None:
        """Edit a post."""
        self.net.call(
            "com.atproto.repo.putRecord", self, repo=self.did, collection=POSTS, rkey=rkey, record=told, validate=False
        )

    def unsay(self, rkey: str) -> None:
        """Delete a post."""
        self.net.call("com.atproto.repo.deleteRecord", self, repo=self.did, collection=POSTS, rkey=rkey)


def record(text: str, at: datetime, **other: Any) -> dict[str, Any]:
    """A post as its author's app writes it."""
    created = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"$type": POSTS, "text": text, "createdAt": created, "langs": ["fr"], **other}


@contextmanager
def running(folder: Path) -> Iterator[Net]:
    """The network in a database and a Redis of its own; skips where something of it is missing."""
    where = os.environ.get("RAYONNER_BLUESKY_NET", "")
    if not (Path(where) / "node_modules/@atproto/dev-env").is_dir():
        pytest.skip("RAYONNER_BLUESKY_NET names no folder where npm installed tests/integration/bluesky/package.json")
    for tool in ("node", "redis-server"):
        if not shutil.which(tool):
            pytest.skip(f"{tool} is not installed")
    with ExitStack() as open_:
        database = open_.enter_context(_database())
        redis = open_.enter_context(_redis(folder))
        ports = dict(zip(("PLC", "PDS", "APPVIEW", "OZONE", "INTROSPECT"), _free_ports(5), strict=True))
        env = {
            **os.environ,
            **{f"{name}_PORT": str(port) for name, port in ports.items()},
            "RAYONNER_BLUESKY_NET": where,
            "DB_POSTGRES_URL": database,
            "DB_POSTGRES_SCHEMA": "net",
            "REDIS_HOST": redis,
            "LOG_ENABLED": "0",
        }
        command = ["node", "--no-deprecation", "-r", str(HERE / "loopback.cjs"), str(HERE / "network.cjs")]
        errors = open_.enter_context((folder / "bluesky.log").open("w"))
        process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=errors, text=True)
        open_.callback(_stop, process)
        told = json.loads(_first_line(process, folder / "bluesky.log"))
        api = open_.enter_context(httpx.Client(timeout=30, trust_env=False))
        pds, appview = (told[name].replace("localhost", "127.0.0.1") for name in ("pds", "appview"))
        net = Net(pds, appview, told["admin"], process, api)
        listener = threading.Thread(target=_listen, args=(net,), daemon=True)
        listener.start()
        try:
            yield net
        finally:
            process.terminate()
            listener.join(10)


def _first_line(process: subprocess.Popen[str], log: Path) -> str:
    assert process.stdout
    if line := process.stdout.readline():
        return line
    pytest.fail(f"Bluesky's servers did not start: {log.read_text()[-2000:]}")


def _listen(net: Net) -> None:
    assert net.process.stdout
    for line in net.process.stdout:
        with net.changed:
            net.fired.append(json.loads(line))
            net.changed.notify_all()


def _stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout:
        process.stdout.close()


@contextmanager
def _database() -> Iterator[str]:
    psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed")
    name = f"rayonner_bluesky_{secrets.token_hex(6)}"
    try:
        server = psycopg.connect(POSTGRES, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError:
        pytest.skip("no PostgreSQL server answers: set RAYONNER_TEST_POSTGRES to the address of one")
    with server:
        server.execute(f"create database {name}")
        try:
            yield POSTGRES.rsplit("/", 1)[0] + f"/{name}"
        finally:
            server.execute(f"drop database {name} with (force)")


@contextmanager
def _redis(folder: Path) -> Iterator[str]:
    (port,) = _free_ports(1)
    command = ["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no"]
    process = subprocess.Popen([*command, "--dir", str(folder)], stdout=subprocess.DEVNULL, text=True)
    try:
        ends = time.monotonic() + 10
        while time.monotonic() < ends:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                threading.Event().wait(0.02)
        yield f"127.0.0.1:{port}"
    finally:
        _stop(process)


def _free_ports(many: int) -> list[int]:
    """Ports that nobody listens on."""
    open_ = [socket.create_server(("127.0.0.1", 0)) for _ in range(many)]
    ports = [one.getsockname()[1] for one in open_]
    for one in open_:
        one.close()
    return ports


def key_of(at: datetime, number: int = 0) -> str:
    """A record key made at a moment (atproto.com/specs/tid); `number` keeps those of one moment apart."""
    value = (int(at.timestamp() * 1_000_000) << 10) + number
    return "".join("234567abcdefghijklmnopqrstuvwxyz"[value >> shift & 31] for shift in range(60, -1, -5))
