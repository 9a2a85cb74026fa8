"""Secrets that must turn up nowhere: in no log at DEBUG, answer, picture or on a screen, whatever goes wrong."""

import asyncio
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import aiohttp
import psycopg
import pytest
import redis

from app.engines import Engines
from tests.e2e.desk_process import desk_environment, paperdesk, start_paperdesk
from tests.fakes.discord import TOKEN as DISCORD_TOKEN
from tests.fakes.discord import FakeDiscord
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_chats import Member
from tests.paths import PROJECT
from tests.patience import PATIENCE_SECONDS

pytestmark = pytest.mark.long

TELEGRAM_TOKEN = "771122:CANARY-telegram-5f2a"
POSTGRES_PASSWORD = "CANARY/postgres@7d1c"
REDIS_PASSWORD = "CANARY#redis:93be"
WEBHOOK_SECRET = "CANARY-webhook-11aa"
OTHER_TOKEN = "771122:CANARY-other-88ff"


@dataclass(frozen=True, slots=True)
class Outside:
    """Engines of the test's own, behind the canaries."""

    settings: dict[str, str]
    owner: "psycopg.Connection[tuple[object, ...]]"
    redis: Any


@pytest.fixture
def outside(
    engines: Engines, dsn: str, redis_url: str, maintenance: "psycopg.Connection[tuple[object, ...]]"
) -> Iterator[Outside]:
    """A role and a user with canaries as passwords, written into the addresses as they have to be."""
    postgres, valkey = urlsplit(dsn), urlsplit(redis_url)
    with redis.Redis.from_url(redis_url) as client:
        client.execute_command("ACL", "SETUSER", "canary", "on", f">{REDIS_PASSWORD}", "~*", "&*", "+@all")
        maintenance.execute(f"CREATE ROLE canary SUPERUSER LOGIN PASSWORD '{POSTGRES_PASSWORD}'")
        try:
            password, server = quote(POSTGRES_PASSWORD, safe=""), postgres.netloc.rpartition("@")[2]
            addresses = {
                "POSTGRES__DSN": postgres._replace(netloc=f"canary:{password}@{server}").geturl(),
                "REDIS__URL": valkey._replace(netloc=f"canary:{quote(REDIS_PASSWORD, safe='')}@").geturl(),
            }
            yield Outside(addresses | {"LOG_LEVEL": "DEBUG"}, maintenance, client)
        finally:
            maintenance.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'canary'")
            maintenance.execute(f"REASSIGN OWNED BY canary TO {postgres.username}")
            with psycopg.connect(dsn, autocommit=True) as own:
                own.execute(f"REASSIGN OWNED BY canary TO {postgres.username}")
                own.execute("DROP OWNED BY canary")
            maintenance.execute("DROP ROLE canary")
            client.execute_command("ACL", "DELUSER", "canary")


def leaks(*texts: str | bytes) -> list[str]:
    """The canaries that are in there, as they are or as an address would have them."""
    secrets = (TELEGRAM_TOKEN, OTHER_TOKEN, POSTGRES_PASSWORD, REDIS_PASSWORD, WEBHOOK_SECRET, DISCORD_TOKEN)
    found = []
    for text in texts:
        plain = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
        forms = {form for secret in secrets for form in (secret, quote(secret, safe=""), quote(secret))}
        found += [form for form in sorted(forms) if form.encode() in plain]
        found += ["CANARY"] if b"CANARY" in plain else []
    return found


def written(folder: Path) -> list[bytes]:
    """Everything the desk left in its directory: logs, pictures, histories."""
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"]


@asynccontextmanager
async def serving(folder: Path, **settings: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, list[bytes]]]:
    """The desk, and what it printed once it has ended."""
    printed: list[bytes] = []
    process = await start_paperdesk(folder, "serve", **settings)
    try:
        yield process, printed
    finally:
        if process.returncode is None:
            process.terminate()
        ending = asyncio.create_task(process.communicate())
        done, _ = await asyncio.wait((ending,), timeout=60)
        if not done:
            process.kill()
        printed += await ending


