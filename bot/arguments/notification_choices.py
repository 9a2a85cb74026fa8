"""Readers of notification choices, which are written after the topic."""

from typing import NewType

from bot.arguments.notification_words import CHOICES, TOPICS, read_choice
from bot.arguments.reader import Reader, all_words, choice, read_before
from bot.context import Context
from bot.errors import MissingArgument, NotAChoice
from bot.inbound import Suggestion
from people.notifications.preferences import NotificationSetting
from people.person import Language

NoticeChoice = NewType("NoticeChoice", str)
"""Words that `bot.arguments.notification_words.read_choice` reads for the topic before them."""


def _topic_before(ctx: Context) -> NotificationSetting:
    topic = read_before(TOPIC_NAMES, ctx)
    if topic is None:
        raise MissingArgument("notifications", "notice")
    return topic


def _read_notice_choice(text: str, ctx: Context) -> NoticeChoice:
    try:
        read_choice(_topic_before(ctx), text)
    except NotAChoice as error:
        raise NotAChoice(text, tuple(_typed(choice, ctx) for choice in error.choices)) from error
    return NoticeChoice(text)


def _typed(choice: str, ctx: Context) -> str:
    """Returns the choice as it is typed in the user's language."""
    english = ctx.person.language is Language.ENGLISH or " " in choice
    return choice if english else ctx.text(f"choice-{choice}")


def _suggest_notice_choices(prefix: str, ctx: Context) -> list[Suggestion]:
    typed = prefix.casefold()
    return [
        Suggestion(text, text if " " in text else ctx.text(f"choice-{text}"))
        for text in CHOICES[_topic_before(ctx)]
        if text.startswith(typed)
    ]


TOPIC_NAMES = choice(TOPICS, {topic.value: f"notice-{topic}" for topic in NotificationSetting})
NOTICE_CHOICES = Reader(_read_notice_choice, _suggest_notice_choices, span=all_words)
