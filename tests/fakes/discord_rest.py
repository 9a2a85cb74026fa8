"""REST API of the fake Discord, which objects to every call the specification does not allow."""

import asyncio
import itertools
import json
import re
import time
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.fakes.discord_people import APPLICATION, BOT, EPHEMERAL, Exchange, Shown
from tests.fakes.discord_spec import command_faults, form_faults, message_faults, request_faults

TOKEN = "MTE4.canary-bot-token.do-not-log-me"
ALL_PERMISSIONS, MANAGING = (1 << 50) - 1, (1 << 3) | (1 << 5)
GUILD_CHANNEL, GUILD = "1180000000000000500", "1180000000000000400"
ids = itertools.count(1_200_000_000_000_000_000)


@dataclass
class Trouble:
    """Answers `status` to the next `times` calls that match, after the first `skip`; with `after` the call has its
    effect all the same."""

    method: str
    path: str
    status: int
    body: Any
    times: int = 1
    after: bool = False
    hang: float = 0.0
    cut: bool = False
    skip: int = 0


class DiscordRest:
    """REST API of the fake: its answers to each call, and the messages and commands that they leave."""

    def __init__(self) -> None:
        self.violations: list[str] = []
        self.calls: list[tuple[str, str, dict[str, Any]]] = []
        self.commands: list[dict[str, Any]] = []
        self.syncs = 0
        self.exchanges: dict[str, Exchange] = {}
        self.messages: dict[str, Shown] = {}
        self.nonces: dict[tuple[str, str], Shown] = {}
        self.troubles: list[Trouble] = []
        self.limits: dict[str, dict[str, str]] = {}
        self.channels: set[str] = {GUILD_CHANNEL}
        self.muted: set[str] = set()
        self.bare: set[str] = set()
        self.wordless: set[str] = set()
        self.threads: dict[str, str] = {}
        self.deadline = 3.0
        self.remaining_sessions = 1000
        self.shards = 1
        self.gateway_url = ""

    def trouble(self, method: str, path: str, status: int, code: int = 0, **more: Any) -> None:
        """The next calls whose path matches go wrong; see `Trouble`."""
        body = more.pop("body", {"message": "trouble", "code": code})
        self.troubles.append(Trouble(method, path, status, body, **more))

    def limit(self, path: str, limit: int, remaining: int, reset_after: float) -> None:
        """What answers to calls whose path matches say of their bucket from now on."""
        told = {"Limit": limit, "Remaining": remaining, "Reset-After": reset_after, "Reset": time.time() + reset_after}
        self.limits[path] = {f"X-RateLimit-{name}": str(value) for name, value in told.items()}

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        payload, files = await self._body(request)
        seen = payload if isinstance(payload, dict) else {}
        self.calls.append((request.method, path, seen))
        query = dict(request.query)
        self.violations += request_faults(request.method, path, query, payload)
        trouble = next((t for t in self.troubles if t.method == request.method and re.search(t.path, path)), None)
        if trouble is not None and trouble.skip:
            trouble.skip -= 1
            trouble = None
        if trouble is not None:
            trouble.times -= 1
            if trouble.times <= 0:
                self.troubles.remove(trouble)
            if not trouble.after:
                return await self._go_wrong(request, trouble)
        status, body = self._answer(request, path, payload, files)
        if trouble is not None:
            return await self._go_wrong(request, trouble)
        return _json(status, body, next((told for part, told in self.limits.items() if re.search(part, path)), None))

    async def _go_wrong(self, request: web.Request, trouble: Trouble) -> web.StreamResponse:
        if trouble.hang:
            await asyncio.sleep(trouble.hang)
        if trouble.cut:
            assert request.transport is not None
            request.transport.abort()
        headers = {"Via": "1.1 google"} if trouble.status == 429 else {}
        if isinstance(trouble.body, str):  # a proxy's page, or its JSON as it is written
            kind = "application/json" if trouble.body.startswith("[") else "text/html"
            return web.Response(status=trouble.status, body=trouble.body.encode(), content_type=kind, headers=headers)
        return _json(trouble.status, trouble.body, headers)

    async def _body(self, request: web.Request) -> tuple[Any, dict[str, bytes]]:
        if request.content_type == "multipart/form-data":
            form = await request.post()
            payload = json.loads(str(form["payload_json"]))
            files = {}
            for name, part in form.items():
                if isinstance(part, web.FileField):
                    if not re.fullmatch(r"files\[\d\]", name):
                        self.violations.append(f"a file called {name}")
                    with part.file as file:
                        files[part.filename] = file.read()
            return payload, files
        raw = await request.read()
        if not raw:
            return None, {}
        if request.content_type != "application/json":
            self.violations.append(f"content type {request.content_type}")
        return json.loads(raw), {}

    def _answer(  # noqa: C901, PLR0911 - the table of the routes
        self, request: web.Request, path: str, payload: Any, files: dict[str, bytes]
    ) -> tuple[int, Any]:
        parts = path.strip("/").split("/")
        match request.method, parts:
            case "POST", ["interactions", number, token, "callback"]:
                return self._callback(number, token, payload, files)
            case _, ["webhooks", _, token, *rest]:
                return self._webhook(request.method, token, rest, payload, files)
        if request.headers.get("Authorization") != f"Bot {TOKEN}":
            return 401, {"message": "401: Unauthorized", "code": 0}
        match request.method, parts:
            case "GET", ["users", "@me"]:
                return 200, BOT
            case "GET", ["oauth2", "applications", "@me"]:
                return 200, _application()
            case "GET", ["gateway", "bot"]:
                limit = {
                    "total": 1000,
                    "remaining": self.remaining_sessions,
                    "reset_after": 100,
                    "max_concurrency": 1,
                }
                return 200, {"url": self.gateway_url, "shards": self.shards, "session_start_limit": limit}
            case "PUT", ["applications", _, "commands"]:
                return self._set_commands(payload)
            case "POST", ["users", "@me", "channels"]:
                return self._open_dm(payload)
            case "GET", ["channels", channel] if channel in self.channels:
                return 200, self._channel(channel)
            case "PATCH", ["channels", channel] if channel in self.threads:
                return self._wake(channel, payload)
            case "POST", ["channels", channel, "messages"]:
                return self._post(channel, payload, files)
            case "PATCH", ["channels", channel, "messages", message]:
                return self._edit_post(channel, message, payload, files)
        self.violations.append(f"the fake knows no {request.method} {path}")
        return 404, {"message": "404: Not Found", "code": 0}

    def _set_commands(self, payload: list[dict[str, Any]]) -> tuple[int, Any]:
        self.syncs += 1
        self.violations += command_faults(payload)
        self.commands = [
            {**entry, "id": str(next(ids)), "application_id": APPLICATION, "version": "1"} for entry in payload
        ]
        return 200, self.commands

    def _open_dm(self, payload: dict[str, Any]) -> tuple[int, Any]:
        user_id = int(payload["recipient_id"])
        channel = str(user_id + 1)
        user = {"id": str(user_id), "username": "user", "discriminator": "0", "global_name": "user", "avatar": None}
        return 200, {"id": channel, "type": 1, "recipients": [user], "last_message_id": None}

    def _post(self, channel: str, payload: dict[str, Any], files: dict[str, bytes]) -> tuple[int, Any]:
        if refusal := self._refusal(channel, files, payload.get("content") or ""):
            return refusal
        self.violations += message_faults(payload, files, edit=False)
        key = (channel, payload.get("nonce", ""))
        if payload.get("nonce") and payload.get("enforce_nonce") and key in self.nonces:
            return 200, self.nonces[key].told()
        shown = self._new(channel, ephemeral=False)
        shown.write(payload, files)
        if payload.get("nonce"):
            self.nonces[key] = shown
        return 200, shown.told()

    def _edit_post(
        self, channel: str, message: str, payload: dict[str, Any], files: dict[str, bytes]
    ) -> tuple[int, Any]:
        shown = self.messages.get(message)
        if shown is None or shown.deleted:
            return 404, {"message": "Unknown Message", "code": 10008}
        if refusal := self._refusal(channel, files):
            return refusal
        self.violations += message_faults(payload, files, edit=True)
        shown.write(payload, files)
        shown.edits += 1
        return 200, shown.told()

    def _wake(self, channel: str, payload: dict[str, Any]) -> tuple[int, Any]:
        if self.threads[channel] == "locked":
            return 403, {"message": "Missing Permissions", "code": 50013}
        self.threads[channel] = "archived" if payload.get("archived") else "open"
        return 200, self._channel(channel)

    def _channel(self, channel: str) -> dict[str, Any]:
        if channel not in self.threads:
            return {"id": channel, "type": 0, "name": "desk", "guild_id": GUILD, "position": 0}
        state = {
            "archived": self.threads[channel] != "open",
            "locked": self.threads[channel] == "locked",
            "auto_archive_duration": 1440,
            "archive_timestamp": "2026-01-01T00:00:00+00:00",
        }
        more = {"owner_id": "1", "parent_id": GUILD_CHANNEL, "message_count": 1, "member_count": 1}
        return {"id": channel, "type": 11, "name": "t", "guild_id": GUILD, "thread_metadata": state, **more}

    def _refusal(self, channel: str, files: dict[str, bytes], text: str = "x") -> tuple[int, Any] | None:
        if channel not in self.channels:
            return 404, {"message": "Unknown Channel", "code": 10003}
        match self.threads.get(channel):
            case "archived":
                self.threads[channel] = "open"
            case "stuck":
                return 400, {"message": "Thread is archived", "code": 50083}
            case "locked":
                return 403, {"message": "Thread is locked", "code": 160005}
        if channel in self.wordless and not text:
            return 400, {"message": "Cannot send an empty message", "code": 50006}
        if channel in self.muted or (files and channel in self.bare):
            return 403, {"message": "Missing Permissions", "code": 50013}
        return None

    def _new(self, channel: str, *, ephemeral: bool) -> Shown:
        shown = Shown(str(next(ids)), channel, ephemeral)
        self.messages[shown.message_id] = shown
        return shown

    # -- interactions --------------------------------------------------------------------------

    def _callback(self, number: str, token: str, payload: Any, files: dict[str, bytes]) -> tuple[int, Any]:
        exchange = self.exchanges.get(token)
        if exchange is None or exchange.interaction_id != number:
            return 404, {"message": "Unknown interaction", "code": 10062}
        if exchange.response is not None:
            return 400, {"message": "Interaction has already been acknowledged.", "code": 40060}
        waited = asyncio.get_running_loop().time() - exchange.asked_at
        if waited > self.deadline or not exchange.token_valid:
            return 404, {"message": "Unknown interaction", "code": 10062}
        exchange.response, exchange.acknowledged_in = payload["type"], waited
        data = payload.get("data") or {}
        ephemeral = bool(data.get("flags", 0) & EPHEMERAL)
        match exchange.kind, payload["type"]:
            case ((2 | 3 | 5), 4):
                self.violations += message_faults(data, files, edit=False)
                self._tell(exchange, ephemeral=ephemeral).write(data, files)
            case ((2 | 3 | 5), 5):
                self._tell(exchange, ephemeral=ephemeral).loading = True
            case ((3 | 5), 6) if exchange.pressed is not None:
                exchange.original = exchange.pressed
            case ((2 | 3), 9):
                self.violations += form_faults(data)
                exchange.form = data
            case 4, 8:
                self._choose(exchange, data["choices"])
            case kind, answer:
                self.violations.append(f"answer {answer} to an interaction of kind {kind}")
        exchange.changed.set()
        return 200, {"interaction": {"id": number, "type": exchange.kind}}

    def _choose(self, exchange: Exchange, choices: list[dict[str, Any]]) -> None:
        if len(choices) > 25:
            self.violations.append(f"{len(choices)} choices")
        values = [choice["value"] for choice in choices]
        if len(set(values)) != len(values):
            self.violations.append(f"choices stand twice: {values}")
        exchange.choices = choices

    def _tell(self, exchange: Exchange, *, ephemeral: bool) -> Shown:
        shown = self._new(exchange.channel_id, ephemeral=ephemeral)
        exchange.original = exchange.original or shown
        exchange.messages.append(shown)
        return shown

    def _webhook(  # noqa: PLR0911 - one line for each refusal
        self, method: str, token: str, rest: list[str], payload: Any, files: dict[str, bytes]
    ) -> tuple[int, Any]:
        exchange = self.exchanges.get(token)
        if exchange is None or not exchange.token_valid:
            return 401, {"message": "Invalid Webhook Token", "code": 50027}
        if exchange.response is None and method != "GET":
            self.violations.append("a follow-up before the callback")
            return 404, {"message": "Unknown Webhook", "code": 10015}
        if files and exchange.channel_id in self.bare:
            return 403, {"message": "Missing Permissions", "code": 50013}
        if method == "POST":
            return self._follow_up(exchange, payload, files)
        shown = exchange.original if rest == ["messages", "@original"] else self.messages.get(rest[-1])
        if shown is None or shown.deleted:
            return 404, {"message": "Unknown Message", "code": 10008}
        if method == "GET":
            return 200, shown.told()
        if method == "DELETE":
            shown.deleted = True
            return 204, None
        self.violations += message_faults(payload, files, edit=True)
        shown.write(payload, files)
        shown.edits += 1
        if shown not in exchange.messages:
            exchange.messages.append(shown)
        exchange.changed.set()
        return 200, shown.told()

    def _follow_up(self, exchange: Exchange, payload: Any, files: dict[str, bytes]) -> tuple[int, Any]:
        original = exchange.original
        if original is not None and original.loading and not original.deleted:
            self.violations.append("a follow-up while the original still waits")
        self.violations += message_faults(payload, files, edit=False)
        shown = self._tell(exchange, ephemeral=bool(payload.get("flags", 0) & EPHEMERAL))
        shown.write(payload, files)
        exchange.changed.set()
        return 200, shown.told()


def _json(status: int, body: Any, headers: dict[str, str] | None = None) -> web.Response:
    """discord.py reads JSON only where the content type is exactly this, without a charset."""
    if body is None:
        return web.Response(status=status, headers=headers)
    return web.Response(status=status, body=json.dumps(body).encode(), content_type="application/json", headers=headers)


def _application() -> dict[str, Any]:
    return {
        "id": APPLICATION,
        "name": "paperdesk",
        "icon": None,
        "description": "",
        "summary": "",
        "type": None,
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "",
        "flags": 0,
        "owner": {"id": "1", "username": "owner", "discriminator": "0", "global_name": None, "avatar": None},
        "team": None,
    }
