"""Strategies in a dictionary."""

from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches

from trading.rules.errors import StrategyNotShared, TooManyStrategies, UnknownStrategy
from trading.rules.strategies import MAX_STRATEGIES, NewStrategy, SavedStrategy, Strategy


class MemoryStrategies:
    """`saved` is by person, market and name."""

    def __init__(self) -> None:
        self.saved: dict[tuple[int, str, str], Strategy] = {}
        self.count = 0

    async def save(self, new: NewStrategy) -> SavedStrategy:
        key = new.person_id, new.market, new.name
        before = self.saved.get(key)
        if before is None and len(await self.of(new.person_id, new.market)) >= MAX_STRATEGIES:
            raise TooManyStrategies(MAX_STRATEGIES)
        self.count += 1
        number = self.count if before is None else before.strategy_id
        same = before is not None and (before.symbol, before.interval, before.rule) == (
            new.symbol,
            new.interval,
            new.rule,
        )
        code = before.share_code if before is not None and same else ""
        self.saved[key] = Strategy(number, *key, new.symbol, new.interval, new.rule, code)
        return SavedStrategy(self.saved[key], before)

    async def of(self, person_id: int, market: str) -> Sequence[Strategy]:
        own = [each for key, each in self.saved.items() if key[:2] == (person_id, market)]
        return sorted(own, key=lambda each: each.name)

    async def find(self, person_id: int, market: str, name: str) -> Strategy:
        if (person_id, market, name) not in self.saved:
            known = [each.name for each in await self.of(person_id, market)]
            raise UnknownStrategy(name, tuple(get_close_matches(name, known)))
        return self.saved[person_id, market, name]

    async def delete(self, person_id: int, market: str, name: str) -> Strategy:
        found = await self.find(person_id, market, name)
        del self.saved[person_id, market, name]
        return found

    async def share(self, person_id: int, market: str, name: str, code: str) -> Strategy:
        found = await self.find(person_id, market, name)
        self.saved[person_id, market, name] = replace(found, share_code=found.share_code or code)
        return self.saved[person_id, market, name]

    async def unshare(self, person_id: int, market: str, name: str) -> Strategy:
        self.saved[person_id, market, name] = replace(await self.find(person_id, market, name), share_code="")
        return self.saved[person_id, market, name]

    async def shared(self, code: str, market: str) -> Strategy:
        for each in self.saved.values():
            if code and (each.share_code, each.market) == (code, market):
                return each
        raise StrategyNotShared(code)
