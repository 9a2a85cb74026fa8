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

By hand: `python -m tests.fakes.telegram [PORT]`, then start the desk with the settings that it prints and type lines.
"""

import asyncio
import json
import sys
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.fakes.telegram_spec import Upload, decode_call, limit_faults, type_faults

TOKEN = "123456789:AAfakeFakeFAKEfakeFAKEfakeFAKEfakeFA"
BOT = {"id": 123456789, "is_bot": True, "first_name": "Paperdesk", "username": "paperdesk_bot"}
PNG_SIDE = 800
_LONGEST_POLL = 50
_WAIT = 10.0

Json = dict[str, Any]


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


@dataclass
class Call:
    """One call as it came, decoded."""

    method: str
    values: Json
    at: float
    status: int = 200


@dataclass(eq=False)
class Chat:
    """A private chat, a group, or a forum; `privacy` is the bot's privacy mode there."""

    body: Json
    opened: bool = True
    blocked: bool = False
    privacy: bool = True
    messages: dict[int, Json] = field(default_factory=dict)
    moved_to: int = 0

    @property
    def chat_id(self) -> int:
        return int(self.body["id"])

    @property
    def sent(self) -> list[Json]:
        """What the bot has here now, in order, edits applied."""
        return [message for message in self.messages.values() if message["from"]["id"] == BOT["id"]]


@dataclass(eq=False)
class Member:
    """Someone who uses Telegram."""

    fake: "FakeTelegram"
    body: Json
    chat: Chat

    @property
    def user_id(self) -> int:
        return int(self.body["id"])

    def write(
        self, text: str, *, chat: Chat | None = None, topic: int | None = None, reply_to: Json | None = None
    ) -> Json:
        """Sends a text; in a group with privacy mode the bot sees only commands and replies to itself."""
        where = chat or self.chat
        where.opened, where.blocked = True, where.blocked and where is not self.chat
        message = self.fake.make_message(where, self.body, topic=topic, reply_to=reply_to)
        message["text"] = text
        if text.startswith("/"):
            length = len(text.split(maxsplit=1)[0].encode("utf-16-le")) // 2
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        self._deliver(where, message)
        return message

    def send(self, content: Json, *, chat: Chat | None = None) -> Json:
        """Sends another kind of message, such as {"photo": [...]} or {"sticker": {...}}."""
        where = chat or self.chat
        where.opened = True
        message = self.fake.make_message(where, self.body) | content
        self._deliver(where, message)
        return message

    def edit(self, message: Json, text: str) -> None:
        """Edits one of their own messages."""
        message["text"] = text
        self.fake.push_update({"edited_message": dict(message, edit_date=self.fake.now())})

    def press(self, message: Json, label: str = "", *, data: str | None = None) -> str:
        """Presses the button whose label begins so, or sends forged `data`; the query's id comes back."""
        chat = self.fake.chats[message["chat"]["id"]]
        current = chat.messages[message["message_id"]]
        if data is None:
            keys = [key for row in current["reply_markup"]["inline_keyboard"] for key in row]
            data = next(
                key["callback_data"] for key in keys if key["text"].startswith(label) and "callback_data" in key
            )
        query = self.fake.next_id()
        body = {"id": f"q{query}", "from": self.body, "message": current, "chat_instance": "1", "data": data}
        self.fake.push_update({"callback_query": body})
        return f"q{query}"

    def inline(self, query: str) -> str:
        """Types `@paperdesk_bot query` somewhere."""
        query_id = f"i{self.fake.next_id()}"
        self.fake.push_update({"inline_query": {"id": query_id, "from": self.body, "query": query, "offset": ""}})
        return query_id

    def block(self) -> None:
        """Blocks the bot."""
        self.chat.blocked = True

    def _deliver(self, chat: Chat, message: Json) -> None:
        replied = message.get("reply_to_message", {})
        addressed = message.get("text", "").startswith("/") or replied.get("from", {}).get("id") == BOT["id"]
        named = message.get("text", "").split()[:1]
        other = named and "@" in named[0] and not named[0].endswith("@" + str(BOT["username"]))
        if chat is self.chat or not chat.privacy or (addressed and not other):
            self.fake.push_update({"message": message})


