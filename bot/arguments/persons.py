"""Readers of users and accounts: by number, by platform and id, or by a link code."""

from bot.arguments.reader import Reader, all_words
from bot.context import Context
from people.identity.codes import LinkCode, read_code
from people.operators.errors import NotAPerson
from people.operators.members import CONSOLE
from people.operators.ports import PersonRef

_WHO_DIGITS = 20
_MAX_PERSONS = 2**63
_PLATFORMS = ("telegram", "discord", CONSOLE)


def _read_link_code(text: str, ctx: Context) -> LinkCode:  # noqa: ARG001
    return read_code(text)


def _read_person(text: str, ctx: Context) -> PersonRef:  # noqa: ARG001
    platform, colon, name = text.casefold().rpartition(":")
    number = name.removeprefix("-") if platform == "telegram" else name  # a group's anonymous administrators
    digits = number.isascii() and number.isdigit() and len(number) <= _WHO_DIGITS
    if colon and platform in _PLATFORMS and (digits or platform == CONSOLE):
        return PersonRef(platform, name)
    if colon or not digits or int(name) >= _MAX_PERSONS:
        raise NotAPerson(text)
    return PersonRef("", name)


LINK_CODES = Reader(_read_link_code, span=all_words)
PERSONS = Reader(_read_person)
