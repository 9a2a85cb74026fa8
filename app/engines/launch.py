"""Launcher of an engine, run by path in a bare interpreter.

It drops root, requests a signal at the desk's end, and then becomes the engine. Arguments: parent pid, signal at the
parent's death, uid, gid (-1: no change), then the command. It replaces `preexec_fn`, because an engine may be restarted
when the desk already has threads.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Replaces the process by the engine; never returns."""
    parent, death_signal, uid, gid = (int(text) for text in sys.argv[1:5])
    command = sys.argv[5:]
    if uid >= 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if sys.platform == "linux":  # after setuid: a change of user clears it
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
        if os.getppid() != parent:
            sys.exit(1)  # the desk ended in between
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # Python ignores it, and exec would hand that down
    os.execv(command[0], command)  # noqa: S606


if __name__ == "__main__":
    main()
