"""The only reader of the environment: every setting, its name, its default and what it is for.

Any setting may be given as NAME_FILE, the path of a file that holds it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

from pipeline import collect
from pipeline.errors import ConfigError
from pipeline.model.budget import Caps, caps
from pipeline.report.relay import Relay, Tls
from pipeline.store import keys

ROOT = Path(__file__).resolve().parent.parent

# name -> (default as shown in docs, what it is for). docs/settings.md is made from this table.
SETTINGS: dict[str, tuple[str, str]] = {
    "RAYONNER_HOME": ("./var", "folder of everything the program writes"),
    "RAYONNER_STORE_URL": ("sqlite:///<home>/store.sqlite", "SQLAlchemy address of the store; may hold a password"),
    "RAYONNER_BRANDS": ("./brands", "folder of the brand files"),
    "RAYONNER_SOURCES": ("sample", "sources collected every night, separated by commas"),
    "RAYONNER_AUTHOR_KEY": ("made at first run in <home>/author.key", "64 hexadecimal digits that key author hashes"),
    "RAYONNER_RETENTION_DAYS": ("90", "days for which text, links and ids are kept, at most the source's terms"),
    "RAYONNER_ARCHIVE_PATH": ("none", "an archive file read every night by the source `archive`; imports need it not"),
    "RAYONNER_CONTACT": ("none", "page or address by which those we ask can reach you; part of our User-Agent"),
    "RAYONNER_MASTODON_INSTANCES": ("mastodon.social,piaille.fr", "Mastodon servers to ask, separated by commas"),
    "RAYONNER_MASTODON_TOKENS": ("none", "server=token pairs, separated by commas, for what is closed to visitors"),
    "RAYONNER_BLUESKY_JETSTREAM": (
        "two servers of Bluesky's",
        "Jetstream servers, separated by commas: the next is asked where one fails",
    ),
    "RAYONNER_BLUESKY_PATH": ("new", "way into Jetstream: new, or old for a server that knows only /subscribe"),
    "RAYONNER_BLUESKY_COMPRESS": ("yes", "no asks Jetstream for plain messages, which are larger"),
    "RAYONNER_BLUESKY_LOOKBACK_HOURS": ("36", "how far back the Jetstream servers reach"),
    "RAYONNER_BLUESKY_APPVIEW": ("https://public.api.bsky.app", "where counts are read, without login"),
    "RAYONNER_BLUESKY_SERVICE": ("https://bsky.social", "where the account of the search logs in"),
    "RAYONNER_BLUESKY_HANDLE": ("none", "account that searches nights which the stream no longer reaches"),
    "RAYONNER_BLUESKY_PASSWORD": ("none", "its app password"),
    "RAYONNER_X_BEARER": ("none: X is off", "bearer token of your app on X"),
    "RAYONNER_X_PLAN": ("none", "the plan you hold at X: pay-per-use, pay-per-use-archive or enterprise"),
    "RAYONNER_X_TERMS": ("none", "who reads, which X's terms ask: public-readers-named or no-public-readers"),
    "RAYONNER_X_LAW": ("none", "the law that allows you to read posts, in your words: RGPD art. 6-1 e"),
    "RAYONNER_X_WORDS": ("tweet", "how X names parameters and fields: tweet or post"),
    "RAYONNER_REDDIT_CLIENT_ID": ("none: Reddit is off", "key that Reddit approved, see sources.md"),
    "RAYONNER_REDDIT_CLIENT_SECRET": ("none", "its secret"),
    "RAYONNER_REDDIT_SUBREDDITS": ("none", "subreddits searched beside the whole site, separated by commas"),
    "RAYONNER_YOUTUBE_KEY": ("none: YouTube is off", "API key of a Google project that has the YouTube Data API v3"),
    "RAYONNER_YOUTUBE_SEARCHES": ("90", "searches of a night, out of the quota's 100 a day"),
    "RAYONNER_SMTP_HOST": ("none: digests are written, not sent", "mail server that digests leave from"),
    "RAYONNER_SMTP_PORT": ("587", "its port"),
    "RAYONNER_SMTP_USER": ("none", "account on the mail server"),
    "RAYONNER_SMTP_PASSWORD": ("none", "its password"),
    "RAYONNER_SMTP_FROM": ("none", "address that digests come from; its domain must be yours to sign for"),
    "RAYONNER_SMTP_TLS": ("starttls", "starttls, tls, or none for a server that asks for no password"),
    "RAYONNER_SMTP_CA": ("the system's", "file of certificates to trust, for a mail server with its own authority"),
    "RAYONNER_PAGE_URL": ("none", "web address of the published page, for the digest's link to it"),
    "RAYONNER_UNSUBSCRIBE_URL": (
        "none: by mail",
        "https address of `rayonner unsubscribe --listen`, seen from outside",
    ),
    "RAYONNER_DIGEST_DOUBT": ("hold", "a mail that may have left: hold it for a person, or resend it by itself"),
    "RAYONNER_BUDGET": (
        "none: no cap",
        "caps of a month: `x:money=50,posts=10000;youtube:units=200000`; X is not asked without one",
    ),
    "RAYONNER_RECOLLECT_DAYS": ("2", "how many nights back one that was cut short is asked for again; 0 for never"),
    "RAYONNER_TIER": ("accurate", "sentiment scorer of a night: accurate, fast or cascade"),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one process. `environ` is what sources may read their own NEEDS from."""

    home: Path
    store_url: str = field(repr=False)
    brands: Path
    sources: tuple[str, ...]
    author_key: bytes = field(repr=False)
    retention_days: int
    tier: str
    environ: Mapping[str, str] = field(repr=False)
    relay: Relay | None = None
    page_url: str | None = None
    unsubscribe_url: str | None = None
    resend_doubts: bool = False
    budget: Mapping[str, Caps] = field(default_factory=dict)
    recollect_days: int = 2

    @property
    def published(self) -> Path:
        """The folder that analysts read."""
        return self.home / "published"


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from `environ` (the process's by default). Raises ConfigError with the cure."""
    env = _with_files(os.environ if environ is None else environ)
    home = Path(env.get("RAYONNER_HOME") or "var").expanduser().resolve()
    sources = tuple(s.strip() for s in env.get("RAYONNER_SOURCES", "sample").split(",") if s.strip())
    tier = env.get("RAYONNER_TIER", "accurate")
    if tier not in {"accurate", "fast", "cascade"}:
        raise ConfigError(f"RAYONNER_TIER is {tier!r}: write accurate, fast or cascade")
    return Settings(
        home=home,
        store_url=env.get("RAYONNER_STORE_URL") or f"sqlite:///{home / 'store.sqlite'}",
        brands=Path(env.get("RAYONNER_BRANDS") or ROOT / "brands"),
        sources=sources,
        author_key=keys.secret(env.get("RAYONNER_AUTHOR_KEY"), home),
        retention_days=_days(env, "RAYONNER_RETENTION_DAYS", "90", least=1),
        tier=tier,
        environ=env,
        relay=_relay(env),
        page_url=_web(env, "RAYONNER_PAGE_URL", ("http://", "https://", "file://")),
        unsubscribe_url=_web(env, "RAYONNER_UNSUBSCRIBE_URL", ("https://",)),
        resend_doubts=_among(env, "RAYONNER_DIGEST_DOUBT", ("hold", "resend")) == "resend",
        budget=_budget(env.get("RAYONNER_BUDGET") or ""),
        recollect_days=_days(env, "RAYONNER_RECOLLECT_DAYS", "2", least=0),
    )


def with_mail_server(
    settings: Settings, *, host: str, port: int | None, user: str | None, password: str | None, sender: str | None
) -> Settings:
    """The same settings with another mail server, as an Airflow connection names it; what it leaves out stays."""
    given = {"HOST": host, "PORT": str(port or ""), "USER": user, "PASSWORD": password, "FROM": sender}
    env = {**settings.environ, **{f"RAYONNER_SMTP_{name}": value for name, value in given.items() if value}}
    return replace(settings, environ=env, relay=_relay(env))


def with_told(settings: Settings, told: Mapping[str, str]) -> Settings:
    """The same settings with more of what sources read, as Airflow connections name it; what they leave out stays."""
    return replace(settings, environ={**settings.environ, **told})


def _with_files(env: Mapping[str, str]) -> dict[str, str]:
    """Add NAME for each RAYONNER_..._FILE, so that secrets can be mounted as files (Docker, Kubernetes)."""
    given = dict(env)
    for name in [n for n in env if n.startswith("RAYONNER_") and n.endswith("_FILE")]:
        try:
            given.setdefault(name.removesuffix("_FILE"), Path(env[name]).read_text("utf8").strip())
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"{name} points to {env[name]}, which cannot be read: {type(error).__name__}") from error
    return given


