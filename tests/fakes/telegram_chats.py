"""Chats of the fake Telegram, and the people who write, press and leave there."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.fakes.telegram import FakeTelegram

Json = dict[str, Any]

BOT: Json = {"id": 123456789, "is_bot": True, "first_name": "Paperdesk", "username": "paperdesk_bot"}
ANONYMOUS: Json = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
_ADMIN_RIGHTS = (
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)


class Refusal(Exception):
    """What the API answers instead."""

    def __init__(self, status: int, why: str, parameters: Json | None = None) -> None:
        super().__init__(why)
        self.status, self.why, self.parameters = status, why, parameters


@dataclass(eq=False)
class Chat:
    """A private chat, a group, or a forum; `privacy` is the bot's privacy mode there.

    `muted`: the bot may read but not post; `textual`: it may post words but no pictures or files. `managers` are the
    ids of the administrators. `gone_topics` were deleted.
    """

    body: Json
    opened: bool = True
    blocked: bool = False
    privacy: bool = True
    muted: bool = False
    textual: bool = False
    managers: set[int] = field(default_factory=set)
    gone_topics: set[int] = field(default_factory=set)
    messages: dict[int, Json] = field(default_factory=dict)
    moved_to: int = 0

    @property
    def chat_id(self) -> int:
        return int(self.body["id"])

    @property
    def sent(self) -> list[Json]:
        """What the bot has here now, in order, edits applied."""
        return [message for message in self.messages.values() if message["from"]["id"] == BOT["id"]]

    def check_open(self) -> None:
        """Raises Refusal where the bot cannot do anything here."""
        if self.moved_to:
            moved = {"migrate_to_chat_id": self.moved_to}
            raise Refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", moved)
        if not self.opened:
            raise Refusal(403, "Forbidden: bot can't initiate conversation with a user")
        if self.blocked:
            private = self.body["type"] == "private"
            why = "bot was blocked by the user" if private else "bot was kicked from the supergroup chat"
            raise Refusal(403, f"Forbidden: {why}")

    def check_rights(self, *, media: str = "") -> None:
        """Raises Refusal where the bot may not post, or not this kind."""
        if self.muted:
            raise Refusal(400, "Bad Request: not enough rights to send text messages to the chat")
        if media and self.textual:
            raise Refusal(400, f"Bad Request: not enough rights to send {media} to the chat")


def make_message(
    world: "FakeTelegram", chat: Chat, sender: Json, *, topic: int | None = None, reply_to: Json | None = None
) -> Json:
    """An empty message, put into the chat."""
    message: Json = {"message_id": world.next_id(), "date": world.now(), "chat": chat.body, "from": sender}
    if topic is not None:
        message |= {"message_thread_id": topic, "is_topic_message": True}
    if reply_to is not None:
        message["reply_to_message"] = {key: value for key, value in reply_to.items() if key != "reply_to_message"}
    chat.messages[message["message_id"]] = message
    return message


def keys_of(message: Json) -> list[Json]:
    """The buttons below a message."""
    return [key for row in message.get("reply_markup", {}).get("inline_keyboard", []) for key in row]


def said(message: Json) -> str:
    """The words of a message, alone or below a picture."""
    return str(message.get("text") or message.get("caption", ""))


def member_of(chat: Chat, user: Json) -> Json:
    """The user as a ChatMember."""
    if user["id"] in chat.managers:
        return {"status": "administrator", "user": user} | dict.fromkeys(_ADMIN_RIGHTS, False)
    if chat.body["type"] != "private" and user["id"] not in {entry["from"]["id"] for entry in chat.messages.values()}:
        return {"status": "left", "user": user}
    return {"status": "member", "user": user}


@dataclass(eq=False)
class Member:
    """Someone who uses Telegram."""

    fake: "FakeTelegram"
    body: Json
    chat: Chat

    @property
    def user_id(self) -> int:
        return int(self.body["id"])

    def write(
        self,
        text: str,
        *,
        chat: Chat | None = None,
        topic: int | None = None,
        reply_to: Json | None = None,
        anonymous: bool = False,
    ) -> Json:
        """Sends a text; in a group with privacy mode the bot sees only commands and replies to itself.

        `anonymous`: as an administrator in the group's own name.
        """
        where = chat or self.chat
        where.opened, where.blocked = True, where.blocked and where is not self.chat
        message = make_message(self.fake, where, ANONYMOUS if anonymous else self.body, topic=topic, reply_to=reply_to)
        message["text"] = text
        if anonymous:
            message["sender_chat"] = where.body
        if text.startswith("/"):
            length = len(text.split(maxsplit=1)[0].encode("utf-16-le")) // 2
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        self._deliver(where, message)
        return message

    def send(self, content: Json, *, chat: Chat | None = None) -> Json:
        """Sends another kind of message, such as {"photo": [...]} or {"sticker": {...}}."""
        where = chat or self.chat
        where.opened = True
        message = make_message(self.fake, where, self.body) | content
        self._deliver(where, message)
        return message

    def edit(self, message: Json, text: str) -> None:
        """Edits one of their own messages."""
        message["text"] = text
        self.fake.push_update({"edited_message": dict(message, edit_date=self.fake.now())})

    def press(self, message: Json, label: str = "", *, data: str | None = None) -> str:
        """Presses the button whose label begins so, or sends forged `data`; the query's id comes back."""
        chat = self.fake.chats[message["chat"]["id"]]
        current = chat.messages[message["message_id"]]
        if data is None:
            data = next(
                key["callback_data"]
                for key in keys_of(current)
                if key["text"].startswith(label) and "callback_data" in key
            )
        query = f"q{self.fake.next_id()}"
        body = {"id": query, "from": self.body, "message": current, "chat_instance": "1", "data": data}
        self.fake.push_update({"callback_query": body})
        return query

    def inline(self, query: str) -> str:
        """Types `@paperdesk_bot query` somewhere."""
        query_id = f"i{self.fake.next_id()}"
        self.fake.push_update({"inline_query": {"id": query_id, "from": self.body, "query": query, "offset": ""}})
        return query_id

    def block(self) -> None:
        """Blocks the bot."""
        self.chat.blocked = True
        self._changed(self.chat, "member", "kicked")

    def unblock(self) -> None:
        """Starts it again, without a word."""
        self.chat.blocked = False
        self._changed(self.chat, "kicked", "member")

    def add_bot(self, chat: Chat) -> None:
        """Brings the bot into a group."""
        chat.blocked = False
        self._changed(chat, "left", "member")

    def remove_bot(self, chat: Chat) -> None:
        """Throws it out."""
        chat.blocked = True
        self._changed(chat, "member", "kicked")

    def upgrade(self, old: Chat, new: Chat) -> None:
        """Makes a supergroup of a group: it lives on under another id, and both say so."""
        old.moved_to = new.chat_id
        told = make_message(self.fake, old, self.body) | {"migrate_to_chat_id": new.chat_id}
        self.fake.push_update({"message": told})
        told = make_message(self.fake, new, ANONYMOUS) | {
            "sender_chat": new.body,
            "migrate_from_chat_id": old.chat_id,
        }
        self.fake.push_update({"message": told})

    def _changed(self, chat: Chat, before: str, after: str) -> None:
        def member(status: str) -> Json:
            return {"status": status, "user": BOT} | ({"until_date": 0} if status == "kicked" else {})

        body = {"chat": chat.body, "from": self.body, "date": self.fake.now()}
        self.fake.push_update(
            {"my_chat_member": body | {"old_chat_member": member(before), "new_chat_member": member(after)}}
        )

    def _deliver(self, chat: Chat, message: Json) -> None:
        replied = message.get("reply_to_message", {})
        addressed = message.get("text", "").startswith("/") or replied.get("from", {}).get("id") == BOT["id"]
        named = message.get("text", "").split()[:1]
        other = named and "@" in named[0] and not named[0].endswith("@" + str(BOT["username"]))
        if chat is self.chat or not chat.privacy or (addressed and not other):
            self.fake.push_update({"message": message})
