"""The gateway of a fake Discord: greets, beats, resumes, and misbehaves when told to."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID_SESSION, HELLO, ACK = 0, 1, 2, 6, 7, 9, 10, 11


@dataclass
class Session:
    session_id: str
    events: list[dict[str, Any]] = field(default_factory=list)
    ws: web.WebSocketResponse | None = None
    valid: bool = True

    async def dispatch(self, name: str, data: Any) -> None:
        event = {"op": DISPATCH, "t": name, "s": len(self.events) + 1, "d": data}
        self.events.append(event)
        await self.send(event)

    async def send(self, frame: dict[str, Any]) -> None:
        """What cannot be sent now is sent when the session is resumed."""
        if self.ws is not None and not self.ws.closed:
            await self.ws.send_str(json.dumps(frame))


class Gateway:
    """`deaf` stops acknowledging heartbeats; `refuse_resume` answers op 9 to every RESUME. `garbled` are frames sent
    instead of READY, one for each greeting."""

    def __init__(self, token: str, user: dict[str, Any], application_id: str) -> None:
        self.token = token
        self.user = user
        self.application_id = application_id
        self.sessions: list[Session] = []
        self.identifies: list[dict[str, Any]] = []
        self.resumes: list[dict[str, Any]] = []
        self.heartbeat_ms = 600_000  # no beat from a client that a test has abandoned together with its event loop
        self.deaf = False
        self.refuse_resume = False
        self.garbled: list[str] = []
        self.close_after_hello: int | None = None
        self.ready = asyncio.Event()
        self.hold_ready: asyncio.Event | None = None
        self.url = ""

    @property
    def session(self) -> Session:
        return self.sessions[-1]

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        ws = web.WebSocketResponse()
        await ws.prepare(request)
        await ws.send_str(
            json.dumps({"op": HELLO, "d": {"heartbeat_interval": self.heartbeat_ms}, "s": None, "t": None})
        )
        if self.close_after_hello is not None:
            await ws.close(code=self.close_after_hello)
            return ws
        async for message in ws:
            if message.type is WSMsgType.TEXT:
                await self._take(ws, json.loads(message.data))
        return ws

    async def _take(self, ws: web.WebSocketResponse, frame: dict[str, Any]) -> None:
        match frame["op"]:
            case 1 if not self.deaf:
                await ws.send_str(json.dumps({"op": ACK, "d": None, "s": None, "t": None}))
            case 2:
                await self._identify(ws, frame["d"])
            case 6:
                await self._resume(ws, frame["d"])

    async def _identify(self, ws: web.WebSocketResponse, data: dict[str, Any]) -> None:
        self.identifies.append(data)
        if data["token"] != self.token:
            await ws.close(code=4004)
            return
        session = Session(f"session-{len(self.sessions) + 1}", ws=ws)
        self.sessions.append(session)
        if self.hold_ready is not None:
            self.ready.set()
            await self.hold_ready.wait()
        if self.garbled:
            await ws.send_str(self.garbled.pop(0))
            return
        await session.dispatch("READY", self.greeting(session, data))
        self.ready.set()

    def greeting(self, session: Session, data: dict[str, Any]) -> dict[str, Any]:
        """The payload of READY."""
        return {
            "v": 10,
            "user": self.user,
            "guilds": [],
            "session_id": session.session_id,
            "resume_gateway_url": self.url,
            "shard": data.get("shard", [0, 1]),
            "application": {"id": self.application_id, "flags": 0},
        }

    async def _resume(self, ws: web.WebSocketResponse, data: dict[str, Any]) -> None:
        self.resumes.append(data)
        session = next((one for one in self.sessions if one.session_id == data["session_id"] and one.valid), None)
        if session is None or self.refuse_resume:
            await ws.send_str(json.dumps({"op": INVALID_SESSION, "d": False, "s": None, "t": None}))
            return
        session.ws = ws
        for event in session.events[data["seq"] :]:
            await session.send(event)
        await session.dispatch("RESUMED", {})
        self.ready.set()

    # -- what a test does to it ----------------------------------------------------------------

    async def reconnect(self) -> None:
        """Op 7: please come again and resume."""
        self.ready.clear()
        await self.session.send({"op": RECONNECT, "d": None, "s": None, "t": None})

    async def invalidate(self, *, resumable: bool) -> None:
        """Op 9."""
        self.ready.clear()
        self.session.valid = resumable
        await self.session.send({"op": INVALID_SESSION, "d": resumable, "s": None, "t": None})

    async def drop(self, code: int = 1001) -> None:
        """The connection ends."""
        self.ready.clear()
        if self.session.ws is not None:
            await self.session.ws.close(code=code)

    async def close(self) -> None:
        for session in self.sessions:
            if session.ws is not None and not session.ws.closed:
                await session.ws.close(code=1001)
