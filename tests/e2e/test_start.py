"""What a start costs, by the libraries that it loads: seconds depend on the machine."""

import asyncio
import json
import sys
from pathlib import Path

import pytest

from tests.e2e.desk_process import desk_environment, paperdesk
from tests.paths import PROJECT

HEAVY = frozenset(
    [
        "aiohttp",
        "aiokafka",
        "discord",
        "feedparser",
        "httpx",
        "matplotlib",
        "pandas",
        "PIL",
        "prompt_toolkit",
        "psycopg",
        "pyarrow",
        "pygments",
        "requests",
        "scipy",
        "sklearn",
        "telegram",
        "vaderSentiment",
        "websockets",
        "xgboost",
        "yoyo",
    ]
)
"""Each takes between 50 and 500 ms of a start, and between 3 and 100 MiB."""

_DESK = """
import json, sys
import app.wiring.job_table
app.wiring.job_table.desk_jobs = lambda ground: []  # what is due at this hour loads what it needs
from app.cli.main import main
code = main([])
sys.stderr.write("\\n" + json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
sys.exit(code)
"""


async def loaded(program: str, lines: str = "", **environment: str) -> set[str]:
    """The packages that a Python program names in JSON on its last line of standard error."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        program,
        cwd=PROJECT,
        env=environment,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate(lines.encode())
    assert process.returncode == 0, err.decode()
    assert not lines or "BTC" in out.decode()
    return set(json.loads(err.decode().splitlines()[-1]))


async def test_the_first_answer_needs_no_heavy_library(folder: Path) -> None:
    await paperdesk(folder)  # makes and migrates the database
    packages = await loaded(_DESK, "/price BTC\n", **desk_environment(folder))
    assert {"asyncpg", "bot"} <= packages
    assert packages & HEAVY == set()


@pytest.mark.parametrize(
    ("module", "other"), [("bot.platforms.telegram.service", "discord"), ("bot.platforms.discord.service", "telegram")]
)
async def test_a_platform_loads_no_library_of_another(module: str, other: str) -> None:
    program = f"import json, sys, app.wiring.platforms, {module}; sys.stderr.write(json.dumps(list(sys.modules)))"
    assert other not in await loaded(program)
