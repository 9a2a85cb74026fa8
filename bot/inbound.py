"""What a platform hands to the router, and what the router suggests back."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.reply import Reply
from people.person import Language


def no_link(*words: str) -> str:
    """Of a platform that has no links into the desk."""
    del words
    return ""


@dataclass(frozen=True, slots=True)
class Inbound:
    """One line of text, or one press of a button.

    `command_id` is unique to this update or press within the platform and the same when it is delivered again.
    `pressed`: `text` is a `Button.press`. `language` and `timezone` are hints for the first contact. `chat_id` is where
    the answer goes, in the platform's own words ('' where it has no chats); in a `public` one others read along.
    `group` is the group or server of the chat ('' in private); a `manager` may change what holds there. `chat_name` is
    what people call the chat, '' where that is not known; `parent_chat` the channel, forum or group of a thread or
    topic, which holds for it too. Where the desk may answer in the chat but not write there
    unasked, `elsewhere` is the person's private one. Where `text` answers a question, `question` is the line that was
    asked about. `open_question` is a question that the desk asked before: the router decides whether `text`
    answers it, and otherwise it is `closed`. Plain words that are `doubtful` may mean another order: it is previewed
    even for a person who switched confirmation off. `link` makes an address at which whoever opens it sends these
    words; '' where they cannot be sent so. `unpictured`: the answer is shown without its pictures, so none is drawn.
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
    parent_chat: str = ""
    elsewhere: str = ""
    question: str = ""
    open_question: str = ""
    closed: str = ""
    doubtful: bool = False
    link: Callable[..., str] = no_link
    unpictured: bool = False

    @property
    def unasked(self) -> tuple[str, bool]:
        """The chat for what the desk writes unasked, and whether others read along there."""
        return (self.elsewhere, False) if self.elsewhere else (self.chat_id or self.external_id, self.public)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`text` replaces the last word of the line; `label` says what it is."""

    text: str
    label: str


@dataclass(frozen=True, slots=True)
class PriceCard:
    """The price of a symbol, to be posted in a chat in which the desk is not."""

    symbol: Suggestion
    reply: Reply
