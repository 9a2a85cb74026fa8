"""From an update as Telegram sent it to what it means here. Pure."""

import re
from dataclasses import dataclass
from typing import Any

import msgspec

from bot.inbound import Inbound
from bot.parsing import visible
from bot.ports import Language
from bot.telegram.render import Press, read_press
from bot.telegram.send import Place

PLATFORM = "telegram"
KINDS = ["message", "callback_query", "inline_query"]
"""What Telegram is asked to send: no edits, so an edited message is never a second command."""

LINKED = frozenset(("link", "alert", "price", "chart"))
"""Commands that a deep link may carry: a link must never buy."""

_CONTENT = frozenset(
    [
        "animation",
        "audio",
        "contact",
        "dice",
        "document",
        "game",
        "location",
        "paid_media",
        "photo",
        "poll",
        "sticker",
        "story",
        "venue",
        "video",
        "video_note",
        "voice",
        "checklist",
    ]
)
_PAYLOAD = re.compile(r"/start(?:@\w+)?\s+([A-Za-z0-9_-]{1,64})\s*", re.ASCII)


class User(msgspec.Struct, frozen=True):
    """Someone on Telegram."""

    id: int
    is_bot: bool = False
    language_code: str = ""


class Chat(msgspec.Struct, frozen=True):
    """Where a message stands."""

    id: int
    type: str


class Message(msgspec.Struct, frozen=True):
    """A message; of pictures and the like only that they are there."""

    message_id: int
    date: int
    chat: Chat
    from_: User | None = msgspec.field(default=None, name="from")
    text: str = ""
    message_thread_id: int = 0
    is_topic_message: bool = False
    photo: msgspec.Raw = msgspec.Raw()
    sender_chat: Chat | None = None
    via_bot: User | None = None
    reply_to_message: "Message | None" = None


class CallbackQuery(msgspec.Struct, frozen=True):
    """A press of a button."""

    id: str
    from_: User = msgspec.field(name="from")
    message: Message | None = None
    data: str = ""


class InlineQuery(msgspec.Struct, frozen=True):
    """`@bot BTC`, typed anywhere."""

    id: str
    from_: User = msgspec.field(name="from")
    query: str = ""


class Update(msgspec.Struct, frozen=True):
    """One of three kinds, or something that was not asked for."""

    update_id: int
    message: Message | None = None
    callback_query: CallbackQuery | None = None
    inline_query: InlineQuery | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """Words of a person. `replies_to` is the bot's message they answer, 0 none; `addressed`: meant for this bot.

    `anonymous`: an administrator in the name of the group, which then is the `user`.
    """

    update_id: int
    place: Place
    user: User
    message_id: int
    text: str
    date: int
    public: bool
    addressed: bool
    replies_to: int = 0
    anonymous: bool = False


@dataclass(frozen=True, slots=True)
class Pressed:
    """A press; `message_id` is 0 where the message cannot be reached any more. `pictured`: it shows a picture."""

    query_id: str
    place: Place
    user: User
    message_id: int
    press: Press
    pictured: bool
    public: bool
    replies_to: int = 0


@dataclass(frozen=True, slots=True)
class Searched:
    """An inline query."""

    query_id: str
    user: User
    text: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A picture, a voice, a sticker ... in a private chat."""

    place: Place
    user: User


@dataclass(frozen=True, slots=True)
class Faceless:
    """A command of someone who writes in a channel's name: there is no person to have an account."""

    place: Place
    message_id: int


Event = Said | Pressed | Searched | Unreadable | Faceless


def origin_and_lane(update: dict[str, Any]) -> tuple[str, str]:
    """What the update is under whatever id it comes, and what it has to stay in order with."""
    if message := update.get("message"):
        chat = message["chat"]["id"]
        return f"message:{chat}:{message['message_id']}", str(chat)
    if query := update.get("callback_query"):
        chat = query.get("message", {}).get("chat", {}).get("id", query["from"]["id"])
        return f"press:{query['id']}", str(chat)
    if query := update.get("inline_query"):
        return f"inline:{query['id']}", f"inline:{query['from']['id']}"
    return f"update:{update['update_id']}", "other"