def both(telegram: FakeTelegram, discord: FakeDiscord) -> dict[str, str]:
    return {
        "TELEGRAM__TOKEN": telegram.token,
        "TELEGRAM__API_URL": telegram.url,
        "TELEGRAM__FILE_URL": telegram.url,
        "TELEGRAM__REQUEST_SECONDS": "2",
        "DISCORD__TOKEN": DISCORD_TOKEN,
        "DISCORD__API_URL": discord.api_url,
        "DISCORD__GATEWAY_URL": discord.gateway_url,
    }


async def until(happened: Callable[[], object]) -> None:
    """Looks again and again: a call that was refused wakes nobody."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not happened():  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def said(telegram: FakeTelegram, member: Member, line: str) -> None:
    """Writes, and waits for one more message to be sent, whatever becomes of it."""
    before = len(sends(telegram))
    member.write(line)
    await until(lambda: len(sends(telegram)) > before)


def sends(telegram: FakeTelegram) -> list[str]:
    return [str(call.values) for call in telegram.calls if call.method == "sendMessage"]


async def test_nothing_is_given_away_while_everything_goes_wrong(folder: Path, outside: Outside) -> None:
    async with FakeTelegram(TELEGRAM_TOKEN) as telegram, FakeDiscord.open() as discord:
        ann, bob = telegram.person("Ann"), discord.person()
        settings = outside.settings | both(telegram, discord) | {"OPERATORS__TELEGRAM": str(ann.user_id)}
        async with serving(folder, **settings) as (_, printed):
            ann.write("/start")
            await telegram.message(PATIENCE_SECONDS)
            async with asyncio.timeout(PATIENCE_SECONDS):
                await discord.gateway.ready.wait()
            telegram.fail("sendMessage", status=500, times=2)
            telegram.fail("getUpdates", status=502)
            telegram.lose("sendPhoto", after=False)
            telegram.lose("sendPhoto", after=True)
            discord.trouble("PATCH", r"/webhooks/", 500)
            discord.trouble("PATCH", r"/webhooks/", 401, 50027)
            for line in ("/status", "/audit", "/chart BTC", "/chart ETH", "/portfolio", "/settings", "/adminlog"):
                ann.write(line)
            shown = [await bob.slash("chart", symbol="BTC") for _ in range(2)]
            await until(lambda: not discord.troubles)
            shown.append(await (await bob.slash("chart", symbol="BTC")).answered(PATIENCE_SECONDS))
            await until(lambda: any("Operator actions" in text for text in sends(telegram)))  # the last of them
            outside.redis.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
            await said(telegram, ann, "/price BTC ETH")
            telegram.fail("sendMessage", status=401)
            await said(telegram, ann, "/help")
            # The lease goes with its connection, and the desk with the lease.
            outside.owner.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'canary'")
            await asyncio.sleep(1)
            told = [str(call.values) for call in telegram.calls]
            told += [str(message) for exchange in shown for message in exchange.shown()]
            pictures = [data for exchange in shown for message in exchange.shown() for data in message.files.values()]
            tokens = [exchange.token for exchange in shown]
    assert any(data.startswith(b"\x89PNG") for data in pictures)
    assert leaks(*printed, *told, *pictures, *written(folder)) == []
    log = (folder / "desk.log").read_text()
    assert " DEBUG " in log
    assert [token for token in tokens if token in log] == []


async def test_the_webhooks_secret_is_only_ever_compared(folder: Path, outside: Outside) -> None:
    async with FakeTelegram(TELEGRAM_TOKEN) as telegram, FakeDiscord.open() as discord:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        hook = {
            "TELEGRAM__WEBHOOK_URL": "https://desk.example/hook",
            "TELEGRAM__WEBHOOK_SECRET": WEBHOOK_SECRET,
            "TELEGRAM__WEBHOOK_PORT": str(port),
        }
        async with serving(folder, **outside.settings, **both(telegram, discord), **hook) as (_, printed):
            await telegram.called("setWebhook", 1, PATIENCE_SECONDS)
            answers = []
            async with aiohttp.ClientSession() as session:
                for secret, body in ((WEBHOOK_SECRET, "{}"), (WEBHOOK_SECRET, "nonsense"), ("wrong", "{}"), ("", "{")):
                    headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
                    for path in ("/", "/hook", f"/{WEBHOOK_SECRET}x"):
                        async with session.post(f"http://127.0.0.1:{port}{path}", data=body, headers=headers) as told:
                            answers.append(f"{told.status} {dict(told.headers)} {await told.text()}")
    assert {answer[:3] for answer in answers} - {"200"}
    # Whoever asks for an address that holds the secret reads their own words only.
    assert leaks(*printed, *answers, *written(folder)) == []


REFUSALS = {
    "postgres away": {"POSTGRES__DSN": f"postgresql://canary:{quote(POSTGRES_PASSWORD, safe='')}@127.0.0.1:1/desk"},
    "postgres refuses": {"POSTGRES__DSN": "wrong"},
    "redis away": {"REDIS__URL": f"redis://:{quote(REDIS_PASSWORD, safe='')}@127.0.0.1:1/0"},
    "redis refuses": {"REDIS__URL": "wrong"},
    "telegram refuses": {"TELEGRAM__TOKEN": OTHER_TOKEN, "DISCORD__TOKEN": ""},
    "discord refuses": {"DISCORD__TOKEN": OTHER_TOKEN, "TELEGRAM__TOKEN": ""},
    "both platforms refuse": {"TELEGRAM__TOKEN": OTHER_TOKEN, "DISCORD__TOKEN": OTHER_TOKEN},
}


@pytest.mark.parametrize("why", REFUSALS)
async def test_a_start_that_fails_says_why_and_gives_nothing_away(folder: Path, outside: Outside, why: str) -> None:
    async with FakeTelegram(TELEGRAM_TOKEN) as telegram, FakeDiscord.open() as discord:
        settings = outside.settings | both(telegram, discord) | REFUSALS[why]
        if settings["POSTGRES__DSN"] == "wrong":
            settings["POSTGRES__DSN"] = outside.settings["POSTGRES__DSN"].replace("//canary:", "//stranger:")
        if settings["REDIS__URL"] == "wrong":
            settings["REDIS__URL"] = outside.settings["REDIS__URL"].replace("93be", "0000")
        async with serving(folder, **settings) as (process, printed):
            assert await asyncio.wait_for(process.wait(), PATIENCE_SECONDS) == 1
    assert leaks(*printed, *written(folder)) == []


CRASH = """
import asyncio, app.wiring.platforms, app.startup
from app.cli.main import main

