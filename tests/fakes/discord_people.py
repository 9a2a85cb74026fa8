"""People in front of a fake Discord, and what they see."""

import asyncio
import itertools
from dataclasses import dataclass, field
from typing import Any, Protocol

from tests.patience import PATIENCE_SECONDS

APPLICATION = "1180000000000000001"
EPHEMERAL = 64


class Interacts(Protocol):
    """What a person needs of the platform."""

    commands: list[dict[str, Any]]

    async def interact(
        self,
        person: "Person",
        kind: int,
        data: dict[str, Any],
        *,
        dm: bool,
        pressed: "Shown | None" = None,
        channel: str = "",
    ) -> "Exchange":
        """Sends an interaction to the bot."""


@dataclass(frozen=True)
class Control:
    """A button, or one choice of a menu (then with its `value`)."""

    custom_id: str
    label: str
    value: str | None = None

    @property
    def press(self) -> str:
        """The line that the bot packed into it."""
        return (self.value or self.custom_id).split(":", 2)[2]

    @property
    def asks(self) -> bool:
        """Whether a form is expected to open."""
        return (self.value or self.custom_id)[0].isupper()


@dataclass
class Shown:
    """A message as people see it."""

    message_id: str
    channel_id: str
    ephemeral: bool
    loading: bool = False
    deleted: bool = False
    payload: dict[str, Any] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    edits: int = 0

    @property
    def buttons(self) -> list[dict[str, Any]]:
        return [part for part in self._parts if part["type"] == 2]

    @property
    def menus(self) -> list[dict[str, Any]]:
        return [part for part in self._parts if part["type"] == 3]

    @property
    def controls(self) -> list[Control]:
        """Everything that can be pressed or chosen."""
        chosen = [
            Control(menu["custom_id"], option["label"], option["value"])
            for menu in self.menus
            for option in menu["options"]
        ]
        return [Control(button["custom_id"], button["label"]) for button in self.buttons] + chosen

    def control(self, label: str) -> Control:
        """The first control with these words."""
        return next(control for control in self.controls if label in control.label)

    @property
    def _parts(self) -> list[dict[str, Any]]:
        return [part for row in self.payload.get("components") or [] for part in row["components"]]

    def button(self, label: str) -> str:
        """The custom_id of the first button with these words."""
        return next(button["custom_id"] for button in self.buttons if label in button["label"])

    @property
    def text(self) -> str:
        """Everything one can read."""
        parts = [self.payload.get("content") or ""]
        for embed in self.payload.get("embeds") or []:
            parts += [embed.get("title") or "", embed.get("description") or ""]
            parts += [text for row in embed.get("fields", []) for text in (row["name"], row["value"])]
            parts.append((embed.get("footer") or {}).get("text") or "")
        return "\n".join(part for part in parts if part)

    def write(self, payload: dict[str, Any], files: dict[str, bytes]) -> None:
        if "attachments" in payload:
            kept = {entry["filename"] for entry in payload["attachments"]}
            self.files = {name: data for name, data in self.files.items() if name in kept and name not in files}
        self.files |= files
        self.payload |= payload
        self.loading = False

    def told(self) -> dict[str, Any]:
        """As the API tells of it."""
        attachments = [
            {"id": str(n + 1), "filename": name, "size": len(data), "url": f"https://cdn.test/{name}", "proxy_url": ""}
            for n, (name, data) in enumerate(self.files.items())
        ]
        return {
            "id": self.message_id,
            "channel_id": self.channel_id,
            "author": BOT,
            "content": self.payload.get("content") or "",
            "timestamp": "2026-01-01T00:00:00+00:00",
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "attachments": attachments,
            "embeds": self.payload.get("embeds") or [],
            "components": _numbered(self.payload.get("components") or []),
            "pinned": False,
            "type": 0,
            "flags": EPHEMERAL if self.ephemeral else 0,
        }


def _numbered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    count = itertools.count(1)
    return [
        {**row, "id": next(count), "components": [{**part, "id": next(count)} for part in row["components"]]}
        for row in rows
    ]


BOT = {
    "id": APPLICATION,
    "username": "paperdesk",
    "discriminator": "0",
    "global_name": None,
    "avatar": None,
    "bot": True,
    "flags": 0,
}


