"""Message on Kafka, version 1: one frame's share of one partition as a JSON array, readable in any Kafka UI.

    [version, market, time, [tick, ...], [candle, ...], [trade, ...]]
    tick    [symbol, time, price, bid, bid size, ask, ask size, open 24h, high 24h, low 24h, volume 24h, via]
    candle  [symbol, open time, open, high, low, close, volume, quote volume, trades, taker volume, quote imbalance]
    trade   [symbol, time, price, quantity, trade id, price that its path came from]

Fields and units are those of `pipeline.market`: times are UTC ms, the numbers of ticks and trades are the exchange's
decimal text ("" is not known), a candle's are JSON numbers (null is not known). Trailing fields may be left out where
the vocabulary has a default. A later writer may add fields at the end of any array without a new version: readers
ignore unknown fields. A new version means that a field's meaning changed, and is refused until the reader is updated.

Shapes, types and lengths are checked here, values (a price of zero, a crossed quote) by the rules of data quality.
"""

from enum import StrEnum
from typing import Annotated

import msgspec

from pipeline.market import Candle, Frame, Tick, Time, Trade

VERSION = 1
MAX_BYTES = 1_000_000
"""Longest message: Kafka's own default limit, less its envelope. A frame of 4,000 full ticks needs 600,000."""


class Flaw(StrEnum):
    """Reason that a message cannot be read."""

    EMPTY = "empty"
    TOO_LONG = "too-long"
    COMPRESSED = "compressed"
    """Compressed in a format that is not supported. Gzip is supported up to a bounded size."""
    MALFORMED = "malformed"
    """Not JSON, truncated, or a record that violates Kafka's format."""
    SHAPE = "shape"
    """JSON, but not a message of this version."""
    NEWER_VERSION = "newer-version"
    UNKNOWN_VERSION = "unknown-version"
    POISON = "poison"
    """The message ended its consumer repeatedly."""
    FAILED = "failed"
    """Reading the message raised an error for which there is no other flaw."""


class UnreadableMessage(Exception):
    """The message cannot be read; `flaw` is the reason."""

    def __init__(self, flaw: Flaw, detail: str = "") -> None:
        super().__init__(f"{flaw}: {detail}" if detail else str(flaw))
        self.flaw = flaw


class BusMessage(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """Content of one record. `market` is `MarketInfo.market`; readers ignore frames of another market."""

    version: int
    market: Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern=r"\A[^\x00]+\Z")]
    time: Time
    ticks: tuple[Tick, ...] = ()
    candles: tuple[Candle, ...] = ()
    trades: tuple[Trade, ...] = ()

    @property
    def frame(self) -> Frame:
        """Frame of the message."""
        return Frame(self.time, self.ticks, self.candles, self.trades)


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(BusMessage)
_outline = msgspec.json.Decoder(list[msgspec.Raw])


def encode(market: str, frame: Frame) -> bytes:
    """Returns the message of a frame."""
    return _encoder.encode(BusMessage(VERSION, market, frame.time, frame.ticks, frame.candles, frame.trades))


def decode(data: bytes | None) -> BusMessage:
    """Returns the message in `data`. Raises UnreadableMessage for anything else, and no other error."""
    if not data:
        raise UnreadableMessage(Flaw.EMPTY)
    if len(data) > MAX_BYTES:
        raise UnreadableMessage(Flaw.TOO_LONG, f"{len(data)} bytes")
    try:
        message = _decoder.decode(data)
    except msgspec.ValidationError as error:
        raise UnreadableMessage(_flaw_of_version(_version_of(data)) or Flaw.SHAPE, str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableMessage(Flaw.MALFORMED, str(error)) from None
    if flaw := _flaw_of_version(message.version):
        raise UnreadableMessage(flaw, f"version {message.version}")
    return message


def _version_of(data: bytes) -> int:
    """Returns the first element of a message whose rest has another shape; VERSION if that element
    is not an integer.
    """
    try:
        return msgspec.json.decode(_outline.decode(data)[0], type=int)
    except (msgspec.MsgspecError, IndexError, UnicodeDecodeError, RecursionError):
        return VERSION


def _flaw_of_version(version: int) -> Flaw | None:
    if version == VERSION:
        return None
    return Flaw.NEWER_VERSION if version > VERSION else Flaw.UNKNOWN_VERSION
