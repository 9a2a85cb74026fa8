"""Who runs the desk."""

from collections.abc import Mapping
from dataclasses import dataclass, field

CONSOLE = "console"
"""The platform whose user owns the machine."""


@dataclass(frozen=True, slots=True)
class OperatorList:
    """Ids by platform, in the platform's own words."""

    ids: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def include(self, platform: str, external_id: str) -> bool:
        """True for them, and for whoever sits at the console."""
        return platform == CONSOLE or external_id in self.ids.get(platform, ())

    def on(self, platform: str) -> tuple[int, ...]:
        """Their numbers on a platform, in order."""
        return tuple(sorted(map(int, self.ids.get(platform, ()))))
