"""Progress of start-up work that takes longer than a second, shown on standard error."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.cells import set_cell_size

from bot.platforms.console.sanitize import one_line

PATIENCE_SECONDS = 1.0
_REDRAW_SECONDS = 0.2
_BAR_CELLS = 20

Report = Callable[[int, int], None]
"""`report(done, total)`, callable from any thread. Optional: it turns the line into a bar."""


class Progress:
    """Progress line for each step.

    A terminal line is redrawn and then erased; other outputs get a start and an end line. Updates run in a separate
    thread, because start-up work may block the event loop or run before it.
    """

    def __init__(
        self,
        stream: TextIO,
        *,
        terminal: bool,
        width: int = 80,
        patience: float = PATIENCE_SECONDS,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._stream = stream
        self._terminal = terminal
        self._width = width
        self._patience = patience
        self._seconds = seconds

    @contextmanager
    def step(self, label: str) -> Iterator[Report]:
        """Shows `label` if the work inside takes longer than the patience."""
        done = [0, 0]

        def report(part: int, total: int) -> None:
            done[:] = part, total

        began, label = self._seconds(), one_line(label)
        shown, finished = threading.Event(), threading.Event()
        ticker = threading.Thread(target=self._tick, args=(label, done, began, shown, finished), daemon=True)
        ticker.start()
        failed = True
        try:
            yield report
            failed = False
        finally:
            finished.set()
            ticker.join()
            if shown.is_set():
                self._end(label, self._seconds() - began, failed=failed)

    def _tick(
        self, label: str, done: list[int], began: float, shown: threading.Event, finished: threading.Event
    ) -> None:
        if finished.wait(self._patience):
            return
        if not self._terminal:
            shown.set()
            self._write(f"{label} ...\n")
            return
        while not finished.wait(_REDRAW_SECONDS):
            shown.set()
            self._write("\r" + progress_line(label, done[0], done[1], self._seconds() - began, self._width))

    def _end(self, label: str, took: float, *, failed: bool) -> None:
        if self._terminal:
            self._write("\r\x1b[2K")
        elif not failed:
            self._write(f"{label}: {took:.1f} s\n")

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


def progress_line(label: str, done: int, total: int, seconds: float, width: int) -> str:
    """Returns one line of at most `width` - 1 cells, padded with blanks. Includes a bar if the total is known."""
    tail = f" {seconds:.0f} s"
    if total > 0:
        share = min(1.0, done / total)
        filled = round(share * _BAR_CELLS)
        tail = f" [{'#' * filled}{'.' * (_BAR_CELLS - filled)}] {share:4.0%}{tail}"
    room = max(0, width - 1 - len(tail))
    return set_cell_size(set_cell_size(label, min(room, max(room // 2, 30))).rstrip() + tail, width - 1)
