"""Readers of the subject of /help: a command or one of its topics."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from difflib import get_close_matches
from typing import NewType

from bot.arguments.reader import Reader, choice
from bot.command import Command, HelpPage, HelpTopic, current_name
from bot.context import Context
from bot.errors import NotAChoice, UnknownCommand
from bot.inbound import Suggestion

CommandName = NewType("CommandName", str)

_NEAREST = 3


def _read_command(text: str, ctx: Context) -> CommandName:
    name = current_name(text.removeprefix("/").casefold()) or text
    if name not in (command.name for command in ctx.commands if not command.hidden):
        raise UnknownCommand(name, nearest_commands(name, ctx.commands))
    return CommandName(name)


def _other_name(text: str, ctx: Context) -> CommandName | None:
    """Returns the command that the text is a word for in any language: `매수` is buy. None if there is none."""
    word = text.removeprefix("/").casefold()
    for name in (command.name for command in ctx.commands if not command.hidden):
        messages = (f"discord-command-{name}", f"words-{name}")
        known = (catalog.text(each) for catalog in ctx.catalogs.values() for each in messages if catalog.has(each))
        if any(word == each.strip() for words in known for each in words.split(",")):
            return CommandName(name)
    return None


def nearest_commands(name: str, commands: Iterable[Command]) -> tuple[str, ...]:
    """Returns visible commands similar to `name`, with their slash, best first."""
    visible = [command.name for command in commands if not command.hidden]
    return tuple(f"/{found}" for found in get_close_matches(name, visible, _NEAREST))


def suggest_commands(prefix: str, ctx: Context) -> list[Suggestion]:
    """Suggests visible commands whose name begins with `prefix`, without slashes."""
    typed = prefix.removeprefix("/").casefold()
    found = [command.name for command in ctx.commands if not command.hidden and command.name.startswith(typed)]
    return [Suggestion(name, ctx.text(f"command-{name}")) for name in found]


TOPICS = choice(
    {topic.value: topic for topic in HelpTopic}, {topic.value: f"help-topic-{topic}" for topic in HelpTopic}
)

PAGES = choice({page.value: page for page in HelpPage}, {page.value: f"help-page-{page}" for page in HelpPage})


def _read_subject(text: str, ctx: Context) -> HelpTopic | HelpPage | CommandName:
    """Returns a page, a command or a topic, in this order of precedence; a name with a slash is a command."""
    with suppress(NotAChoice):
        return PAGES.parse(text, ctx)
    try:
        return _read_command(text, ctx)
    except UnknownCommand as unknown:
        try:
            topic = TOPICS.parse(text, ctx)
        except NotAChoice:
            if named := _other_name(text, ctx):
                return named
            raise unknown from None
        if not _offered(topic, ctx):
            raise
        return topic


def _suggest_subjects(prefix: str, ctx: Context) -> list[Suggestion]:
    topics = [found for found in TOPICS.suggest(prefix, ctx) if _offered(HelpTopic(found.text), ctx)]
    pages = PAGES.suggest(prefix, ctx)
    named = {page.text for page in pages}
    commands = [
        replace(found, text=f"/{found.text}") if found.text in named else found
        for found in suggest_commands(prefix, ctx)
    ]
    others = [*topics, *pages]
    return [*commands, *others] if prefix else [*others, *commands]


def _offered(topic: HelpTopic, ctx: Context) -> bool:
    """Returns whether the user knows a command of the topic: those of operators are unknown to all others."""
    return any(command.topic is topic for command in ctx.commands)


HELP_SUBJECTS: Reader[HelpTopic | HelpPage | CommandName] = Reader(_read_subject, _suggest_subjects, TOPICS.span)
