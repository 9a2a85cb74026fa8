"""Check of platform addresses, which receive a token or supply prices: encrypted unless on this machine."""

import re
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

_NEVER = re.compile(r"[\s\\@?#\x00-\x1f\x7f]")
"""Characters that URL parsers interpret differently and that no platform address contains."""

_IPV6_LOOPBACK = IPv6Address("::1")


def is_safe_address(url: str, scheme: str, *, allow_plain: bool = False) -> bool:
    """True if `url` has the encrypted `scheme` (https, wss), or the plain one (http, ws) and a loopback host.

    Loopback hosts are 127.0.0.0/8, ::1 and localhost. With `allow_plain`, the plain scheme is accepted for every host.
    False if `url` is malformed or has no host.
    """
    if _NEVER.search(url):
        return False
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if not host:
        return False
    return parts.scheme == scheme or (f"{parts.scheme}s" == scheme and (allow_plain or is_loopback(host)))


def is_loopback(host: str) -> bool:
    """True if traffic to `host` stays on this machine: 127.0.0.0/8, ::1 and localhost."""
    if host == "localhost":
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address == _IPV6_LOOPBACK or (address.version == 4 and address.is_loopback)  # noqa: PLR2004 - IPv4
