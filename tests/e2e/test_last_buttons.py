"""The buttons that only two platforms together or a pushed alert bring up, pressed on both, in both languages."""

import asyncio
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol, TypeVar

import pytest

from bot.ui.texts import Catalog, load_catalog
from people.person import Language
from tests.e2e.desk_process import paperdesk
from tests.e2e.test_platforms import serving
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord_people import Person, Shown
from tests.fakes.telegram import FakeTelegram, Json, Member
from tests.fakes.telegram_chats import keys_of, said
from tests.patience import PATIENCE_SECONDS

pytestmark = pytest.mark.long

T = TypeVar("T")

CODE = re.compile(r"/link ([A-Z0-9-]{6,})")
GAP = "\N{SYMBOL FOR NULL}"

Message = tuple[str, Mapping[str, Callable[[], None]]]
"""What it says, and what happens when a button of these words is pressed."""


def stem(words: Catalog, text: str, *variables: str) -> str:
    """The longest part of a sentence that is the same whatever its variables are."""
    return max(words.text(text, **dict.fromkeys(variables, GAP)).split(GAP), key=len).strip()


class Chat(Protocol):
    """A private chat with the desk on some platform."""

    words: Catalog

    def write(self, name: str, **options: str) -> None:
        """Sends a command."""

    def messages(self) -> list[Message]:
        """What the desk has said here, oldest first."""


class OnTelegram:
    """A private chat on Telegram."""

    def __init__(self, member: Member, language: Language) -> None:
        self._member = member
        self.words = load_catalog(language)

    def write(self, name: str, **options: str) -> None:
        """Sends a command."""
        self._member.write(" ".join((f"/{name}", *options.values())))

    def messages(self) -> list[Message]:
        """What the desk has said here, oldest first."""
        return [(said(message), self._buttons(message)) for message in self._member.chat.sent]

    def _buttons(self, message: Json) -> Mapping[str, Callable[[], None]]:
        return {key["text"]: lambda label=key["text"]: self._press(message, label) for key in keys_of(message)}

    def _press(self, message: Json, label: str) -> None:
        self._member.press(message, label)


class OnDiscord:
    """The direct messages of Discord."""

    def __init__(self, person: Person, discord: FakeDiscord, language: Language, group: asyncio.TaskGroup) -> None:
        self._person = person
        self._discord = discord
        self._group = group
        self.words = load_catalog(language)

    def write(self, name: str, **options: str) -> None:
        """Sends a command."""
        self._group.create_task(self._person.slash(name, dm=True, **options))

    def messages(self) -> list[Message]:
        """What the desk has said here, oldest first."""
        own = [shown for shown in self._discord.messages.values() if shown.channel_id == self._person.dm_channel]
        return [(shown.text, self._buttons(shown)) for shown in own if not shown.loading and not shown.deleted]

    def _buttons(self, shown: Shown) -> Mapping[str, Callable[[], None]]:
        return {found["label"]: lambda key=found["custom_id"]: self._press(shown, key) for found in shown.buttons}

    def _press(self, shown: Shown, custom_id: str) -> None:
        self._group.create_task(self._person.press(shown, custom_id))


async def until(look: Callable[[], T | None], chat: Chat, wanted: str) -> T:
    """What `look` finds as soon as there is something."""
    end = asyncio.get_running_loop().time() + PATIENCE_SECONDS
    while (found := look()) is None:
        shown = [(words, list(buttons)) for words, buttons in chat.messages()[-3:]]
        assert asyncio.get_running_loop().time() < end, f"no {wanted}, but {shown}"
        await asyncio.sleep(0.05)
    return found


async def heard(chat: Chat, text: str, *, after: int = 0) -> str:
    """The newest message that says so, as soon as there is one."""
    return await until(
        lambda: next((said for said, _ in reversed(chat.messages()[after:]) if text in said), None), chat, text
    )


