"""A fake Telegram on 127.0.0.1: the Bot API over HTTP, people who write and press, and every misfortune of a network.

    async with FakeTelegram() as fake:
        ann = fake.person("Ann", language="ko")
        ann.write("/price BTC")                       # in her private chat with the bot
        group = fake.group("Traders", topics=True)
        ann.write("/chart BTC", chat=group, topic=5)
        message = await fake.message()                # the next one the bot sends
        ann.press(message, "Refresh")
        fake.fail("sendMessage", status=429, retry_after=1)
        fake.lose("sendMessage", after=True)          # done, but the answer never arrives

Every call is checked against the specification and the limits; leaving the context raises AssertionError when one was
broken. Updates are confirmed by a getUpdates with a higher offset, and come again otherwise.
"""

import asyncio
import json
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.fakes.telegram_chats import Chat, Json, Member, Refusal
from tests.fakes.telegram_http import error, ok, read_form
from tests.fakes.telegram_methods import Methods
from tests.fakes.telegram_spec import Upload, decode_call, limit_faults, load_spec, type_faults
from tests.patience import PATIENCE_SECONDS

__all__ = ["TOKEN", "Call", "Chat", "FakeTelegram", "Json", "Member"]
TOKEN = "123456789:AAfakeFakeFAKEfakeFAKEfakeFAKEfakeFA"
_LONGEST_POLL = 50
_WAIT = PATIENCE_SECONDS


@dataclass
class Mishap:
    """The next `times` calls of `method` go wrong; `after` the effect where the answer is lost."""

    method: str
    times: int
    status: int = 0
    retry_after: int = 0
    why: str = "scripted"
    after: bool = False
    hang_seconds: float = 0.0
    body: str | None = None
    skip: int = 0


@dataclass
class Call:
    """One call as it came, decoded."""

    method: str
    values: Json
    at: float
    status: int = 200


