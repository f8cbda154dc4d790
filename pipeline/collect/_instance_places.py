"""Which Mastodon servers the settings name, and the keys to them."""

from __future__ import annotations

from urllib.parse import urlsplit

from pipeline.collect import Ask
from pipeline.collect._hosts import parts
from pipeline.collect._instance import Server
from pipeline.errors import ConfigError, MalformedError

# A large general server and a French one: what one does not see the other may.
INSTANCES = "mastodon.social,piaille.fr"


def servers_of(ask: Ask) -> list[Server]:
    """The servers to ask, each with its token where it has one. Raises ConfigError for a name that is no server."""
    tokens = dict(pair.strip().split("=", 1) for pair in _listed(ask, "RAYONNER_MASTODON_TOKENS") if "=" in pair)
    named = [ask.base_url] if ask.base_url else _listed(ask, "RAYONNER_MASTODON_INSTANCES", INSTANCES)
    bases = [_base(name) for name in named]
    return [Server(base.rstrip("/"), tokens.get(urlsplit(base).netloc)) for base in dict.fromkeys(bases)]


def _base(name: str) -> str:
    try:
        return parts(name if "://" in name else f"https://{name}").geturl()
    except MalformedError:
        told = f"RAYONNER_MASTODON_INSTANCES names {name!r}, which is no server: write mastodon.social"
        raise ConfigError(told, source="mastodon") from None


def _listed(ask: Ask, name: str, default: str = "") -> list[str]:
    return [one.strip() for one in (ask.settings.get(name) or default).split(",") if one.strip()]
