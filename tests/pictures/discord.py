"""docs/images/discord.png: a channel on Discord, from the calls that a running desk made to the fake Discord.

    python -m tests.pictures.discord

The desk runs on simulated prices; the cards, fields, buttons and pictures are the payloads as they were sent. Needs
what `tests.pictures.page` needs.
"""

import asyncio
import base64
import copy
import html
import re
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.e2e.desk_process import start_paperdesk
from tests.fakes.discord import GUILD_CHANNEL, TOKEN, FakeDiscord
from tests.fakes.discord_people import Exchange, Person, Shown
from tests.pictures.page import shoot

PICTURE = Path(__file__).parents[2] / "docs" / "images" / "discord.png"
WIDTH = 940
SECONDS = 60
STYLE = (Path(__file__).parent / "discord.css").read_text(encoding="utf-8")

_BLOCK = re.compile(r"```\n(.*?)\n```", re.DOTALL)
_SMALL = re.compile(r"^-# (.*)$", re.MULTILINE)
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_ESCAPED = re.compile(r"\\([^\w\s])")


@dataclass(frozen=True)
class Post:
    """A message as it stood when it was recorded; `line` is what it answers, '' for what came unasked."""

    shown: Shown
    line: str
    at: float


class Recorder:
    """Talks to the desk and keeps what was said."""

    def __init__(self, fake: FakeDiscord, person: Person) -> None:
        self._fake = fake
        self._person = person

    async def say(self, name: str, **options: str) -> Post:
        """A slash command; what it was answered."""
        exchange = await (await self._person.slash(name, **options)).answered(SECONDS)
        return self._post(exchange, " ".join((f"/{name}", *(f"{key}:{value}" for key, value in options.items()))))

    async def press(self, post: Post, label: str) -> Post:
        """A button whose answer takes the place of the message."""
        live = self._fake.messages[post.shown.message_id]
        exchange = await (await self._person.use(live, live.control(label))).answered(SECONDS)
        return self._post(exchange, post.line)

    async def hear(self) -> Post:
        """The next message in the channel that nobody asked for."""
        async with asyncio.timeout(SECONDS):
            while True:
                asked = {id(shown) for exchange in self._fake.exchanges.values() for shown in exchange.messages}
                for shown in self._fake.messages.values():
                    if id(shown) not in asked and shown.files and shown.channel_id == GUILD_CHANNEL:
                        return Post(copy.deepcopy(shown), "", time.time())
                await asyncio.sleep(0.05)

    def _post(self, exchange: Exchange, line: str) -> Post:
        return Post(copy.deepcopy(exchange.answer), line, time.time())


async def record() -> list[list[Post]]:
    """A person's first minutes, in two columns."""
    with tempfile.TemporaryDirectory(prefix="paperdesk-picture-") as folder:
        await asyncio.to_thread(Path(folder).chmod, 0o755)
        async with FakeDiscord.open() as fake:
            urls = {"DISCORD__API_URL": fake.api_url, "DISCORD__GATEWAY_URL": fake.gateway_url}
            desk = await start_paperdesk(Path(folder), "serve", DISCORD__TOKEN=TOKEN, **urls)
            try:
                async with asyncio.timeout(SECONDS):
                    while not (fake.commands and fake.gateway.sessions):  # noqa: ASYNC110 - the fake has no event
                        await asyncio.sleep(0.05)
                    await fake.gateway.ready.wait()
                columns = await talk(Recorder(fake, fake.person()))
            finally:
                desk.terminate()
                await desk.communicate()
            if fake.violations:
                raise ValueError(fake.violations)
            return columns


