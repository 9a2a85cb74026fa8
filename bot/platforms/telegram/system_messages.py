"""The adapter's own texts in the user's language, and the check whether a user can be reached in private."""

from collections.abc import Mapping
from contextlib import suppress

from telegram.error import TelegramError

from bot.middleware.rate_limit import Buckets, Rate
from bot.notifications.courier import Outcome, PermanentFailure
from bot.platforms.telegram.client import Client, MigratedTo, judge
from bot.platforms.telegram.group_admins import AdminCache
from bot.platforms.telegram.inbound.locale_hints import language_of
from bot.platforms.telegram.inbound.receive import PLATFORM
from bot.platforms.telegram.inbound.updates import User
from bot.platforms.telegram.outbound.markup import lines_of, marked
from bot.platforms.telegram.outbound.render import Key, TextMessage, render
from bot.platforms.telegram.outbound.send import ChatTopic, Sender
from bot.reply import Reply, Text, Tone
from bot.ui.format import Formatter
from bot.ui.texts import Catalog
from bot.views.buttons import button, rows
from core.clock import Clock
from core.errors import DeskError
from people.person import Language, People

_ONCE = Rate(1, 1 / 60)
"""Rate of the reply to input that is not a command: a repetition is useless and would take slots of real answers."""

_CHECKS = Rate(3, 1 / 5)
"""Rate of the checks of one unreachable user."""

_PRESSES = Rate(5, 1 / 5)
"""Rate of the answers to one user's presses of buttons that are another user's, or of no message."""


class SystemMessages:
    """Sender of the adapter's own texts. `language` applies to users without a hint."""

    def __init__(
        self,
        client: Client,
        sender: Sender,
        people: People,
        catalogs: Mapping[Language, Catalog],
        language: Language,
        *,
        clock: Clock,
    ) -> None:
        self._client = client
        self._sender = sender
        self._people = people
        self._catalogs = catalogs
        self._language = language
        self._clock = clock
        self._told = Buckets()
        self._reached: AdminCache[int] = AdminCache()

    async def catalog(self, user: User) -> Catalog:
        """Returns the catalog of the user's language, or of their Telegram client's language."""
        with suppress(DeskError):
            person = await self._people.find(PLATFORM, str(user.id))
            if person is not None:
                return self._catalogs[person.language]
        return self._catalogs[language_of(user, self._language)]

    async def send(
        self, place: ChatTopic, user: User, sentence: str, reply_to: int = 0, **variables: str | int
    ) -> Outcome:
        """Sends one text."""
        reply = Reply((Text((await self.catalog(user)).text(sentence, **variables)),))
        return await self._sender.answer(place, render(reply), reply_to=reply_to)

    async def send_once(self, place: ChatTopic, user: User, sentence: str, reply_to: int = 0) -> Outcome | None:
        """Sends one text, unless the chat got the same one less than a minute ago."""
        return await self.send(place, user, sentence, reply_to) if self.once(place, sentence) else None

    def once(self, place: ChatTopic, sentence: str) -> bool:
        """Returns False if the chat got this text less than a minute ago. Counts it otherwise."""
        return self._admits((place.chat_id, sentence))

    def refuses_press(self, user: User) -> bool:
        """Returns whether a press that does nothing is answered: not for a user who makes many of them."""
        return self._admits((user.id, "press"), _PRESSES)

    def _admits(self, key: tuple[int, str], rate: Rate = _ONCE) -> bool:
        now = self._clock() / 1000
        if self._told.wait(key, rate, now):
            return False
        self._told.take(key, rate, now)
        return True

    async def late(self, place: ChatTopic, user: User, text: str, age: int, reply_to: int) -> Outcome:
        """Asks whether a command that is `age` ms old is still wanted."""
        catalog = await self.catalog(user)
        shown = Formatter(catalog.language, "UTC").age(age)
        words = text.removeprefix("/").split()
        again = button(catalog.text("telegram-late-button"), *words)
        reply = Reply((Text(catalog.text("telegram-late", age=shown), Tone.WARNING), *rows([again])))
        return await self._sender.answer(place, render(reply, owner=user.id if reply_to else 0), reply_to=reply_to)

    async def invite(self, place: ChatTopic, user: User, reply_to: int) -> Outcome | None:
        """Asks the user to open the private chat, unless the chat showed the same request less than a minute ago."""
        if not self._admits((place.chat_id, "invite")):
            return None
        catalog = await self.catalog(user)
        body = marked(lines_of(catalog.text("telegram-open-private")))
        link = Key(catalog.text("telegram-open-button"), url=f"https://t.me/{self._client.username}?start=group")
        return await self._sender.answer(place, (TextMessage(body, ((link,),)),), reply_to=reply_to)

    async def reachable(self, user: User) -> bool:
        """True if the bot can write to the user's private chat.

        Otherwise a command with a private answer is not run.
        """
        if self._reached.recall(user.id):
            return True
        if not self._admits((user.id, "reach"), _CHECKS):
            return False
        try:
            await self._client.send_chat_action(user.id, "typing")
        except TelegramError as error:
            verdict = judge(error)
            return not (isinstance(verdict, PermanentFailure) and verdict.chat_gone) and not isinstance(
                verdict, MigratedTo
            )
        self._reached.put(user.id, value=True)
        return True
