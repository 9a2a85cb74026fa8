"""Usage lines and help texts of a command, in a language: derived from its declaration and the texts under its name.

`unit` is the desk's quote asset as it is typed in sizes: `usdc`.
"""

from bot.command import Command, Parameter
from bot.ui.texts import Catalog


def description(command: Command, catalog: Catalog) -> str:
    """Returns one line of at most 100 characters, which is also Telegram's and Discord's description."""
    return catalog.text(f"command-{command.name}")


def parameter_label(name: str, catalog: Catalog) -> str:
    """Returns the parameter's word in a usage line."""
    return catalog.text(f"parameter-{name}")


def parameter_help(command: Command, parameter: Parameter, catalog: Catalog, unit: str) -> str:
    """Returns the help text of a parameter, at most 100 characters, which is also Discord's option description."""
    return catalog.text(f"command-{command.name}.{parameter.name}", unit=unit)


def usage(command: Command, catalog: Catalog) -> str:
    """Returns `/buy SYMBOL SIZE`; optional parameters are in brackets, repeatable ones have three dots."""
    return " ".join((f"/{command.name}", *(_slot(entry, catalog) for entry in command.typed)))


def _slot(parameter: Parameter, catalog: Catalog) -> str:
    label = parameter_label(parameter.name, catalog) + ("..." if parameter.many else "")
    return label if parameter.required else f"[{label}]"


def about(command: Command, catalog: Catalog) -> str:
    """Returns a few sentences for /help and the reference."""
    return catalog.text(f"command-{command.name}.about")


def examples(command: Command, catalog: Catalog, unit: str) -> list[str]:
    """Returns example lines that work as they are."""
    return catalog.text(f"command-{command.name}.examples", unit=unit).split("\n")
