"""What a platform hands to the router, and what the router suggests back."""

from dataclasses import dataclass

from bot.ports import Language


@dataclass(frozen=True, slots=True)
class Inbound:
    """One line of text, or one press of a button.

    `command_id` is unique to this update or press within the platform and the same when it is delivered again.
    `pressed`: `text` is a `Button.press`. `language` and `timezone` are hints for the first contact. `chat_id` is where
    the answer goes, in the platform's own words ('' where it has no chats); in a `public` one others read along.
    `group` is the group or server of the chat ('' in private); a `manager` may change what holds there. `chat_name` is
    what people call the chat, '' where that is not known.
    """

    platform: str
    external_id: str
    command_id: str
    text: str
    pressed: bool = False
    language: Language = Language.ENGLISH
    timezone: str = "UTC"
    chat_id: str = ""
    public: bool = False
    group: str = ""
    manager: bool = False
    chat_name: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`text` replaces the last word of the line; `label` says what it is."""

    text: str
    label: str
