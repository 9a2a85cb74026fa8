"""Limit orders at random moments of recorded trades, and a check of every fill against the recording.

    python -m tests.support.recorded_fills TRADES.parquet [DEPTH.parquet] [ORDERS] [SEED]

The trades have the columns symbol, price, qty and trade_time; the depth has is_ask, price, qty, event_time and
final_update_id, with the new size of each level. Times are in microseconds. Prints the number of violations.
"""

import random
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq

from core.decimals import down_to_step
from pipeline.market import Symbol
from pipeline.rules import LotSize, SymbolRules
from trading.matching.resting_orders import queue_at
from trading.matching.symbol_orders import SymbolOrders
from trading.orders.effects import BestQuote, Expired, Filled, FillRule, MarketEvent, MarketTrade
from trading.orders.holds import need_of
from trading.orders.open_orders import Hold, OpenOrder, OrderStatus
from trading.orders.terms import OrderTerms, OrderType, TimeInForce
from trading.orders.types import Side

ZERO = Decimal(0)
TRADED = {FillRule.TRADE_THROUGH, FillRule.QUEUE}


def trades_of(path: Path) -> tuple[Symbol, list[MarketTrade]]:
    """Returns the symbol and the trades of a file, by time."""
    rows = pq.read_table(path).to_pylist()
    found = [
        MarketTrade(row["trade_time"] // 1000, Decimal(str(row["price"])), Decimal(str(row["qty"]))) for row in rows
    ]
    return Symbol(rows[0]["symbol"]), sorted(found, key=lambda each: each.time)


def quotes_of(path: Path) -> Iterator[BestQuote]:
    """Yields the best quote after each update of the depth; one that is crossed is left out."""
    sides: tuple[dict[Decimal, Decimal], dict[Decimal, Decimal]] = ({}, {})
    rows = pq.read_table(path).to_pylist()
    for row, later in zip(rows, [*rows[1:], None], strict=True):
        level, size = Decimal(str(row["price"])), Decimal(str(row["qty"]))
        sides[row["is_ask"]][level] = size
        if not size:
            del sides[row["is_ask"]][level]
        if later is not None and later["final_update_id"] == row["final_update_id"]:
            continue
        bids, asks = sides
        if bids and asks and (bid := max(bids)) < (ask := min(asks)):
            yield BestQuote(row["event_time"] // 1000, bid, bids[bid], ask, asks[ask])


def rules_of(symbol: Symbol, trades: list[MarketTrade]) -> SymbolRules:
    """Returns rules with the finest tick and step of the recording."""
    tick = Decimal(1).scaleb(min(int(each.price.normalize().as_tuple().exponent) for each in trades))
    step = Decimal(1).scaleb(min(int((each.quantity or ZERO).normalize().as_tuple().exponent) for each in trades))
    return SymbolRules(symbol, "BASE", "QUOTE", tick_size=tick, lot=LotSize(step, Decimal(10) ** 12, step))


@dataclass
class Outcome:
    """Orders by number, and what became of them."""

    orders: dict[int, OpenOrder] = field(default_factory=dict)
    fills: list[Filled] = field(default_factory=list)
    expired: dict[int, int] = field(default_factory=dict)

    def filled(self, order_id: int) -> Decimal:
        """Returns what was filled of an order."""
        return sum((fill.quantity for each in self.fills if each.order_id == order_id for fill in each.fills), ZERO)


def lives(events: list[MarketEvent], rules: SymbolRules, number: int, seed: int) -> Outcome:
    """Places orders at random moments, each known up to 3 s later, and matches them with the events."""
    chance, outcome, book = random.Random(seed), Outcome(), SymbolOrders(rules.symbol, rules)  # noqa: S311
    first, last = events[0].time, events[-1].time
    moments = sorted(chance.randint(first, last - 1) for _ in range(number))
    waiting: list[tuple[int, OpenOrder]] = []
    quote: BestQuote | None = None
    price = next(each.price for each in events if isinstance(each, MarketTrade))
    for event in events:
        while moments and moments[0] < event.time:
            order = order_at(moments.pop(0), len(outcome.orders) + 1, price, quote, rules, chance)
            outcome.orders[order.order_id] = order
            waiting.append((order.accepted_at + chance.choice((0, 0, 250, 3_000)), order))
        due = [order for known_at, order in waiting if known_at < event.time]
        waiting = [each for each in waiting if each[1] not in due]
        for effect in [each for order in due for each in book.put(order)] + list(book.take(event)):
            if isinstance(effect, Filled):
                outcome.fills.append(effect)
            elif isinstance(effect, Expired):
                outcome.expired[effect.order_id] = effect.time
        if isinstance(event, MarketTrade):
            price = event.price
        else:
            quote = event
    return outcome


def order_at(  # noqa: PLR0917 - what an order depends on
    time: int, number: int, last: Decimal, quote: BestQuote | None, rules: SymbolRules, chance: random.Random
) -> OpenOrder:
    """Returns a limit order within a few ticks of the last price, which would not take liquidity."""
    side, tick = chance.choice(list(Side)), rules.tick_size or Decimal(1)
    away = tick * chance.randint(0, 4)
    best = None if quote is None else (quote.bid if side is Side.BUY else quote.ask)
    limit = (best or last) - away if side is Side.BUY else (best or last) + away
    quantity = down_to_step(
        Decimal(chance.choice((5, 100, 5_000, 200_000))) * Decimal(str(chance.random() + 0.1)), rules.step
    )
    dated = time + chance.randint(60_000, 120_000) if chance.random() < 0.2 else None
    force = TimeInForce.GTC if dated is None else TimeInForce.GTD
    terms = OrderTerms(rules.symbol, side, OrderType.LIMIT, quantity, limit, time_in_force=force, expires_at=dated)
    ahead = ZERO
    if quote is not None:
        shown = quote.bid_size if side is Side.BUY else quote.ask_size
        ahead = queue_at(side, limit, quote.bid if side is Side.BUY else quote.ask, shown)  # type: ignore[assignment]
    price = limit if side is Side.BUY else None
    hold = Hold(number, "QUOTE" if side is Side.BUY else "BASE", need_of(side, quantity, price, rules))
    return OpenOrder(
        number, 1, terms, OrderStatus.NEW, 1, time, quantity, ZERO, limit, hold, Decimal("0.001"), number,
        queue_ahead=ahead, hold_price=price, received=ZERO,
    )  # fmt: skip


def violations(outcome: Outcome, events: list[MarketEvent]) -> list[str]:
    """Returns every fill, and every moment of fills, that the recording does not allow."""
    found: list[str] = []
    for fill in outcome.fills:
        order = outcome.orders[fill.order_id]
        limit = order.limit_price or ZERO
        for part in fill.fills:
            if part.price > limit if order.terms.side is Side.BUY else part.price < limit:
                found.append(f"order {fill.order_id} at {part.price} is worse than {limit}")
            if part.quantity <= 0 or part.quantity != down_to_step(part.quantity, Decimal("1e-8")):
                found.append(f"order {fill.order_id} filled {part.quantity}")
        if fill.time <= order.accepted_at or fill.time >= (order.terms.expires_at or fill.time + 1):
            found.append(f"order {fill.order_id} of {order.accepted_at} filled at {fill.time}")
    for number, order in outcome.orders.items():
        if outcome.filled(number) > order.quantity:
            found.append(f"order {number} is filled beyond {order.quantity}")
    return found + _beyond_trades(outcome, events) + _beyond_quotes(outcome, events)


def _beyond_trades(outcome: Outcome, events: Iterable[MarketEvent]) -> list[str]:
    """Fills by trades at one moment: for each limit, no more than traded at it or beyond it then; both sides together
    no more than traded.
    """
    traded: defaultdict[int, list[MarketTrade]] = defaultdict(list)
    for event in events:
        if isinstance(event, MarketTrade):
            traded[event.time].append(event)
    given: defaultdict[int, list[tuple[Side, Decimal, Decimal]]] = defaultdict(list)
    for fill in outcome.fills:
        if fill.rule in TRADED:
            order = outcome.orders[fill.order_id]
            size = sum((part.quantity for part in fill.fills), ZERO)
            given[fill.time].append((order.terms.side, order.limit_price or ZERO, size))
    found: list[str] = []
    for time, parts in given.items():
        there = traded[time]
        if sum(size for _, _, size in parts) > sum((each.quantity or ZERO for each in there), ZERO):
            found.append(f"{time}: more is filled than traded")
        for side, limit, _ in parts:
            took = [size for other, at, size in parts if other is side and _reaches(side, at, limit)]
            had = [each.quantity or ZERO for each in there if _reaches(side, each.price, limit)]
            if sum(took, ZERO) > sum(had, ZERO):
                found.append(f"{time}: {side} at {limit} and beyond got {sum(took, ZERO)} of {sum(had, ZERO)}")
    return found


def _reaches(side: Side, price: Decimal, limit: Decimal) -> bool:
    return price <= limit if side is Side.BUY else price >= limit


def _beyond_quotes(outcome: Outcome, events: Iterable[MarketEvent]) -> list[str]:
    """Fills by quotes: the opposite side had reached the limit, and of each display no more than its largest size."""
    given: defaultdict[int, list[Filled]] = defaultdict(list)
    for fill in outcome.fills:
        if fill.rule is FillRule.QUOTE_THROUGH:
            given[fill.time].append(fill)
    found: list[str] = []
    shown: dict[Side, tuple[Decimal, Decimal, Decimal]] = {}  # price, largest size, what was taken of it
    for event in events:
        if not isinstance(event, BestQuote):
            continue
        for side, price, size in ((Side.BUY, event.ask, event.ask_size), (Side.SELL, event.bid, event.bid_size)):
            known = shown.get(side)
            before = known if known is not None and known[0] == price else (price, ZERO, ZERO)
            took = ZERO
            for fill in [each for each in given[event.time] if outcome.orders[each.order_id].terms.side is side]:
                if _reaches(side, price, outcome.orders[fill.order_id].limit_price or ZERO):
                    took += sum((part.quantity for part in fill.fills), ZERO)
                    given[event.time].remove(fill)
            shown[side] = (price, max(before[1], size), before[2] + took)
            if shown[side][2] > shown[side][1]:
                found.append(f"{event.time}: {side} took {shown[side][2]} of {shown[side][1]} shown at {price}")
    return found + [f"{fill.time}: order {fill.order_id}: no quote" for rest in given.values() for fill in rest]


def check(trades: Path, depth: Path | None, number: int, seed: int) -> tuple[Outcome, list[str]]:
    """Runs orders over the files; returns what became of them and the violations."""
    symbol, traded = trades_of(trades)
    quotes = [] if depth is None else list(quotes_of(depth))
    events: list[MarketEvent] = sorted([*traded, *quotes], key=lambda each: each.time)
    outcome = lives(events, rules_of(symbol, traded), number, seed)
    return outcome, violations(outcome, events)


def main(arguments: list[str]) -> int:
    """See the module; returns an exit code."""
    trades, depth, number, seed = [*arguments, *["", "", "1000", "1"][len(arguments) :]]
    outcome, found = check(Path(trades), Path(depth) if depth else None, int(number), int(seed))
    rules = {rule.value: sum(each.rule is rule for each in outcome.fills) for rule in FillRule}
    print(f"orders: {len(outcome.orders)}, fills: {len(outcome.fills)} {rules}, expired: {len(outcome.expired)}")  # noqa: T201
    print(*found[:20], f"violations: {len(found)}", sep="\n")  # noqa: T201
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
