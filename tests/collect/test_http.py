"""The polite client against a real server on this machine that fails in every way we know."""

import contextlib
import gzip
import logging
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest

from pipeline.collect import Ask, _hosts
from pipeline.collect._http import Client, user_agent
from pipeline.collect._pace import POLITE
from pipeline.errors import (
    CredentialError,
    GoneError,
    MalformedError,
    PipelineError,
    RateLimitedError,
    SchemaError,
    UnavailableError,
)
from tests.collect.loopback import Reply, Time, serving

NOW = datetime(2026, 1, 13, 4, 0, tzinfo=UTC)
GOOD = Reply(b'{"good": true}')


def told(*replies):
    """Answer with each reply in turn, the last for ever."""
    left = list(replies)
    return lambda asked: left.pop(0) if len(left) > 1 else left[0]


def asking(server, time, **other):
    return Ask(now=NOW, base_url=server.base, timeout_s=2.0, pace=time.pace, **other)


@contextlib.contextmanager
def talking(*replies, policy=POLITE, **how):
    """A client of a server that gives these replies, the server, and the time that passes for them."""
    time = Time()
    with (
        serving(told(*replies)) as server,
        Client(asking(server, time), "test", server.base, policy=policy, **how) as client,
    ):
        yield client, server, time


def get(*replies, policy=POLITE, path="/x", **how):
    """What a GET gives or raises, the number of requests, the sleeps."""
    time = Time()
    with serving(told(*replies)) as server:
        ask = asking(server, time)
        with Client(ask, "test", server.base, policy=policy) as client:
            try:
                found = client.get(path, **how)
            except PipelineError as error:
                found = error
        assert ask.asked == len(server.asked)
        return found, ask.asked, time.slept


def limited(**headers):
    return Reply(b"{}", 429, {name.replace("_", "-"): value for name, value in headers.items()})


DATE = "Tue, 13 Jan 2026 04:00:00 GMT"
# A fault before a good answer: what is slept (the jitter is half its bound: 0.5 s at the first retry).
PASSING = {
    "429": (limited(), [0.5]),
    "429 Retry-After": (limited(retry_after="7"), [7.5]),
    "429 Retry-After date": (limited(date=DATE, retry_after="Tue, 13 Jan 2026 04:00:30 GMT"), [30.5]),
    "429 reset Unix": (limited(date=DATE, x_rate_limit_reset=str(int(NOW.timestamp()) + 60)), [60.5]),
    "429 reset ISO": (limited(date=DATE, x_ratelimit_reset="2026-01-13T04:01:00.000Z"), [60.5]),
    "429 ratelimit-": (limited(date=DATE, ratelimit_reset="12"), [12.5]),
    "429 reset past": (limited(date=DATE, x_rate_limit_reset="1700000000"), [0.5]),
    "500": (Reply(b"", 500), [0.5]),
    "502 HTML": (Reply(b"<html>", 502, {"content-type": "text/html"}), [0.5]),
    "503 Retry-After": (Reply(b"", 503, {"retry-after": "9"}), [9.5]),
    "408": (Reply(b"", 408), [0.5]),
    "reset": (Reply(reset=True), [0.5]),
    "nothing sent": (Reply(b"", headers={"content-length": "5"}, cut=0), [0.5]),
    "cut short": (Reply(b'{"good": true}', cut=6), [0.5]),
    "truncated JSON": (Reply(b'{"good": tr'), [0.5]),
    "empty": (Reply(b""), [0.5]),
    "HTML with 200": (Reply(b"<!doctype html>", headers={"content-type": "text/html"}), [0.5]),
    "garbage": (Reply(b"\xff\xfe\x00garbage"), [0.5]),
    "deep JSON": (Reply(b"[" * 200_000), [0.5]),
    "broken gzip": (Reply(b"not gzip", headers={"content-encoding": "gzip"}), [0.5]),
}


@pytest.mark.parametrize("fault", PASSING)
def test_a_fault_that_passes_costs_one_more_request(fault):
    reply, slept = PASSING[fault]
    found, asked, sleeps = get(reply, GOOD)
    assert found.said == {"good": True}
    assert (asked, sleeps) == (2, slept)


@pytest.mark.parametrize("fault", PASSING)
def test_a_fault_that_stays_ends_in_an_error_that_may_pass(fault):
    found, asked, _ = get(PASSING[fault][0])
    assert type(found) is (RateLimitedError if fault.startswith("429") else UnavailableError)
    assert asked == POLITE.tries


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        *((401, CredentialError), (402, CredentialError), (403, CredentialError), (404, GoneError), (410, GoneError)),
        *((451, GoneError), (400, SchemaError), (405, SchemaError), (414, SchemaError), (422, SchemaError)),
    ],
)
def test_a_refusal_is_not_asked_twice(status, kind):
    found, asked, sleeps = get(Reply(b"{}", status))
    assert (type(found), found.status, asked, sleeps) == (kind, status, 1, [])


def test_the_caller_knows_better_what_a_status_means():
    found, *_ = get(Reply(b"{}", 403), means={403: GoneError})
    assert type(found) is GoneError
    found, *_ = get(Reply(b"", 304), also=(304,))
    assert found.status == 304


