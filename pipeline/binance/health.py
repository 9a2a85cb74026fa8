"""Health of the live market, for monitoring."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BinanceHealth:
    """Connections wanted (`streams`), live now and opened since the start; REST snapshots taken; milliseconds by which
    this machine's clock is ahead of Binance's; seconds until requests are allowed again; dropped data, by reason.
    """

    symbols: int
    trading: int
    streams: int
    live: int
    opened: int
    snapshots: int
    skew_ms: int
    banned_seconds: float
    dropped: Mapping[str, int]
