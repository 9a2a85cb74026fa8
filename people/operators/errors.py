"""Errors of the operator commands, as data, and the error returned to a banned user."""

from dataclasses import dataclass

from core.errors import Refused


@dataclass(eq=False)
class Banned(Refused):
    """The user is banned; `reason` may be ''. `joins` is the number of joins that the user can still undo."""

    reason: str
    joins: int = 0


@dataclass(eq=False)
class OnlyInPrivate(Refused):
    """An operator command was used in a chat that other users can read."""


@dataclass(eq=False)
class NotAPerson(Refused):
    """`text` is neither `telegram:123`, nor `discord:456`, nor a user's number."""

    text: str


@dataclass(eq=False)
class UnknownPerson(Refused):
    """No known user matches `text`."""

    text: str


@dataclass(eq=False)
class OperatorProtected(Refused):
    """An operator cannot be banned."""

    text: str


@dataclass(eq=False)
class BroadcastExpired(Refused):
    """The draft expired, was sent or was cancelled."""


@dataclass(eq=False)
class TextTooLong(Refused):
    """The text has `length` characters; at most `limit` are accepted."""

    length: int
    limit: int


@dataclass(eq=False)
class TooLongToAudit(Refused):
    """The history has more than `limit` entries and takes too long to replay within a command."""

    limit: int


@dataclass(eq=False)
class UnknownJob(Refused):
    """`name` is none of the jobs listed in `known`."""

    name: str
    known: str
