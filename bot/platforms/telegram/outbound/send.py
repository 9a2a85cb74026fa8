"""Sending and editing of messages, with rate limits, retries and classification of errors."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, assert_never

from telegram.error import TelegramError

from bot.notifications.courier import Delivered, Outcome, OutcomeUnknown, PermanentFailure, RetryLater
from bot.platforms.telegram.client import Client, MigratedTo, RequestRefused, ServerFault, Verdict, judge
from bot.platforms.telegram.departure import CURRENT
from bot.platforms.telegram.outbound.api_calls import NotEditable, edit_message, edit_words, send_message
from bot.platforms.telegram.outbound.markup import Marked
from bot.platforms.telegram.outbound.rate_limiter import RateLimiter
from bot.platforms.telegram.outbound.render import (
    PLACEHOLDER,
    AlbumMessage,
    DocumentMessage,
    Message,
    PhotoMessage,
    TextMessage,
)
from core.errors import DeskError, Unavailable

ANSWER_SECONDS = 120.0
"""Time limit in seconds for sending an answer."""

_NO_RIGHTS = "not enough rights"
_FAULTS = 3
_FAULT_SECONDS = 1.0
_MOVES_KNOWN = 1000
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ChatTopic:
    """A chat, and in a forum its topic (0: none). Written as `-1001234/5`."""

    chat_id: int
    topic: int = 0

    def __str__(self) -> str:
        return f"{self.chat_id}/{self.topic}" if self.topic else str(self.chat_id)


def read_place(text: str) -> ChatTopic:
    """Parses the result of `str(place)`. Raises ValueError."""
    chat, _, topic = text.partition("/")
    return ChatTopic(int(chat), int(topic or 0))


@dataclass(frozen=True, slots=True)
class SendOptions:
    """Options of a message.

    `push` marks a notification, for which no user waits. `reply_to` is a message's number (0: none). `unpictured` is
    the note added if only the text of a picture or file may be sent ('': none).
    """

    push: bool = False
    silent: bool = False
    reply_to: int = 0
    unpictured: str = ""

    def parameters(self, place: ChatTopic) -> dict[str, Any]:
        """Returns the parameters of Bot API calls that send to the place."""
        found: dict[str, Any] = {"disable_notification": self.silent or None}
        if place.topic:
            found["message_thread_id"] = place.topic
        if self.reply_to:
            found["reply_parameters"] = {"message_id": self.reply_to, "allow_sending_without_reply": True}
        return found


class Sender:
    """Sender of messages. Raises no errors of Telegram or the network, except `NotEditable`."""

    def __init__(
        self,
        client: Client,
        pace: RateLimiter,
        *,
        moved: Callable[[int, int], Awaitable[None]] | None = None,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        """`moved` is called with the old and the new id when a group turns out to be upgraded. It raises DeskError."""
        self._client = client
        self._moved = moved
        self._pace = pace
        self._answer_seconds = answer_seconds
        self._moves: dict[int, int] = {}

    def place_of_answer(self, place: ChatTopic) -> ChatTopic:
        """Returns where answers to a place arrive: in the new chat of a group that was found to be upgraded."""
        new = self._moves.get(place.chat_id)
        return place if new is None else ChatTopic(new)

    async def answer(
        self, place: ChatTopic, messages: Sequence[Message], *, reply_to: int = 0, unpictured: str = ""
    ) -> Outcome:
        """Sends all messages in order.

        A message is retried while that is certain to be harmless, or Telegram itself failed. `Delivered` names the last
        message. A message that may have arrived is not sent again; the others are sent, and the outcome is unknown, as
        it is if a later message fails. The options are those of `SendOptions`.
        """
        options = SendOptions(reply_to=reply_to, unpictured=unpictured)
        outcome: Outcome = PermanentFailure("nothing to send", chat_gone=False)
        doubt: OutcomeUnknown | None = None
        end = asyncio.get_running_loop().time() + self._answer_seconds
        for number, message in enumerate(messages):
            outcome = await self._persist(place, message, end, options)
            if isinstance(outcome, PermanentFailure | RetryLater):
                return outcome if number == 0 else _partly(number, messages, outcome.reason)
            if isinstance(outcome, OutcomeUnknown):
                doubt = doubt or _partly(number, messages, outcome.reason)
        return doubt or outcome

    async def push(self, place: ChatTopic, messages: Sequence[Message], *, silent: bool) -> Outcome:
        """Sends a notification. The first message is tried once; if a later one fails, the result is uncertain."""
        options = SendOptions(push=True, silent=silent)
        outcome: Outcome = PermanentFailure("nothing to send", chat_gone=False)
        end = asyncio.get_running_loop().time() + self._answer_seconds
        for number, message in enumerate(messages):
            if number == 0:
                outcome = _plain(await self._try(place, message, options))
            else:
                outcome = await self._persist(place, message, end, options)
            if not isinstance(outcome, Delivered):
                return outcome if number == 0 else _partly(number, messages, outcome.reason)
        return outcome

    async def edit(self, place: ChatTopic, message_id: int, message: Message) -> Outcome:
        """Replaces an earlier message; safe to repeat. Raises NotEditable."""
        end = asyncio.get_running_loop().time() + self._answer_seconds
        while True:
            verdict = await self._edit(place, message_id, message, push=False)
            match verdict:
                case RequestRefused() | MigratedTo():
                    await self._follow_edit(place, verdict)
                    raise NotEditable(_reason(verdict))
                case Delivered() | PermanentFailure():
                    return verdict
                case RetryLater() | OutcomeUnknown() | ServerFault():
                    if not await self._wait(place, verdict, end):
                        return _plain(verdict)
                case _:
                    assert_never(verdict)

    async def renew(self, place: ChatTopic, message_id: int, message: Message) -> Outcome:
        """Replaces an earlier message of a notification, once. `PermanentFailure` if it cannot become the new one."""
        verdict = await self._edit(place, message_id, message, push=True)
        match verdict:
            case RequestRefused() | MigratedTo():
                await self._follow_edit(place, verdict)
                return PermanentFailure(_reason(verdict), chat_gone=False)
            case OutcomeUnknown(reason) | ServerFault(reason):
                return RetryLater(reason, _FAULT_SECONDS)  # an edit is safe to repeat
            case _:
                return verdict

    async def _edit(self, place: ChatTopic, message_id: int, message: Message, *, push: bool) -> "Delivered | Verdict":
        """Performs one edit. If a picture is refused, only its text is used."""
        chat_id = place.chat_id

        async def done(changed: Message) -> int:
            if push and isinstance(changed, TextMessage):
                await edit_words(self._client, chat_id, message_id, changed.body, changed.keyboard)
            else:
                await edit_message(self._client, chat_id, message_id, changed)
            return message_id

        verdict = await self._call(chat_id, lambda: done(message), push=push)
        if (
            isinstance(verdict, RequestRefused)
            and _NO_RIGHTS in verdict.reason
            and not isinstance(message, TextMessage)
        ):
            plainer = _plainer(message, verdict.reason)
            verdict = await self._call(chat_id, lambda: done(plainer), push=push)
        if isinstance(verdict, RequestRefused) and "not modified" in verdict.reason:
            return Delivered(str(message_id))
        return verdict

    async def _persist(self, place: ChatTopic, message: Message, end: float, options: SendOptions) -> Outcome:
        faults = 0
        while True:
            verdict = await self._try(place, message, options)
            faults += isinstance(verdict, ServerFault)
            repeatable = not options.push and faults < _FAULTS
            again = isinstance(verdict, RetryLater) or (isinstance(verdict, ServerFault) and repeatable)
            if not again or not await self._wait(place, verdict, end):
                return _plain(verdict)

    async def _wait(self, place: ChatTopic, verdict: "Delivered | Verdict", end: float) -> bool:
        """Waits until another attempt is reasonable. False if that exceeds the time limit."""
        seconds = verdict.retry_seconds if isinstance(verdict, RetryLater) else _FAULT_SECONDS
        if asyncio.get_running_loop().time() + seconds > end:
            return False
        if isinstance(verdict, RetryLater):
            self._pace.hold(place.chat_id, seconds)
        await asyncio.sleep(seconds)
        return True

    async def _try(
        self, place: ChatTopic, message: Message, options: SendOptions, *, may_move: bool = True
    ) -> "Delivered | Verdict":
        """Sends one message once, and once more in a plainer form if it is refused, or where its group moved to."""
        parameters = options.parameters(place)

        async def leave(form: Message) -> int:
            await _depart()
            return await send_message(self._client, place.chat_id, form, parameters)

        async def sent(form: Message) -> "Delivered | Verdict":
            return await self._call(place.chat_id, lambda: leave(form), push=options.push)

        verdict = await sent(message)
        if isinstance(verdict, MigratedTo) and may_move:
            await self._follow(place.chat_id, verdict.chat_id)
            moved = replace(options, reply_to=0)  # messages have other numbers there
            return await self._try(ChatTopic(verdict.chat_id), message, moved, may_move=False)
        if isinstance(verdict, RequestRefused):
            _log.warning("a message was refused: %s", verdict.reason)
            if place.topic and "thread not found" in verdict.reason:
                return await self._try(ChatTopic(place.chat_id), message, options, may_move=may_move)
            return await sent(_plainer(message, verdict.reason, options.unpictured))
        return verdict

    async def _follow(self, old: int, new: int) -> None:
        """Records the upgrade of a group. If the write fails, the update that Telegram also sends records it."""
        self._moves[old] = new
        if len(self._moves) > _MOVES_KNOWN:
            del self._moves[next(iter(self._moves))]
        if self._moved is not None:
            with suppress(DeskError):
                await self._moved(old, new)

    async def _follow_edit(self, place: ChatTopic, verdict: RequestRefused | MigratedTo) -> None:
        if isinstance(verdict, MigratedTo):
            await self._follow(place.chat_id, verdict.chat_id)

    async def _call(
        self,
        chat_id: int,
        send: Callable[[], Awaitable[int]],
        *,
        push: bool,
    ) -> "Delivered | Verdict":
        try:
            async with self._pace.turn(chat_id, push=push):
                return Delivered(str(await send()))
        except TelegramError as error:
            verdict = judge(error)
        if isinstance(verdict, RetryLater):
            self._pace.hold(chat_id, verdict.retry_seconds)
        return verdict


async def _depart() -> None:
    """Marks the answer as being sent.

    The answer is sent even if PostgreSQL is unavailable: a repeated answer after a crash at that moment is better than
    none.
    """
    if (departure := CURRENT.get()) is not None:
        try:
            await departure.mark()
        except Unavailable as error:
            _log.warning("an answer is sent unmarked, so a crash would repeat it: %s", type(error).__name__)


def _plain(verdict: "Delivered | Verdict") -> Outcome:
    """Converts a verdict to an outcome of the ports."""
    match verdict:
        case ServerFault(reason):
            return OutcomeUnknown(reason)
        case RequestRefused(reason):
            return PermanentFailure(reason, chat_gone=False)
        case MigratedTo():
            return PermanentFailure("the group moved twice", chat_gone=False)
        case _:
            return verdict


def _partly(number: int, messages: Sequence[Message], reason: str) -> OutcomeUnknown:
    """Returns the outcome of messages of which the one at index `number` may be missing."""
    return OutcomeUnknown(f"message {number + 1} of {len(messages)}: {reason}")


def _reason(verdict: RequestRefused | MigratedTo) -> str:
    return verdict.reason if isinstance(verdict, RequestRefused) else "the group was upgraded"


def _plainer(message: Message, reason: str, unpictured: str = "") -> Message:
    """Returns the message without its refused part: the entities, or the picture if only text is permitted.

    `unpictured` is the note added in the latter case.
    """
    note = f"\n\n{unpictured}" if unpictured and _NO_RIGHTS in reason else ""
    match message:
        case TextMessage(body):
            return replace(message, body=Marked(body.text))
        case PhotoMessage(photo, keyboard):
            if "entit" in reason:
                return PhotoMessage(replace(photo, caption=Marked(photo.caption.text)), keyboard)
            return TextMessage(_words(photo.caption, note), keyboard)
        case DocumentMessage(file, keyboard):
            if "entit" in reason:
                return DocumentMessage(replace(file, caption=Marked(file.caption.text)), keyboard)
            return TextMessage(_words(file.caption, note), keyboard)
        case AlbumMessage(photos):
            return TextMessage(Marked("\n\n".join(photo.caption.text for photo in photos)[:CAPTIONS_LIMIT] + note))
        case _:
            assert_never(message)


def _words(caption: Marked, note: str) -> Marked:
    """Returns a caption as text, which unlike a caption must not be empty."""
    return replace(caption, text=caption.text + note) if caption.text.strip() else Marked(note.strip() or PLACEHOLDER)


CAPTIONS_LIMIT = 2048
"""Maximum characters of an album's joined captions; any character may count twice."""
