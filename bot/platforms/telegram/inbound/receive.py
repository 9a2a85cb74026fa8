"""Conversion of Telegram's updates to events. Pure."""

from dataclasses import dataclass

import msgspec

from bot.arguments.parser import visible
from bot.command import current_name
from bot.inbound import Inbound
from bot.platforms.telegram.deep_links import opened_line
from bot.platforms.telegram.inbound.locale_hints import zone_of
from bot.platforms.telegram.inbound.updates import CallbackQuery, MemberUpdate, TelegramMessage, Update, User
from bot.platforms.telegram.outbound.render import Press, read_press
from bot.platforms.telegram.outbound.send import ChatTopic
from people.person import Language

PLATFORM = "telegram"
KINDS = ["message", "callback_query", "inline_query", "my_chat_member"]
"""Kinds of updates requested from Telegram.

Edits are excluded, so that an edited message is not a second command, and so are channel posts.
"""

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


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """A message of a user. `replies_to` is the bot's message it replies to, 0 for none.

    `addressed`: meant for this bot. `anonymous`: written by an administrator in the name of the group, which then is
    the `user`. `linked`: opened by an address.
    """

    update_id: int
    place: ChatTopic
    user: User
    message_id: int
    text: str
    date: int
    public: bool
    addressed: bool
    replies_to: int = 0
    anonymous: bool = False
    chat_name: str = ""
    linked: bool = False


@dataclass(frozen=True, slots=True)
class ButtonPress:
    """A button press. `message_id` is 0 if the message is no longer accessible. `pictured`: it shows a picture.

    `offered`: the message has this button. Otherwise the message changed meanwhile, or the client forged the press.
    """

    query_id: str
    place: ChatTopic
    user: User
    message_id: int
    press: Press
    pictured: bool
    public: bool
    replies_to: int = 0
    chat_name: str = ""
    update_id: int = 0
    offered: bool = True


@dataclass(frozen=True, slots=True)
class InlineSearch:
    """An inline query."""

    query_id: str
    user: User
    text: str


@dataclass(frozen=True, slots=True)
class UnreadableContent:
    """A picture, voice message, sticker or similar content in a private chat, or a `forwarded` text."""

    place: ChatTopic
    user: User
    forwarded: bool = False


@dataclass(frozen=True, slots=True)
class ChannelCommand:
    """A command written in the name of a channel, which has no user and therefore no account."""

    place: ChatTopic
    message_id: int


@dataclass(frozen=True, slots=True)
class ChatMigrated:
    """The group `old` became a supergroup with the id `new`."""

    old: int
    new: int


@dataclass(frozen=True, slots=True)
class BotAdded:
    """The bot can be reached in a chat again, or for the first time."""

    place: ChatTopic
    user: User
    public: bool


@dataclass(frozen=True, slots=True)
class BotRemoved:
    """The bot was blocked, or is no longer in the group."""

    place: ChatTopic
    public: bool


@dataclass(frozen=True, slots=True)
class RightsChanged:
    """The bot's rights in a group changed."""

    place: ChatTopic


Event = (
    ChatMigrated
    | BotAdded
    | BotRemoved
    | RightsChanged
    | IncomingMessage
    | ButtonPress
    | InlineSearch
    | UnreadableContent
    | ChannelCommand
)


def read_update(body: str, bot_name: str, commands: frozenset[str]) -> Event | None:
    """Parses an update. None if it is not for the bot. `commands` are the names of all commands.

    Raises msgspec.ValidationError.
    """
    update = msgspec.json.decode(body, type=Update)
    if update.message is not None:
        return _message(update.update_id, update.message, body, bot_name, commands)
    if update.callback_query is not None:
        return _press(update.callback_query, update.update_id)
    if update.inline_query is not None:
        query = update.inline_query
        return InlineSearch(query.id, query.from_, query.query)
    if update.my_chat_member is not None:
        return _member(update.my_chat_member)
    return None


def _member(change: MemberUpdate) -> Event | None:
    """Returns the event of a membership change. Channels are ignored, because no identifiable users write there."""
    if change.chat.type == "channel":
        return None
    place, public = ChatTopic(change.chat.id), change.chat.type != "private"
    before, after = change.old_chat_member.present, change.new_chat_member.present
    if before == after:
        return RightsChanged(place)
    return BotAdded(place, change.from_, public) if after else BotRemoved(place, public)


