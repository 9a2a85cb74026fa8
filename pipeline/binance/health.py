"""How the live market does, for whoever watches it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BinanceHealth:
    """Connections wanted (`streams`), live now and opened since the start; REST snapshots taken; how far this machine's
    clock is ahead of Binance's; for how long nothing may be asked; what was dropped, by reason."""

    symbols: int
    trading: int
    streams: int
    live: int
    opened: int
    snapshots: int
    skew_ms: int
    banned_seconds: float
    dropped: Mapping[str, int]