async def talk(recorder: Recorder) -> list[list[Post]]:
    """Alerts are set so near the price that one fires at once."""
    await recorder.say("price", symbols="BTC")  # the first card of a desk that has just started may come without a line
    card = await recorder.say("price", symbols="BTC")
    receipt = await recorder.press(await recorder.say("buy", symbol="BTC", size="25000usdc"), "Confirm")
    preview = await recorder.say("sell", symbol="BTC", size="40%")
    chart = await recorder.say("chart", symbol="BTC", interval="1h", options="bb rsi")
    alerts = [await recorder.say("alert", symbol="BTC", level=level) for level in ("+0.02%", "-0.02%")]
    fired = await recorder.hear()
    level = str(fired.shown.payload["embeds"][0]["title"]).split()[-1]
    alert = next((post for post in alerts if level in post.shown.text), alerts[0])
    return [[card, receipt, preview], [chart, alert, fired]]


# -- drawing -----------------------------------------------------------------------------------


def page(columns: list[list[Post]]) -> str:
    """The channel in columns, as a wide window beside another."""
    head = "<header><i>#</i>trading-floor</header>"
    chats = "".join(f"<section>{head}<main>{''.join(map(message, column))}</main></section>" for column in columns)
    return f'<!doctype html><html><head><meta charset="utf-8"><style>{STYLE}</style></head><body>{chats}</body></html>'


def message(post: Post) -> str:
    """One message with its cards, pictures and buttons."""
    shown = post.shown
    clock = time.strftime("%H:%M", time.gmtime(post.at))
    used = f'<div class="used"><em>Ann</em> used <b>{html.escape(post.line)}</b></div>' if post.line else ""
    head = f'<span class="name">Paperdesk</span><span class="tag">APP</span><time>Today at {clock}</time>'
    cards = "".join(card(embed, shown.files) for embed in shown.payload.get("embeds") or [])
    only = '<div class="only">👁 Only you can see this · <u>Dismiss message</u></div>' if shown.ephemeral else ""
    side = "message whisper" if shown.ephemeral else "message"
    return f'<div class="{side}">{used}<span class="face">P</span>{head}{cards}{_controls(shown)}{only}</div>'


def card(embed: dict[str, Any], files: dict[str, bytes]) -> str:
    """One embed in Discord's order of its parts."""
    parts = [f"<h4>{_marked(embed['title'])}</h4>"] if embed.get("title") else []
    parts += [f"<p>{_marked(embed['description'])}</p>"] if embed.get("description") else []
    fields = "".join(_field(field) for field in embed.get("fields", []))
    parts += [f'<div class="fields">{fields}</div>'] if fields else []
    name = (embed.get("image") or {}).get("url", "").removeprefix("attachment://")
    if name:
        parts.append(f'<img src="data:image/png;base64,{base64.b64encode(files[name]).decode()}">')
    footer = (embed.get("footer") or {}).get("text")
    parts += [f"<footer>{html.escape(footer)}</footer>"] if footer else []
    return f'<div class="embed" style="border-left-color: #{embed.get("color", 0):06x}">{"".join(parts)}</div>'


def _field(field: dict[str, Any]) -> str:
    wide = "in" if field["inline"] else "wide"
    return f'<div class="{wide}"><b>{_marked(field["name"])}</b>{_marked(field["value"])}</div>'


def _controls(shown: Shown) -> str:
    rows = []
    for row in shown.payload.get("components") or []:
        drawn = "".join(
            f'<span class="s{part["style"]}">{html.escape(part["label"])}</span>'
            if part["type"] == 2
            else f'<span class="menu">{html.escape(part.get("placeholder") or "Make a selection")}<i>⌄</i></span>'
            for part in row["components"]
        )
        rows.append(f'<div class="keys">{drawn}</div>')
    return "".join(rows)


def _marked(text: str) -> str:
    """The little of Discord's markdown that the desk writes."""
    safe = html.escape(text, quote=False)
    safe = _BLOCK.sub(r"<pre>\1</pre>", safe)
    safe = _SMALL.sub(r'<span class="small">\1</span>', safe)
    safe = _ESCAPED.sub(r"\1", _BOLD.sub(r"<b>\1</b>", safe))
    return safe.replace("\n<pre>", "<pre>").replace("</pre>\n", "</pre>")


if __name__ == "__main__":
    shoot(page(asyncio.run(record())), PICTURE, WIDTH)