def _message(
    update_id: int, message: TelegramMessage, body: str, bot_name: str, commands: frozenset[str]
) -> Event | None:
    if message.migrate_to_chat_id:
        return ChatMigrated(message.chat.id, message.migrate_to_chat_id)
    if message.migrate_from_chat_id:
        return ChatMigrated(message.migrate_from_chat_id, message.chat.id)
    public, user = message.chat.type != "private", message.from_
    if message.via_bot is not None or user is None or message.is_automatic_forward:
        return None
    if not message.text:
        return None if public or not _CONTENT & _keys(body) else UnreadableContent(_place(message), user)
    if bytes(message.forward_origin):  # written by another user, and therefore no command
        return None if public else UnreadableContent(_place(message), user, forwarded=True)
    return _words(update_id, message, user, bot_name, commands)


def _words(
    update_id: int, message: TelegramMessage, user: User, bot_name: str, commands: frozenset[str]
) -> IncomingMessage | ChannelCommand | None:
    public, place = message.chat.type != "private", _place(message)
    text, addressed = _own_words(message.text, bot_name, commands)
    anonymous = message.sender_chat is not None and message.sender_chat.id == message.chat.id
    if message.sender_chat is not None and not anonymous:
        return ChannelCommand(place, message.message_id) if addressed and message.text.startswith("/") else None
    if user.is_bot and not anonymous:
        return None
    replied = message.reply_to_message
    replies_to = replied.message_id if replied is not None and replied.from_ is not None and replied.from_.is_bot else 0
    if public and not addressed and not replies_to:
        return None
    return IncomingMessage(
        update_id,
        place,
        User(message.chat.id) if anonymous else user,
        message.message_id,
        text,
        message.date,
        public,
        addressed or not public,
        replies_to,
        anonymous,
        message.chat.title,
        linked=message.text.startswith("/") and text != message.text,
    )


def _press(query: CallbackQuery, update_id: int) -> ButtonPress | None:
    message = query.message
    if message is None:
        return None
    reachable = message.date > 0
    replied = message.reply_to_message
    return ButtonPress(
        query.id,
        _place(message),
        query.from_,
        message.message_id if reachable else 0,
        read_press(query.data),
        pictured=bool(bytes(message.photo)),
        public=message.chat.type != "private",
        replies_to=replied.message_id if replied is not None else 0,
        chat_name=message.chat.title,
        update_id=update_id,
        offered=any(key.callback_data == query.data for row in message.reply_markup.inline_keyboard for key in row),
    )


def _place(message: TelegramMessage) -> ChatTopic:
    """Returns the chat and the topic of a forum. Reply threads in other chats are not topics."""
    return ChatTopic(message.chat.id, message.message_thread_id if message.is_topic_message else 0)


def _own_words(text: str, bot_name: str, commands: frozenset[str]) -> tuple[str, bool]:
    """Returns the text as a command line, and whether it addresses this bot by name or by a known command."""
    words = visible(text).split(maxsplit=1)
    first = words[0] if words else ""
    if first.casefold() == f"@{bot_name}".casefold():
        return (words[1] if len(words) > 1 else ""), True
    if not first.startswith("/"):
        return text, False
    name, at, addressee = first[1:].partition("@")
    if at:
        return opened_line(text), addressee.casefold() == bot_name.casefold()
    return opened_line(text), current_name(name.casefold()) in commands


def _keys(body: str) -> frozenset[str]:
    return frozenset(msgspec.json.decode(body)["message"])


def inbound_of(event: IncomingMessage | ButtonPress, text: str, language: Language, zone: str) -> Inbound:
    """Returns the line or press for the router. A press is identified by its own id, a line by the update's."""
    pressed = isinstance(event, ButtonPress)
    return Inbound(
        platform=PLATFORM,
        external_id=str(event.user.id),
        command_id=f"press:{event.query_id}" if isinstance(event, ButtonPress) else f"update:{event.update_id}",
        text=text,
        pressed=pressed,
        language=language,
        timezone=zone_of(language, zone),
        chat_id=str(event.place),
        public=event.public,
        group=str(event.place.chat_id) if event.public else "",
        parent_chat=str(event.place.chat_id) if event.place.topic else "",
        linked=isinstance(event, IncomingMessage) and event.linked,
        offered=not isinstance(event, ButtonPress) or event.offered,
        chat_name=event.chat_name,
    )
