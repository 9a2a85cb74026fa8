"""Walks a chat of the fake Telegram: writes lines, presses every button that any message offers, follows every link.

    walked = await Walker(fake, ann).walk(["/start", "/price BTC"])
    assert walked.names >= {"price", "chart"}

Works from outside: the desk may run in the same process or in another.
"""

import asyncio
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

from PIL import Image

from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_chats import Json, Member, keys_of, said

_TOKEN = re.compile(r"[A-Za-z0-9_-]{12,}|\d+")
_MARK = "\x1f"


@dataclass
class Walked:
    """`pressed` counts buttons by kind: the press without its numbers and tokens."""

    pressed: Counter[str] = field(default_factory=Counter)
    followed: set[str] = field(default_factory=set)
    pictures: int = 0
    unanswered: list[str] = field(default_factory=list)

    @property
    def names(self) -> set[str]:
        """The commands whose buttons were pressed."""
        return {kind.partition(" ")[0] for kind in self.pressed}


class Walker:
    """`most` bounds the presses, `each` those of one kind, `patience` the wait for one batch.

    Kinds that begin as one of `avoid` are not pressed.
    """

    def __init__(
        self,
        fake: FakeTelegram,
        member: Member,
        *,
        most: int = 500,
        each: int = 3,
        together: int = 20,
        patience: float = 60.0,
        avoid: tuple[str, ...] = (),
        settle: Callable[[], Awaitable[object]] | None = None,
    ) -> None:
        """`settle` waits until everything is answered; without one the walker waits until nothing is heard any more."""
        self._fake = fake
        self._member = member
        self._most = most
        self._each = each
        self._together = together
        self._patience = patience
        self._avoid = avoid
        self._settle = settle or self._quiet
        self._seen: set[tuple[int, str]] = set()
        self.walked = Walked()

    async def walk(self, lines: Iterable[str]) -> Walked:
        """Writes the lines one after the other, then presses until nothing new is offered or the bound is reached."""
        for line in lines:
            self._member.write(line)
            await self._settle()
            await self._press_new()
        while await self._press_new():
            pass
        self._look_at_pictures()
        return self.walked

    async def _press_new(self) -> bool:
        fresh = self._rarest_first(self._fresh())[: self._together]
        self._seen |= {_once(message, key) for message, key in fresh}
        queries = {self._press(message, key): key for message, key in fresh}
        if not fresh:
            return False
        await self._settle()
        acknowledged = {
            call.values.get("callback_query_id") for call in self._fake.calls if call.method == "answerCallbackQuery"
        }
        self.walked.unanswered += [key["text"] for query, key in queries.items() if query and query not in acknowledged]
        return True

    def _fresh(self) -> list[tuple[Json, Json]]:
        """Buttons of kinds that were not pressed often enough yet."""
        found: list[tuple[Json, Json]] = []
        coming: Counter[str] = Counter()
        if sum(self.walked.pressed.values()) >= self._most:
            return []
        for message in self._member.chat.sent:
            for key in keys_of(message):
                kind = kind_of(key)
                new = _once(message, key) not in self._seen and not kind.startswith(self._avoid)
                if new and self.walked.pressed[kind] + coming[kind] < self._each:
                    coming[kind] += 1
                    found.append((message, key))
        return found

    def _rarest_first(self, found: list[tuple[Json, Json]]) -> list[tuple[Json, Json]]:
        """Commands whose buttons were pressed least: a chart offers more combinations than can be tried."""
        names = Counter[str]()
        for kind, count in self.walked.pressed.items():
            names[kind.partition(" ")[0]] += count
        return sorted(found, key=lambda entry: names[kind_of(entry[1]).partition(" ")[0]])

    def _press(self, message: Json, key: Json) -> str:
        """The query's id, '' for a link."""
        self.walked.pressed[kind_of(key)] += 1
        if "callback_data" in key:
            return self._member.press(message, data=key["callback_data"])
        payload = parse_qs(urlsplit(key["url"]).query).get("start", [""])[0]
        self.walked.followed.add(payload)
        self._member.write(f"/start {payload}".strip())
        return ""

    def _look_at_pictures(self) -> None:
        """Decodes every picture that is shown. Raises what Pillow raises."""
        for message in self._member.chat.sent:
            for photo in message.get("photo", ()):
                with Image.open(BytesIO(self._fake.methods.uploads[photo["file_id"]])) as image:
                    image.load()
                assert said(message).strip(), "a picture without words"
                self.walked.pictures += 1

    async def _quiet(self, seconds: float = 0.7) -> None:
        """Until all updates are confirmed, all presses acknowledged, and nothing was called for a while."""
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(self._patience):
            heard, since = -1, loop.time()
            while self._fake.unconfirmed or loop.time() - since < seconds:
                calls = sum(call.method != "getUpdates" for call in self._fake.calls)
                if calls != heard:
                    heard, since = calls, loop.time()
                await asyncio.sleep(0.02)


def _once(message: Json, key: Json) -> tuple[int, str]:
    return int(message["message_id"]), str(key.get("callback_data") or key["url"])


def kind_of(key: Json) -> str:
    """The press without its owner, numbers and tokens."""
    if "url" in key:
        return "url " + urlsplit(key["url"]).path
    name, *words = str(key["callback_data"].partition(_MARK)[0]).split(" ")
    return " ".join([name, *(_TOKEN.sub("#", word) for word in words)])
