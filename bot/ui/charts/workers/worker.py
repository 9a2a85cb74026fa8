"""Drawing process: `python -m bot.ui.charts.workers.worker`, started and fed by `bot.ui.charts.workers.pool`.

Requests arrive on standard input and answers are written to standard output: 4 bytes of length (big endian), then the
body. A request is a spec; an answer is one status byte and a PNG or a traceback. A thread reads standard input. When it
ends, because the app closed it or was killed, the process exits at once, even in the middle of a drawing.
"""

import gc
import os
import queue
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from typing import BinaryIO

HEAD = 4
DRAWN = b"\x00"
FAILED = b"\x01"


def main() -> None:
    """Serves until standard input ends. The first answer, sent without a request, reports that everything is loaded."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is handled by the app
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # output of a library must not be mixed with the answers
    requests: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(sys.stdin.buffer, requests), daemon=True).start()
    _answer(answers, _attempt(_load))
    gc.collect()
    gc.freeze()
    while True:
        _answer(answers, _attempt(_draw, requests.get()))
        gc.collect()  # pictures are cycles of objects; with the rest frozen this takes 2 ms and keeps memory flat


def _load() -> bytes:
    """Imports the libraries and draws once, so that fonts and caches are loaded before the first chart."""
    import core.system.isolated_matplotlib  # noqa: F401, PLC0415 - before matplotlib; a failed import must become an answer

    # isort: split
    from bot.ui.charts.drawing import style  # noqa: PLC0415
    from bot.ui.charts.workers import draw  # noqa: PLC0415

    style.has_glyph("한")
    draw.warm()
    return b""


def _draw(request: bytes) -> bytes:
    from bot.ui.charts import specs  # noqa: PLC0415
    from bot.ui.charts.workers import draw  # noqa: PLC0415

    return draw.render(specs.decode(request))


def _attempt(work: Callable[..., bytes], *arguments: bytes) -> bytes:
    try:
        return DRAWN + work(*arguments)
    except Exception:  # noqa: BLE001 - every error must be reported to the app
        return FAILED + traceback.format_exc().encode()


def _read(stdin: BinaryIO, requests: "queue.SimpleQueue[bytes]") -> None:
    while True:
        head = stdin.read(HEAD)
        body = stdin.read(int.from_bytes(head, "big")) if len(head) == HEAD else b""
        if not body:
            os._exit(0)
        requests.put(body)


def _answer(answers: BinaryIO, body: bytes) -> None:
    try:
        view = memoryview(len(body).to_bytes(HEAD, "big") + body)
        while view:
            view = view[answers.write(view) :]
    except BrokenPipeError:
        os._exit(0)


if __name__ == "__main__":
    main()
