"""Daily digest of the scan, as it is in the outbox."""

import msgspec

from pipeline.market import Interval, Symbol
from trading.scan.record import SignalEdge
from trading.scan.signals import SignalKind


class ToldSignal(msgspec.Struct, frozen=True):
    """Signal with the record of its kind: the rate at which its outcome came, and the base rate; None if unknown."""

    symbol: Symbol
    interval: Interval
    signal: SignalKind
    rate: float | None
    base: float | None
    edge: SignalEdge | None


class ScanTold(msgspec.Struct, frozen=True, tag_field="kind", tag="scan"):
    """Signals at the candles that closed by `hour` (UTC ms of the market's clock), the first of `total`."""

    market: str
    hour: int
    coins: int
    total: int
    signals: tuple[ToldSignal, ...]
