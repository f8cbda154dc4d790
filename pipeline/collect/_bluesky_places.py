"""Where Bluesky is read, as the settings say: the streams, the counts, and the search's account."""

from __future__ import annotations

from datetime import timedelta

from pipeline.collect import Ask
from pipeline.collect._bluesky_search import HANDLE, PASSWORD, Session
from pipeline.collect._hosts import parts
from pipeline.collect._http import Client
from pipeline.collect._jetstream_dial import Server
from pipeline.collect._pace import Policy
from pipeline.errors import ConfigError, MalformedError

NAME = "bluesky"

# Bluesky's own servers on two coasts (the atproto SDK's default, and its twin): one stands in for the other.
JETSTREAM = "https://jetstream.us-east.bsky.network,https://jetstream.us-west.bsky.network"
APPVIEW = "https://public.api.bsky.app"
SERVICE = "https://bsky.social"
LOOK_BACK_HOURS = "36"  # the servers' default


def client(ask: Ask, policy: Policy) -> Client:
    """The client of a night, which may ask all of them."""
    bases = [appview(ask), service(ask), *(server.base for server in servers(ask))]
    return Client(ask, NAME, *bases, policy=policy)


def servers(ask: Ask) -> list[Server]:
    """The Jetstream servers to ask in turn. Raises ConfigError for an address or a way that is none."""
    way = ask.settings.get("RAYONNER_BLUESKY_PATH") or "new"
    packed = ask.settings.get("RAYONNER_BLUESKY_COMPRESS") or "yes"
    if way not in ("new", "old") or packed not in ("yes", "no"):
        raise ConfigError("RAYONNER_BLUESKY_PATH is new or old, RAYONNER_BLUESKY_COMPRESS is yes or no", source=NAME)
    named = (ask.settings.get("RAYONNER_BLUESKY_JETSTREAM") or ask.base_url or JETSTREAM).split(",")
    bases = dict.fromkeys(_base(name, "RAYONNER_BLUESKY_JETSTREAM") for name in named if name.strip())
    return [Server(base, old=way == "old", packed=packed == "yes") for base in bases]


def appview(ask: Ask) -> str:
    """Where counts are read, without login."""
    return _base(ask.settings.get("RAYONNER_BLUESKY_APPVIEW") or ask.base_url or APPVIEW, "RAYONNER_BLUESKY_APPVIEW")


def service(ask: Ask) -> str:
    """Where the account of the search logs in."""
    return _base(ask.settings.get("RAYONNER_BLUESKY_SERVICE") or ask.base_url or SERVICE, "RAYONNER_BLUESKY_SERVICE")


def _base(address: str, setting: str) -> str:
    """An http address without its last stroke; the ws of a stream is the http of the same place."""
    full = address.strip() if "://" in address else f"https://{address.strip()}"
    full = f"http{full[2:]}" if full.startswith(("ws://", "wss://")) else full
    try:
        return parts(full).geturl().rstrip("/")
    except MalformedError:
        raise ConfigError(f"{setting} names {address!r}, which is no server", source=NAME) from None


def session(client: Client, ask: Ask) -> Session | None:
    """The account that searches, None where there is none."""
    handle, password = ask.settings.get(HANDLE), ask.settings.get(PASSWORD)
    return Session(client, service(ask), handle.lstrip("@"), password) if handle and password else None


def look_back(ask: Ask) -> timedelta:
    """How far back the stream reaches."""
    hours = ask.settings.get("RAYONNER_BLUESKY_LOOKBACK_HOURS") or LOOK_BACK_HOURS
    if not hours.isdecimal() or not 0 < int(hours) < 10_000:
        raise ConfigError("RAYONNER_BLUESKY_LOOKBACK_HOURS is a number of hours, such as 36", source=NAME)
    return timedelta(hours=int(hours))