class FakeTelegram:
    """`calls` is everything that came, `violations` what was wrong with it; `clock` gives unix seconds. What is sent
    or edited has its effect at once and is answered `latency` seconds later."""

    def __init__(self, token: str = TOKEN, *, port: int = 0, clock: Callable[[], float] | None = None) -> None:
        self.token = token
        self.calls: list[Call] = []
        self.violations: list[str] = []
        self.chats: dict[int, Chat] = {}
        self.methods = Methods(self)
        self.strict_rates = False
        self.latency = 0.0
        self.redelivered = 0
        self._port = port
        self._clock = clock or time.time
        self._ids = 1000
        self._updates: deque[Json] = deque()
        self._handed: set[int] = set()
        self._allowed: list[str] = []
        self._mishaps: list[Mishap] = []
        self._changed = asyncio.Event()
        self._poll = 0

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 << 20)
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()
        if kind is None:
            assert not self.violations, self.violations

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def commands(self) -> dict[str, list[Json]]:
        return self.methods.commands

    @property
    def silent(self) -> set[int]:
        """Messages that came without a sound."""
        return self.methods.silent

    # -- the people ------------------------------------------------------------------------------

    def person(self, name: str = "Ann", *, language: str = "en", opened: bool = True) -> Member:
        """A new user; `opened`: they have written to the bot before, so it may write to them."""
        user_id = 5_000_000 + self.next_id()
        body = {"id": user_id, "is_bot": False, "first_name": name, "language_code": language}
        chat = Chat({"id": user_id, "type": "private", "first_name": name}, opened=opened)
        self.chats[user_id] = chat
        return Member(self, body, chat)

    def group(self, title: str = "Traders", *, topics: bool = False, privacy: bool = True) -> Chat:
        """A supergroup with the bot in it."""
        body: Json = {"id": -1_001_000_000_000 - self.next_id(), "type": "supergroup", "title": title}
        chat = Chat(body | ({"is_forum": True} if topics else {}), privacy=privacy)
        self.chats[chat.chat_id] = chat
        return chat

    async def message(self, seconds: float = _WAIT) -> Json:
        """The next message the bot sends or edits."""
        async with asyncio.timeout(seconds):
            return await self.methods.sent.get()

    async def quiet(self, seconds: float = 0.3) -> list[Json]:
        """Everything sent until nothing came for so long."""
        found: list[Json] = []
        while True:
            try:
                found.append(await self.message(seconds))
            except TimeoutError:
                return found

    async def called(self, method: str, times: int = 1, seconds: float = _WAIT) -> list[Call]:
        """Waits until `method` was called so often."""
        async with asyncio.timeout(seconds):
            while len(found := [call for call in self.calls if call.method == method]) < times:
                self._changed.clear()
                await self._changed.wait()
        return found

    @property
    def unconfirmed(self) -> int:
        return len(self._updates)

    # -- the misfortunes -------------------------------------------------------------------------

    def fail(self, method: str, *, status: int, times: int = 1, retry_after: int = 0, skip: int = 0) -> None:
        """Refuses the next calls, after the first `skip`."""
        self._mishaps.append(Mishap(method, times, status, retry_after, skip=skip))

    def refuse(self, method: str, why: str, *, times: int = 1) -> None:
        """Answers 400 in Telegram's words."""
        self._mishaps.append(Mishap(method, times, 400, why=why))

    def lose(self, method: str, *, after: bool, times: int = 1, hang_seconds: float = 0.0, skip: int = 0) -> None:
        """Drops the connection before or after the effect; `hang_seconds` keeps it silent for so long first."""
        self._mishaps.append(Mishap(method, times, after=after, hang_seconds=hang_seconds, skip=skip))

    def garble(self, method: str, body: str, *, status: int = 200) -> None:
        """Answers the next call with a body that need not be what the Bot API says."""
        self._mishaps.append(Mishap(method, 1, status, body=body))

    def slip(self, update: Json) -> None:
        """Queues an update that need not be what the Bot API says."""
        self._updates.append(update)

    def again(self, update: Json) -> None:
        """The same update under a new id, as happens."""
        self.push_update({name: value for name, value in update.items() if name != "update_id"})

    # -- for the people --------------------------------------------------------------------------

    def next_id(self) -> int:
        self._ids += 1
        return self._ids

    def now(self) -> int:
        return int(self._clock())

    def push_update(self, body: Json) -> Json:
        """Queues an update for getUpdates."""
        update = json.loads(json.dumps({"update_id": self.next_id(), **body}))
        if load_spec() is not None:
            self.violations += [f"the fake itself: {fault}" for fault in type_faults("Update", update, ["Update"])]
        self._updates.append(update)
        self._changed.set()
        return dict(update)

    # -- the server ------------------------------------------------------------------------------

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != self.token:
            return error(401, "Unauthorized")
        method = request.match_info["method"]
        form, files = await read_form(request)
        values, faults = decode_call(method, form)
        faults += limit_faults(method, values, files) if not faults else []
        self.violations += faults
        call = Call(method, values, asyncio.get_running_loop().time())
        self.calls.append(call)
        mishap = self._mishap(method)
        if mishap and mishap.body is not None:
            return web.Response(status=mishap.status, body=mishap.body.encode())
        if mishap and mishap.status:
            return self._refuse(call, mishap.status, mishap.why, mishap.retry_after)
        if mishap and not mishap.after:
            return await self._vanish(request, mishap)
        answer = error(400, "Bad Request: " + faults[0]) if faults else await self._answer(call, files, request)
        self._changed.set()
        if mishap:
            return await self._vanish(request, mishap)
        if method.startswith(("send", "edit")) and self.latency:
            await asyncio.sleep(self.latency)
        return answer

    def _mishap(self, method: str) -> Mishap | None:
        for mishap in self._mishaps:
            if mishap.times > 0 and mishap.method in (method, "*"):
                if mishap.skip:
                    mishap.skip -= 1
                    continue
                mishap.times -= 1
                return mishap
        return None

    async def _vanish(self, request: web.Request, mishap: Mishap) -> web.StreamResponse:
        await asyncio.sleep(mishap.hang_seconds)
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    def _refuse(
        self, call: Call, status: int, why: str, retry_after: int = 0, parameters: Json | None = None
    ) -> web.Response:
        call.status = status
        return error(status, why, {"retry_after": retry_after} if retry_after else parameters)

    async def _answer(self, call: Call, files: dict[str, Upload], request: web.Request) -> web.Response:
        if call.method == "getUpdates":
            return await self._get_updates(call)
        if not self.methods.serves(call.method):
            return self._refuse(call, 404, f"{call.method} is not served by the fake")
        if self.strict_rates and (wait := self._too_fast(call)):
            return self._refuse(call, 429, f"Too Many Requests: retry after {wait}", wait)
        try:
            result = self.methods.call(call.method, call.values, files)
        except Refusal as refusal:
            return self._refuse(call, refusal.status, refusal.why, parameters=refusal.parameters)
        return self._checked(call, result)

    def _checked(self, call: Call, result: Any) -> web.Response:
        """What the fake answers has to be what Telegram would."""
        spec = load_spec()
        if spec is not None:
            returns = spec["methods"][call.method]["returns"]
            self.violations += [f"the fake itself: {fault}" for fault in type_faults(call.method, result, returns)]
        return ok(result)

    def _too_fast(self, call: Call) -> int:
        """30 a second in all, 20 a minute in a group; a private chat bears a short burst."""
        if not call.method.startswith("send") or call.method == "sendChatAction":
            return 0
        done = [c for c in self.calls if c.method.startswith("send") and c.status == 200 and c is not call]
        if sum(call.at - c.at < 1 for c in done) >= 30:
            return 1
        here = [c for c in done if c.values.get("chat_id") == call.values.get("chat_id") and call.at - c.at < 60]
        if isinstance(call.values.get("chat_id"), int) and call.values["chat_id"] < 0:
            return 3 if len(here) >= 20 else 0
        return 1 if sum(call.at - c.at < 3 for c in here) >= 6 else 0

    async def _get_updates(self, call: Call) -> web.Response:
        if self.methods.webhook:
            return self._refuse(call, 409, "Conflict: can't use getUpdates method while webhook is active")
        self._poll += 1
        mine = self._poll
        self._changed.set()
        offset = call.values.get("offset", 0)
        if offset < 0:
            self._updates = deque(list(self._updates)[offset:])
        while offset > 0 and self._updates and self._updates[0]["update_id"] < offset:
            self._handed.discard(self._updates.popleft()["update_id"])
        self._allowed = call.values.get("allowed_updates", self._allowed)
        end = asyncio.get_running_loop().time() + min(call.values.get("timeout", 0), _LONGEST_POLL)
        while not (found := self._wanted(call.values.get("limit", 100))):
            left = end - asyncio.get_running_loop().time()
            if left <= 0:
                break
            if mine != self._poll:
                return self._refuse(call, 409, "Conflict: terminated by other getUpdates request")
            self._changed.clear()
            try:
                async with asyncio.timeout(min(left, 0.5)):
                    await self._changed.wait()
            except TimeoutError:
                continue
        if mine != self._poll:
            return self._refuse(call, 409, "Conflict: terminated by other getUpdates request")
        self.redelivered += sum(update["update_id"] in self._handed for update in found)
        self._handed |= {update["update_id"] for update in found}
        return ok(found)

    def _wanted(self, limit: int) -> list[Json]:
        kept = [u for u in self._updates if not self._allowed or set(u) & set(self._allowed)]
        if len(kept) != len(self._updates):
            self._updates = deque(kept)
        return kept[:limit]
