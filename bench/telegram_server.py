"""A bare Telegram for benches, in a process of its own: as little work as the library lets it do, and a stopwatch.

`python -m bench.telegram_server` prints its port. `POST /measure?bot=TOKEN&times=N` writes N commands one after the
other to the bot that polls with this token, and answers with the seconds from each to its answer; with `&rate=R` they
are written at R a second whether the ones before were answered or not, each in another chat.
"""

import asyncio
import contextlib
import itertools
import json
import sys
from collections import deque
from collections.abc import AsyncIterator, Iterator
from urllib.parse import parse_qs

from aiohttp import web

LIMIT_SECONDS = 60.0
CHATS = 1000
_CHART_EVERY = 20
_JSON = "application/json"


class Server:
    """Bots by their token: the updates that wait for them, and the answers that are awaited by chat."""

    def __init__(self) -> None:
        self._bots: dict[str, Bot] = {}
        self._ids = itertools.count(1000)

    def bot(self, token: str) -> "Bot":
        """The one of this token."""
        return self._bots.setdefault(token, Bot(token))

    async def call(self, request: web.Request) -> web.Response:
        """The few calls of a bot that starts, polls and answers."""
        token, method = request.match_info["token"], request.match_info["method"]
        body = await request.read()
        bot = self.bot(token)
        match method:
            case "getUpdates":
                return _json(await bot.updates(_form(body)))
            case "sendMessage" | "sendPhoto":
                chat = bot.answered(_chat(request, body))
                return _json({"message_id": next(self._ids), "date": 0, "chat": {"id": chat, "type": "private"}})
            case "getMe":
                return _json(_me(token))
            case "getMyCommands":
                return _json([])
        return _json({})

    async def measure(self, request: web.Request) -> web.Response:
        """See the module."""
        bot, times = request.query["bot"], int(request.query["times"])
        charts = "charts" in request.query
        async with asyncio.timeout(LIMIT_SECONDS):
            while bot not in self._bots or not self._bots[bot].polled:  # noqa: ASYNC110 - for the bots to start
                await asyncio.sleep(0.01)
            if "rate" in request.query:
                taken = await self._at_a_rate(self._bots[bot], times, float(request.query["rate"]), charts=charts)
            else:
                taken = [await self._bots[bot].once(next(self._ids), 7, "/price BTC") for _ in range(times)]
        return web.Response(body=json.dumps(taken).encode(), content_type=_JSON)

    async def _at_a_rate(self, bot: "Bot", times: int, rate: float, *, charts: bool) -> list[float]:
        loop = asyncio.get_running_loop()
        began = loop.time()
        async with asyncio.TaskGroup() as group:
            tasks = []
            for number in range(times):
                await asyncio.sleep(max(0.0, began + number / rate - loop.time()))
                line = "/chart BTC" if charts and number % _CHART_EVERY == 0 else "/price BTC"
                tasks.append(group.create_task(bot.once(next(self._ids), 100 + number % CHATS, line)))
        return [task.result() for task in tasks]


class Bot:
    """One bot's updates and answers."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.polled = False
        self._waiting: list[dict[str, object]] = []
        self._fresh = asyncio.Event()
        self._answers: dict[int, deque[asyncio.Future[float]]] = {}

    async def once(self, number: int, chat: int, line: str) -> float:
        """Seconds until the answer came."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[float] = loop.create_future()
        self._answers.setdefault(chat, deque()).append(answer)
        began = loop.time()
        self._waiting.append(_update(number, chat, line))
        self._fresh.set()
        return await answer - began

    async def updates(self, form: dict[str, str]) -> list[dict[str, object]]:
        """What is not confirmed yet, as soon as there is something."""
        offset = int(form.get("offset") or 0)
        self._waiting = [update for update in self._waiting if int(str(update["update_id"])) >= offset]
        if int(form.get("timeout") or 0):
            self.polled = True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(float(form.get("timeout") or 0)):
                while not self._waiting:
                    self._fresh.clear()
                    await self._fresh.wait()
        return self._waiting[:100]

    def answered(self, chat: int) -> int:
        """Stops the watch of the chat. An answer that nobody waits for any more is taken all the same."""
        waiting = self._answers.get(chat)
        if waiting and not (oldest := waiting.popleft()).done():
            oldest.set_result(asyncio.get_running_loop().time())
        return chat


def _form(body: bytes) -> dict[str, str]:
    if body[:1] == b"{":
        return {name: str(value) for name, value in json.loads(body).items()}
    return {name: values[0] for name, values in parse_qs(body.decode()).items()}


def _chat(request: web.Request, body: bytes) -> int:
    if request.content_type != "multipart/form-data":
        return int(_form(body)["chat_id"])
    _, _, rest = body.partition(b'name="chat_id"')
    return int(rest.split(b"\r\n")[2])


def _me(token: str) -> dict[str, object]:
    number = int(token.partition(":")[0])
    return {"id": number, "is_bot": True, "first_name": "Desk", "username": f"desk{number}_bot"}


def _update(number: int, chat: int, line: str) -> dict[str, object]:
    import time  # noqa: PLC0415

    person = {"id": chat, "is_bot": False, "first_name": "Ann", "language_code": "en"}
    command = [{"type": "bot_command", "offset": 0, "length": len(line.split(maxsplit=1)[0])}]
    there = {"id": chat, "type": "private", "first_name": "Ann"}
    message = {"message_id": number, "date": int(time.time()), "chat": there, "from": person}
    return {"update_id": number, "message": message | {"text": line, "entities": command}}


def _json(result: object) -> web.Response:
    return web.Response(body=json.dumps({"ok": True, "result": result}).encode(), content_type=_JSON)


@contextlib.asynccontextmanager
async def opened(server: Server) -> AsyncIterator[int]:
    """Its port."""
    app = web.Application(client_max_size=16 << 20)
    app.router.add_post("/measure", server.measure)
    app.router.add_route("*", "/bot{token}/{method}", server.call)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


async def serve() -> None:
    """Until the standard input ends."""
    async with opened(Server()) as port:
        print(port, flush=True)
        await asyncio.to_thread(sys.stdin.read)


@contextlib.contextmanager
def running() -> Iterator[int]:
    """The port of a server in a new process, which ends with the block."""
    import subprocess  # noqa: PLC0415 - only who starts it needs that

    with subprocess.Popen(
        [sys.executable, "-m", "bench.telegram_server"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.stdin.close()
            process.wait(10)


if __name__ == "__main__":
    asyncio.run(serve())
