"""Which addresses may be asked, and where a redirect may lead."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.collect import _hosts
from pipeline.errors import MalformedError

NEAR = [
    *("127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.0.0.1.", "0.0.0.0", "0", "10.0.0.8"),
    *("192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255", "999.1.1.1"),
    *("[::1]", "[::]", "[fe80::1]", "[fd00::1]", "[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]", "[2002:7f00:1::]"),
    *("localhost", "LOCALHOST", "a.localhost", "db", "db.internal", "printer.local", "x.lan", "nas.home.arpa"),
]


@pytest.mark.parametrize("host", NEAR)
def test_the_inside_is_known_in_all_its_spellings(host):
    assert _hosts.is_near(host)


@pytest.mark.parametrize(
    "host", ["example.org", "8.8.8.8", "[2606:4700::1]", "localhost.example.org", "10.example.org"]
)
def test_the_outside_is_the_outside(host):
    assert not _hosts.is_near(host)


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "localhost", "10.1.2.3"])
def test_the_inside_is_refused_unless_the_operator_lives_there(host):
    with pytest.raises(MalformedError) as told:
        _hosts.permit(f"http://{host}/x")
    assert told.value.reason == "near_address"
    assert _hosts.permit(f"http://{host}/x", {host.strip("[]")})


@pytest.mark.parametrize(
    ("start", "location", "end"),
    [
        ("http://a.fr/rss", "/feed", "http://a.fr/feed"),
        ("http://a.fr/rss", "https://a.fr/rss", "https://a.fr/rss"),
        ("https://a.fr/rss", "https://www.a.fr/rss", "https://www.a.fr/rss"),
        ("https://www.a.fr/x/y", "z?page=2", "https://www.a.fr/x/z?page=2"),
        ("https://a.fr/rss", "https://feeds.b.fr/rss", "https://feeds.b.fr/rss"),
    ],
)
def test_a_redirect_within_a_site_or_to_an_allowed_host_is_followed(start, location, end):
    assert _hosts.redirected(start, location, (), {"feeds.b.fr"}) == end


@pytest.mark.parametrize(
    ("start", "location", "reason"),
    [
        ("https://a.fr/", "https://b.fr/", "redirect_refused"),
        ("https://a.fr/", "https://a.fr.b.fr/", "redirect_refused"),
        ("https://a.fr/", "http://a.fr/", "redirect_refused"),
        ("https://a.fr/", "http://feeds.b.fr/", "redirect_refused"),
        ("https://a.fr/", "https://a.fr:8443/", "redirect_refused"),
        ("https://a.fr/", "https://user:word@a.fr/", "redirect_refused"),
        ("https://a.fr/", "http://127.0.0.1/", "near_address"),
        ("https://a.fr/", "//169.254.169.254/latest", "near_address"),
        ("https://a.fr/", "http://[::1", "bad_address"),
        ("https://a.fr/", "file:///etc/passwd", "bad_address"),
        ("https://a.fr/", "gopher://a.fr/", "bad_address"),
        ("https://a.fr/", "http:///", "bad_address"),
    ],
)
def test_any_other_redirect_is_refused(start, location, reason):
    with pytest.raises(MalformedError) as told:
        _hosts.redirected(start, location, (), {"feeds.b.fr"})
    assert told.value.reason == reason


@given(st.text())
def test_no_address_can_break_it(text):
    for call in (_hosts.parts, lambda t: _hosts.redirected("https://a.fr/", t)):
        with contextlib.suppress(MalformedError):
            call(text)
    _hosts.is_near(text)
    _hosts.bare(text)


def test_what_is_said_of_an_address_holds_no_secret():
    told = _hosts.bare("https://user:word@a.fr:8443/path?key=SECRET#SECRET")
    assert told == "https://a.fr:8443/path"
