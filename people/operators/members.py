"""The list of operators."""

from collections.abc import Mapping
from dataclasses import dataclass, field

CONSOLE = "console"
"""The platform whose user owns the machine."""


@dataclass(frozen=True, slots=True)
class OperatorList:
    """User ids of operators by platform, in the platform's own form."""

    ids: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def include(self, platform: str, external_id: str) -> bool:
        """True for an operator and for the user of the console."""
        return platform == CONSOLE or external_id in self.ids.get(platform, ())

    def on(self, platform: str) -> tuple[int, ...]:
        """Returns the operators' numeric ids on a platform, in ascending order."""
        return tuple(sorted(map(int, self.ids.get(platform, ()))))
