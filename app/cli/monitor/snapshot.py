"""Data shown by the monitor. Unless stated otherwise, times are of the machine's clock, UTC ms."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pipeline.market import MarketInfo
from pipeline.quality.publisher import QualitySnapshot


@dataclass(frozen=True, slots=True)
class Down:
    """Engine that has not answered since `since`."""

    since: int


class Unusable(StrEnum):
    """Reason that an engine answers without data."""

    REFUSES = "refuses"
    """It refuses the login, the database's name, or the reading."""
    UNPREPARED = "unprepared"
    """Its tables are missing, or are those of another version."""


@dataclass(frozen=True, slots=True)
class Prices:
    """Contents of Redis.

    The symbols that trade are fresh, stale or silent (without a price yet). Ages (ms) are by the market's clock.
    `rates` are ticks a second, the newest last.
    """

    info: MarketInfo | None
    fresh: int = 0
    stale: int = 0
    silent: int = 0
    halted: int = 0
    newest_ms: int | None = None
    oldest_ms: int | None = None
    rates: tuple[float, ...] = ()
    memory: int = 0
    keys: int = 0
    quality: Mapping[str, QualitySnapshot] = field(default_factory=dict)

    @property
    def symbols(self) -> int:
        """Number of symbols that the market lists."""
        return self.fresh + self.stale + self.silent + self.halted


@dataclass(frozen=True, slots=True)
class Leader:
    """Process that leads: the name of its lease, and the time since when."""

    name: str
    since: int


@dataclass(frozen=True, slots=True)
class ArchiveSnapshot:
    """Contents of PostgreSQL.

    `candles` is the server's estimate. `newest` is the time at which the running market's newest candle closed, by the
    market's clock. `missing` counts the minutes of today without a candle between a symbol's first candle and its last,
    and `gappy` the symbols with such minutes. `outbox` and `inbox` are the numbers of waiting entries by platform.
    """

    database_bytes: int = 0
    candle_bytes: int = 0
    candles: int = 0
    months: int = 0
    newest: int | None = None
    missing: int | None = None
    gappy: int = 0
    outbox: Mapping[str, int] = field(default_factory=dict)
    inbox: Mapping[str, int] = field(default_factory=dict)
    leaders: tuple[Leader, ...] = ()


@dataclass(frozen=True, slots=True)
class StreamSnapshot:
    """State of Kafka: waiting frames by group and partition, and stored refused messages by reason."""

    lag: Mapping[str, Mapping[int, int]]
    refused: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class DeskSnapshot:
    """Snapshot of all engines; None if nothing is known yet.

    `in_memory` is true if the bus is the desk's own memory, which no other process can read.
    """

    at: int
    prices: Prices | Down | None = None
    archive: ArchiveSnapshot | Unusable | Down | None = None
    stream: StreamSnapshot | Down | None = None
    in_memory: bool = False
