"""Requests: inbound lines that were read once, for the adapter and the router alike."""

from dataclasses import dataclass

from bot.arguments.parser import CommandLine
from bot.command import Audience, Command
from bot.inbound import Inbound


@dataclass(frozen=True, slots=True)
class Request:
    """One line or press with its meaning.

    `inbound.text` is the command line that was meant, given the open question. `line` is its name and words, None if it
    cannot be read. `command` is the command of that name, None if there is none for this user. `shown`: others in the
    chat may read the answer, as far as known without a query; False if in doubt.
    """

    inbound: Inbound
    line: CommandLine | None
    command: Command | None
    shown: bool

    @property
    def for_managers(self) -> bool:
        """Returns whether the command manages a group or server."""
        return self.command is not None and self.command.audience is Audience.MANAGERS

    @property
    def name(self) -> str:
        """Name at the beginning of the line, whether or not it is a command; '' if the line cannot be read."""
        return self.line.name if self.line is not None else ""
