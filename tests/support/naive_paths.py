"""Naive model of the path of a candle: the way of the price to a trade, and what is displayed on it."""

from dataclasses import replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from tests.support.naive_rows import FALLING, Entry, NaiveRules, Row, Shown
from trading.orders.effects import BestQuote, MarketEvent, MarketTrade


def entry_of(event: MarketEvent, last: Entry) -> Entry:
    """Returns an event with the displays after it; `last` is the event before."""
    if isinstance(event, BestQuote):
        return shown(event, event, last) if event.bid <= event.ask else Entry(event)
    if event.path is None:
        return Entry(event, quote=last.quote, asks=last.asks, bids=last.bids)
    entry = at_price(Entry(event, before=last), event.price)
    return replace(entry, along={event.price: entry}, before=last)


def at_price(entry: Entry, price: Decimal) -> Entry:
    """Returns the displays at a price of the way of an event."""
    event = entry.event
    assert isinstance(event, MarketTrade)
    assert event.path is not None
    assert entry.before is not None
    if price not in entry.along:
        entry.along[price] = shown(event, event.path.quote(event.time, price), entry.before)
    return entry.along[price]


def shown(event: MarketEvent, quote: BestQuote, last: Entry) -> Entry:
    """Returns an event with the displays of a quote; those at the prices of the quote before go on."""
    same_ask = last.quote is not None and last.quote.ask == quote.ask
    same_bid = last.quote is not None and last.quote.bid == quote.bid
    asks = last.asks if same_ask else Shown(quote.ask, event.time)
    bids = last.bids if same_bid else Shown(quote.bid, event.time)
    return Entry(event, quote=quote, asks=asks, bids=bids)


def next_on_way(rules: NaiveRules, waiting: list[Row], price: Decimal, end: Decimal) -> Decimal:
    """Returns the first price after `price` at which an order does something, on the tick beyond it, or the end."""
    rising, tick = end > price, rules.rules.tick_size
    assert tick is not None
    rounding = ROUND_CEILING if rising else ROUND_FLOOR
    prices = [
        (each / tick).to_integral_value(rounding) * tick for row in waiting for each in _waited(rules, row, rising)
    ]
    between = [each for each in prices if (price < each < end if rising else end < each < price)]
    return (min(between) if rising else max(between)) if between else end


def _waited(rules: NaiveRules, row: Row, rising: bool) -> list[Decimal]:  # noqa: FBT001
    """Prices at which a rising or falling price lets a waiting order do something: none or one."""
    terms, stop = row.given.terms, row.given.stop_price
    if terms.trailing_delta is not None and row.extreme is not None:
        return [rules.trailing_trigger(row)] if row.buys is rising else []
    falls = (terms.type.value, terms.side.value) in FALLING
    return [stop] if stop is not None and falls is not rising else []