async def pressed(chat: Chat, button: str, *texts: str, words: Catalog | None = None) -> None:
    """Presses the newest button of those words as soon as there is one, and waits for something new with one of
    `texts` in it. `words` are the language that is spoken here, where it is not that of the person's client."""
    label = (words or chat.words).text(button)
    presses = await until(lambda: next((b for _, b in reversed(chat.messages()) if label in b), None), chat, label)
    known = {said for said, _ in chat.messages()}
    presses[label]()

    def answered() -> str | None:
        new = (said for said, _ in chat.messages() if said not in known)
        return next((said for said in new if any(text in said for text in texts)), None)

    await until(answered, chat, f"{texts} after {label}")


async def begun(chat: Chat) -> None:
    """Has an account."""
    chat.write("start")
    await heard(chat, chat.words.text("welcome-title"))


async def linked(host: Chat, guest: Chat, how: str) -> None:
    """The guest refuses, is asked again, joins the host, whose language is spoken from then on, and undoes it."""
    await asked_to_link(host, guest)
    await pressed(guest, "button-cancel", stem(guest.words, "link-cancelled"))
    await asked_to_link(host, guest)
    await pressed(guest, f"button-link-{how}", stem(host.words, f"link-done-{how}", "platforms"))
    guest.write("unlink")
    await pressed(guest, "button-unlink", stem(guest.words, "unlink-undone", "here"), words=host.words)


async def asked_to_link(host: Chat, guest: Chat) -> None:
    """Takes a code from one platform to the other."""
    count = len(host.messages())
    host.write("link")
    code = CODE.search(await heard(host, "/link ", after=count))
    assert code
    guest.write("link", code=code[1])


def set_alert(words: Catalog, side: str, times: str) -> str:
    """What is said of an alert that was set."""
    said = words.text(f"alert-set-{side}", times=times, symbol=GAP, level=GAP)
    return max(said.split(GAP), key=len).strip()


async def alerted(chat: Chat, *, share: bool) -> None:
    """An alert that came once is asked for every time, and one that comes every time is muted."""
    every = [set_alert(chat.words, side, "every") for side in ("above", "below")]
    await pushed(chat, "once", "button-repeat")
    if share:
        await pressed(chat, "button-alert-share", "alert_")
    await pressed(chat, "button-repeat", *every)
    await pushed(chat, "every", "button-mute")
    await pressed(chat, "button-mute", stem(chat.words, "alert-muted", "symbol", "condition"))


async def pushed(chat: Chat, times: str, button: str) -> None:
    """Sets alerts that are a moment away, whichever way the price goes, until one comes alone: two that come together
    are one message without that button."""
    end = asyncio.get_running_loop().time() + 3 * PATIENCE_SECONDS
    while asyncio.get_running_loop().time() < end:
        for side, level in (("above", "+0.01%"), ("below", "-0.01%")):
            chat.write("alert", symbol="BTC", level=level, times=times)
            await heard(chat, set_alert(chat.words, side, times))
        for _ in range(60):
            if any(chat.words.text(button) in buttons for _, buttons in chat.messages()):
                return
            await asyncio.sleep(0.1)
    pytest.fail(f"no alert came alone: {chat.messages()[-5:]}")


@pytest.mark.parametrize(("telegrams", "discords", "how"), [("en", "ko", "merge"), ("ko", "en-US", "move")])
async def test_linking_leaving_and_pushed_alerts_by_button(
    folder: Path, telegrams: str, discords: str, how: str
) -> None:
    other = {"merge": "move", "move": "merge"}
    async with FakeTelegram() as telegram, FakeDiscord.open() as discord, asyncio.TaskGroup() as group:
        ann = OnTelegram(telegram.person("Ann", language=telegrams), Language(telegrams))
        bob = OnDiscord(discord.person(discords), discord, Language(discords[:2]), group)
        async with serving(folder, telegram, discord):
            for chat in (ann, bob):
                await begun(chat)
            await alerted(ann, share=True)
            await alerted(bob, share=False)
            await linked(ann, bob, how)
            await linked(bob, ann, other[how])
        assert discord.violations == []
        assert telegram.violations == []
    audited = await paperdesk(folder, ["audit"])
    assert audited.code == 0, audited.out
