"""What the engines tell about a start that takes a while."""

from collections.abc import Callable
from enum import StrEnum


class Step(StrEnum):
    """Steps worth telling; the sentences are `progress-<step>` in the catalogs."""

    FIRST_START = "first-start"
    COPY_RUNTIME = "copy-runtime"
    RECOVERY = "recovery"
    MIGRATION = "migration"


Progress = Callable[[Step], None]
"""Told each step when it begins."""


def silent(_step: Step) -> None:
    """Nobody is watching."""
