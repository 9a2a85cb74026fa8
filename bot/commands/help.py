"""/help: the topics, the commands of one, or one command in full."""

from collections.abc import Sequence
from dataclasses import replace

from bot.arguments.command_names import CommandName
from bot.arguments.usage import about, description, examples, parameter_help, parameter_label, usage
from bot.command import Command, HelpPage, HelpTopic
from bot.context import Context
from bot.reply import Block, Button, Fields, Reply, Text, Tone
from bot.views.buttons import ROW, button, rows

_WITH_SIZES = HelpTopic.TRADING
_IN_ROW = 3
"""Topics in a row: their names are longer than those of commands."""


async def help_(ctx: Context, command: HelpTopic | HelpPage | CommandName | None = None) -> Reply:
    """Shows the topics with their commands, one topic, the rules of fills, or one command in full."""
    if command is None:
        reply = _topics(ctx)
    elif isinstance(command, HelpTopic):
        reply = _topic(ctx, command)
    elif isinstance(command, HelpPage):
        reply = _page(ctx, command)
    else:
        reply = _one(ctx, command)
    return replace(reply, aside=True)


def _topics(ctx: Context) -> Reply:
    known = {topic: names for topic in HelpTopic if (names := [f"/{entry.name}" for entry in _commands(topic, ctx)])}
    listing = Fields(tuple((_label(topic, ctx), " ".join(names)) for topic, names in known.items()))
    topics = [_topic_button(topic, ctx) for topic in known]
    return Reply(
        (
            Text(ctx.text("help-title"), Tone.TITLE),
            Text(ctx.text("help-choose")),
            listing,
            *rows(*_lines(topics, _IN_ROW)),
        )
    )


def _topic(ctx: Context, topic: HelpTopic) -> Reply:
    commands = _commands(topic, ctx)
    listing = Fields(tuple((usage(entry, ctx.catalog), description(entry, ctx.catalog)) for entry in commands))
    quote = ctx.quote_asset
    sizes = Text(ctx.text("help-sizes", quote=quote, unit=quote.lower()))
    title = Text(_label(topic, ctx), Tone.TITLE)
    named = [button(f"/{entry.name}", "help", _subject(entry)) for entry in commands]
    after: tuple[Block, ...] = (sizes,) if topic is _WITH_SIZES else ()
    pages = [button(ctx.text(f"help-page-{page}"), "help", page.value) for page in HelpPage] if after else []
    last = [*pages, button(ctx.text("help-all"), "help")]
    return Reply((title, listing, *after, *rows(*_lines(named, ROW), last)))


def _subject(command: Command) -> str:
    """Returns the argument of /help for the command: with its slash if a page has the same name."""
    return f"/{command.name}" if command.name in tuple(HelpPage) else command.name


def _page(ctx: Context, page: HelpPage) -> Reply:
    paragraphs = [Text(line) for line in ctx.text(f"help-{page}").splitlines() if line]
    names = [f"/{entry.name}" for entry in ctx.commands if entry.name == page.value]
    same = [button(name, "help", name) for name in names]
    ways = rows([*same, _topic_button(HelpTopic.TRADING, ctx), button(ctx.text("help-all"), "help")])
    return Reply((Text(ctx.text(f"help-page-{page}"), Tone.TITLE), *paragraphs, *ways))


def _one(ctx: Context, name: CommandName) -> Reply:
    command = next(entry for entry in ctx.commands if entry.name == name)
    unit = ctx.quote_asset.lower()
    parameters = Fields(
        tuple(
            (parameter_label(entry.name, ctx.catalog), parameter_help(command, entry, ctx.catalog, unit))
            for entry in command.typed
        )
    )
    lines = examples(command, ctx.catalog, unit)
    tried = [button(line, *line.removeprefix("/").split()) for line in lines]
    back = [] if command.topic is None else [_topic_button(command.topic, ctx), button(ctx.text("help-all"), "help")]
    return Reply(
        (
            Text(usage(command, ctx.catalog), Tone.TITLE),
            Text(about(command, ctx.catalog)),
            *((parameters,) if parameters.rows else ()),
            Text("\n".join((ctx.text("help-examples"), *lines))),
            *rows(*_lines(tried, ROW), back),
        )
    )


def _commands(topic: HelpTopic, ctx: Context) -> list[Command]:
    return [entry for entry in ctx.commands if entry.topic is topic and not entry.hidden]


def _label(topic: HelpTopic, ctx: Context) -> str:
    return ctx.text(f"help-topic-{topic}")


def _topic_button(topic: HelpTopic, ctx: Context) -> Button | None:
    return button(_label(topic, ctx), "help", topic.value)


def _lines(buttons: Sequence[Button | None], width: int) -> list[Sequence[Button | None]]:
    return [buttons[at : at + width] for at in range(0, len(buttons), width)]
