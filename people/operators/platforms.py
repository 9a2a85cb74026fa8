"""How the platforms of this process are, for `/status`."""

from dataclasses import dataclass
from enum import StrEnum


class PlatformState(StrEnum):
    """Serving; being started again after a failure; stopped until the desk is started anew."""

    RUNNING = "running"
    RESTARTING = "restarting"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class PlatformHealth:
    """`reason` is the class of the last error, '' while it runs; `restarts` since the desk was started."""

    state: PlatformState
    reason: str = ""
    restarts: int = 0


class Platforms:
    """Every platform that has a token, by name, in the order of its start."""

    def __init__(self) -> None:
        self._health: dict[str, PlatformHealth] = {}

    def health(self) -> dict[str, PlatformHealth]:
        """All of them now."""
        return dict(self._health)

    def running(self, platform: str) -> None:
        """It serves, or begins to."""
        self._health[platform] = PlatformHealth(PlatformState.RUNNING, restarts=self._restarts(platform))

    def restarting(self, platform: str, reason: str) -> None:
        """It failed and is started again after a pause."""
        self._health[platform] = PlatformHealth(PlatformState.RESTARTING, reason, self._restarts(platform) + 1)

    def stopped(self, platform: str, reason: str) -> None:
        """It failed in a way that no new start heals."""
        self._health[platform] = PlatformHealth(PlatformState.STOPPED, reason, self._restarts(platform))

    def _restarts(self, platform: str) -> int:
        return self._health[platform].restarts if platform in self._health else 0
