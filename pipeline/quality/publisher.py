"""Published counters of a process: the hash `market:quality`, one field a role, JSON of QualitySnapshot.

The value is small (at most 200 quarantined prices, eight days of counters and 50 names a list) and replaced as a whole,
so writing it twice does no harm. A process that starts continues the daily counters of its predecessor.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping

import msgspec
from redis.asyncio import Redis

from core.clock import Clock
from pipeline.errors import MarketUnavailable
from pipeline.market import MarketInfo, Symbol
from pipeline.quality.counters import DAYS_KEPT, MAX_KEPT, MAX_REASONS, Quarantined
from pipeline.quality.inspector import Inspector
from pipeline.store.redis import answered, checked

log = logging.getLogger(__name__)

KEY = "market:quality"
PUBLISH_SECONDS = 5.0
_NAMES_KEPT = 50


class QualitySnapshot(msgspec.Struct, frozen=True):
    """Published counters of one process. `at` and `since` are times of the machine's clock (UTC ms), all other times
    are the source's.

    `total` counts since the process began, `days` by UTC day; `upstream` counts what was refused before the inspector
    (frames that could not be parsed). For `stale`, `frozen`, `disagreeing` and `waiting`, `numbers` has the number of
    symbols and `names` the first names.
    """

    market: str
    at: int
    since: int
    source_ms: int
    ticks: int
    candles: int
    symbols: int
    total: dict[str, int]
    days: dict[str, dict[str, int]]
    upstream: dict[str, int]
    numbers: dict[str, int]
    names: dict[str, tuple[Symbol, ...]]
    quarantined: tuple[Quarantined, ...]


_decoder = msgspec.json.Decoder(QualitySnapshot)


class QualityPublisher:
    """Publishes an inspector's counters under the role's name. `upstream` returns the counters of data that was refused
    before it.
    """

    def __init__(
        self,
        redis: Redis,
        inspector: Inspector,
        info: Callable[[], MarketInfo],
        clock: Clock,
        *,
        role: str = "produce",
        upstream: Callable[[], Mapping[str, int]] = dict,
    ) -> None:
        self._redis = redis
        self._inspector = inspector
        self._info = info
        self._clock = clock
        self._role = role
        self._upstream = upstream
        self._since = clock()

    async def run(self) -> None:
        """Continues the published counters, then publishes every five seconds until cancelled."""
        continued = False
        while True:
            try:
                if not continued:
                    await self.go_on()
                    continued = True
                await self.publish()
            except MarketUnavailable:
                log.warning("the market store does not answer: the quality counters are not published")
            await asyncio.sleep(PUBLISH_SECONDS)

    async def go_on(self) -> None:
        """Takes over the days and the quarantine of the previous process of this market. Raises MarketUnavailable."""
        before = (await read_snapshots(self._redis)).get(self._role)
        if before is not None and before.market == self._info().market:
            self._inspector.counts.restore(before.days, list(before.quarantined[-MAX_KEPT:]))

    async def publish(self) -> None:
        """Replaces the published counters. Raises MarketUnavailable."""
        raw = msgspec.json.encode(self.snapshot())
        async with answered():
            await self._redis.hset(KEY, self._role, raw)

    def snapshot(self) -> QualitySnapshot:
        """Returns the current counters."""
        info, counts = self._info(), self._inspector.counts
        condition = self._inspector.condition(info.source_ms)
        lists = {
            "stale": condition.stale,
            "frozen": condition.frozen,
            "disagreeing": condition.disagreeing,
            "waiting": condition.waiting,
        }
        return QualitySnapshot(
            info.market,
            self._clock(),
            self._since,
            info.source_ms,
            counts.ticks,
            counts.candles,
            condition.symbols,
            dict(counts.total),
            {day: dict(counts.days[day]) for day in sorted(counts.days)[-DAYS_KEPT:]},
            dict(list(self._upstream().items())[:MAX_REASONS]),
            {name: len(found) for name, found in lists.items()},
            {name: found[:_NAMES_KEPT] for name, found in lists.items()},
            tuple(counts.kept),
        )


async def read_snapshots(redis: Redis) -> dict[str, QualitySnapshot]:
    """Returns the published snapshots by role; those that cannot be read are left out. Raises MarketUnavailable."""
    async with answered():
        published = checked(await redis.hgetall(KEY), dict[bytes, bytes])
    found: dict[str, QualitySnapshot] = {}
    for role, raw in published.items():
        try:
            found[role.decode()] = _decoder.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError):
            log.warning("the published quality counters are damaged")
    return found