def _relay(env: Mapping[str, str]) -> Relay | None:
    """The mail server, None when none is named. A password never travels in clear."""
    host = env.get("RAYONNER_SMTP_HOST")
    if not host:
        return None
    port, tls = env.get("RAYONNER_SMTP_PORT") or "587", _among(env, "RAYONNER_SMTP_TLS", ("starttls", "tls", "none"))
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise ConfigError(f"RAYONNER_SMTP_PORT is {port!r}: write a port, such as 587")
    if "@" not in (sender := env.get("RAYONNER_SMTP_FROM") or ""):
        raise ConfigError("RAYONNER_SMTP_FROM is not an address: write it as veille@example.org")
    user, password = env.get("RAYONNER_SMTP_USER") or "", env.get("RAYONNER_SMTP_PASSWORD") or ""
    if tls == "none" and password:
        raise ConfigError("RAYONNER_SMTP_TLS is none and there is a password: it would travel in clear; use starttls")
    return Relay(host, int(port), user, password, sender, cast(Tls, tls), env.get("RAYONNER_SMTP_CA") or None)


def _among(env: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    """One of the choices, the first when nothing is given."""
    if (value := env.get(name) or choices[0]) not in choices:
        raise ConfigError(f"{name} is {value!r}: write {', '.join(choices[:-1])} or {choices[-1]}")
    return value


def _web(env: Mapping[str, str], name: str, starts: tuple[str, ...]) -> str | None:
    value = env.get(name) or None
    if value and not value.startswith(starts):
        raise ConfigError(f"{name} must start with {' or '.join(starts)}")
    return value


def _days(env: Mapping[str, str], name: str, default: str, *, least: int) -> int:
    text = env.get(name) or default
    if not text.isdecimal() or int(text) < least:
        raise ConfigError(f"{name} is {text!r}: write a whole number of days, {least} or more")
    return int(text)


def _budget(text: str) -> dict[str, Caps]:
    try:
        return caps(text, collect.names())
    except ValueError as error:
        raise ConfigError(f"RAYONNER_BUDGET: {error}") from None
