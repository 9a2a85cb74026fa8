"""A person at a real pseudo-terminal."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.paths import PROJECT
from tests.patience import PATIENCE_SECONDS

_CURSOR_ASKED = b"\x1b[6n"
_ESCAPES = re.compile(r"\x1b(\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)|[=>78]|\([AB0])")


class Person:
    """Types, and reads what appears; the terminal below answers where the cursor is, as real ones do."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.master, slave = pty.openpty()
        self.slave = slave  # kept open: what the line discipline remembers can be looked at after the session
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
        self.before = termios.tcgetattr(slave)
        self.process = subprocess.Popen(  # noqa: S603  # our own program
            [sys.executable, "-m", "tests.fakes.console_desk", str(folder)],
            cwd=PROJECT,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            env={"PATH": "/nowhere", "TERM": "xterm-256color", "PYTHONWARNINGS": "error", **environment},
        )
        self.raw = b""
        self.past = 0

    def sees(self, text: str, seconds: float = PATIENCE_SECONDS) -> str:
        """Waits for a text to appear after what was seen last."""
        end = time.monotonic() + seconds
        while text not in (seen := self.seen()):
            assert time.monotonic() < end, f"{text!r} never appeared in {seen!r}"
            self._read(0.1)
        before = seen.partition(text)[0]
        self.past += len(before) + len(text)
        return before + text

    def prompted(self) -> None:
        """Waits for the prompt with its toolbar: what is typed before is lost on the editor's keys."""
        self.sees("these are not real prices")
        self.listens()
        self.rests(0.2)

    def listens(self) -> None:
        """Waits until the editor has taken the keys over from the terminal's own line discipline."""
        end = time.monotonic() + 60
        while termios.tcgetattr(self.slave)[3] & termios.ICANON:
            assert time.monotonic() < end
            self._read(0.05)

    def seen(self) -> str:
        """What appeared since, without what only steers the terminal."""
        return _ESCAPES.sub("", self.raw.decode("utf-8", "replace"))[self.past :]

    def _read(self, seconds: float) -> None:
        if select.select([self.master], [], [], seconds)[0]:
            chunk = os.read(self.master, 65_536)
            self.raw += chunk
            for _ in range(chunk.count(_CURSOR_ASKED)):
                os.write(self.master, b"\x1b[1;1R")

    def types(self, text: str) -> None:
        os.write(self.master, text.encode())

    def rests(self, seconds: float = 0.3) -> str:
        """Everything that appears while nothing is typed."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._read(0.05)
        return self.seen()

    def leaves(self) -> int:
        """The exit code, once the session is over."""
        end = time.monotonic() + 60
        while self.process.poll() is None and time.monotonic() < end:
            self._read(0.05)
        return self.process.wait(60)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.master)
        os.close(self.slave)


@pytest.fixture
def person(tmp_path: Path) -> Iterator[Person]:
    seated = Person(tmp_path)
    yield seated
    seated.close()


def test_a_whole_session_with_suggestions_buttons_history_and_leaving(person: Person, tmp_path: Path) -> None:
    person.sees("Market: SIMULATION")
    person.prompted()

    person.types("/po")
    person.sees("what you hold")
    person.types("\t")
    person.types("\r")
    person.sees("asked: /portfolio")
    person.prompted()

    person.types("/price BT")
    person.sees("Bitcoin")
    person.types("\t\r")
    person.sees("asked: /price BTC")
    person.prompted()

    person.types("buy\r")
    person.sees("[1] \N{CHECK MARK} Confirm   [2] Cancel")
    person.prompted()
    person.types("2\r")
    person.sees("pressed: press 1")
    person.prompted()

    person.types("\x1b[A\x1b[A\x1b[A\r")  # the arrow up, three times
    person.sees("asked: /price BTC")
    person.prompted()

    person.types("half a line\x03/start\r")  # Ctrl-C clears it
    person.sees("asked: /start")
    person.prompted()

    person.types("\x04")  # Ctrl-D
    assert person.leaves() == 0
    assert termios.tcgetattr(person.slave) == person.before

    history = tmp_path / "console_history"
    assert "+/price BTC\n" in history.read_text("utf-8")
    assert "half a line" not in history.read_text("utf-8")
    assert history.stat().st_mode & 0o077 == 0


def test_what_was_typed_in_an_earlier_session_is_remembered(tmp_path: Path) -> None:
    for typed, seen in (("/price BTC\r", "asked: /price BTC"), ("\x1b[A\r", "asked: /price BTC")):
        person = Person(tmp_path)
        try:
            person.prompted()
            person.types(typed)
            person.sees(seen)
            person.prompted()
            person.types("\x04")
            assert person.leaves() == 0
        finally:
            person.close()


def test_pasted_lines_are_answered_one_by_one(person: Person) -> None:
    person.prompted()
    person.types("\x1b[200~/one\n\n/two\n\x1b[201~\r")
    seen = person.sees("asked: /two")
    assert "asked: /one" in seen


def test_hostile_answers_and_suggestions_cannot_steer_the_terminal(person: Person) -> None:
    person.prompted()
    person.types("hostile\r")
    person.sees("evil")
    person.rests()
    person.types("evi")
    person.rests(1.0)
    person.types("\t")
    person.rests()
    raw = person.raw.decode("utf-8", "replace")
    assert "\x1b]0;owned" not in raw
    assert "\u202e" not in raw
    assert "\x9b" not in raw


def test_slow_suggestions_never_hold_the_line(person: Person) -> None:
    person.prompted()
    person.types("slow")
    person.rests(1.5)
    person.types("ly\r")
    assert "Unhandled" not in person.sees("asked: slowly")


def test_a_picture_is_a_link(person: Person) -> None:
    person.prompted()
    person.types("/chart BTC\r")
    person.rests(1.0)
    assert re.search(rb"\x1b\]8;;file:///[^\x1b]*\.png\x1b\\", person.raw)


def test_an_empty_line_is_answered_by_nothing(person: Person) -> None:
    person.prompted()
    person.types("\r\r")
    assert "asked" not in person.rests()


def test_a_stop_from_outside_leaves_the_terminal_as_it_was(person: Person) -> None:
    person.prompted()
    os.kill(person.process.pid, signal.SIGINT)
    person.leaves()
    assert termios.tcgetattr(person.slave) == person.before


def test_no_colour_is_used_where_it_is_not_wanted(tmp_path: Path) -> None:
    person = Person(tmp_path, NO_COLOR="1")
    try:
        person.prompted()
        person.types("buy\r")
        person.rests(1.0)
        assert b"\x1b[1;36m[1]" not in person.raw
        assert "[1] \N{CHECK MARK} Confirm" in person.seen()
    finally:
        person.close()


def test_a_dumb_terminal_is_talked_to_plainly(tmp_path: Path) -> None:
    person = Person(tmp_path, TERM="dumb")
    try:
        person.sees("> ")
        person.listens()
        person.types("/start\r")
        person.sees("asked: /start")
        person.sees("> ")
        person.listens()
        person.types("\x04")
        assert person.leaves() == 0
    finally:
        person.close()
