"""Sending and editing: every call waits for its turn, and every error is judged in one place."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, assert_never

from telegram import (
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    LinkPreviewOptions,
    MessageEntity,
    ReplyParameters,
)
from telegram import Message as Sent
from telegram.error import TelegramError

from bot.push.ports import Delivered, Never, NotNow, Outcome, Uncertain
from bot.telegram.client import Client, Moved, Refused, ServerFault, Verdict, judge
from bot.telegram.markup import Marked
from bot.telegram.pace import Pace
from bot.telegram.render import AlbumMessage, Keyboard, Message, Photo, PhotoMessage, TextMessage

ANSWER_SECONDS = 120.0
"""How long an answer is tried before it is given up."""

_FAULTS = 3
_FAULT_SECONDS = 1.0
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """A chat, and in a forum its topic (0: none). Written `-1001234/5`."""

    chat_id: int
    topic: int = 0

    def __str__(self) -> str:
        return f"{self.chat_id}/{self.topic}" if self.topic else str(self.chat_id)


def read_place(text: str) -> Place:
    """The opposite of `str(place)`. Raises ValueError."""
    chat, _, topic = text.partition("/")
    return Place(int(chat), int(topic or 0))


class NotEditable(Exception):
    """The message cannot become the new one: it is gone, too old, or of another kind."""


class Sender:
    """Sends messages to places. Never raises for what Telegram or the network does, but for `NotEditable`."""

    def __init__(self, client: Client, pace: Pace, *, answer_seconds: float = ANSWER_SECONDS) -> None:
        self._client = client
        self._pace = pace
        self._answer_seconds = answer_seconds

    async def answer(self, place: Place, messages: Sequence[Message], *, reply_to: int = 0) -> Outcome:
        """All messages in order, tried again while that is certain to be harmless, or Telegram itself failed.

        `Delivered` names the last one. What may have arrived is not sent again.
        """
        outcome: Outcome = Never("nothing to send", chat_gone=False)
        end = asyncio.get_running_loop().time() + self._answer_seconds
        for message in messages:
            outcome = await self._persist(place, message, end, reply_to=reply_to)
            if isinstance(outcome, Never | NotNow):
                return outcome
        return outcome

    async def push(self, place: Place, messages: Sequence[Message], *, silent: bool) -> Outcome:
        """The same for what nobody waits for: the first is tried once, the others follow it or leave it uncertain."""
        outcome: Outcome = Never("nothing to send", chat_gone=False)
        end = asyncio.get_running_loop().time() + self._answer_seconds
        for number, message in enumerate(messages):
            if number == 0:
                outcome = _plain(await self._try(place, message, push=True, silent=silent))
            else:
                outcome = await self._persist(place, message, end, push=True, silent=silent)
            if not isinstance(outcome, Delivered):
                reason = f"message {number + 1} of {len(messages)}"
                return outcome if number == 0 else Uncertain(f"{reason}: {outcome.reason}")
        return outcome

    async def edit(self, place: Place, message_id: int, message: Message) -> Outcome:
        """Puts a message in the place of an earlier one of the same kind; may be repeated. Raises NotEditable."""
        end = asyncio.get_running_loop().time() + self._answer_seconds
        while True:
            try:
                async with self._pace.turn(place.chat_id, push=False):
                    await self._edit(place, message_id, message)
            except TelegramError as error:
                verdict = judge(error)
            else:
                return Delivered(str(message_id))
            match verdict:
                case Refused(reason) if "not modified" in reason:
                    return Delivered(str(message_id))
                case Refused() | Moved():
                    raise NotEditable
                case Never():
                    return verdict
                case NotNow() | Uncertain() | ServerFault():
                    if not await self._wait(place, verdict, end):
                        return _plain(verdict)
                case _:
                    assert_never(verdict)

    async def _persist(
        self,
        place: Place,
        message: Message,
        end: float,
        *,
        push: bool = False,
        silent: bool = False,
        reply_to: int = 0,
    ) -> Outcome:
        faults = 0
        while True:
            verdict = await self._try(place, message, push=push, silent=silent, reply_to=reply_to)
            faults += isinstance(verdict, ServerFault)
            again = isinstance(verdict, NotNow) or (isinstance(verdict, ServerFault) and not push and faults < _FAULTS)
            if not again or not await self._wait(place, verdict, end):
                return _plain(verdict)

    async def _wait(self, place: Place, verdict: "Delivered | Verdict", end: float) -> bool:
        """Waits as long as it takes until another try makes sense; False where that is too long."""
        seconds = verdict.retry_seconds if isinstance(verdict, NotNow) else _FAULT_SECONDS
        if asyncio.get_running_loop().time() + seconds > end:
            return False
        if isinstance(verdict, NotNow):
            self._pace.hold(place.chat_id, seconds)
        await asyncio.sleep(seconds)
        return True

    async def _try(
        self, place: Place, message: Message, *, push: bool, silent: bool = False, reply_to: int = 0
    ) -> "Delivered | Verdict":
        """One message once; where it is refused, once more in a plainer form."""
        options: dict[str, Any] = {"disable_notification": silent or None}
        if place.topic:
            options["message_thread_id"] = place.topic
        if reply_to:
            options["reply_parameters"] = ReplyParameters(reply_to, allow_sending_without_reply=True)
        verdict = await self._call(place.chat_id, lambda: self._send(place.chat_id, message, options), push=push)
        if isinstance(verdict, Moved):
            chat_id = verdict.chat_id
            return await self._call(chat_id, lambda: self._send(chat_id, message, options), push=push)
        if isinstance(verdict, Refused):
            _log.warning("a message was refused: %s", verdict.reason)
            if "thread not found" in verdict.reason:
                options.pop("message_thread_id", None)
            plainer = message if "thread not found" in verdict.reason else _plainer(message, verdict.reason)
            return await self._call(place.chat_id, lambda: self._send(place.chat_id, plainer, options), push=push)
        return verdict

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
        if isinstance(verdict, NotNow):
            self._pace.hold(chat_id, verdict.retry_seconds)
        return verdict

    async def _send(self, chat_id: int, message: Message, options: dict[str, Any]) -> int:
        match message:
            case TextMessage(body, keyboard, ask):
                sent = await self._client.send_message(
                    chat_id,
                    body.text,
                    entities=_entities(body),
                    reply_markup=ForceReply(selective=True) if ask else _markup(keyboard),
                    link_preview_options=_NO_PREVIEW,
                    **options,
                )
            case PhotoMessage(photo, keyboard):
                sent = await self._client.send_photo(
                    chat_id,
                    photo.png,
                    caption=photo.caption.text,
                    caption_entities=_entities(photo.caption),
                    filename=f"{photo.name}.png",
                    reply_markup=_markup(keyboard),
                    **options,
                )
            case AlbumMessage(photos):
                album: tuple[Sent, ...] = await self._client.send_media_group(
                    chat_id, [_media(photo) for photo in photos], **options
                )
                sent = album[-1]
            case _:
                assert_never(message)
        return sent.message_id

    async def _edit(self, place: Place, message_id: int, message: Message) -> None:
        at: dict[str, Any] = {"chat_id": place.chat_id, "message_id": message_id}
        match message:
            case TextMessage(body, keyboard):
                await self._client.edit_message_text(
                    body.text,
                    entities=_entities(body),
                    reply_markup=_markup(keyboard),
                    link_preview_options=_NO_PREVIEW,
                    **at,
                )
            case PhotoMessage(photo, keyboard):
                await self._client.edit_message_media(_media(photo), reply_markup=_markup(keyboard), **at)
            case AlbumMessage():
                raise NotEditable
            case _:
                assert_never(message)


def _plain(verdict: "Delivered | Verdict") -> Outcome:
    """The verdict in the words of the ports."""
    match verdict:
        case ServerFault(reason):
            return Uncertain(reason)
        case Refused(reason):
            return Never(reason, chat_gone=False)
        case Moved():
            return Never("the group moved twice", chat_gone=False)
        case _:
            return verdict


def _plainer(message: Message, reason: str) -> Message:
    """The same words without what was refused: entities, or the picture where only text is permitted."""
    match message:
        case TextMessage(body):
            return replace(message, body=Marked(body.text))
        case PhotoMessage(photo, keyboard):
            if "entit" in reason:
                return PhotoMessage(replace(photo, caption=Marked(photo.caption.text)), keyboard)
            return TextMessage(photo.caption, keyboard)
        case AlbumMessage(photos):
            return TextMessage(Marked("\n\n".join(photo.caption.text for photo in photos)[:CAPTIONS_LIMIT]))
        case _:
            assert_never(message)


CAPTIONS_LIMIT = 2048
"""Characters of an album's captions put together: any character may count twice."""


def _entities(body: Marked) -> list[MessageEntity]:
    return [MessageEntity(entity.kind.value, entity.offset, entity.length) for entity in body.entities]


def _markup(keyboard: Keyboard) -> InlineKeyboardMarkup | None:
    if not keyboard:
        return None
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(key.label, callback_data=key.data or None, url=key.url or None) for key in row]
            for row in keyboard
        ]
    )


def _media(photo: Photo) -> InputMediaPhoto:
    return InputMediaPhoto(
        photo.png,
        caption=photo.caption.text,
        caption_entities=_entities(photo.caption),
        filename=f"{photo.name}.png",
    )
