"""Strategies: rules that users saved under a name, with the coin and the interval that they are for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from pipeline.market import Interval, Symbol
from trading.rules.rule import Rule

MAX_STRATEGIES = 20
"""Strategies of a user in one market."""

MAX_NAME_BYTES = 30
"""Longest name, in bytes of UTF-8: a button carries it."""


@dataclass(frozen=True, slots=True)
class NewStrategy:
    """Strategy to save. Its name is in small letters."""

    person_id: int
    market: str
    name: str
    symbol: Symbol
    interval: Interval
    rule: Rule


@dataclass(frozen=True, slots=True)
class Strategy:
    """Strategy as saved. `share_code` is that under which others may see it, "" if it is not shared: a strategy that is
    changed is shared no longer.
    """

    strategy_id: int
    person_id: int
    market: str
    name: str
    symbol: Symbol
    interval: Interval
    rule: Rule
    share_code: str = ""


@dataclass(frozen=True, slots=True)
class SavedStrategy:
    """Result of saving: the strategy, and what was saved under its name before."""

    strategy: Strategy
    before: Strategy | None = None


class Strategies(Protocol):
    """Store of strategies. Every method raises DatabaseUnavailable and may be repeated without harm."""

    async def save(self, new: NewStrategy) -> SavedStrategy:
        """Saves a strategy, in place of one of the same name. Raises TooManyStrategies."""

    async def of(self, person_id: int, market: str) -> Sequence[Strategy]:
        """Returns the strategies of a user, by name."""

    async def find(self, person_id: int, market: str, name: str) -> Strategy:
        """Returns a strategy. Raises UnknownStrategy."""

    async def delete(self, person_id: int, market: str, name: str) -> Strategy:
        """Deletes a strategy and returns it. Raises UnknownStrategy."""

    async def share(self, person_id: int, market: str, name: str, code: str) -> Strategy:
        """Shares a strategy under this code, unless it is shared already. Raises UnknownStrategy."""

    async def unshare(self, person_id: int, market: str, name: str) -> Strategy:
        """Ends the sharing of a strategy: its code is no longer valid. Raises UnknownStrategy."""

    async def shared(self, code: str, market: str) -> Strategy:
        """Returns the strategy of a code. Raises StrategyNotShared."""
