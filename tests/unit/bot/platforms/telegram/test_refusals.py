"""Refusals of the Bot API and of proxies, as the client classifies them."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr
from telegram.error import TelegramError

from bot.notifications.courier import OutcomeUnknown, PermanentFailure, RetryLater
from bot.platforms.telegram.client import (
    MigratedTo,
    RequestRefused,
    ServerFault,
    Verdict,
    judge,
    open_client,
    token_refused,
)
from bot.platforms.telegram.settings import TelegramSettings

Refused = Callable[[int, str], Awaitable[TelegramError]]

PAGE = "<html>cloudflare</html>"


def body(status: int, why: Any = "x", **parameters: Any) -> str:
    return json.dumps({"ok": False, "error_code": status, "description": why, "parameters": parameters})


@pytest.fixture
async def refused(unused_tcp_port: int) -> AsyncIterator[Refused]:
    async def answer(request: web.Request) -> web.Response:
        assert request.path
        return web.Response(status=now[0], text=now[1], content_type="text/html")

    now = (200, '{"ok": true, "result": {"id": 1, "is_bot": true, "first_name": "x", "username": "xbot"}}')
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", unused_tcp_port).start()
    url = f"http://127.0.0.1:{unused_tcp_port}"
    async with open_client(TelegramSettings(token=SecretStr("1:canary"), api_url=url)) as client:

        async def call(status: int, text: str) -> TelegramError:
            nonlocal now
            now = (status, text)
            with pytest.raises(TelegramError) as found:
                await client.post("sendMessage", chat_id=1, text="x")
            return found.value

        yield call
    await runner.cleanup()


WAITS: list[tuple[str, float]] = [
    (body(429, retry_after=5), 5),
    (body(429, retry_after=1.5), 1.5),
    (body(429, retry_after="7"), 7),
    (body(429, retry_after=0), 5),
    (body(429, retry_after=-5), 5),
    (body(429, retry_after="soon"), 5),
    (body(429, retry_after=None), 5),
    (body(429, retry_after=[1]), 5),
    (body(429, retry_after=True), 5),
    (body(429, retry_after=99999999999999), 3600),
    (body(429, retry_after=5).replace(": 5", ": 1e400"), 5),
    (body(429, retry_after=5).replace(": 5", ": NaN"), 5),
    (body(429, retry_after=5).replace(": 5", ": 1" + "0" * 400), 5),
    (body(429, why="Too Many Requests: retry after 12"), 12),
    (body(429, why=["x"]), 5),
    ('{"ok": false, "parameters": []}', 5),
    ('{"ok": false, "parameters": "5"}', 5),
    ("[]", 5),
    (PAGE, 5),
    ("", 5),
]


@pytest.mark.parametrize(("text", "seconds"), WAITS, ids=[text[:60] for text, _ in WAITS])
async def test_a_429_was_not_sent_and_is_tried_again(refused: Refused, text: str, seconds: float) -> None:
    assert judge(await refused(429, text)) == RetryLater("too many requests", seconds)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 407, 409, 418])
@pytest.mark.parametrize(
    "text", [PAGE, "", "[]", '{"error": "x"}', '{"ok": false}', body(403, why=["x"]), body(403, None)]
)
async def test_a_refusal_by_a_proxy_says_nothing_of_the_chat(refused: Refused, status: int, text: str) -> None:
    error = await refused(status, text)
    assert judge(error) == RetryLater(f"{status} from a proxy", 5.0)
    assert not token_refused(error)


VERDICTS: list[tuple[int, str, Verdict | type[Verdict]]] = [
    (403, body(403, "Forbidden: bot was blocked by the user"), PermanentFailure),
    (400, body(400, "Bad Request: chat not found"), PermanentFailure("chat not found", chat_gone=True)),
    (400, body(400, "Bad Request: message is too long"), RequestRefused("message is too long")),
    (400, body(400, migrate_to_chat_id=-1001234567890123), MigratedTo(-1001234567890123)),
    (400, body(400, migrate_to_chat_id="abc"), RequestRefused),
    (400, body(400, migrate_to_chat_id=True), RequestRefused),
    (400, body(400, migrate_to_chat_id=1.5), RequestRefused),
    (401, body(401, "Unauthorized"), RetryLater),
    (409, body(409, "Conflict"), RetryLater),
    (413, PAGE, RequestRefused("413 from a proxy")),
    (500, body(500, "Internal"), ServerFault),
    (502, PAGE, OutcomeUnknown),
]


@pytest.mark.parametrize(("status", "text", "verdict"), VERDICTS)
async def test_what_telegram_itself_says_counts(
    refused: Refused, status: int, text: str, verdict: Verdict | type[Verdict]
) -> None:
    found = judge(await refused(status, text))
    assert isinstance(found, verdict) if isinstance(verdict, type) else found == verdict
