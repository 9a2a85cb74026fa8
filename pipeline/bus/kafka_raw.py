"""Records of Kafka before they are decoded."""

from collections.abc import Sequence
from typing import Protocol


class Raw(Protocol):
    """Record as returned by aiokafka."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]


class Refusals(Protocol):
    """Destination of records that cannot be read or processed."""

    async def dead_letter(self, group: str, raw: Raw, reason: str, detail: str) -> None:
        """Moves the record to the dead letters; returns when it is stored."""

    def passed_over(self, reason: str) -> None:
        """Counts a record that is valid but of another market."""
