"""Check that a host is on the public internet, by the addresses that it resolves to.

The addresses that are checked are those that are connected to: a name that resolves differently the second time gains
nothing.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from ipaddress import IPv6Address, ip_address, ip_network

from pipeline.news.errors import FeedFault, FeedRefused

Resolve = Callable[[str, int], Awaitable[tuple[str, ...]]]
"""Function from a host and a port to the IP addresses of the host, best first."""

_MOST_TRIED = 3
_SPECIAL = tuple(
    map(
        ip_network,
        (
            *("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96", "192.0.0.0/24", "192.88.99.0/24"),
            *("fec0::/10", "3fff::/20", "5f00::/16"),
        ),
    )
)
"""Networks that carry IPv4 addresses in IPv6 (NAT64, RFC 6052 and 8215; 6to4; Teredo; compatible addresses), those
of protocols, and former site-local, documentation and segment-routing networks (RFC 3879, 9637, 9602), which some
versions of `ipaddress` call global.
"""


async def resolve(host: str, port: int) -> tuple[str, ...]:
    """Returns the addresses that the system's resolver gives. Raises FeedRefused if it gives none."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise FeedRefused(FeedFault.UNREACHABLE) from None
    return tuple(dict.fromkeys(str(each[4][0]) for each in found))


async def public_addresses(host: str, port: int, resolver: Resolve, *, allow_loopback: bool) -> tuple[str, ...]:
    """Returns at most three addresses of the host. Raises FeedRefused if any of all its addresses is local."""
    found = await resolver(host, port)
    if not found:
        raise FeedRefused(FeedFault.UNREACHABLE)
    if not all(is_public(address, allow_loopback=allow_loopback) for address in found):
        raise FeedRefused(FeedFault.LOCAL)
    return found[:_MOST_TRIED]


def is_public(text: str, *, allow_loopback: bool = False) -> bool:
    """Returns whether an IP address is one of the public internet, or of this machine if that is allowed."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if allow_loopback and address.is_loopback:
        return True
    special = any(address in network for network in _SPECIAL)
    return address.is_global and not (address.is_multicast or address.is_reserved or special)
