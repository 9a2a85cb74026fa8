"""Users: their settings, and the port of their store."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Language(StrEnum):
    """Languages of the user interface."""

    ENGLISH = "en"
    KOREAN = "ko"


class Theme(StrEnum):
    """Colour themes of charts."""

    DARK = "dark"
    LIGHT = "light"


@dataclass(frozen=True, slots=True)
class Person:
    """A user and their settings.

    `timezone` is an IANA name, `confirm` asks for a confirmation before every order, and `public` lets other members of
    a group read the answers about the user's own money.
    """

    person_id: int
    language: Language = Language.ENGLISH
    timezone: str = "UTC"
    confirm: bool = True
    theme: Theme = Theme.DARK
    public: bool = False


class People(Protocol):
    """Store of users and their identities on the platforms. Every method raises DatabaseUnavailable."""

    async def find(self, platform: str, external_id: str) -> Person | None:
        """Returns the user of an identity, or None if the identity is unknown."""

    async def meet(self, platform: str, external_id: str, language: Language, timezone: str) -> Person:
        """Returns the user of an identity and creates one on first contact. Repeated calls return the same user."""

    async def update(self, person: Person) -> None:
        """Stores the user's settings."""