def read_update(body: str, bot_name: str, commands: frozenset[str]) -> Event | None:
    """What it means; None where it is not for the bot. `commands` are the names of all commands.

    Raises msgspec.ValidationError.
    """
    update = msgspec.json.decode(body, type=Update)
    if update.message is not None:
        return _message(update.update_id, update.message, body, bot_name, commands)
    if update.callback_query is not None:
        return _press(update.callback_query)
    if update.inline_query is not None:
        query = update.inline_query
        return Searched(query.id, query.from_, query.query)
    return None


def _message(update_id: int, message: Message, body: str, bot_name: str, commands: frozenset[str]) -> Event | None:
    public, place, user = message.chat.type != "private", _place(message), message.from_
    if message.via_bot is not None or user is None:
        return None
    if not message.text:
        return None if public or not _CONTENT & _keys(body) else Unreadable(place, user)
    text, addressed = _own_words(message.text, bot_name, commands)
    anonymous = message.sender_chat is not None and message.sender_chat.id == message.chat.id
    if message.sender_chat is not None and not anonymous:
        return Faceless(place, message.message_id) if addressed and message.text.startswith("/") else None
    if anonymous:
        user = User(message.chat.id)
    elif user.is_bot:
        return None
    replied = message.reply_to_message
    replies_to = replied.message_id if replied is not None and replied.from_ is not None and replied.from_.is_bot else 0
    if public and not addressed and not replies_to:
        return None
    return Said(
        update_id,
        place,
        user,
        message.message_id,
        text,
        message.date,
        public,
        addressed or not public,
        replies_to,
        anonymous,
    )


def _press(query: CallbackQuery) -> Pressed | None:
    message = query.message
    if message is None:
        return None
    reachable = message.date > 0
    replied = message.reply_to_message
    return Pressed(
        query.id,
        _place(message),
        query.from_,
        message.message_id if reachable else 0,
        read_press(query.data),
        pictured=bool(bytes(message.photo)),
        public=message.chat.type != "private",
        replies_to=replied.message_id if replied is not None else 0,
    )


def _place(message: Message) -> Place:
    """The topic of a forum; threads that replies make elsewhere are no places to send to."""
    return Place(message.chat.id, message.message_thread_id if message.is_topic_message else 0)


def _own_words(text: str, bot_name: str, commands: frozenset[str]) -> tuple[str, bool]:
    """The text as a command line, and whether it is meant for this bot: by name, or as a command of ours."""
    words = visible(text).split(maxsplit=1)
    first = words[0] if words else ""
    if first.casefold() == f"@{bot_name}".casefold():
        return (words[1] if len(words) > 1 else ""), True
    if not first.startswith("/"):
        return text, False
    name, at, addressee = first[1:].partition("@")
    if at:
        return deep_link(text), addressee.casefold() == bot_name.casefold()
    return deep_link(text), name.casefold() in commands


def deep_link(text: str) -> str:
    """`/start link_3fK9` is `/link 3fK9`: the words of a link, but only of commands that a stranger may send along."""
    found = _PAYLOAD.fullmatch(text)
    if found is None:
        return text
    name, _, rest = found[1].partition("_")
    if name == "link":
        return f"/{name} {rest}"
    return f"/{name} {rest.replace('_', ' ')}" if name in LINKED and rest else "/start"


def _keys(body: str) -> frozenset[str]:
    return frozenset(msgspec.json.decode(body)["message"])


def language_of(user: User, otherwise: Language) -> Language:
    """The language their Telegram speaks, where the desk speaks it too."""
    code = user.language_code.partition("-")[0].casefold()
    return Language(code) if code in tuple(Language) else otherwise


def zone_of(language: Language, otherwise: str) -> str:
    """A guess at the time zone: Telegram does not tell it."""
    return otherwise or ("Asia/Seoul" if language is Language.KOREAN else "UTC")


def inbound_of(event: Said | Pressed, text: str, language: Language, zone: str, *, manager: bool = False) -> Inbound:
    """The line or press for the router. The id is the update's, a press has its own."""
    pressed = isinstance(event, Pressed)
    return Inbound(
        platform=PLATFORM,
        external_id=str(event.user.id),
        command_id=f"press:{event.query_id}" if isinstance(event, Pressed) else f"update:{event.update_id}",
        text=text,
        pressed=pressed,
        language=language,
        timezone=zone_of(language, zone),
        chat_id=str(event.place),
        public=event.public,
        group=str(event.place.chat_id) if event.public else "",
        manager=manager,
    )
