"""What the outbox carries: a closed union of notices, as versioned JSON.

A notice says what happened, never how to put it: it is rendered when it is sent, in the person's language of then.
"""

from decimal import Decimal

import msgspec

from core.errors import DeskError
from pipeline.market import Symbol
from pipeline.quality.daily_summary import DailyQuality
from trading.orders import Side
from trading.triggers import Direction, Firing

VERSION = 1


class AlertFired(msgspec.Struct, frozen=True, tag_field="kind", tag="alert"):
    """The price of `symbol` reached `level` at `time` (ms of the market's clock)."""

    alert_id: int
    market: str
    symbol: Symbol
    direction: Direction
    level: Decimal
    price: Decimal
    time: int
    repeat: bool = False


class ForecastFired(msgspec.Struct, frozen=True, tag_field="kind", tag="forecast"):
    """A forecast over `horizon` minutes, made at `made_at` (UTC ms), said that a rise (`way` is up) or fall of `symbol`
    has at least the probability `chance`: `rising` is that of a rise, `expected` the log return."""

    alert_id: int
    market: str
    symbol: Symbol
    horizon: int
    way: str
    chance: Decimal
    rising: float
    expected: float
    made_at: int
    repeat: bool = False


class ChatGone(msgspec.Struct, frozen=True, tag_field="kind", tag="chat-gone"):
    """A chat cannot be written to any more; what was meant for it goes to where this notice is read."""

    platform: str
    chat_id: str


class OrderFilled(msgspec.Struct, frozen=True, tag_field="kind", tag="fill"):
    """An order was filled, wholly or in part, at `time` (ms of the market's clock): `quantity` of `base` for
    `quote_amount` of `quote`, at `price` on average. `realised` is a sale's profit in the quote asset."""

    order_id: int
    market: str
    symbol: Symbol
    side: Side
    base: str
    quote: str
    quantity: Decimal
    price: Decimal
    quote_amount: Decimal
    fee: Decimal
    fee_asset: str
    received: Decimal
    time: int
    realised: Decimal | None = None


class OrderExpired(msgspec.Struct, frozen=True, tag_field="kind", tag="expiry"):
    """What could not be filled at once expired: `unfilled` of `base`, beside `filled`, at `time` (ms of the market's
    clock)."""

    order_id: int
    market: str
    symbol: Symbol
    side: Side
    base: str
    filled: Decimal
    unfilled: Decimal
    time: int


class Holding(msgspec.Struct, frozen=True):
    """A position in a digest: `value` and `profit` in the quote asset."""

    symbol: Symbol
    value: Decimal
    profit: Decimal


class Digest(msgspec.Struct, frozen=True, tag_field="kind", tag="digest"):
    """How an account stood after the `days` of the person's own calendar up to `date`. `before` is the equity at
    `since` (UTC ms), raised by what was granted since. The worst position is None where there is but one."""

    date: str
    every: str
    market: str
    quote: str
    equity: Decimal
    granted: Decimal
    cash: Decimal
    positions: int
    alerts: int
    before: Decimal | None = None
    since: int | None = None
    best: Holding | None = None
    worst: Holding | None = None
    days: int = 1


class Broadcast(msgspec.Struct, frozen=True, tag_field="kind", tag="broadcast"):
    """What whoever runs the desk says to everyone, in their own words."""

    text: str


class Obstacle(msgspec.Struct, frozen=True):
    """An error as data: its code, and its fields by their type."""

    code: str
    amounts: dict[str, Decimal] = {}
    counts: dict[str, int] = {}
    words: dict[str, str] = {}


def obstacle_of(error: DeskError) -> Obstacle:
    """What has to be kept of an error so that it can be put in anybody's words later."""
    found = error.details()
    return Obstacle(
        error.code(),
        {name: value for name, value in found.items() if isinstance(value, Decimal)},
        {name: value for name, value in found.items() if isinstance(value, int)},
        {
            name: ", ".join(value) if isinstance(value, tuple) else value
            for name, value in found.items()
            if isinstance(value, str | tuple)
        },
    )


