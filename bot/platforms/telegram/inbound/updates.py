"""Updates as Telegram sends them: only what the desk reads of them."""

import msgspec


class User(msgspec.Struct, frozen=True):
    """Someone on Telegram."""

    id: int
    is_bot: bool = False
    language_code: str = ""


class TelegramChat(msgspec.Struct, frozen=True):
    """Where a message stands; a private chat has no title."""

    id: int
    type: str
    title: str = ""


class TelegramMessage(msgspec.Struct, frozen=True):
    """A message; of pictures and the like only that they are there."""

    message_id: int
    date: int
    chat: TelegramChat
    from_: User | None = msgspec.field(default=None, name="from")
    text: str = ""
    message_thread_id: int = 0
    is_topic_message: bool = False
    photo: msgspec.Raw = msgspec.Raw()
    sender_chat: TelegramChat | None = None
    via_bot: User | None = None
    reply_to_message: "TelegramMessage | None" = None
    is_automatic_forward: bool = False
    migrate_to_chat_id: int = 0
    migrate_from_chat_id: int = 0


class CallbackQuery(msgspec.Struct, frozen=True):
    """A press of a button."""

    id: str
    from_: User = msgspec.field(name="from")
    message: TelegramMessage | None = None
    data: str = ""


class InlineQuery(msgspec.Struct, frozen=True):
    """`@bot BTC`, typed anywhere."""

    id: str
    from_: User = msgspec.field(name="from")
    query: str = ""


class ChatMember(msgspec.Struct, frozen=True):
    """What somebody is in a chat; `is_member` tells of the restricted whether they are in it at all."""

    status: str
    is_member: bool = False

    @property
    def present(self) -> bool:
        """Whether they are in the chat."""
        return self.status in ("creator", "administrator", "member") or (self.status == "restricted" and self.is_member)


class MemberUpdate(msgspec.Struct, frozen=True):
    """What the bot became in a chat, by whose doing."""

    chat: TelegramChat
    from_: User = msgspec.field(name="from")
    old_chat_member: ChatMember
    new_chat_member: ChatMember


class Update(msgspec.Struct, frozen=True):
    """One of four kinds, or something that was not asked for."""

    update_id: int
    message: TelegramMessage | None = None
    callback_query: CallbackQuery | None = None
    inline_query: InlineQuery | None = None
    my_chat_member: MemberUpdate | None = None
