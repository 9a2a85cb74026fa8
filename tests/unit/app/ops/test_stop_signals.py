"""Stop signals: recorded by the handler, raised where code asks. Each program is a process of its own."""

import signal
import subprocess
import sys
import textwrap

import pytest

from tests.paths import PROJECT
from tests.patience import PATIENCE_SECONDS

_HEAD = """
import asyncio, os, signal, sys, threading, time
from app.ops.stop_signals import check_stopped, interruptible, on_stop, record_stop_signals
from app.startup import run_loop

# Whoever runs the tests may ignore signals, as `nohup` does.
for each in (signal.SIGHUP, signal.SIGTERM):
    signal.signal(each, signal.SIG_DFL)
signal.signal(signal.SIGINT, signal.default_int_handler)

def hit(number=signal.SIGTERM):
    os.kill(os.getpid(), number)
"""


def _run(program: str) -> "subprocess.CompletedProcess[str]":
    code = textwrap.dedent(_HEAD) + textwrap.dedent(program)
    return subprocess.run(  # noqa: S603  # our own program
        [sys.executable, "-c", code],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )


@pytest.mark.parametrize(
    ("name", "code"), [("SIGTERM", 128 + signal.SIGTERM), ("SIGHUP", 128 + signal.SIGHUP), ("SIGINT", -signal.SIGINT)]
)
def test_a_signal_interrupts_nothing_and_is_raised_at_the_next_check(name: str, code: int) -> None:
    done = _run(f"""
        record_stop_signals()
        hit(signal.{name})
        print("whole", flush=True)
        check_stopped()
        print("never")
    """)
    assert (done.returncode, done.stdout) == (code, "whole\n")


def test_a_signal_before_the_loop_cancels_its_main_task() -> None:
    done = _run("""
        async def main():
            try:
                await asyncio.sleep(3600)
            finally:
                print("closed", flush=True)

        async def early():
            await main()

        record_stop_signals()
        hit()
        run_loop(early())
    """)
    assert done.returncode == 128 + signal.SIGTERM


def test_a_cancellation_that_the_main_task_loses_is_repeated_with_the_next_signal() -> None:
    done = _run("""
        async def main():
            for turn in ("lost", "heeded"):
                hit()
                try:
                    await asyncio.sleep(3600)
                except asyncio.CancelledError:
                    print(turn, flush=True)
                    if turn == "heeded":
                        raise

        run_loop(main())
    """)
    assert (done.returncode, done.stdout) == (128 + signal.SIGTERM, "lost\nheeded\n")


def test_a_signal_in_a_callback_of_the_loop_is_not_lost() -> None:
    done = _run("""
        async def main():
            asyncio.get_running_loop().call_soon(hit)
            await asyncio.sleep(3600)

        run_loop(main())
    """)
    assert (done.returncode, done.stderr) == (128 + signal.SIGTERM, "")


def test_a_blocking_call_is_left_at_once_where_the_code_allows_it() -> None:
    done = _run("""
        record_stop_signals()
        threading.Timer(0.2, hit).start()
        with interruptible():
            time.sleep(3600)
    """)
    assert done.returncode == 128 + signal.SIGTERM


def test_a_block_in_another_thread_does_not_take_the_signal_from_the_loop() -> None:
    done = _run("""
        def work():
            with interruptible():
                hit()
                time.sleep(0.2)
            return "worked"

        async def main():
            try:
                print(await asyncio.to_thread(work), flush=True)
            except asyncio.CancelledError:
                print("cancelled", flush=True)
                raise

        run_loop(main())
    """)
    assert (done.returncode, done.stdout) == (128 + signal.SIGTERM, "cancelled\n")


def test_an_ignored_signal_stays_ignored() -> None:
    done = _run("""
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        record_stop_signals()
        hit(signal.SIGHUP)
        check_stopped()
        print("goes on")
    """)
    assert (done.returncode, done.stdout) == (0, "goes on\n")


@pytest.mark.parametrize(("name", "code"), [("SIGTERM", 128 + signal.SIGTERM), ("SIGINT", -signal.SIGINT)])
def test_a_signal_ends_the_wait_for_a_silent_database(name: str, code: int) -> None:
    done = _run(f"""
        import socket, struct
        from app.database.queries import fetch

        def serve():
            caller, _ = listening.accept()
            caller.recv(8)
            caller.sendall(b"N")  # no TLS
            caller.recv(4096)
            version = b"server_version\\x0018.0\\x00"
            caller.sendall(b"R" + struct.pack("!ii", 8, 0) + b"S" + struct.pack("!i", 4 + len(version)) + version)
            caller.sendall(b"Z" + struct.pack("!i", 5) + b"I")
            caller.recv(4096)
            print("asked", flush=True)
            hit(signal.{name})
            caller.recv(4096)

        record_stop_signals()
        listening = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=serve, daemon=True).start()
        fetch(f"postgresql://desk@127.0.0.1:{{listening.getsockname()[1]}}/desk", "SELECT 1")
        print("never")
    """)
    assert (done.returncode, done.stdout) == (code, "asked\n")
