"""Targets in a dictionary."""

from dataclasses import replace
from decimal import Decimal

from trading.rebalancing.errors import NoTarget
from trading.rebalancing.ports import NewTarget
from trading.rebalancing.targets import BAND, Schedule, Target


class MemoryTargets:
    """One target for a person and a market."""

    def __init__(self) -> None:
        self.kept: dict[tuple[int, str], Target] = {}

    async def find(self, person_id: int, market: str) -> Target | None:
        return self.kept.get((person_id, market))

    async def save(self, new: NewTarget) -> Target:
        before = self.kept.get((new.person_id, new.market))
        band = new.band or (before.band if before else BAND)
        schedule = before.schedule if before else None
        made = Target(1, new.person_id, new.market, dict(new.weights), new.with_cash, band, schedule=schedule)
        self.kept[new.person_id, new.market] = made
        return made

    async def set_band(self, person_id: int, market: str, band: Decimal) -> Target:
        return self._change(replace(self._found(person_id, market), band=band))

    async def set_schedule(self, person_id: int, market: str, schedule: Schedule | None) -> Target:
        return self._change(replace(self._found(person_id, market), schedule=schedule))

    async def remove(self, person_id: int, market: str) -> Target:
        found = self._found(person_id, market)
        del self.kept[person_id, market]
        return found

    def _found(self, person_id: int, market: str) -> Target:
        if (person_id, market) not in self.kept:
            raise NoTarget
        return self.kept[person_id, market]

    def _change(self, target: Target) -> Target:
        self.kept[target.person_id, target.market] = target
        return target
