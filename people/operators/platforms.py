"""State of the platforms of this process, for `/status`."""

from dataclasses import dataclass
from enum import StrEnum


class PlatformState(StrEnum):
    """State of a platform: serving, restarting after a failure, or stopped until the process is restarted."""

    RUNNING = "running"
    RESTARTING = "restarting"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class PlatformHealth:
    """Health of a platform.

    `reason` is the class of the last error, '' while the platform runs. `restarts` counts from the start of the
    process.
    """

    state: PlatformState
    reason: str = ""
    restarts: int = 0


class Platforms:
    """Health of every platform that has a token, by name, in the order of their start."""

    def __init__(self) -> None:
        self._health: dict[str, PlatformHealth] = {}

    def health(self) -> dict[str, PlatformHealth]:
        """Returns the current health of all platforms."""
        return dict(self._health)

    def running(self, platform: str) -> None:
        """Records that the platform serves or starts to serve."""
        self._health[platform] = PlatformHealth(PlatformState.RUNNING, restarts=self._restarts(platform))

    def restarting(self, platform: str, reason: str) -> None:
        """Records that the platform failed and is restarted after a pause."""
        self._health[platform] = PlatformHealth(PlatformState.RESTARTING, reason, self._restarts(platform) + 1)

    def stopped(self, platform: str, reason: str) -> None:
        """Records that the platform failed with an error that a restart cannot fix."""
        self._health[platform] = PlatformHealth(PlatformState.STOPPED, reason, self._restarts(platform))

    def _restarts(self, platform: str) -> int:
        return self._health[platform].restarts if platform in self._health else 0
