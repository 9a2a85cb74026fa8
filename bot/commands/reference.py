"""The command reference as Markdown; `python -m bot.commands.reference` writes docs/commands.md."""

from pathlib import Path

from bot.arguments.usage import about, description, examples, parameter_help, parameter_label, usage
from bot.command import Audience, Command
from bot.commands import COMMANDS
from bot.ui.texts import Catalog, load_catalog
from people.person import Language

DOCS = Path(__file__).parents[2] / "docs"
FILES = {Language.ENGLISH: "commands.md", Language.KOREAN: "commands.ko.md"}
_UNIT = "usdc"


def reference(catalog: Catalog, commands: tuple[Command, ...] = COMMANDS) -> str:
    """Returns all visible commands in one language."""
    say = catalog.text
    shown = [command for command in commands if not command.hidden]
    quote = _UNIT.upper()
    parts = [
        f"# {say('reference-title')}",
        f"<!-- {say('reference-intro')} -->",
        say("reference-optional"),
        say("help-sizes", quote=quote, unit=_UNIT),
        *(_section(command, catalog) for command in shown if command.audience is not Audience.OPERATORS),
        *_operators([command for command in shown if command.audience is Audience.OPERATORS], catalog),
    ]
    return "\n\n".join(parts) + "\n"


def _operators(commands: list[Command], catalog: Catalog) -> list[str]:
    """Returns the operators' commands as a section of their own, after those for everyone."""
    head = [f"# {catalog.text('reference-operators')}", catalog.text("reference-operators-intro")]
    return [*head, *(_section(command, catalog) for command in commands)] if commands else []


def _section(command: Command, catalog: Catalog) -> str:
    private = f" {catalog.text('reference-private')}" if command.private else ""
    lines = [
        f"## /{command.name}",
        f"**{description(command, catalog)}**",
        f"{about(command, catalog)}{private}",
        f"```\n{usage(command, catalog)}\n```",
        *_parameters(command, catalog),
        "\n".join((catalog.text("help-examples"), "", "```", *examples(command, catalog, _UNIT), "```")),
    ]
    return "\n\n".join(lines)


def _parameters(command: Command, catalog: Catalog) -> tuple[str, ...]:
    if not command.typed:
        return ()
    head = f"| {catalog.text('reference-parameter')} | {catalog.text('reference-meaning')} |\n| --- | --- |"
    rows = (
        (parameter_label(entry.name, catalog), parameter_help(command, entry, catalog, _UNIT))
        for entry in command.typed
    )
    return ("\n".join((head, *(f"| {_cell(label)} | {_cell(meaning)} |" for label, meaning in rows))),)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def write() -> None:
    """Writes the files of all languages."""
    for language, name in FILES.items():
        (DOCS / name).write_text(reference(load_catalog(language)), encoding="utf-8")


if __name__ == "__main__":
    write()
