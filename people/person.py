"""Users: their settings, and the port of their store."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Language(StrEnum):
    """The desk's languages."""

    ENGLISH = "en"
    KOREAN = "ko"


class Theme(StrEnum):
    """How charts look."""

    DARK = "dark"
    LIGHT = "light"


@dataclass(frozen=True, slots=True)
class Person:
    """Someone at the desk and how they like it; `timezone` is an IANA name, `confirm` asks before every order,
    `public` lets others in a group read the answers about the person's own money."""

    person_id: int
    language: Language = Language.ENGLISH
    timezone: str = "UTC"
    confirm: bool = True
    theme: Theme = Theme.DARK
    public: bool = False


class People(Protocol):
    """Persons and their identities on the platforms. Raises DatabaseUnavailable."""

    async def find(self, platform: str, external_id: str) -> Person | None:
        """The person behind an identity."""

    async def meet(self, platform: str, external_id: str, language: Language, timezone: str) -> Person:
        """The person behind an identity, made on first contact; repeated calls return the same one."""

    async def update(self, person: Person) -> None:
        """Stores the person's settings."""
