"""One update in, its answer out: where it goes, in whose language, in place or anew."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import assert_never

from telegram.error import BadRequest, TelegramError

from bot.declaration import Audience, Command
from bot.format import Formatter
from bot.layout import button, rows
from bot.parsing import read_line
from bot.ports import Language, People
from bot.push.ports import Delivered, Never, Outcome
from bot.replies import Reply, Text, Tone
from bot.telegram.calls import NotEditable
from bot.telegram.client import Client, Moved, judge
from bot.telegram.inbox import Inbox, Question, Taken
from bot.telegram.managers import Managers
from bot.telegram.markup import lines_of, marked
from bot.telegram.ports import Answers
from bot.telegram.receive import (
    PLATFORM,
    Event,
    Faceless,
    Pressed,
    Said,
    Searched,
    Unreadable,
    User,
    inbound_of,
    language_of,
    read_update,
)
from bot.telegram.render import Key, Message, PhotoMessage, TextMessage, render
from bot.telegram.search import Search
from bot.telegram.send import Place, Sender
from bot.texts import Catalog
from pipeline.clock import Clock
from pipeline.errors import DeskError

_CALLBACK_TEXT = 200


@dataclass(frozen=True, slots=True)
class Manners:
    """How the desk behaves: `late_ms` is the age of a command at which it is asked for again instead of run."""

    late_ms: int
    language: Language
    timezone: str


class Answerer:
    """Handles one update at a time; several may be handled at once."""

    def __init__(
        self,
        client: Client,
        sender: Sender,
        inbox: Inbox,
        router: Answers,
        people: People,
        *,
        catalogs: Mapping[Language, Catalog],
        commands: tuple[Command, ...],
        clock: Clock,
        manners: Manners,
    ) -> None:
        self._client = client
        self._sender = sender
        self._inbox = inbox
        self._router = router
        self._people = people
        self._catalogs = catalogs
        self._clock = clock
        self._manners = manners
        self._names = frozenset(command.name for command in commands)
        self._private = frozenset(command.name for command in commands if command.private)
        self._managed = frozenset(command.name for command in commands if command.audience is Audience.MANAGERS)
        self._managers = Managers(client)
        self._search = Search(client, router)

    async def handle(self, taken: Taken) -> Outcome | None:
        """Answers; None where no answer is due. Raises what nobody foresaw, after the person was told."""
        event: Event | None = None
        try:
            event = read_update(taken.body, self._client.username, self._names)
            return await self._answer(event, first=taken.attempts == 1)
        except Exception:
            if isinstance(event, Said | Pressed):
                catalog = await self._catalog(event.user)
                await self._tell(event.place, catalog, "incident", id=f"telegram-{taken.update_id}")
            raise

    async def give_up(self, taken: Taken) -> Outcome | None:
        """Says that nobody knows how far the desk came with it, since it ended each time it tried."""
        event = read_update(taken.body, self._client.username, self._names)
        if not isinstance(event, Said | Pressed):
            return None
        return await self._tell(event.place, await self._catalog(event.user), "telegram-given-up")

    async def _answer(self, event: Event | None, *, first: bool) -> Outcome | None:
        match event:
            case None:
                return None
            case Said():
                return await self._said(event, first=first)
            case Pressed():
                return await self._pressed(event, first=first)
            case Searched(query_id, user, text):
                language = language_of(user, self._manners.language)
                await self._search.answer(query_id, str(user.id), text, language, self._manners.timezone)
                return None
            case Unreadable(place, user):
                return await self._tell(place, await self._catalog(user), "telegram-only-text")
            case Faceless(place, message_id):
                catalog = self._catalogs[self._manners.language]
                return await self._tell(place, catalog, "telegram-faceless", reply_to=message_id)
            case _:
                assert_never(event)

    # -- words -----------------------------------------------------------------------------------

    async def _said(self, said: Said, *, first: bool) -> Outcome | None:
        text = await self._completed(said)
        if text is None:
            return None
        if said.anonymous and _name(text) not in self._managed:
            catalog = self._catalogs[self._manners.language]
            return await self._tell(said.place, catalog, "telegram-faceless", said.message_id)
        age = self._clock() - said.date * 1000
        if first and age > self._manners.late_ms and _name(text) in self._private:
            return await self._late(said.place, said.user, text, age, said.message_id if said.public else 0)
        return await self._run(said, text, reply_to=said.message_id if said.public else 0)

    async def _completed(self, said: Said) -> str | None:
        """The line, with the words before it where it answers a question; None where nobody was asked."""
        chat, who = str(said.place), str(said.user.id)
        question = None
        if not said.text.startswith("/"):
            with suppress(DeskError):
                question = await self._inbox.asked(chat, who)
        meant = question is not None and (said.replies_to == question.message_id or not said.replies_to)
        if (
            question is not None
            and meant
            and _name(said.text) not in self._names
            and (said.replies_to or not said.public)
        ):
            with suppress(DeskError):
                await self._inbox.answered(chat, who, question)
            return f"{question.line} {said.text}"
        return said.text if said.addressed else None

    async def _late(self, place: Place, user: User, text: str, age: int, reply_to: int) -> Outcome:
        catalog = await self._catalog(user)
        shown = Formatter(catalog.language, "UTC").age(age)
        words = text.removeprefix("/").split()
        again = button(catalog.say("telegram-late-button"), *words)
        reply = Reply((Text(catalog.say("telegram-late", age=shown), Tone.WARNING), *rows([again])))
        return await self._sender.answer(place, render(reply, owner=user.id if reply_to else 0), reply_to=reply_to)

    # -- presses ---------------------------------------------------------------------------------

    async def _pressed(self, pressed: Pressed, *, first: bool) -> Outcome | None:
        name, text = _name(pressed.press.line), ""
        if pressed.public and pressed.press.owner not in (0, pressed.user.id):
            await self._acknowledge(pressed, (await self._catalog(pressed.user)).say("telegram-not-yours"))
            return None
        if pressed.public and name in self._private:
            text = (await self._catalog(pressed.user)).say("telegram-answered-privately")
        fresh = await self._acknowledge(pressed, text)
        if first and not fresh and name in self._private:
            return await self._tell(pressed.place, await self._catalog(pressed.user), "telegram-button-gone")
        return await self._run(pressed, pressed.press.line, reply_to=pressed.replies_to if pressed.public else 0)

    async def _acknowledge(self, pressed: Pressed, text: str) -> bool:
        """Ends the wait that the client shows; False where Telegram says that the press is old."""
        try:
            await self._client.answer_callback_query(
                pressed.query_id, text[:_CALLBACK_TEXT] or None, show_alert=bool(text) or None
            )
        except BadRequest as error:
            return "too old" not in str(error).lower()
        except TelegramError:
            return True  # only the client's own wait: the answer is what counts
        return True

    # -- answers ---------------------------------------------------------------------------------

    async def _run(self, event: Said | Pressed, text: str, *, reply_to: int) -> Outcome:
        if event.public and _name(text) in self._private and not await self._reachable(event.user):
            return await self._invite(event, reply_to)
        language = language_of(event.user, self._manners.language)
        manager = await self._manages(event, _name(text))
        reply = await self._router.answer(inbound_of(event, text, language, self._manners.timezone, manager=manager))
        if event.public and reply.private:
            return await self._privately(event, reply, _name(text), reply_to)
        owner = event.user.id if event.public and not _anonymous(event) else 0
        messages = render(reply, command=_name(text), owner=owner, ask=bool(reply.asks))
        if isinstance(event, Pressed) and event.press.here and event.message_id and len(messages) == 1:
            outcome = await self._in_place(event, messages[0])
        else:
            outcome = None
        outcome = outcome or await self._sender.answer(event.place, messages, reply_to=reply_to)
        await self._remember(event.place, event.user, reply, outcome)
        return outcome

    async def _manages(self, event: Said | Pressed, name: str) -> bool:
        """Asked of Telegram only where it matters; who speaks in the group's own name does."""
        if not event.public or name not in self._managed:
            return False
        return _anonymous(event) or await self._managers.manages(event.place.chat_id, event.user.id)

    async def _in_place(self, pressed: Pressed, message: Message) -> Outcome | None:
        """None where the message cannot become the answer."""
        if not isinstance(message, PhotoMessage if pressed.pictured else TextMessage):
            return None
        try:
            return await self._sender.edit(pressed.place, pressed.message_id, message)
        except NotEditable:
            return None

    async def _privately(self, event: Said | Pressed, reply: Reply, name: str, reply_to: int) -> Outcome:
        """To the person alone, with a word about it where they asked."""
        if _anonymous(event):
            return await self._tell(event.place, await self._catalog(event.user), "telegram-faceless", reply_to)
        place = Place(event.user.id)
        messages = render(reply, command=name, ask=bool(reply.asks))
        outcome = await self._sender.answer(place, messages)
        if isinstance(outcome, Never) and outcome.chat_gone:
            return await self._invite(event, reply_to)
        await self._remember(place, event.user, reply, outcome)
        if isinstance(event, Said):  # a press was told when it was acknowledged
            await self._tell(event.place, await self._catalog(event.user), "telegram-answered-privately", reply_to)
        return outcome

    async def _reachable(self, user: User) -> bool:
        """Whether they ever opened the private chat: a command whose answer cannot arrive is better not run."""
        try:
            await self._client.send_chat_action(user.id, "typing")
        except TelegramError as error:
            verdict = judge(error)
            return not (isinstance(verdict, Never) and verdict.chat_gone) and not isinstance(verdict, Moved)
        return True

    async def _invite(self, event: Said | Pressed, reply_to: int) -> Outcome:
        catalog = await self._catalog(event.user)
        body = marked(lines_of(catalog.say("telegram-open-private")))
        link = Key(catalog.say("telegram-open-button"), url=f"https://t.me/{self._client.username}?start=group")
        return await self._sender.answer(event.place, (TextMessage(body, ((link,),)),), reply_to=reply_to)

    async def _remember(self, place: Place, user: User, reply: Reply, outcome: Outcome) -> None:
        """A question waits for its answer; without the ledger the buttons still work."""
        if reply.asks and isinstance(outcome, Delivered):
            with suppress(DeskError):
                await self._inbox.ask(str(place), str(user.id), Question(int(outcome.message_id), reply.asks))

    async def _tell(
        self, place: Place, catalog: Catalog, sentence: str, reply_to: int = 0, **variables: str | int
    ) -> Outcome:
        """One of the adapter's own sentences."""
        reply = Reply((Text(catalog.say(sentence, **variables)),))
        return await self._sender.answer(place, render(reply), reply_to=reply_to)

    async def _catalog(self, user: User) -> Catalog:
        """The person's language, or what their Telegram speaks."""
        with suppress(DeskError):
            person = await self._people.find(PLATFORM, str(user.id))
            if person is not None:
                return self._catalogs[person.language]
        return self._catalogs[language_of(user, self._manners.language)]


def _anonymous(event: Said | Pressed) -> bool:
    return isinstance(event, Said) and event.anonymous


def _name(text: str) -> str:
    """The command's word, '' where the line has none."""
    try:
        return read_line(text).name
    except DeskError:
        return ""
