"""Errors of outside servers that the desk does not trust, as data; sentences in `bot/ui/texts/*/start.ftl`."""

from dataclasses import dataclass

from app.errors import StartError


@dataclass(eq=False)
class Unencrypted(StartError):
    """The server at `where` is on another machine, and the variable `setting` does not require encryption."""

    setting: str
    where: str


@dataclass(eq=False)
class SocketExposed(StartError):
    """The variable `setting` names a socket in `folder`, where other users can put another."""

    setting: str
    folder: str


@dataclass(eq=False)
class Unverified(StartError):
    """The connection to `where` is encrypted, but the certificate is not checked; shown as a notice, never raised."""

    setting: str
    where: str


@dataclass(eq=False)
class RedisWithoutPassword(StartError):
    """Redis at `where` listens on a port and is used without a password; shown as a notice, never raised."""

    where: str
