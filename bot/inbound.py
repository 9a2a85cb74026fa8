"""Messages that a platform passes to the router, and suggestions that the router returns."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.reply import Reply
from people.person import Language


def no_link(*words: str) -> str:
    """Returns '': the `link` of a platform without links into the bot's private chat."""
    del words
    return ""


@dataclass(frozen=True, slots=True)
class Inbound:
    """One line of text, or one press of a button.

    `command_id` is unique to this update or press within the platform and the same when it is delivered again.
    `pressed`: `text` is a `Button.press`. `language` and `timezone` are hints for the first contact. `chat_id` is the
    chat of the answer, as the platform identifies it ('' if it has no chats); a `public` one is read by others too.
    `group` is the group or server of the chat ('' in private); a `manager` may change its settings. `chat_name` is the
    name of the chat as users see it, '' if it is not known; `parent_chat` is the channel, forum or group of a thread or
    topic, whose settings apply to it too. If the bot may answer in the chat but not send notifications there,
    `elsewhere` is the user's private one. If `text` answers a question, `question` is the line that the question was
    about. `open_question` is a question that the bot asked before: the router decides whether `text` answers it, and
    otherwise it is `closed`. Plain words that are `doubtful` may mean another order: it is previewed even for a user
    who switched confirmation off. `link` makes an address that sends these words when it is opened; '' if they cannot
    be sent so. `unpictured`: the answer is shown without its pictures, so none is drawn. `linked`: the line is
    that of an address, which a stranger may have written, so its words never press a button. `offered`: the message
    that was pressed has this button; a press of one that it lacks, and one that was typed, counts as a line in the
    cool-down of a group.
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
    linked: bool = False
    offered: bool = True

    @property
    def unasked(self) -> tuple[str, bool]:
        """Chat for messages that the user did not ask for, and whether others read it."""
        return (self.elsewhere, False) if self.elsewhere else (self.chat_id or self.external_id, self.public)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Suggested word. `text` replaces the last word of the line; `label` describes it."""

    text: str
    label: str


@dataclass(frozen=True, slots=True)
class PriceCard:
    """Price of a symbol, to be posted in a chat of which the bot is not a member."""

    symbol: Suggestion
    reply: Reply