@dataclass
class Exchange:
    """One interaction, from the tap to the answer."""

    interaction_id: str
    token: str
    kind: int
    asked_at: float
    channel_id: str
    pressed: Shown | None = None
    response: int | None = None
    acknowledged_in: float = -1.0
    original: Shown | None = None
    messages: list[Shown] = field(default_factory=list)
    choices: list[dict[str, Any]] | None = None
    form: dict[str, Any] | None = None
    token_valid: bool = True
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def answer(self) -> Shown:
        """The first message with something in it."""
        return self.shown()[0]

    def shown(self) -> list[Shown]:
        return [message for message in self.messages if not message.loading and not message.deleted]

    async def answered(self, seconds: float = PATIENCE_SECONDS) -> "Exchange":
        async with asyncio.timeout(seconds):
            while not self._done():
                self.changed.clear()
                await self.changed.wait()
        return self

    def _done(self) -> bool:
        return self.choices is not None or self.form is not None or bool(self.shown())


class Person:
    """Someone in front of a Discord client."""

    def __init__(self, discord: Interacts, user_id: int, locale: str, *, manager: bool = False) -> None:
        self.manager = manager
        self.discord = discord
        self.user_id = str(user_id)
        self.locale = locale
        self.dm_channel = str(user_id + 1)

    @property
    def told(self) -> dict[str, Any]:
        name = f"user{self.user_id[-3:]}"
        return {"id": self.user_id, "username": name, "discriminator": "0", "global_name": name, "avatar": None}

    async def slash(self, name: str, *, dm: bool = False, channel: str = "", **options: str) -> Exchange:
        """Types a command as the client would let them."""
        return await self.discord.interact(self, 2, self._command(name, options), dm=dm, channel=channel)

    async def type(self, name: str, focused: str, *, dm: bool = False, **options: str) -> list[dict[str, Any]]:
        """Types into an option and gets its choices."""
        data = self._command(name, options, focused)
        exchange = await (await self.discord.interact(self, 4, data, dm=dm)).answered()
        return exchange.choices or []

    async def press(self, message: Shown, custom_id: str) -> Exchange:
        """Presses a button of a message they see."""
        assert custom_id in [button["custom_id"] for button in message.buttons]
        data = {"custom_id": custom_id, "component_type": 2, "id": 2}
        return await self._touch(message, 3, data)

    async def choose(self, message: Shown, custom_id: str, value: str) -> Exchange:
        """Chooses of a menu."""
        assert value in [option["value"] for menu in message.menus for option in menu["options"]]
        data = {"custom_id": custom_id, "component_type": 3, "id": 2, "values": [value]}
        return await self._touch(message, 3, data)

    async def use(self, message: Shown, control: Control) -> Exchange:
        """Presses or chooses."""
        if control.value is None:
            return await self.press(message, control.custom_id)
        return await self.choose(message, control.custom_id, control.value)

    async def submit(self, asked: Exchange, text: str) -> Exchange:
        """Fills in and sends the form that a press opened."""
        assert asked.form is not None
        (row,) = asked.form["components"]
        field = row["component"]
        assert len(text) <= field.get("max_length", 4000)
        value = {"type": 4, "id": 2, "custom_id": field["custom_id"], "value": text}
        data = {
            "custom_id": asked.form["custom_id"],
            "components": [{"type": 18, "id": 1, "component": value}],
        }
        return await self._touch(asked.pressed, 5, data, asked.channel_id)

    async def _touch(self, message: Shown | None, kind: int, data: dict[str, Any], channel_id: str = "") -> Exchange:
        channel = message.channel_id if message is not None else channel_id
        dm = channel == self.dm_channel
        return await self.discord.interact(self, kind, data, dm=dm, pressed=message, channel="" if dm else channel)

    def _command(self, name: str, options: dict[str, str], focused: str = "") -> dict[str, Any]:
        command = next(entry for entry in self.discord.commands if entry["name"] == name)
        known = {option["name"]: option for option in command["options"]}
        assert set(options) <= set(known), f"/{name} has no {set(options) - set(known)}"
        missing = {key for key, option in known.items() if option.get("required")} - set(options)
        assert focused or not missing, f"/{name} needs {missing}"
        given = [
            {"name": key, "type": 3, "value": value} | ({"focused": True} if key == focused else {})
            for key, value in options.items()
        ]
        return {"id": command["id"], "name": name, "type": 1, "options": given}
