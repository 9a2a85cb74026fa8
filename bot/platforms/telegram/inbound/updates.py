"""Updates of Telegram, restricted to the fields that are read."""

import msgspec


class User(msgspec.Struct, frozen=True):
    """A Telegram user."""

    id: int
    is_bot: bool = False
    language_code: str = ""


class TelegramChat(msgspec.Struct, frozen=True):
    """Chat of a message. A private chat has no title."""

    id: int
    type: str
    title: str = ""


class InlineButton(msgspec.Struct, frozen=True):
    """A button below a message. One that opens an address has no data."""

    callback_data: str = ""


class InlineKeyboard(msgspec.Struct, frozen=True):
    """Buttons below a message, in rows."""

    inline_keyboard: tuple[tuple[InlineButton, ...], ...] = ()


class TelegramMessage(msgspec.Struct, frozen=True):
    """A message. Only the presence of pictures and of an origin elsewhere is recorded."""

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
    forward_origin: msgspec.Raw = msgspec.Raw()
    migrate_to_chat_id: int = 0
    migrate_from_chat_id: int = 0
    reply_markup: InlineKeyboard = InlineKeyboard()


class CallbackQuery(msgspec.Struct, frozen=True):
    """A press of a button."""

    id: str
    from_: User = msgspec.field(name="from")
    message: TelegramMessage | None = None
    data: str = ""


class InlineQuery(msgspec.Struct, frozen=True):
    """An inline query: `@bot BTC`, typed in any chat."""

    id: str
    from_: User = msgspec.field(name="from")
    query: str = ""


class ChatMember(msgspec.Struct, frozen=True):
    """Status of a member of a chat. `is_member` is true for a restricted user who is still in the chat."""

    status: str
    is_member: bool = False

    @property
    def present(self) -> bool:
        """True if the user is in the chat."""
        return self.status in ("creator", "administrator", "member") or (self.status == "restricted" and self.is_member)


class MemberUpdate(msgspec.Struct, frozen=True):
    """Change of the bot's membership in a chat, and the user who made it."""

    chat: TelegramChat
    from_: User = msgspec.field(name="from")
    old_chat_member: ChatMember
    new_chat_member: ChatMember


class Update(msgspec.Struct, frozen=True):
    """An update with at most one of four kinds of content. Other kinds are ignored."""

    update_id: int
    message: TelegramMessage | None = None
    callback_query: CallbackQuery | None = None
    inline_query: InlineQuery | None = None
    my_chat_member: MemberUpdate | None = None
