"""docs/images/telegram.png: a chat in Telegram, from the calls that a running desk made to the fake Telegram.

    python -m tests.pictures.telegram

The desk runs on simulated prices; the words, entities, buttons and pictures are the payloads as they were sent. Needs
what `tests.pictures.page` needs.
"""

import asyncio
import base64
import copy
import html
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.desk_process import start_paperdesk
from tests.fakes.telegram import FakeTelegram, Json, Member
from tests.fakes.telegram_chats import BOT, keys_of, said
from tests.pictures.page import shoot

PICTURE = Path(__file__).parents[2] / "docs" / "images" / "telegram.png"
WIDTH = 880
SECONDS = 120
STYLE = (Path(__file__).parent / "telegram.css").read_text(encoding="utf-8")
_TAGS = {"bold": "b", "italic": "i", "pre": "pre", "code": "code"}


@dataclass(frozen=True)
class Bubble:
    """A message as it stood when it was recorded, and the file of its picture."""

    message: Json
    photo: bytes = b""

    @property
    def own(self) -> bool:
        return bool(self.message["from"]["id"] != BOT["id"])


class Recorder:
    """Talks to the desk and keeps what was said."""

    def __init__(self, fake: FakeTelegram, member: Member) -> None:
        self._fake = fake
        self._member = member
        self.bubbles: list[Bubble] = []

    async def say(self, line: str) -> Json:
        """Writes a line; the answer is kept."""
        self.bubbles.append(Bubble(copy.deepcopy(self._member.write(line))))
        return await self.hear()

    async def press(self, message: Json, label: str) -> Json:
        """Presses a button whose answer takes the place of the message."""
        self._member.press(message, label)
        self.bubbles.pop()
        return await self.hear()

    async def hear(self) -> Json:
        """Keeps the next message."""
        message = await self._fake.message(SECONDS)
        photos = message.get("photo", [])
        data = self._fake.methods.uploads[photos[0]["file_id"]] if photos else b""
        self.bubbles.append(Bubble(copy.deepcopy(message), data))
        return message


async def record(talk: Callable[[Recorder], Awaitable[list[Bubble]]]) -> list[Bubble]:
    """What a person and the desk say to each other."""
    with tempfile.TemporaryDirectory(prefix="paperdesk-picture-") as folder:
        await asyncio.to_thread(Path(folder).chmod, 0o755)
        async with FakeTelegram() as fake:
            ann = fake.person("Ann")
            urls = {"TELEGRAM__API_URL": fake.url, "TELEGRAM__FILE_URL": fake.url}
            desk = await start_paperdesk(Path(folder), "serve", TELEGRAM__TOKEN=fake.token, **urls)
            try:
                return await talk(Recorder(fake, ann))
            finally:
                if desk.returncode is None:
                    desk.terminate()
                await desk.communicate()


async def first_minutes(recorder: Recorder) -> list[Bubble]:
    """A person's first minutes. Alerts are set so near the price that one fires at once; the one that fired is shown
    with its question.
    """
    await recorder.say("/price BTC")
    recorder.bubbles.clear()  # the first card of a desk that has just started may come without its line
    await recorder.say("/price BTC")
    preview = await recorder.say("/buy BTC 25000usdc")
    await recorder.press(preview, "Confirm")
    await recorder.say("/sell BTC 40%")
    await recorder.say("/chart BTC 1h bb rsi")
    kept = list(recorder.bubbles)
    recorder.bubbles.clear()
    for level in ("+0.02%", "-0.02%"):
        await recorder.say(f"/alert BTC {level}")
    asked = list(recorder.bubbles)
    fired = await recorder.hear()
    while "photo" not in fired:
        fired = await recorder.hear()
    level = said(fired).split("\n")[0].split()[-1]
    which = 0 if level in said(asked[1].message) else 2
    return [*kept, *asked[which : which + 2], recorder.bubbles[-1]]


# -- drawing -----------------------------------------------------------------------------------


def page(columns: list[list[Bubble]]) -> str:
    """The chat in columns, as a wide window beside another."""
    chats = "".join(f"<section>{_head()}<main>{''.join(map(bubble, column))}</main></section>" for column in columns)
    return f'<!doctype html><html><head><meta charset="utf-8"><style>{STYLE}</style></head><body>{chats}</body></html>'


def _head() -> str:
    return '<header><span class="face">P</span><div><b>Paperdesk</b><small>bot</small></div></header>'


def bubble(shown: Bubble) -> str:
    """One message with its picture, words, time and buttons."""
    message = shown.message
    words = styled(said(message), message.get("entities") or message.get("caption_entities") or [])
    clock = time.strftime("%H:%M", time.gmtime(message["date"]))
    edited = "edited " if "edit_date" in message else ""
    picture = f'<img src="data:image/png;base64,{base64.b64encode(shown.photo).decode()}">' if shown.photo else ""
    text = f"<div class='words'>{words}<time>{edited}{clock}{' ✓✓' if shown.own else ''}</time></div>"
    side = "own" if shown.own else "bot"
    return f'<div class="row {side}"><div class="bubble">{picture}{text}</div>{_keyboard(message)}</div>'


def _keyboard(message: Json) -> str:
    rows = message.get("reply_markup", {}).get("inline_keyboard", []) if keys_of(message) else []
    drawn = ("".join(f"<span>{html.escape(key['text'])}</span>" for key in row) for row in rows)
    return "".join(f'<div class="keys">{row}</div>' for row in drawn)


def styled(text: str, entities: list[Json]) -> str:
    """The words with their entities as HTML; offsets count UTF-16 code units, and entities here never overlap."""
    units = text.encode("utf-16-le")

    def part(start: int, end: int) -> str:
        return html.escape(units[2 * start : 2 * end].decode("utf-16-le"))

    drawn, at = "", 0
    for entity in sorted(entities, key=lambda entry: int(entry["offset"])):
        start, end = entity["offset"], entity["offset"] + entity["length"]
        tag = _TAGS.get(entity["type"], "span")
        drawn += f"{part(at, start)}<{tag}>{part(start, end)}</{tag}>"
        at = end
    whole = drawn + part(at, len(units) // 2)
    return whole.replace("\n<pre>", "<pre>").replace("</pre>\n", "</pre>")  # a block breaks the line by itself


def split(bubbles: list[Bubble]) -> list[list[Bubble]]:
    """Two columns: the talk about a price and an order, and the pictures."""
    chart = next(number for number, shown in enumerate(bubbles) if said(shown.message).startswith("/chart"))
    return [bubbles[:chart], bubbles[chart:]]


if __name__ == "__main__":
    shoot(page(split(asyncio.run(record(first_minutes)))), PICTURE, WIDTH)
