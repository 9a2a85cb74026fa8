"""Records as they come from Kafka, before they are decoded."""

from collections.abc import Sequence
from typing import Protocol


class Raw(Protocol):
    """A record as aiokafka gives it."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]


class Refusals(Protocol):
    """Where what cannot be read or processed goes."""

    async def dead_letter(self, group: str, raw: Raw, reason: str, detail: str) -> None:
        """Returns when the record is safe among the dead letters."""

    def passed_over(self, reason: str) -> None:
        """Counts a record that is sound but not for this desk."""