class BuyFailed(msgspec.Struct, frozen=True, tag_field="kind", tag="repeat"):
    """A recurring buy could not be made on `day` (a date of the person's own calendar), the `failures`-th time in a
    row; `next_at` (UTC ms) is the next try, None where it stopped. `size` is a figure of `size_kind`: base, quote or
    share."""

    plan_id: int
    market: str
    symbol: Symbol
    size_kind: str
    size: Decimal
    day: str
    obstacle: Obstacle
    failures: int
    next_at: int | None = None


class BuyMissed(msgspec.Struct, frozen=True, tag_field="kind", tag="repeat-missed"):
    """The desk was off when a recurring buy was due: `count` times, the last on `day`, and too late to be made up."""

    plan_id: int
    market: str
    symbol: Symbol
    size_kind: str
    size: Decimal
    day: str
    count: int
    next_at: int


class WaitEnded(msgspec.Struct, frozen=True, tag_field="kind", tag="delisted"):
    """What waited for `symbol` ended, because it was delisted: `what` is alert, forecast or repeat, by its number.
    A holding (`what`, with the number 0) stays, but is traded no more."""

    what: str
    number: int
    market: str
    symbol: Symbol


class QualityFound(msgspec.Struct, frozen=True, tag_field="kind", tag="quality"):
    """What operators want to know of a day's data."""

    day: DailyQuality


class DriftFound(msgspec.Struct, frozen=True, tag_field="kind", tag="drift"):
    """A model no longer fits its market: by `sign` (features or errors) `what` is at `amount`, beyond `bound`, since
    `since` (UTC ms)."""

    market: str
    version: int
    horizon: int
    sign: str
    what: str
    amount: float
    bound: float
    since: int


class LinkAsked(msgspec.Struct, frozen=True, tag_field="kind", tag="link-asked"):
    """An identity of `platform` opened a link with the person's code, by its number, and wants to join them: `how` is
    merge or move."""

    code_id: int
    platform: str
    how: str


class LinkUndone(msgspec.Struct, frozen=True, tag_field="kind", tag="link-undone"):
    """An identity of `platform` that had joined the person within a day left again, with what it had brought."""

    platform: str


Notice = (
    AlertFired
    | OrderFilled
    | OrderExpired
    | Digest
    | ForecastFired
    | ChatGone
    | Broadcast
    | BuyFailed
    | BuyMissed
    | WaitEnded
    | QualityFound
    | DriftFound
    | LinkAsked
    | LinkUndone
)


class _Envelope(msgspec.Struct, frozen=True):
    v: int
    notice: Notice


class UnreadableNotice(Exception):
    """Written by a newer desk, or damaged."""


_encoder = msgspec.json.Encoder(decimal_format="string")
_decoder = msgspec.json.Decoder(_Envelope)


def kind_of(notice: Notice) -> str:
    """The word that preferences go by."""
    return str(notice.__struct_config__.tag)


def encode(notice: Notice) -> str:
    """The notice as JSON."""
    return _encoder.encode(_Envelope(VERSION, notice)).decode()


def decode(body: str | bytes) -> Notice:
    """The same notice again. Raises UnreadableNotice."""
    try:
        envelope = _decoder.decode(body)
    except msgspec.MsgspecError as error:
        raise UnreadableNotice(str(error)) from error
    if envelope.v != VERSION:
        raise UnreadableNotice(f"version {envelope.v}")
    return envelope.notice


def fired(market: str, firing: Firing) -> AlertFired:
    """The notice of a firing."""
    trigger = firing.trigger
    return AlertFired(
        alert_id=trigger.alert_id,
        market=market,
        symbol=trigger.symbol,
        direction=trigger.direction,
        level=trigger.level,
        price=firing.price,
        time=firing.time,
        repeat=trigger.repeat,
    )