def test_a_long_wait_is_not_waited_and_nobody_else_asks_meanwhile():
    with talking(limited(retry_after="86400")) as (client, server, time):
        for _ in range(3):
            with pytest.raises(RateLimitedError) as told_:
                client.get("/x")
            assert told_.value.retry_after > 86_000
    assert (len(server.asked), time.slept) == (1, [])


def test_a_used_up_window_is_waited_for_before_the_next_request():
    spent = Reply(b"{}", headers={"x-ratelimit-remaining": "0", "x-ratelimit-reset": "40"})
    time = Time()
    with serving(told(spent, GOOD)) as server, Client(asking(server, time), "test", server.base) as client:
        client.get("/x")
        client.get("/x")
    assert time.slept == [40]


def test_a_broken_host_is_left_alone_and_tried_again_after_a_rest():
    with talking(*[Reply(b"", 500)] * 9, GOOD) as (client, server, time):
        for _ in range(4):
            with pytest.raises(UnavailableError):
                client.get("/x")
        assert len(server.asked) == POLITE.broken_after
        time.now += POLITE.rest_s
        with pytest.raises(UnavailableError):
            client.get("/x")  # one try, and rest again
        assert len(server.asked) == POLITE.broken_after + 1
        time.now += POLITE.rest_s
        assert client.get("/x").said == {"good": True}


def test_the_night_has_an_end():
    time = Time()
    with serving(told(GOOD)) as server, Client(asking(server, time), "test", server.base) as client:
        client.get("/x")
        time.now += POLITE.deadline_s
        with pytest.raises(UnavailableError, match="over"):
            client.get("/x")
    assert len(server.asked) == 1


def test_no_wait_goes_beyond_the_end_of_the_night():
    found, asked, sleeps = get(limited(retry_after="60"), policy=replace(POLITE, deadline_s=30.0))
    assert (type(found), asked, sleeps) == (RateLimitedError, 1, [])


def test_requests_are_capped():
    time = Time()
    with serving(told(GOOD)) as server:
        ask = asking(server, time)
        with Client(ask, "test", server.base, policy=replace(POLITE, most_requests=2)) as client:
            client.get("/x")
            client.get("/x")
            with pytest.raises(UnavailableError, match="used up"):
                client.get("/x")
    assert (ask.asked, len(server.asked), ask.truncated) == (2, 2, True)


def test_requests_to_one_host_are_kept_apart():
    with talking(GOOD, policy=replace(POLITE, gap_s=5.0)) as (client, _, time):
        for _ in range(3):
            client.get("/x")
    assert time.slept == [5, 5]


def test_a_huge_answer_is_refused_and_not_held():
    for reply in (Reply(b" " * 3_000), Reply(gzip.compress(b" " * 3_000_000), headers={"content-encoding": "gzip"})):
        found, asked, _ = get(reply, policy=replace(POLITE, most_bytes=2_000))
        assert (type(found), found.reason, asked) == (MalformedError, "too_large", 1)


@pytest.mark.parametrize("packing", ["zstd", "br", "gzip, gzip", "gzip, deflate"])
def test_a_packing_that_may_hide_a_bomb_is_refused(packing):
    found, *_ = get(Reply(b"x", headers={"content-encoding": packing}))
    assert found.reason == "odd_packing"


def test_a_packed_answer_is_unpacked():
    found, *_ = get(Reply(gzip.compress(b'{"a": 1}'), headers={"content-encoding": "gzip"}))
    assert found.said == {"a": 1}


def test_an_answer_that_drips_is_given_up():
    time = Time()
    # Each look at the clock is a second later.
    ticking = replace(time.pace, clock=lambda: setattr(time, "now", time.now + 1) or time.now)
    ask, hasty = Ask(now=NOW, timeout_s=2.0, pace=ticking), replace(POLITE, answer_s=3.0, tries=1)
    with serving(told(Reply(b"[" + b" " * 200 + b"]", drip=True))) as server:
        client = Client(ask, "test", server.base, policy=hasty)
        with client, pytest.raises(UnavailableError, match="slow"):
            client.get("/x")


def test_headers_that_drip_are_given_up_too():
    # Six seconds of header, each byte within the timeout of a read: only the time of the whole answer ends it.
    slow = Reply(b"[]", headers={"x-slow": "a" * 600}, drip=True)
    ask, hasty = Ask(now=NOW, timeout_s=2.0, pace=Time().pace), replace(POLITE, answer_s=0.2, tries=2)
    with serving(told(slow)) as server, Client(ask, "test", server.base, policy=hasty) as client:
        with pytest.raises(UnavailableError, match="a slow answer"):
            client.get("/x")
        server.answer = told(GOOD)
        assert client.get("/x").status == 200, "the client goes on after a cut"
    assert ask.asked == 3


def test_a_silent_server_is_given_up():
    time = Time()
    with serving(told(Reply(b"[]", drip=True))) as server:
        ask = Ask(now=NOW, timeout_s=0.001, pace=time.pace)
        with Client(ask, "test", server.base) as client, pytest.raises(UnavailableError):
            client.get("/x")
    assert ask.asked == POLITE.tries


