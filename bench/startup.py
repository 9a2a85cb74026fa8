"""From launching the installed desk to its first answered price, and what it weighs at rest."""

import os
import re
import select
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.figure import Figure

LIMIT_SECONDS = 600.0

_LINES = b"/price BTC\nopen\n"
_ASKED, _NEXT = "> /price BTC\n", "> open\n"
_PRICE = re.compile(r"\d[\d,]*\.\d+")
_COMPLAINTS = "stderr.txt"
_MIB = 2**20


@dataclass(frozen=True, slots=True)
class Size:
    """Launches that set up and do not count, launches that do, and how long the last desk rests before its memory is
    looked at."""

    warm_ups: int
    launches: int
    idle_seconds: float


FULL = Size(warm_ups=1, launches=3, idle_seconds=10.0)
SMALL = Size(warm_ups=0, launches=1, idle_seconds=0.0)


def run(size: Size = FULL) -> list[Figure]:
    """Measures a desk that is installed and set up, with the simulated market, on a data folder of its own."""
    with _data_dir() as folder:
        launches = [_launch(folder) for _ in range(size.warm_ups + size.launches - 1)][size.warm_ups :]
        began = time.perf_counter()
        with _desk(folder) as desk:
            launches.append(_price_answered(desk, folder) - began)
            time.sleep(size.idle_seconds)
            processes, resident, proportional = _memory(desk)
    note = f"median of {size.launches}, slowest {max(launches):.2f} s"
    return [
        Figure("start-up: launch to first answered /price", statistics.median(launches), "s", at_most=4, note=note),
        Figure(
            "start-up: idle memory, app and engines (PSS)",
            proportional / _MIB,
            "MiB",
            at_most=250,
            note=f"{processes} processes",
        ),
        Figure(
            "start-up: idle memory, app and engines (RSS)", resident / _MIB, "MiB", note="shared pages counted twice"
        ),
    ]


@contextmanager
def _data_dir() -> Iterator[Path]:
    # Where the engines' unprivileged account may enter, too; Python's own temporary folders are for one user.
    folder = Path(tempfile.mkdtemp(prefix="paperdesk-bench-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _desk(folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    program = Path(sys.executable).with_name("paperdesk")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PAPERDESK_")}
    environment |= {
        "PAPERDESK_MARKET": "sim",
        "PAPERDESK_SIMULATOR__SEED": "7",
        "PAPERDESK_DATA_DIR": str(folder / "desk"),
        "LANG": "en_US.UTF-8",
        "LC_ALL": "",
        "PYTHONDONTWRITEBYTECODE": "",  # as `make run` does
    }
    with (folder / _COMPLAINTS).open("ab") as complaints:
        desk = subprocess.Popen(
            [program], cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints
        )
    try:
        yield desk
    finally:
        _stop(desk)


def _stop(desk: "subprocess.Popen[bytes]") -> None:
    """The end of its lines ends the desk; a desk that hangs is told to stop."""
    if desk.stdin and not desk.stdin.closed:
        desk.stdin.close()
    try:
        desk.wait(LIMIT_SECONDS)
    except subprocess.TimeoutExpired:
        desk.send_signal(signal.SIGTERM)
        desk.wait(LIMIT_SECONDS)
    if desk.stdout:
        desk.stdout.close()


def _launch(folder: Path) -> float:
    """Seconds to the first price in standard output."""
    began = time.perf_counter()
    with _desk(folder) as desk:
        return _price_answered(desk, folder) - began


def _price_answered(desk: "subprocess.Popen[bytes]", folder: Path) -> float:
    """Returns when the answer to /price BTC showed a fresh price. Asks again after an answer with a warning.

    Raises RuntimeError if no fresh price comes within `LIMIT_SECONDS`.
    """
    said, end = "", time.perf_counter() + LIMIT_SECONDS
    while time.perf_counter() < end and desk.poll() is None:
        answer, answered = _answer(desk, end)
        if answered and "\n! " not in answer:
            return answered
        said += answer
    complaints = (folder / _COMPLAINTS).read_text()
    raise RuntimeError(f"/price BTC was not answered with a fresh price; the desk said: {said!r} {complaints}")


def _answer(desk: "subprocess.Popen[bytes]", end: float) -> tuple[str, float]:
    """Asks for the price. Returns the answer and when its first price appeared, 0 if none did."""
    assert desk.stdin is not None
    assert desk.stdout is not None
    desk.stdin.write(_LINES)
    desk.stdin.flush()
    out, answered = "", 0.0
    while _NEXT not in out:
        ready = select.select([desk.stdout], [], [], max(0.0, end - time.perf_counter()))[0]
        chunk = os.read(desk.stdout.fileno(), 65_536) if ready else b""
        if not chunk:
            break
        out += chunk.decode("utf-8", "replace")
        if not answered and _PRICE.search(out.partition(_ASKED)[2]):
            answered = time.perf_counter()
    return out, answered


def _memory(desk: "subprocess.Popen[bytes]") -> tuple[int, int, int]:
    """Processes of the desk, and their RSS and PSS in bytes."""
    app = psutil.Process(desk.pid)
    sizes = [process.memory_full_info() for process in (app, *app.children(recursive=True))]
    return len(sizes), sum(size.rss for size in sizes), sum(getattr(size, "pss", size.rss) for size in sizes)
