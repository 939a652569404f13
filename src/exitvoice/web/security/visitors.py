"""Who asks, where a proxy that speaks TLS stands between: its word counts only if it is on this machine."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

UNKNOWN = "unknown"
_NETWORK = 64
"""Leading bits of an IPv6 address that one visitor has to himself (RFC 6177): he may change the others at will."""


@dataclass(frozen=True)
class Visitor:
    """Where a request comes from.

    Attributes
    ----------
    address : str
        What requests are counted by: an IPv4 address, or the network of an IPv6 one.
    is_in_clear : bool
        Whether the proxy says that the visitor came without TLS.
    """

    address: str
    is_in_clear: bool = False


def visitor_of(peer: str, forwarded: list[str], schemes: list[str], *, is_behind_proxy: bool) -> Visitor:
    """Return who asks.

    Parameters
    ----------
    peer : str
        Address of the other end of the connection.
    forwarded, schemes : list of str
        Headers `X-Forwarded-For` and `X-Forwarded-Proto`. Anybody can write them, so they count only where `peer` is
        this machine, and then only their last entry: the one that the proxy wrote.
    is_behind_proxy : bool
        Whether the page is meant to stand behind one.
    """
    if not (is_behind_proxy and _is_loopback(peer)):
        return Visitor(_counted(peer))
    return Visitor(_counted(_last(forwarded) or peer), _last(schemes).lower() == "http")


def _last(headers: list[str]) -> str:
    return headers[-1].rpartition(",")[2].strip() if headers else ""


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _counted(address: str) -> str:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return UNKNOWN
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, _NETWORK), strict=False))
