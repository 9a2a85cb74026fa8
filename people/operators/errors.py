"""What the operators' commands refuse, as data; and what a banned person is told."""

from dataclasses import dataclass

from core.errors import Refused


@dataclass(eq=False)
class Banned(Refused):
    """The person may not use the desk; `reason` may be ''."""

    reason: str


@dataclass(eq=False)
class OnlyInPrivate(Refused):
    """An operator's command, where others read along."""


@dataclass(eq=False)
class NotAPerson(Refused):
    """`text` is neither `telegram:123`, nor `discord:456`, nor a person's number."""

    text: str


@dataclass(eq=False)
class UnknownPerson(Refused):
    """Nobody the desk has met goes by `text`."""

    text: str


@dataclass(eq=False)
class OperatorProtected(Refused):
    """Whoever runs the desk cannot be banned."""

    text: str


@dataclass(eq=False)
class BroadcastGone(Refused):
    """The draft expired, was sent or was cancelled."""


@dataclass(eq=False)
class TextTooLong(Refused):
    """A text of `length` characters where `limit` are taken."""

    length: int
    limit: int


@dataclass(eq=False)
class TooLongToAudit(Refused):
    """More than `limit` entries: too long a history to be replayed while somebody waits."""

    limit: int


@dataclass(eq=False)
class UnknownJob(Refused):
    """`name` is none of the jobs `known`."""

    name: str
    known: str
