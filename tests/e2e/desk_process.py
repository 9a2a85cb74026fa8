"""The whole desk as a process of its own, used through a pipe as a person would."""

import asyncio
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.paths import PROJECT
from tests.patience import PATIENCE_SECONDS


@dataclass(frozen=True, slots=True)
class Session:
    """What a session printed, and how it ended."""

    out: str
    err: str
    code: int

    def after(self, line: str) -> str:
        """What was answered to the first such line."""
        return self.out.partition(f"> {line}\n")[2].partition("\n> ")[0]

    def field(self, line: str, label: str) -> str:
        """The value beside a label in the answer to a line."""
        found = re.search(rf"^{re.escape(label)}  +(.+)$", self.after(line), re.MULTILINE)
        assert found, f"no {label} in:\n{self.after(line)}"
        return found[1].strip()

    def pictures(self) -> list[Path]:
        return [Path(path) for path in re.findall(r"^(/.+\.png)$", self.out, re.MULTILINE)]


def desk_environment(folder: Path, **settings: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    plain = {"PYTHONPATH": str(PROJECT), "PAPERDESK_DATA_DIR": str(folder), "PAPERDESK_MARKET": "sim"}
    # Tests type faster than people: what they send is not refused for that, unless they ask for it.
    hurried = {f"PAPERDESK_BOT__{who}_BURST": "1000000" for who in ("PERSON", "CHAT")}
    # A busy machine answers late, and then `auto` takes the simulator.
    hurried["PAPERDESK_BINANCE__REACH_TIMEOUT_SECONDS"] = "60"
    # A desk learns a few minutes after its first start: tests that want it say so.
    hurried["PAPERDESK_JOBS__TRAINING"] = "false"
    return kept | plain | hurried | {f"PAPERDESK_{name}": value for name, value in settings.items()}


async def start_paperdesk(folder: Path, *arguments: str, **settings: str) -> asyncio.subprocess.Process:
    """Starts `paperdesk ARGUMENTS`; all three streams are pipes."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "app.cli.main",
        *arguments,
        cwd=folder,
        env=desk_environment(folder, **settings),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def read_until(process: asyncio.subprocess.Process, text: str) -> str:
    """What the process prints up to the line that holds `text`."""
    assert process.stdout is not None
    seen = ""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while text not in seen:
            line = await process.stdout.readline()
            assert line, f"the desk ended before it said {text!r}:\n{seen}"
            seen += line.decode()
    return seen


async def paperdesk(folder: Path, arguments: Sequence[str] = (), lines: Sequence[str] = (), **settings: str) -> Session:
    """Runs `paperdesk ARGUMENTS` with these lines piped in."""
    process = await start_paperdesk(folder, *arguments, **settings)
    try:
        out, err = await asyncio.wait_for(
            process.communicate("".join(f"{line}\n" for line in lines).encode()), PATIENCE_SECONDS
        )
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return Session(out.decode(), err.decode(), process.returncode or 0)
