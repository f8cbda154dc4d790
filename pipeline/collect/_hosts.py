"""Which addresses may be asked: never this machine or its network, unless the operator's own base address is there."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from pipeline.collect._refusal import refusal

_PORTS = {"http": 80, "https": 443}
# Names that resolvers and operating systems keep for the inside (RFC 6761, 6762, 8375 and common use).
_INSIDE = re.compile(r"(?:^|\.)(?:localhost|local|localdomain|internal|intranet|lan|home\.arpa|home|corp)\.?$")


def parts(url: str) -> SplitResult:
    """The parts of an http or https address with a host. Raises MalformedError `bad_address`."""
    try:
        found = urlsplit(url)
        if found.scheme in _PORTS and found.hostname and (found.port or 1) > 0 and url.isprintable():
            return found
    except ValueError:
        pass
    raise refusal("bad_address")


def joined(base: str, url: str) -> str:
    """An address as it stands in a page at `base`. Raises MalformedError `bad_address`."""
    try:
        return urljoin(base, url.strip())
    except ValueError:
        raise refusal("bad_address") from None


def bare(url: str) -> str:
    """The address without user, password, query and fragment: what errors and logs may say."""
    try:
        found = urlsplit(url)
        host = found.netloc.rpartition("@")[2]
    except ValueError:
        return "an address that cannot be read"
    return urlunsplit((found.scheme, host, found.path, "", ""))[:300]


def is_near(host: str) -> bool:
    """Whether a host is this machine, its private network, or no public unicast address; names by their ending."""
    host = host.strip("[]").lower()
    address = _address(host)
    if address is None:
        return bool(_INSIDE.search(host)) or "." not in host.strip(".")
    mapped = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    return any(not one.is_global or one.is_multicast for one in (address, mapped) if one)


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address a host is, also in the shapes that resolvers accept (127.1, 0x7f000001, 2130706433)."""
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        pass
    pieces = host.rstrip(".").split(".")
    if len(pieces) > 4 or not all(re.fullmatch(r"0x[0-9a-f]*|\d+", piece) for piece in pieces):
        return None
    try:
        # Resolvers read a leading zero as octal.
        numbers = [
            int(p, 16) if p.startswith("0x") and p != "0x" else int(p, 8 if p[:1] == "0" else 10) for p in pieces
        ]
        *high, low = numbers
        return ipaddress.IPv4Address(sum(n << (24 - 8 * i) for i, n in enumerate(high)) + low)
    except ValueError:
        return ipaddress.IPv4Address(0)  # digits that are no address are nothing to ask


def permit(url: str, inside: Collection[str] = ()) -> str:
    """The address, if it may be asked; `inside` are hosts of this machine or its network that the operator chose.

    Raises MalformedError `bad_address`, or `near_address` for the inside of a network.
    """
    found = parts(url)
    if found.hostname not in inside and is_near(found.hostname or ""):
        raise refusal("near_address")
    return url


def redirected(url: str, location: str, inside: Collection[str] = (), allowed: Collection[str] = ()) -> str:
    """Where a redirect leads: on the same site, or to an allowed host by https; `inside` as in permit.

    Raises MalformedError `redirect_refused`, `bad_address` or `near_address`.
    """
    target = joined(url, location)
    here, there = parts(url), parts(permit(target, inside))
    downgraded = here.scheme == "https" and there.scheme == "http"
    secure = there.scheme == "https" and there.hostname in allowed
    if downgraded or there.username or not (secure or _same_site(here, there)):
        raise refusal("redirect_refused")
    return target


def same_host(here: str, there: str) -> bool:
    """Whether two addresses lie on the same host and port, so that a key given to one may be given to the other."""
    one, other = parts(here), parts(there)
    return one.hostname == other.hostname and _port(one) == _port(other)


def _same_site(here: SplitResult, there: SplitResult) -> bool:
    """The same host on the same port; http may become https, and `example.fr` may become `www.example.fr`."""
    if _port(here) != _port(there) and not (_port(here) == 80 and _port(there) == 443):
        return False
    one, other = here.hostname or "", there.hostname or ""
    return one.removeprefix("www.") == other.removeprefix("www.")


def _port(found: SplitResult) -> int:
    return found.port or _PORTS[found.scheme]
