"""A bare Discord for benches, in a process of its own: as little work as the library lets it do, and a stopwatch.

`python -m bench.discord_server` prints its port. `POST /measure?bot=TOKEN&times=N` sends N slash commands one after the
other to the bot that logged in with this token, and answers with the seconds from each to its edited answer.
"""

import asyncio
import contextlib
import itertools
import json
import sys
from collections.abc import AsyncIterator, Iterator

from aiohttp import WSMsgType, web

APPLICATION, USER, CHANNEL = "1180000000000000001", "900000000000000000", "900000000000000001"
LIMIT_SECONDS = 30.0
_JSON = "application/json"
_ANSWER = 4  # a callback that is a message itself


class Server:
    """Bots by their token, and the answers that are awaited by the token of their interaction."""

    def __init__(self) -> None:
        self.url = ""
        self.commands: dict[str, str] = {}
        self._bots: dict[str, web.WebSocketResponse] = {}
        self._waiting: dict[str, asyncio.Future[float]] = {}
        self._ids = itertools.count(1_200_000_000_000_000_000)

    async def gateway(self, request: web.Request) -> web.WebSocketResponse:
        """Greets, acknowledges heartbeats, says that all is ready."""
        ws = web.WebSocketResponse()
        await ws.prepare(request)
        await ws.send_str(_frame(10, {"heartbeat_interval": 40_000}))
        async for message in ws:
            if message.type is WSMsgType.TEXT:
                frame = json.loads(message.data)
                if frame["op"] == 1:
                    await ws.send_str(_frame(11, None))
                elif frame["op"] == 2:
                    await ws.send_str(_frame(0, _ready(self.url), "READY", 1))
                    self._bots[frame["d"]["token"]] = ws
        return ws

    async def rest(self, request: web.Request) -> web.Response:  # noqa: PLR0911 - the table of the routes
        """The few calls of a bot that starts and answers."""
        body = await request.read()
        match request.method, request.match_info["path"].strip("/").split("/"):
            case "POST", ["interactions", number, token, "callback"]:
                if json.loads(body)["type"] == _ANSWER:
                    self._answered(token)
                return _json({"interaction": {"id": number, "type": 2}})
            case "PATCH" | "POST", ["webhooks", _, token, *_]:
                self._answered(token)
                return _json(_message(body))
            case "DELETE", _:
                return web.Response(status=204)
            case "GET", ["users", "@me"]:
                return _json(_USER)
            case "GET", ["oauth2", "applications", "@me"]:
                return _json(_APPLICATION)
            case "GET", ["gateway", "bot"]:
                limit = {"total": 1000, "remaining": 1000, "reset_after": 1, "max_concurrency": 16}
                return _json({"url": self.url, "shards": 1, "session_start_limit": limit})
            case "PUT", ["applications", _, "commands"]:
                known = [{**entry, "id": str(next(self._ids))} for entry in json.loads(body)]
                self.commands |= {entry["name"]: entry["id"] for entry in known}
                return _json([{**entry, "application_id": APPLICATION, "version": "1"} for entry in known])
        return web.Response(status=404)

    async def measure(self, request: web.Request) -> web.Response:
        """See the module."""
        bot = request.query["bot"]
        async with asyncio.timeout(LIMIT_SECONDS):
            while not self.ready(bot):  # noqa: ASYNC110 - for the bots to log in
                await asyncio.sleep(0.01)
            taken = [await self.once(bot, USER, "price", symbols="BTC") for _ in range(int(request.query["times"]))]
        return _json(taken)

    def ready(self, bot: str) -> bool:
        """Whether it logged in and sent its commands."""
        return bot in self._bots and bool(self.commands)

    async def once(self, bot: str, user: str, name: str, **options: str) -> float:
        """Seconds from a command of this user, in their private channel, to its answer."""
        loop = asyncio.get_running_loop()
        number = str(next(self._ids))
        token = f"token-{number}"
        answer = self._waiting[token] = loop.create_future()
        typed = {"id": self.commands[name], "name": name, "type": 1, "options": _options(options)}
        event = _frame(0, _interaction(number, token, user, typed), "INTERACTION_CREATE", int(number) % 10**9)
        began = loop.time()
        await self._bots[bot].send_str(event)
        answered: float = await answer
        return answered - began

    def _answered(self, token: str) -> None:
        waiting = self._waiting.pop(token, None)
        if waiting is not None and not waiting.done():  # an answer that nobody waits for any more is taken as well
            waiting.set_result(asyncio.get_running_loop().time())


_USER = {"id": APPLICATION, "username": "desk", "discriminator": "0", "global_name": None, "avatar": None, "bot": True}
_APPLICATION = {
    "id": APPLICATION,
    "name": "desk",
    "icon": None,
    "description": "",
    "bot_public": True,
    "bot_require_code_grant": False,
    "verify_key": "",
    "flags": 0,
    "owner": _USER,
    "team": None,
}


def _frame(op: int, data: object, event: str | None = None, number: int | None = None) -> str:
    return json.dumps({"op": op, "d": data, "t": event, "s": number})


def _ready(url: str) -> dict[str, object]:
    return {
        "v": 10,
        "user": _USER,
        "guilds": [],
        "session_id": "session",
        "resume_gateway_url": url,
        "shard": [0, 1],
        "application": {"id": APPLICATION, "flags": 0},
    }


def _options(given: dict[str, str]) -> list[dict[str, object]]:
    return [{"name": name, "type": 3, "value": value} for name, value in given.items()]


def _interaction(number: str, token: str, user_id: str, typed: dict[str, object]) -> dict[str, object]:
    user = {"id": user_id, "username": "anna", "discriminator": "0", "global_name": "anna", "avatar": None}
    channel = str(int(user_id) + 1)
    return {
        "id": number,
        "application_id": APPLICATION,
        "type": 2,
        "data": typed,
        "channel_id": channel,
        "channel": {"id": channel, "type": 1, "recipients": [user]},
        "user": user,
        "token": token,
        "version": 1,
        "locale": "en-US",
        "entitlements": [],
        "app_permissions": "0",
        "attachment_size_limit": 10 << 20,
        "authorizing_integration_owners": {"0": "0"},
        "context": 1,
    }


def _message(body: bytes) -> dict[str, object]:
    told = json.loads(body) if body[:1] == b"{" else {}
    return {
        "id": "1",
        "channel_id": CHANNEL,
        "author": _USER,
        "content": told.get("content") or "",
        "timestamp": "2026-01-01T00:00:00+00:00",
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": told.get("embeds") or [],
        "components": [],
        "pinned": False,
        "type": 0,
        "flags": 0,
    }


def _json(body: object) -> web.Response:
    return web.Response(body=json.dumps(body).encode(), content_type=_JSON)


@contextlib.asynccontextmanager
async def opened(server: Server) -> AsyncIterator[int]:
    """Its port."""
    app = web.Application(client_max_size=16 << 20)
    app.router.add_get("/gateway/", server.gateway)
    app.router.add_get("/gateway", server.gateway)
    app.router.add_post("/measure", server.measure)
    app.router.add_route("*", "/api/v10{path:/.*}", server.rest)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = int(runner.addresses[0][1])
    server.url = f"ws://127.0.0.1:{port}/gateway"
    try:
        yield port
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
        [sys.executable, "-m", "bench.discord_server"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
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