async def crash(settings, engines):
    secrets = [settings.telegram.token, settings.discord.token, settings.telegram.webhook_secret]
    words = [secret.get_secret_value() for secret in secrets]
    raise RuntimeError(f"{words} {settings} {engines.postgres_dsn} {engines.redis_url}") from ValueError(words[0])

app.wiring.platforms.run_platforms = crash
raise SystemExit(main(["serve"]))
"""


def test_a_crash_whose_error_holds_every_secret_is_logged_without_them(folder: Path, outside: Outside) -> None:
    settings = outside.settings | {
        "TELEGRAM__TOKEN": TELEGRAM_TOKEN,
        "TELEGRAM__WEBHOOK_SECRET": WEBHOOK_SECRET,
        "DISCORD__TOKEN": DISCORD_TOKEN,
    }
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", CRASH],
        cwd=PROJECT,
        env=desk_environment(folder, **settings),
        capture_output=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )
    assert done.returncode == 1
    log = (folder / "desk.log").read_text()
    assert "RuntimeError" in log
    assert "ValueError: ***" in log
    assert leaks(done.stdout, done.stderr, *written(folder)) == []


async def test_commands_that_end_by_themselves_give_nothing_away(folder: Path, outside: Outside) -> None:
    secrets = {"TELEGRAM__TOKEN": TELEGRAM_TOKEN, "DISCORD__TOKEN": DISCORD_TOKEN}
    commands = ("settings", "audit")
    sessions = [await paperdesk(folder, [command], **outside.settings, **secrets) for command in commands]
    assert [session.code for session in sessions] == [0, 0]
    assert leaks(*(session.out + session.err for session in sessions), *written(folder)) == []
