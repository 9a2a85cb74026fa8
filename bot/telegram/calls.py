"""From our messages to the calls of the Bot API, one call a message."""

from typing import Any, assert_never

from telegram import (
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    InputMediaDocument,
    InputMediaPhoto,
    LinkPreviewOptions,
    MessageEntity,
)
from telegram import Message as Sent
from telegram.error import BadRequest

from bot.telegram.client import Client
from bot.telegram.markup import Marked
from bot.telegram.render import AlbumMessage, DocumentMessage, File, Keyboard, Message, Photo, PhotoMessage, TextMessage

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_NO_TEXT = "there is no text in the message"


class NotEditable(Exception):
    """The message cannot become the new one; `reason` is Telegram's description, in lower case."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


async def send_message(client: Client, chat_id: int, message: Message, options: dict[str, Any]) -> int:
    """Its id, of an album that of the last picture. Raises TelegramError."""
    match message:
        case TextMessage(body, keyboard, ask):
            sent = await client.send_message(
                chat_id,
                body.text,
                entities=entities(body),
                reply_markup=ForceReply(selective=True) if ask else markup(keyboard),
                link_preview_options=NO_PREVIEW,
                **options,
            )
        case PhotoMessage(photo, keyboard):
            sent = await client.send_photo(
                chat_id,
                photo.png,
                caption=photo.caption.text,
                caption_entities=entities(photo.caption),
                filename=f"{photo.name}.png",
                reply_markup=markup(keyboard),
                **options,
            )
        case DocumentMessage(file, keyboard):
            sent = await client.send_document(
                chat_id,
                _upload(file),
                caption=file.caption.text,
                caption_entities=entities(file.caption),
                disable_content_type_detection=True,
                reply_markup=markup(keyboard),
                **options,
            )
        case AlbumMessage(photos):
            album: tuple[Sent, ...] = await client.send_media_group(
                chat_id, [_photo(photo) for photo in photos], **options
            )
            sent = album[-1]
        case _:
            assert_never(message)
    return sent.message_id


async def edit_message(client: Client, chat_id: int, message_id: int, message: Message) -> None:
    """Puts a message in the place of an earlier one: a text may become a picture, a picture only keeps or changes its
    words when text takes its place. Raises TelegramError, and NotEditable for an album."""
    at: dict[str, Any] = {"chat_id": chat_id, "message_id": message_id}
    match message:
        case TextMessage(body, keyboard):
            at["reply_markup"] = markup(keyboard)
            await client.edit_message_text(body.text, entities=entities(body), link_preview_options=NO_PREVIEW, **at)
        case PhotoMessage(photo, keyboard):
            await client.edit_message_media(_photo(photo), reply_markup=markup(keyboard), **at)
        case DocumentMessage(file, keyboard):
            await client.edit_message_media(_document(file), reply_markup=markup(keyboard), **at)
        case AlbumMessage():
            raise NotEditable("an album cannot take the place of a message")
        case _:
            assert_never(message)


async def edit_words(client: Client, chat_id: int, message_id: int, body: Marked, keyboard: Keyboard) -> None:
    """The words of a message and its buttons, whether they stand alone or below a picture. Raises TelegramError."""
    at: dict[str, Any] = {"chat_id": chat_id, "message_id": message_id, "reply_markup": markup(keyboard)}
    try:
        await client.edit_message_text(body.text, entities=entities(body), link_preview_options=NO_PREVIEW, **at)
    except BadRequest as error:
        if _NO_TEXT not in str(error).lower():
            raise
        await client.edit_message_caption(caption=body.text, caption_entities=entities(body), **at)


def entities(body: Marked) -> list[MessageEntity]:
    """The entities as the library takes them."""
    return [MessageEntity(entity.kind.value, entity.offset, entity.length) for entity in body.entities]


def markup(keyboard: Keyboard) -> InlineKeyboardMarkup | None:
    """The buttons as the library takes them; None without any."""
    if not keyboard:
        return None
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(key.label, callback_data=key.data or None, url=key.url or None) for key in row]
            for row in keyboard
        ]
    )


def _photo(photo: Photo) -> InputMediaPhoto:
    return InputMediaPhoto(
        photo.png,
        caption=photo.caption.text,
        caption_entities=entities(photo.caption),
        filename=f"{photo.name}.png",
    )


def _document(file: File) -> InputMediaDocument:
    upload = _upload(file, attach=True)
    return InputMediaDocument(upload, caption=file.caption.text, caption_entities=entities(file.caption))


def _upload(file: File, *, attach: bool = False) -> InputFile:
    return InputFile(file.data, filename=file.name, attach=attach)
