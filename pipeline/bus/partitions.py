"""Partition of a symbol, by the rule of Kafka's own clients for a record whose key is the symbol.

murmur2 of the UTF-8 key with the sign bit cleared, modulo the number of partitions (`Utils.murmur2`, `Utils.toPositive`
and `BuiltInPartitioner` of Apache Kafka's Java client). Any producer with any client agrees.
"""

from collections.abc import Iterable
from functools import lru_cache

from pipeline.market import Candle, Frame, Symbol, Tick, Trade

_MIX = 0x5BD1E995
_SEED = 0x9747B28C
_WORD = 0xFFFFFFFF


def murmur2(data: bytes) -> int:
    """Returns Kafka's 32-bit hash, unsigned."""
    h = (_SEED ^ len(data)) & _WORD
    whole = len(data) & ~3
    for start in range(0, whole, 4):
        k = int.from_bytes(data[start : start + 4], "little") * _MIX & _WORD
        k = (k ^ k >> 24) * _MIX & _WORD
        h = (h * _MIX & _WORD) ^ k
    if rest := data[whole:]:
        h = (h ^ int.from_bytes(rest, "little")) * _MIX & _WORD
    h = (h ^ h >> 13) * _MIX & _WORD
    return h ^ h >> 15


@lru_cache(maxsize=65_536)
def partition_of(symbol: Symbol, partitions: int) -> int:
    """Returns the partition of a symbol's ticks, candles and trades, the same on every machine."""
    return (murmur2(symbol.encode()) & 0x7FFFFFFF) % partitions


def split(frame: Frame, partitions: int) -> Iterable[tuple[int, Frame]]:
    """Splits the frame into its share of each partition it touches."""
    if frame.empty:
        return
    if partitions == 1:
        yield 0, frame
        return
    ticks: dict[int, list[Tick]] = {}
    candles: dict[int, list[Candle]] = {}
    trades: dict[int, list[Trade]] = {}
    for tick in frame.ticks:
        ticks.setdefault(partition_of(tick.symbol, partitions), []).append(tick)
    for candle in frame.candles:
        candles.setdefault(partition_of(candle.symbol, partitions), []).append(candle)
    for trade in frame.trades:
        trades.setdefault(partition_of(trade.symbol, partitions), []).append(trade)
    for number in sorted({*ticks, *candles, *trades}):
        parts = (tuple(ticks.get(number, ())), tuple(candles.get(number, ())), tuple(trades.get(number, ())))
        yield number, Frame(frame.time, *parts)
