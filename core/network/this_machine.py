"""Distinguishes addresses of this machine, loopback or not, from those of other machines."""

import asyncio
import socket

from core.network.platform_address import is_loopback


async def is_this_machine(host: str) -> bool:
    """Returns whether every address of `host` is one of this machine; False for a name without an address."""
    if is_loopback(host):
        return True
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, 0, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return False
    return bool(found) and all(_is_own(family, address) for family, _, _, _, address in found)


def _is_own(family: int, address: tuple[object, ...]) -> bool:
    """True if the address can be bound to, which is possible only for addresses of this machine."""
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.bind((address[0], 0, *address[2:]))
    except OSError:
        return False
    return True