class FakeTelegram:
    """`calls` is everything that came, `violations` what was wrong with it; `clock` gives unix seconds."""

    def __init__(self, token: str = TOKEN, *, port: int = 0, clock: Callable[[], float] | None = None) -> None:
        self.token = token
        self.calls: list[Call] = []
        self.violations: list[str] = []
        self.chats: dict[int, Chat] = {}
        self.commands: dict[str, list[Json]] = {}
        self.webhook = ""
        self.strict_rates = False
        self.redelivered = 0
        self.silent: set[int] = set()
        self._port = port
        self._clock = clock
        self._ids = 1000
        self._updates: deque[Json] = deque()
        self._handed: set[int] = set()
        self._allowed: list[str] = []
        self._mishaps: list[Mishap] = []
        self._changed = asyncio.Event()
        self._poll = 0
        self._sent: asyncio.Queue[Json] = asyncio.Queue()

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
            return await self._sent.get()

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
        """Updates not yet confirmed."""
        return len(self._updates)

    # -- the misfortunes -------------------------------------------------------------------------

    def fail(self, method: str, *, status: int, times: int = 1, retry_after: int = 0) -> None:
        """Refuses the next calls."""
        self._mishaps.append(Mishap(method, times, status, retry_after))

    def refuse(self, method: str, why: str, *, times: int = 1) -> None:
        """Answers 400 in Telegram's words."""
        self._mishaps.append(Mishap(method, times, 400, why=why))

    def lose(self, method: str, *, after: bool, times: int = 1, hang_seconds: float = 0.0) -> None:
        """Drops the connection before or after the effect; `hang_seconds` keeps it silent for so long first."""
        self._mishaps.append(Mishap(method, times, after=after, hang_seconds=hang_seconds))

    def again(self, update: Json) -> None:
        """The same update under a new id, as happens."""
        self.push_update({name: value for name, value in update.items() if name != "update_id"})

    # -- for the people --------------------------------------------------------------------------

    def next_id(self) -> int:
        self._ids += 1
        return self._ids

    def now(self) -> int:
        import time  # noqa: PLC0415

        return int(self._clock() if self._clock else time.time())

    def make_message(self, chat: Chat, sender: Json, *, topic: int | None = None, reply_to: Json | None = None) -> Json:
        message: Json = {"message_id": self.next_id(), "date": self.now(), "chat": chat.body, "from": sender}
        if topic is not None:
            message |= {"message_thread_id": topic, "is_topic_message": True}
        if reply_to is not None:
            message["reply_to_message"] = {key: value for key, value in reply_to.items() if key != "reply_to_message"}
        chat.messages[message["message_id"]] = message
        return message

    def push_update(self, body: Json) -> Json:
        """Queues an update for getUpdates."""
        update = json.loads(json.dumps({"update_id": self.next_id(), **body}))
        if _spec_at_hand():
            self.violations += [f"the fake itself: {fault}" for fault in type_faults("Update", update, ["Update"])]
        self._updates.append(update)
        self._changed.set()
        return dict(update)

    # -- the server ------------------------------------------------------------------------------

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != self.token:
            return _error(401, "Unauthorized")
        method = request.match_info["method"]
        form, files = await _form(request)
        values, faults = decode_call(method, form)
        faults += limit_faults(method, values, files) if not faults else []
        self.violations += faults
        call = Call(method, values, asyncio.get_running_loop().time())
        self.calls.append(call)
        mishap = self._mishap(method)
        if mishap and mishap.status:
            return self._refuse(call, mishap.status, mishap.why, mishap.retry_after)
        if mishap and not mishap.after:
            return await self._vanish(request, mishap)
        answer = _error(400, "Bad Request: " + faults[0]) if faults else await self._answer(call, request)
        self._changed.set()
        if mishap:
            return await self._vanish(request, mishap)
        return answer

    def _mishap(self, method: str) -> Mishap | None:
        for mishap in self._mishaps:
            if mishap.times > 0 and mishap.method in (method, "*"):
                mishap.times -= 1
                return mishap
        return None

    async def _vanish(self, request: web.Request, mishap: Mishap) -> web.StreamResponse:
        await asyncio.sleep(mishap.hang_seconds)
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    def _refuse(self, call: Call, status: int, why: str, retry_after: int = 0) -> web.Response:
        call.status = status
        return _error(status, why, {"retry_after": retry_after} if retry_after else None)

    async def _answer(self, call: Call, request: web.Request) -> web.Response:
        if call.method == "getUpdates":
            return await self._get_updates(call, request)
        handler = getattr(self, f"_on_{call.method}", None)
        if handler is None:
            return self._refuse(call, 404, f"{call.method} is not served by the fake")
        if self.strict_rates and (wait := self._too_fast(call)):
            return self._refuse(call, 429, f"Too Many Requests: retry after {wait}", wait)
        try:
            return _ok(handler(call.values))
        except Refusal as refusal:
            call.status = refusal.status
            return _error(refusal.status, refusal.why, refusal.parameters)

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

    async def _get_updates(self, call: Call, request: web.Request) -> web.Response:
        if self.webhook:
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
        return _ok(found)

    def _wanted(self, limit: int) -> list[Json]:
        kept = [u for u in self._updates if not self._allowed or set(u) & set(self._allowed)]
        if len(kept) != len(self._updates):
            self._updates = deque(kept)
        return kept[:limit]

    # -- methods ---------------------------------------------------------------------------------

    def _on_getMe(self, _: Json) -> Json:  # noqa: N802
        return BOT | {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": True}

    def _on_deleteWebhook(self, _: Json) -> bool:  # noqa: N802
        self.webhook = ""
        return True

    def _on_setWebhook(self, values: Json) -> bool:  # noqa: N802
        self.webhook = values["url"]
        return True

    def _on_setMyCommands(self, values: Json) -> bool:  # noqa: N802
        self.commands[_scope(values)] = values["commands"]
        return True

    def _on_getMyCommands(self, values: Json) -> list[Json]:  # noqa: N802
        return self.commands.get(_scope(values), [])

    def _on_answerCallbackQuery(self, _: Json) -> bool:  # noqa: N802
        return True

    def _on_answerInlineQuery(self, _: Json) -> bool:  # noqa: N802
        return True

    def _on_sendChatAction(self, values: Json) -> bool:  # noqa: N802
        self._open_chat(values)
        return True

    def _on_sendMessage(self, values: Json) -> Json:  # noqa: N802
        return self._sent_here(values, {"text": values["text"]} | _given(values, "entities"))

    def _on_sendPhoto(self, values: Json) -> Json:  # noqa: N802
        return self._sent_here(values, _photo(values["photo"]) | _given(values, "caption", "caption_entities"))

    def _on_sendDocument(self, values: Json) -> Json:  # noqa: N802
        document = {"file_id": f"f{self.next_id()}", "file_unique_id": "u", "file_size": len(values["document"])}
        return self._sent_here(values, {"document": document} | _given(values, "caption", "caption_entities"))

    def _on_sendMediaGroup(self, values: Json) -> list[Json]:  # noqa: N802
        group = {"media_group_id": str(self.next_id())}
        return [
            self._sent_here(values, _photo(Upload()) | group | _given(item, "caption", "caption_entities"))
            for item in values["media"]
        ]

    def _on_editMessageText(self, values: Json) -> Json:  # noqa: N802
        message = self._own(values)
        if "text" not in message:
            raise Refusal(400, "Bad Request: there is no text in the message to edit")
        changed = {"text": values["text"]} | _given(values, "entities", "reply_markup")
        return self._edited(message, changed, ("entities", "reply_markup"))

    def _on_editMessageMedia(self, values: Json) -> Json:  # noqa: N802
        media = values["media"]
        changed = _photo(Upload()) | _given(media, "caption", "caption_entities") | _given(values, "reply_markup")
        return self._edited(self._own(values), changed, ("caption", "caption_entities", "reply_markup", "text"))

    def _on_editMessageReplyMarkup(self, values: Json) -> Json:  # noqa: N802
        return self._edited(self._own(values), _given(values, "reply_markup"), ("reply_markup",))

    def _own(self, values: Json) -> Json:
        chat = self._open_chat(values)
        message = chat.messages.get(values["message_id"])
        if message is None:
            raise Refusal(400, "Bad Request: message to edit not found")
        if message["from"]["id"] != BOT["id"]:
            raise Refusal(400, "Bad Request: message can't be edited")
        return message

    def _edited(self, message: Json, changed: Json, dropped: tuple[str, ...]) -> Json:
        anew = {key: value for key, value in message.items() if key not in dropped} | changed
        if {k: v for k, v in anew.items() if k != "edit_date"} == {
            k: v for k, v in message.items() if k != "edit_date"
        }:
            raise Refusal(400, "Bad Request: message is not modified: specified new message content is the same")
        anew["edit_date"] = self.now()
        message.clear()
        message.update(anew)
        self._sent.put_nowait(message)
        return message

    def _open_chat(self, values: Json) -> Chat:
        chat = self.chats.get(values["chat_id"])
        if chat is None:
            raise Refusal(400, "Bad Request: chat not found")
        if chat.moved_to:
            moved = {"migrate_to_chat_id": chat.moved_to}
            raise Refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", moved)
        if not chat.opened:
            raise Refusal(403, "Forbidden: bot can't initiate conversation with a user")
        if chat.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        return chat

    def _sent_here(self, values: Json, content: Json) -> Json:
        chat = self._open_chat(values)
        replied = values.get("reply_parameters", {})
        target = chat.messages.get(replied.get("message_id"))
        if replied and target is None and not replied.get("allow_sending_without_reply"):
            raise Refusal(400, "Bad Request: message to be replied not found")
        if values.get("message_thread_id") and not chat.body.get("is_forum"):
            raise Refusal(400, "Bad Request: message thread not found")
        message = self.make_message(chat, dict(BOT), topic=values.get("message_thread_id"), reply_to=target)
        message.update(content)
        message |= {k: v for k, v in _given(values, "reply_markup").items() if "inline_keyboard" in v}
        if values.get("disable_notification"):
            self.silent.add(message["message_id"])
        self._sent.put_nowait(message)
        return message


class Refusal(Exception):
    """What the API answers instead."""

    def __init__(self, status: int, why: str, parameters: Json | None = None) -> None:
        super().__init__(why)
        self.status, self.why, self.parameters = status, why, parameters


def _spec_at_hand() -> bool:
    from tests.fakes.telegram_spec import load_spec  # noqa: PLC0415

    return load_spec() is not None


def _scope(values: Json) -> str:
    return f"{values.get('scope', {}).get('type', 'default')}/{values.get('language_code', '')}"


def _given(values: Json, *names: str) -> Json:
    return {name: values[name] for name in names if name in values}


def _photo(upload: Any) -> Json:
    size = len(upload) if isinstance(upload, bytes) else 0
    sides = {"width": PNG_SIDE, "height": PNG_SIDE}
    return {"photo": [{"file_id": "f", "file_unique_id": "u", **sides, "file_size": size}]}


def _ok(result: Any) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def _error(status: int, why: str, parameters: Json | None = None) -> web.Response:
    body: Json = {"ok": False, "error_code": status, "description": why}
    return web.json_response(body | ({"parameters": parameters} if parameters else {}), status=status)


async def _form(request: web.Request) -> tuple[Json, dict[str, Upload]]:
    if request.content_type == "application/json":
        return dict(await request.json()), {}
    posted = await request.post()
    form: Json = dict(request.query)
    files: dict[str, Upload] = {}
    for name, value in posted.items():
        if isinstance(value, web.FileField):
            files[name] = Upload(value.file.read())
            form[name] = files[name]
        elif isinstance(value, str):
            form[name] = value
    for name, value in form.items():  # a file may also be named by its parameter
        if isinstance(value, str) and value.startswith("attach://") and value.removeprefix("attach://") in files:
            form[name] = files[value.removeprefix("attach://")]
    return form, files


async def serve_by_hand(port: int) -> None:
    """Lines typed here are written to the bot; `!Label` presses a button of its last message."""
    async with FakeTelegram(port=port) as fake:
        sys.stdout.write(f"PAPERDESK_TELEGRAM__TOKEN={fake.token} PAPERDESK_TELEGRAM__API_URL={fake.url}\n")
        ann = fake.person()

        async def show() -> None:
            while True:
                message = await fake.message(float("inf"))
                keys = [
                    key["text"] for row in message.get("reply_markup", {}).get("inline_keyboard", []) for key in row
                ]
                sys.stdout.write(f"{message.get('text') or message.get('caption')}\n{keys}\n")
                sys.stdout.flush()

        showing = asyncio.create_task(show())
        while line := await asyncio.to_thread(sys.stdin.readline):
            if line.startswith("!") and ann.chat.sent:
                ann.press(ann.chat.sent[-1], line[1:].strip())
            elif line.strip():
                ann.write(line.strip())
        showing.cancel()
        sys.stdout.write(f"violations: {fake.violations}\n")


if __name__ == "__main__":
    asyncio.run(serve_by_hand(int(sys.argv[1]) if len(sys.argv) > 1 else 0))
