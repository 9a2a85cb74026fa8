"""docs/images/session.png and chart.png: a session in the terminal, and the chart that it saved.

    python -m tests.pictures.console

The desk runs on simulated prices and writes to a terminal of 100 columns. Needs what `tests.pictures.page` needs.
"""

import asyncio
import fcntl
import os
import re
import shutil
import struct
import sys
import tempfile
import termios
from io import StringIO
from pathlib import Path

from rich.ansi import AnsiDecoder
from rich.console import Console
from rich.terminal_theme import MONOKAI

from tests.e2e.desk_process import desk_environment
from tests.pictures.page import shoot

IMAGES = Path(__file__).parents[2] / "docs" / "images"
COLUMNS = 100
WIDTH = 900
LINES = ("/start", "/chart BTC 1h bb rsi", "/price BTC ETH", "/buy BTC $25000", "confirm")
SHOWN_FROM = "> /price BTC ETH"
_CHART = re.compile(r"(/\S+\.png)")
_ESCAPES = re.compile(r"\x1b(?:\[[0-9;?]*[A-Za-z]|\][^\x1b\x07]*(?:\x07|\x1b\\))")
_PAGE = """<!doctype html><html><head><meta charset="utf-8"><style>{{stylesheet}}
body {{{{ margin: 0; padding: 22px; background: #12161f; color: #eef1f6 }}}}
pre {{{{ margin: 0; font: 15px/1.45 "DejaVu Sans Mono", monospace }}}}</style></head>
<body><pre>{{code}}</pre></body></html>"""


async def record(folder: Path) -> str:
    """What the desk writes to a terminal."""
    master, slave = os.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, COLUMNS, 0, 0))
    environment = desk_environment(folder) | {"TERM": "xterm-256color", "COLUMNS": str(COLUMNS)}
    desk = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "app.cli.main"),
        cwd=folder,
        env=environment,
        stdin=asyncio.subprocess.PIPE,
        stdout=slave,
        stderr=asyncio.subprocess.DEVNULL,
    )
    os.close(slave)
    reading = asyncio.to_thread(_read_all, master)
    _, written = await asyncio.gather(desk.communicate("".join(f"{line}\n" for line in LINES).encode()), reading)
    return written


def _read_all(terminal: int) -> str:
    """Everything up to the end of the process on the other side, which Linux reports as an error."""
    parts = []
    try:
        while part := os.read(terminal, 65536):
            parts.append(part)
    except OSError:
        pass
    finally:
        os.close(terminal)
    return b"".join(parts).decode().replace("\r\n", "\n")


def page(written: str) -> str:
    """The session with its colours, from the line that is shown first."""
    lines = written.splitlines()
    first = next(number for number, line in enumerate(lines) if SHOWN_FROM in _ESCAPES.sub("", line))
    console = Console(width=COLUMNS, record=True, file=StringIO())
    for line in AnsiDecoder().decode("\n".join(lines[first:]).rstrip()):
        console.print(line)
    return console.export_html(theme=MONOKAI, code_format=_PAGE.format())


def main() -> None:
    """Draws both."""
    with tempfile.TemporaryDirectory(prefix="paperdesk-picture-") as folder:
        Path(folder).chmod(0o755)
        written = asyncio.run(record(Path(folder)))
        chart = _CHART.search(_ESCAPES.sub("", written))
        if chart is None:
            raise ValueError(f"no chart in:\n{written}")
        shutil.copy(chart[1], IMAGES / "chart.png")
    shoot(page(written), IMAGES / "session.png", WIDTH)


if __name__ == "__main__":
    main()
