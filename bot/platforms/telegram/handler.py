"""Handling of one update: parses it, calls the router, and sends the answer to the right place."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import assert_never

from telegram.error import BadRequest, TelegramError

from bot.command import Command
from bot.inbound import Inbound
from bot.middleware.leaked_link_codes import holds_code
from bot.notifications.courier import Delivered, Outcome, PermanentFailure
from bot.platforms.telegram.chat_action import Typing
from bot.platforms.telegram.chats import ChatLifecycle
from bot.platforms.telegram.client import Client
from bot.platforms.telegram.deep_links import link_to
from bot.platforms.telegram.group_admins import GroupAdmins
from bot.platforms.telegram.inbound.inbox import ClaimedUpdate, Inbox, PendingPrompt, TakenByAnother
from bot.platforms.telegram.inbound.locale_hints import language_of, zone_of
from bot.platforms.telegram.inbound.receive import (
    BotAdded,
    BotRemoved,
    ButtonPress,
    ChannelCommand,
    ChatMigrated,
    Event,
    IncomingMessage,
    InlineSearch,
    RightsChanged,
    UnreadableContent,
    inbound_of,
    read_update,
)
from bot.platforms.telegram.inbound.updates import User
from bot.platforms.telegram.inline_query import InlineQueryHandler
from bot.platforms.telegram.membership import MembershipChanges
from bot.platforms.telegram.outbound.api_calls import NotEditable
from bot.platforms.telegram.outbound.render import Message, TextMessage, render
from bot.platforms.telegram.outbound.send import ChatTopic, Sender
from bot.platforms.telegram.ports import TelegramRouter
from bot.platforms.telegram.system_messages import SystemMessages
from bot.reply import Reply
from bot.request import Request
from bot.ui.texts import Catalog
from core.clock import Clock
from core.errors import DeskError
from people.person import Language, People

UNKNOWN_USER = User(0)
"""Unknown user, who receives texts in the default language."""

_CALLBACK_TEXT = 200


@dataclass(frozen=True, slots=True)
class HandlerSettings:
    """Answering options. A command older than `late_ms` is not run; the user is asked to confirm it."""

    late_ms: int
    language: Language
    timezone: str


class UpdateHandler:
    """Handler of updates. Several updates may be handled concurrently."""

    def __init__(
        self,
        client: Client,
        sender: Sender,
        inbox: Inbox,
        router: TelegramRouter,
        people: People,
        *,
        chats: ChatLifecycle,
        catalogs: Mapping[Language, Catalog],
        commands: tuple[Command, ...],
        clock: Clock,
        manners: HandlerSettings,
    ) -> None:
        self._client = client
        self._sender = sender
        self._inbox = inbox
        self._unclosed: set[int] = set()
        self._router = router
        self._catalogs = catalogs
        self._clock = clock
        self._manners = manners
        self._names = frozenset(command.name for command in commands)
        self._private = frozenset(command.name for command in commands if command.private)
        self._teller = SystemMessages(client, sender, people, catalogs, manners.language, clock=clock)
        self._managers = GroupAdmins(client)
        self._changes = MembershipChanges(chats, sender, self._managers, self._teller)
        self._search = InlineQueryHandler(client, router)
        self._typing = Typing(client)

    async def handle(self, taken: ClaimedUpdate) -> Outcome | None:
        """Answers an update. None if no answer is due. Unexpected errors are reported to the user and raised.

        Raises TakenByAnother before anything is sent.
        """
        event: Event | None = None
        try:
            event = read_update(taken.body, self._client.username, self._names)
            if isinstance(event, BotAdded | BotRemoved | RightsChanged | ChatMigrated):
                await self._changes.follow(event, taken.update_id)
                return None
            return await self._answer(event, first=taken.attempts == 1)
        except TakenByAnother:
            raise
        except Exception:
            if isinstance(event, IncomingMessage | ButtonPress):
                await self._teller.send(event.place, event.user, "incident", id=f"telegram-{taken.update_id}")
            raise

    async def give_up(self, taken: ClaimedUpdate) -> Outcome | None:
        """Reports that an update was abandoned because the process ended during every attempt."""
        event = read_update(taken.body, self._client.username, self._names)
        if not isinstance(event, IncomingMessage | ButtonPress):
            return None
        return await self._teller.send(event.place, event.user, "telegram-given-up")

    async def doubt(self, taken: ClaimedUpdate) -> Outcome | None:
        """Reports, as a reply to the user's message, that the answer may be missing because sending was interrupted."""
        event = read_update(taken.body, self._client.username, self._names)
        if not isinstance(event, IncomingMessage | ButtonPress):
            return None
        return await self._teller.send(event.place, event.user, "telegram-interrupted", event.message_id)

    async def refuse(self, taken: ClaimedUpdate) -> Outcome | None:
        """Reports that too many messages of the user are waiting, if the message was addressed to the bot."""
        event = read_update(taken.body, self._client.username, self._names)
        if not isinstance(event, IncomingMessage | ButtonPress) or (
            isinstance(event, IncomingMessage) and event.public and not event.addressed
        ):
            return None
        return await self._teller.send(event.place, event.user, "telegram-crowded")

    async def _answer(
        self,
        event: IncomingMessage | ButtonPress | InlineSearch | UnreadableContent | ChannelCommand | None,
        *,
        first: bool,
    ) -> Outcome | None:
        match event:
            case None:
                return None
            case IncomingMessage():
                return await self._said(event, first=first)
            case ButtonPress():
                return await self._pressed(event, first=first)
            case InlineSearch(user=user):
                language = language_of(user, self._manners.language)
                zone, catalog = zone_of(language, self._manners.timezone), await self._teller.catalog(user)
                await self._search.answer(event, language, zone, catalog)
                return None
            case UnreadableContent(place, user, forwarded):
                sentence = "telegram-forwarded" if forwarded else "telegram-only-text"
                return await self._teller.send_once(place, user, sentence)
            case ChannelCommand(place, message_id):
                return await self._teller.send_once(place, UNKNOWN_USER, "telegram-faceless", message_id)
            case _:
                assert_never(event)

    # -- words -----------------------------------------------------------------------------------

    async def _said(self, said: IncomingMessage, *, first: bool) -> Outcome | None:
        asked = await self._close(said)
        if asked is None and not said.addressed:
            return None
        request = self._router.read(
            replace(self._inbound(said, said.text), open_question=asked.line if asked is not None else "")
        )
        age = self._clock() - said.date * 1000
        reply_to = said.message_id if said.public else 0
        late = first and age > self._manners.late_ms and request.name in self._private
        if late and not (said.public and holds_code(request.line)):  # a code that others can read is offered to nobody
            return await self._teller.late(said.place, said.user, request.inbound.text, age, reply_to)
        return await self._run(said, request, reply_to=reply_to)

    async def _close(self, said: IncomingMessage) -> PendingPrompt | None:
        """Closes the user's open questions and returns the one that the message answers.

        In a group only a reply to the question answers it, and a message that is not addressed to the bot closes no
        other.
        """
        aside = said.public and not said.addressed
        question = await self._closed(said, said.update_id, only=said.replies_to if aside else 0)
        if question is None or (not said.replies_to and not said.public):
            return question
        return question if said.replies_to == question.message_id else None

    async def _closed(
        self, event: IncomingMessage | ButtonPress, update_id: int, *, only: int = 0
    ) -> PendingPrompt | None:
        """Closes the questions in the database. Without the database no question is answered.

        A question left open by such a failure is not answered later.
        """
        who = event.user.id
        try:
            question = await self._inbox.close(str(event.place), str(who), update_id, only)
        except DeskError:
            self._unclosed.add(who)
            return None
        if who not in self._unclosed:
            return question
        self._unclosed.discard(who)
        return None

    # -- presses ---------------------------------------------------------------------------------

    async def _pressed(self, pressed: ButtonPress, *, first: bool) -> Outcome | None:
        if pressed.public and pressed.press.owner not in (0, pressed.user.id):
            await self._refuse_press(pressed, "telegram-not-yours")
            return None
        request, note = self._router.read(self._inbound(pressed, pressed.press.line)), ""
        if pressed.public and not pressed.offered and request.command is None:  # the press is no button of the bot
            await self._refuse_press(pressed, "telegram-button-gone")
            return None
        if pressed.public and not request.shown:
            note = (await self._teller.catalog(pressed.user)).text("telegram-answered-privately")
        fresh = await self._acknowledge(pressed, note)
        if first and not fresh and request.name in self._private:
            return await self._teller.send(pressed.place, pressed.user, "telegram-button-gone")
        await self._closed(pressed, pressed.update_id)
        return await self._run(
            pressed, request, reply_to=pressed.replies_to if pressed.public and pressed.offered else 0
        )

    async def _refuse_press(self, pressed: ButtonPress, sentence: str) -> None:
        """Says why a press does nothing. The router and its rate limit are not asked, so the answers have their own."""
        if self._teller.refuses_press(pressed.user):
            await self._acknowledge(pressed, (await self._teller.catalog(pressed.user)).text(sentence))

    async def _acknowledge(self, pressed: ButtonPress, text: str) -> bool:
        """Ends the client's loading indicator. False if Telegram reports that the press is too old."""
        try:
            shown = {"text": text[:_CALLBACK_TEXT], "show_alert": True} if text else {}
            await self._client.post("answerCallbackQuery", callback_query_id=pressed.query_id, **shown)
        except BadRequest as error:
            return "too old" not in str(error).lower()
        except TelegramError:
            return True  # affects only the client's loading indicator, not the answer
        return True

    # -- answers ---------------------------------------------------------------------------------

    async def _run(self, event: IncomingMessage | ButtonPress, request: Request, *, reply_to: int) -> Outcome | None:
        hidden = event.public and not _anonymous(event) and not request.shown
        if hidden and not await self._teller.reachable(event.user):
            return await self._teller.invite(event.place, event.user, reply_to)
        if _anonymous(event) and not request.for_managers:  # one user may be any number of groups
            return await self._teller.send_once(event.place, UNKNOWN_USER, "telegram-faceless", reply_to)
        if event.public and await self._router.asks_who_manages(request):
            request = replace(request, inbound=replace(request.inbound, manager=await self._manages(event)))
        with self._typing.awaited(ChatTopic(event.user.id) if hidden else event.place):
            reply = await self._router.answer(request)
        if reply.repeated:
            return None  # the same answer was sent a moment ago
        if event.public and reply.private:
            return await self._privately(event, reply, request.name, reply_to)
        return await self._show(event, reply, request.name, reply_to)

    async def _show(self, event: IncomingMessage | ButtonPress, reply: Reply, name: str, reply_to: int) -> Outcome:
        owner = event.user.id if event.public and not _anonymous(event) else 0
        messages = render(reply, command=name, owner=owner, ask=bool(reply.asks))
        outcome = None
        if isinstance(event, ButtonPress) and _replaceable(event) and len(messages) == 1:
            outcome = await self._in_place(event, messages[0])
        if outcome is None:
            unpictured = await self._unpictured(event, messages)
            outcome = await self._sender.answer(event.place, messages, reply_to=reply_to, unpictured=unpictured)
        if isinstance(outcome, PermanentFailure) and outcome.chat_gone and event.public and not _anonymous(event):
            return await self._elsewhere(event, messages)
        await self._remember(event.place, event.user, reply, outcome)
        return outcome

    async def _unpictured(self, event: IncomingMessage | ButtonPress, messages: Sequence[Message]) -> str:
        """Returns the note for a group in which only text may be sent; '' if it cannot be needed."""
        if not event.public or all(isinstance(message, TextMessage) for message in messages):
            return ""
        return (await self._teller.catalog(event.user)).text("telegram-no-pictures")

    def _inbound(self, event: IncomingMessage | ButtonPress, text: str) -> Inbound:
        inbound = inbound_of(event, text, language_of(event.user, self._manners.language), self._manners.timezone)
        return replace(inbound, link=partial(link_to, self._client.username))

    async def _manages(self, event: IncomingMessage | ButtonPress) -> bool:
        """True for a group manager. An anonymous administrator, who writes in the group's name, is one."""
        return _anonymous(event) or await self._managers.manages(event.place.chat_id, event.user.id)

    async def _in_place(self, pressed: ButtonPress, message: Message) -> Outcome | None:
        """Edits the message of the button. None if it cannot become the answer."""
        if pressed.pictured and isinstance(message, TextMessage):
            return None
        try:
            return await self._sender.edit(pressed.place, pressed.message_id, message)
        except NotEditable:
            return None

    async def _privately(
        self, event: IncomingMessage | ButtonPress, reply: Reply, name: str, reply_to: int
    ) -> Outcome | None:
        """Answers in the private chat, with a note in the chat of the question."""
        if _anonymous(event):
            return await self._teller.send_once(event.place, UNKNOWN_USER, "telegram-faceless", reply_to)
        place = ChatTopic(event.user.id)
        messages = render(reply, command=name, ask=bool(reply.asks))
        outcome = await self._sender.answer(place, messages)
        if isinstance(outcome, PermanentFailure) and outcome.chat_gone:
            return await self._teller.invite(event.place, event.user, reply_to)
        await self._remember(place, event.user, reply, outcome)
        if isinstance(event, IncomingMessage):  # a press got this note when it was acknowledged
            await self._teller.send(event.place, event.user, "telegram-answered-privately", reply_to)
        return outcome

    async def _elsewhere(self, event: IncomingMessage | ButtonPress, messages: Sequence[Message]) -> Outcome:
        """Sends the answer in private if the bot may not post in the chat of the question."""
        private = ChatTopic(event.user.id)
        await self._teller.send(private, event.user, "telegram-cannot-post")
        return await self._sender.answer(private, messages)

    async def _remember(self, place: ChatTopic, user: User, reply: Reply, outcome: Outcome) -> None:
        """Stores the question that the reply asks. Without the database, buttons still work."""
        if reply.asks and isinstance(outcome, Delivered):
            with suppress(DeskError):
                await self._inbox.ask(
                    str(self._sender.place_of_answer(place)),
                    str(user.id),
                    PendingPrompt(int(outcome.message_id), reply.asks),
                )


def _replaceable(pressed: ButtonPress) -> bool:
    """Returns whether the answer may replace the message: in a group, only by a button that the message has, because
    the data of a press is the client's word.
    """
    return pressed.press.here and pressed.message_id > 0 and (pressed.offered or not pressed.public)


def _anonymous(event: IncomingMessage | ButtonPress) -> bool:
    return isinstance(event, IncomingMessage) and event.anonymous
