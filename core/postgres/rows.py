"""Rows of a table that are read together: one that cannot be read stops no other."""

import logging
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

import asyncpg

T = TypeVar("T")

log = logging.getLogger(__name__)


class RowReader(Generic[T]):
    """Converts rows of a table. A row whose conversion raises is left out, and named in the log once."""

    def __init__(self, table: str, convert: Callable[[asyncpg.Record], T]) -> None:
        """`table` has a column `id`."""
        self._table = table
        self._convert = convert
        self._unreadable: set[int] = set()

    @property
    def unreadable(self) -> frozenset[int]:
        """Rows that could not be read when they were seen last, by their ids."""
        return frozenset(self._unreadable)

    def read(self, rows: Iterable[asyncpg.Record]) -> list[T]:
        """Returns the rows that can be read, in their order."""
        found: list[T] = []
        for row in rows:
            try:
                found.append(self._convert(row))
            except Exception:
                if row["id"] not in self._unreadable:
                    log.exception("row %d of %s cannot be read and is passed over", row["id"], self._table)
                self._unreadable.add(row["id"])
            else:
                self._unreadable.discard(row["id"])
        return found

    def more(self, limit: int) -> int:
        """Returns how many rows are asked for so that `limit` of them can be read."""
        return limit + len(self._unreadable)
