"""Accounts of this machine that may own the files of this process: its own and root's."""

import os
import pwd
from contextlib import suppress
from pathlib import Path


def trusted_uids() -> set[int]:
    """Returns the uids of root and this user.

    In a user namespace that does not map the machine's root, the files of that root show the overflow uid, which is
    then included.
    """
    trusted = {0, os.geteuid()}
    with suppress(OSError, ValueError):
        mapped = [line.split() for line in Path("/proc/self/uid_map").read_text(encoding="ascii").splitlines()]
        overflow = int(Path("/proc/sys/kernel/overflowuid").read_text(encoding="ascii"))
        if not any(int(outside) == 0 for _, outside, _ in mapped):
            trusted.add(overflow)
    return trusted


def user_name(uid: int) -> str:
    """Returns the name of an account, or its number in the form that sudo accepts."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"#{uid}"
