"""Symbols with open orders, in Redis: written where the orders are known, read by the process with the source."""

from collections.abc import Collection

from redis.asyncio import Redis

from pipeline.market import Symbol
from pipeline.store import codec
from pipeline.store.redis import answered, checked

MARK_SECONDS = 60
"""Seconds for which a mark lasts. A symbol whose orders stay open is marked again well before."""

MAX_SYMBOLS = 5_000
"""Maximum number of symbols that are read."""

_SYMBOLS_A_CALL = 1_000

# the server's clock, because the machines' clocks differ
_MARK = """
local until_ = tonumber(redis.call('TIME')[1]) + tonumber(ARGV[1])
for i = 2, #ARGV do redis.call('ZADD', KEYS[1], until_, ARGV[i]) end
redis.call('EXPIRE', KEYS[1], ARGV[1])
"""
_WANTED = """
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', redis.call('TIME')[1])
return redis.call('ZRANGE', KEYS[1], 0, tonumber(ARGV[1]) - 1)
"""


class RedisTradedSymbols:
    """Implementation of `pipeline.ports.TradedSymbols`. Each symbol has an expiry of its own."""

    def __init__(self, client: Redis, seconds: int = MARK_SECONDS) -> None:
        self._redis = client
        self._seconds = seconds

    async def mark(self, symbols: Collection[Symbol]) -> None:
        """Makes the source follow the trades of these symbols for MARK_SECONDS from now. Raises MarketUnavailable."""
        names = sorted(symbols)
        for start in range(0, len(names), _SYMBOLS_A_CALL):
            async with answered():
                part = names[start : start + _SYMBOLS_A_CALL]
                await self._redis.eval(_MARK, 1, codec.TRADED, self._seconds, *part)

    async def wanted(self) -> frozenset[Symbol]:
        """Returns the marked symbols. Raises MarketUnavailable."""
        async with answered():
            raws = checked(await self._redis.eval(_WANTED, 1, codec.TRADED, MAX_SYMBOLS), list[bytes])
        return frozenset(Symbol(raw.decode(errors="replace")) for raw in raws)
