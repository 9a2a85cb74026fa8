"""A program in the place of Redis cannot fill the memory of a desk that starts."""

import socket
import threading
from contextlib import suppress

import pytest

from app.errors import RedisUnreachable
from app.startup import _check_redis
from tests.patience import PATIENCE_SECONDS

MEGABYTE = 1 << 20
MOST = 300 * MEGABYTE


def test_an_answer_without_an_end_is_given_up() -> None:
    taken: list[int] = []

    def answer() -> None:
        caller, _ = listening.accept()
        with caller:
            caller.recv(4096)
            caller.sendall(b"$4000000000\r\n")
            with suppress(ConnectionError):
                while sum(taken) < MOST:
                    taken.append(caller.send(bytes(MEGABYTE)))

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        with pytest.raises(RedisUnreachable):
            _check_redis(f"redis://127.0.0.1:{listening.getsockname()[1]}")
    thread.join(PATIENCE_SECONDS)
    assert sum(taken) < MOST / 2
