"""What the monitor shows, as data. Where not said otherwise times are the machine's clock, UTC ms."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pipeline.market import MarketInfo
from pipeline.quality.publisher import QualitySnapshot


@dataclass(frozen=True, slots=True)
class Down:
    """An engine that has not answered since then."""

    since: int


class Unusable(StrEnum):
    """Why an engine that answers tells nothing."""

    REFUSES = "refuses"
    """The login, the database's name, or the reading."""
    UNPREPARED = "unprepared"
    """The tables are not there, or are those of another version."""


@dataclass(frozen=True, slots=True)
class Prices:
    """What Redis holds. Of the symbols that trade some are fresh, some stale and some have no price yet; ages (ms) are
    by the market's clock, `rates` are ticks a second, the newest last."""

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
        """All that the market lists."""
        return self.fresh + self.stale + self.silent + self.halted


@dataclass(frozen=True, slots=True)
class Leader:
    """A process that leads: in what, and since when."""

    name: str
    since: int


@dataclass(frozen=True, slots=True)
class ArchiveSnapshot:
    """What PostgreSQL holds; `candles` is the server's estimate. `newest` is when the running market's newest candle
    closed, by the market's clock; `missing` counts the minutes of today between a symbol's first candle and its last
    that have none, `gappy` the symbols with such. Of outbox and inbox what waits, by platform."""

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
    """What Kafka says: frames that wait, by group and partition; refused messages that are kept, by reason."""

    lag: Mapping[str, Mapping[int, int]]
    refused: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class DeskSnapshot:
    """One look at everything; None where nothing is known yet. `in_memory` says that the bus is the desk's own memory,
    into which nobody else can look."""

    at: int
    prices: Prices | Down | None = None
    archive: ArchiveSnapshot | Unusable | Down | None = None
    stream: StreamSnapshot | Down | None = None
    in_memory: bool = False
