"""Conversion of messages to calls of the Bot API, one call per message."""

from typing import Any, assert_never

from telegram import InputFile, InputMediaDocument, InputMediaPhoto, MessageEntity
from telegram.error import BadRequest, TelegramError

from bot.platforms.telegram.client import MALFORMED, Client
from bot.platforms.telegram.http_transport import UNREADABLE
from bot.platforms.telegram.outbound.markup import Marked
from bot.platforms.telegram.outbound.render import (
    AlbumMessage,
    DocumentMessage,
    File,
    Keyboard,
    Message,
    Photo,
    PhotoMessage,
    TextMessage,
)

Json = dict[str, Any]

NO_PREVIEW: Json = {"is_disabled": True}
_ASK: Json = {"force_reply": True, "selective": True}
_NO_TEXT = "there is no text in the message"


class NotEditable(Exception):
    """The message cannot become the new one. `reason` is Telegram's description, in lower case."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


async def send_message(client: Client, chat_id: int, message: Message, options: Json) -> int:
    """Sends a message and returns its id, for an album that of the last picture. Raises TelegramError."""
    to: Json = {"chat_id": chat_id, **options}
    match message:
        case TextMessage(body, keyboard, ask):
            keys = _ASK if ask else markup(keyboard)
            sent = await client.post("sendMessage", **to, **_words(body), reply_markup=keys)
        case PhotoMessage(photo, keyboard):
            file = InputFile(photo.png, filename=f"{photo.name}.png")
            sent = await client.post(
                "sendPhoto", **to, photo=file, **_caption(photo.caption), reply_markup=markup(keyboard)
            )
        case DocumentMessage(document, keyboard):
            sent = await client.post(
                "sendDocument",
                **to,
                document=_upload(document),
                **_caption(document.caption),
                disable_content_type_detection=True,
                reply_markup=markup(keyboard),
            )
        case AlbumMessage(photos):
            sent = await client.post("sendMediaGroup", **to, media=[_photo(photo) for photo in photos])
        case _:
            assert_never(message)
    try:
        return int((sent[-1] if isinstance(sent, list) else sent)["message_id"])
    except MALFORMED:
        raise TelegramError(UNREADABLE) from None  # it was probably sent


async def edit_message(client: Client, chat_id: int, message_id: int, message: Message) -> None:
    """Replaces an earlier message. A text may become a picture, but a picture cannot become a text.

    Raises TelegramError, and NotEditable for an album.
    """
    at: Json = {"chat_id": chat_id, "message_id": message_id}
    match message:
        case TextMessage(body, keyboard):
            await client.post("editMessageText", **at, **_words(body), reply_markup=markup(keyboard))
        case PhotoMessage(photo, keyboard):
            await client.post("editMessageMedia", **at, media=_photo(photo), reply_markup=markup(keyboard))
        case DocumentMessage(document, keyboard):
            await client.post("editMessageMedia", **at, media=_document(document), reply_markup=markup(keyboard))
        case AlbumMessage():
            raise NotEditable("an album cannot take the place of a message")
        case _:
            assert_never(message)


async def edit_words(client: Client, chat_id: int, message_id: int, body: Marked, keyboard: Keyboard) -> None:
    """Edits the text or the caption of a message, and its buttons. Raises TelegramError."""
    at: Json = {"chat_id": chat_id, "message_id": message_id, "reply_markup": markup(keyboard)}
    try:
        await client.post("editMessageText", **at, **_words(body))
    except BadRequest as error:
        if _NO_TEXT not in str(error).lower():
            raise
        await client.post("editMessageCaption", **at, **_caption(body))


def _words(body: Marked) -> Json:
    return {"text": body.text, "entities": entities(body), "link_preview_options": NO_PREVIEW}


def _caption(body: Marked) -> Json:
    return {"caption": body.text, "caption_entities": entities(body)} if body.text else {}


def entities(body: Marked) -> list[Json] | None:
    """Returns the entities in Telegram's format."""
    found = [
        {"type": entity.kind.value, "offset": entity.offset, "length": entity.length}
        | ({"url": entity.url} if entity.url else {})
        for entity in body.entities
    ]
    return found or None


def markup(keyboard: Keyboard) -> Json | None:
    """Returns the buttons in Telegram's format. None if there are none."""
    if not keyboard:
        return None
    keys = [
        [{"text": key.label} | ({"url": key.url} if key.url else {"callback_data": key.data}) for key in row]
        for row in keyboard
    ]
    return {"inline_keyboard": keys}


def _entities(body: Marked) -> list[MessageEntity]:
    return [
        MessageEntity(entity.kind.value, entity.offset, entity.length, url=entity.url or None)
        for entity in body.entities
    ]


def _photo(photo: Photo) -> InputMediaPhoto:
    return InputMediaPhoto(
        photo.png,
        caption=photo.caption.text,
        caption_entities=_entities(photo.caption),
        filename=f"{photo.name}.png",
    )


def _document(file: File) -> InputMediaDocument:
    upload = _upload(file, attach=True)
    return InputMediaDocument(upload, caption=file.caption.text, caption_entities=_entities(file.caption))


def _upload(file: File, *, attach: bool = False) -> InputFile:
    return InputFile(file.data, filename=file.name, attach=attach)
