"""Errors as data.

DeskError
├── Refused       the user can act on it (a typo, too little money, a halted market)
└── Unavailable   not caused by the user; trying later helps (stale prices, a database that is down)

An error carries its code and typed fields, never a sentence. The sentences are in the text catalogs
of `bot`, under the key `error-<code>`. Every other exception is a bug.
"""

import re
from dataclasses import dataclass, fields

_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


class DeskError(Exception):
    """Base of every error that may be shown to a user; subclasses are `@dataclass(eq=False)`."""

    @classmethod
    def code(cls) -> str:
        """Returns the class name in kebab case: `UnknownSymbol` is `unknown-symbol`, `NotANumber` is `not-a-number`."""
        return _WORD_START.sub("-", cls.__name__).lower()

    def details(self) -> dict[str, object]:
        """Returns the typed fields by name, for the sentence."""
        return {f.name: getattr(self, f.name) for f in fields(self)}  # type: ignore[arg-type]

    def __str__(self) -> str:
        return f"{self.code()} {self.details()}"


@dataclass(eq=False)
class Refused(DeskError):
    """Error that the user can act on."""


@dataclass(eq=False)
class Unavailable(DeskError):
    """Temporary error; the user can try again later."""


@dataclass(eq=False)
class NotANumber(Refused):
    """`text` is not a plain ASCII decimal such as 0.25 (at most 18 digits on either side)."""

    text: str


@dataclass(eq=False)
class NotPositive(Refused):
    """`text` is zero or negative where an amount above zero is needed."""

    text: str


@dataclass(eq=False)
class Overloaded(Unavailable):
    """Too much costly work of the same kind waits already. Nothing was computed."""


@dataclass(eq=False)
class DatabaseUnavailable(Unavailable):
    """PostgreSQL does not answer. Nothing was written, or the command can be repeated with its id."""