def test_a_refused_connection_is_an_outage():
    with serving(told(GOOD)) as server:
        base = server.base
    ask = Ask(now=NOW, pace=Time().pace)
    with Client(ask, "test", base) as client, pytest.raises(UnavailableError):
        client.get("/x")


@pytest.mark.parametrize(
    ("charset", "said"),
    [("utf-8", "é"), ("iso-8859-1", "é"), ("nonsense", "é"), ("base64", "é"), ("utf-16", "é")],
)
def test_a_wrong_charset_is_no_loss(charset, said):
    raw = '{"a": "é"}'.encode(charset if charset in ("iso-8859-1", "utf-16") else "utf-8")
    found, *_ = get(Reply(raw, headers={"content-type": f"application/json; charset={charset}"}))
    assert found.said == {"a": said}


def test_redirects_on_the_same_host_are_followed_and_remembered():
    moved = Reply(b"", 301, {"location": "/y?z=1"})
    found, asked, _ = get(moved, GOOD)
    assert found.said == {"good": True}
    assert found.moved.endswith("/y?z=1")
    assert asked == 2
    found, *_ = get(Reply(b"", 302, {"location": "/y"}), GOOD)
    assert found.moved is None


def test_a_redirect_elsewhere_is_refused_before_anybody_is_asked():
    with serving(told(GOOD)) as other:
        for location in (other.base, other.base.replace("127.0.0.1", "localhost"), "http://[::1]:1/", "ftp://x/"):
            found, asked, _ = get(Reply(b"", 302, {"location": location}))
            assert (type(found), asked) == (MalformedError, 1)
    assert other.asked == []


def test_redirects_in_a_circle_end():
    found, asked, _ = get(Reply(b"", 302, {"location": "/x"}))
    assert (found.reason, asked) == ("redirect_refused", 6)


def test_this_machine_is_refused_when_the_operator_does_not_live_there():
    refused = pytest.raises(MalformedError)
    with serving(told(GOOD)) as server, Client(Ask(now=NOW), "test", "https://example.org") as client, refused as told_:
        client.get(server.base)
    assert (told_.value.reason, server.asked) == ("near_address", [])


def test_a_public_name_that_leads_inside_is_refused(monkeypatch):
    """A name server may answer with an address of the inside: what counts is who answers."""
    with serving(told(GOOD)) as server, Client(Ask(now=NOW, pace=Time().pace), "test") as client:
        # The name passes; the peer's address (without port) does not.
        monkeypatch.setattr(_hosts, "permit", lambda url, inside: url)
        with pytest.raises(MalformedError) as told_:
            client.get(server.base)
    assert told_.value.reason == "near_address"


@pytest.mark.parametrize("reply", [Reply(b"SECRET", 401), Reply(reset=True), Reply(b"SECRET"), limited()])
def test_no_error_and_no_log_holds_a_secret(reply, caplog):
    caplog.set_level(logging.DEBUG)
    fails, keys = pytest.raises(PipelineError), {"authorization": "Bearer SECRET"}
    with talking(reply, headers=keys) as (client, server, _), fails as told_:
        client.get("/x", {"key": "SECRET"})
    assert server.asked[0].headers["authorization"] == "Bearer SECRET"
    assert "SECRET" not in f"{told_.value} {vars(told_.value)} {told_.value.__cause__} {caplog.text}"


def test_a_key_goes_to_its_own_host_only():
    with serving(told(GOOD)) as other, serving(told(GOOD)) as server:
        ask = asking(server, Time())
        with Client(ask, "test", server.base, headers={"authorization": "Bearer SECRET"}) as client:
            client.get(other.base + "/x")
    assert "authorization" not in other.asked[0].headers


def test_no_cookie_is_kept():
    with talking(Reply(b"{}", headers={"set-cookie": "a=b; Path=/"})) as (client, server, _):
        client.get("/x")
        client.get("/x")
    assert "cookie" not in server.asked[1].headers


def test_who_asks_is_said_and_cannot_forge_a_header():
    ask = Ask(now=NOW, settings={"RAYONNER_CONTACT": "https://example.org/bot\r\nX-Evil: é"})
    assert user_agent(ask).startswith("rayonner/")
    assert "(+https://example.org/botX-Evil: )" in user_agent(ask)
    with serving(told(GOOD)) as server, Client(ask, "test", server.base) as client:
        client.get("/x", {"q": "é&"})
    assert server.asked[0].headers["user-agent"] == user_agent(ask)
    assert server.asked[0].query == {"q": "é&"}


def test_every_error_of_the_library_below_is_one_of_ours():
    """What httpx may raise on the way is an HTTPError or an InvalidURL; a new kind would show here."""
    known = {httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, httpx.CookieConflict}
    kinds = [k for k in vars(httpx).values() if isinstance(k, type) and issubclass(k, Exception)]
    assert all(any(issubclass(kind, one) for one in known) for kind in kinds)
