"""How often and how late the model fills limit orders, beside what was possible in recorded trades and depth.

    python -m tests.support.fill_calibration TRADES.parquet DEPTH.parquet [ORDERS] [SEED]

The files are those of `tests.support.recorded_fills`. Each order is alone in the market, at a random moment within a
few ticks of the best price, and is followed for ten minutes. Prints the table of docs/fills.md and the number of
violations.

- *Earliest*: as if it were first in its queue. It is filled when what traded at its limit or beyond adds up to its
  quantity, or when the opposite side of the quote reaches its limit.
- *Latest*: as if it were last in its queue. It is filled by the first trade beyond its limit, which on an exchange
  fills all that rests there, or when the opposite side of the quote reaches its limit.
- A violation is an order that the model fills before the earliest moment.
"""

import random
import statistics
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from pipeline.rules import SymbolRules
from tests.support.recorded_fills import ZERO, order_at, quotes_of, rules_of, trades_of
from trading.matching.symbol_orders import SymbolOrders
from trading.orders.effects import BestQuote, Filled, MarketEvent, MarketTrade
from trading.orders.open_orders import OpenOrder
from trading.orders.terms import TimeInForce
from trading.orders.types import Side

FOLLOWED_MS = 600_000


@dataclass(frozen=True, slots=True)
class Compared:
    """Milliseconds from the acceptance of an order until it is filled; None if it was not within ten minutes. `ticks`
    is the distance of its limit from the best price of its side.
    """

    ticks: int
    earliest: int | None
    model: int | None
    latest: int | None

    @property
    def violates(self) -> bool:
        """True if the model filled the order before it was possible."""
        return self.model is not None and (self.earliest is None or self.model < self.earliest)


def compare(trades: Path, depth: Path, number: int, seed: int) -> list[Compared]:
    """Places orders at random moments of the recording and follows each alone."""
    symbol, traded = trades_of(trades)
    rules = rules_of(symbol, traded)
    events: list[MarketEvent] = sorted([*traded, *quotes_of(depth)], key=lambda each: each.time)
    times = [each.time for each in events]
    chance = random.Random(seed)  # noqa: S311
    found: list[Compared] = []
    for place in range(1, number + 1):
        moment = chance.randint(times[0], times[-1] - FOLLOWED_MS)
        start, end = bisect_right(times, moment), bisect_left(times, moment + FOLLOWED_MS)
        last = next((each for each in reversed(events[:start]) if isinstance(each, MarketTrade)), traded[0])
        quote = next((each for each in reversed(events[:start]) if isinstance(each, BestQuote)), None)
        if quote is None:
            continue
        order = order_at(moment, place, last.price, quote, rules, chance)
        terms = replace(order.terms, time_in_force=TimeInForce.GTC, expires_at=None)
        found.append(_followed(replace(order, terms=terms), [last, quote], events[start:end], rules))
    return found


def _followed(
    order: OpenOrder, before: Sequence[MarketEvent], events: Sequence[MarketEvent], rules: SymbolRules
) -> Compared:
    book, side, limit = SymbolOrders(rules.symbol, rules), order.terms.side, order.limit_price or ZERO
    for event in sorted(before, key=lambda each: each.time):
        list(book.take(event))
    list(book.put(order))
    moments: dict[str, int] = {}
    traded = filled = ZERO
    for event in events:
        for effect in book.take(event):
            if isinstance(effect, Filled):
                filled += sum((part.quantity for part in effect.fills), ZERO)
        after = event.time - order.accepted_at
        if filled == order.quantity:
            moments.setdefault("model", after)
        if isinstance(event, MarketTrade):
            reached, beyond = _reaches(side, event.price, limit), _beyond(side, event.price, limit)
            traded += event.quantity or ZERO if reached else ZERO
        else:
            beyond = _reaches(side, event.ask if side is Side.BUY else event.bid, limit)
        if traded >= order.quantity or (beyond and isinstance(event, BestQuote)):
            moments.setdefault("earliest", after)
        if beyond:
            moments.setdefault("latest", after)
        if len(moments) == 3:
            break
    quote = next(each for each in before if isinstance(each, BestQuote))
    own = quote.bid if side is Side.BUY else quote.ask
    ticks = abs(int((own - limit) / (rules.tick_size or Decimal(1))))
    return Compared(ticks, moments.get("earliest"), moments.get("model"), moments.get("latest"))


def _reaches(side: Side, price: Decimal, limit: Decimal) -> bool:
    return price <= limit if side is Side.BUY else price >= limit


def _beyond(side: Side, price: Decimal, limit: Decimal) -> bool:
    return price < limit if side is Side.BUY else price > limit


def table(found: Sequence[Compared]) -> list[str]:
    """Returns the lines of a Markdown table: by the distance from the best price, and of all orders."""
    lines = [
        "| ticks behind | orders | earliest | model | latest | s after the earliest | s before the latest | after it |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, some in (
        ("0", [each for each in found if each.ticks == 0]),
        ("1", [each for each in found if each.ticks == 1]),
        ("2 to 4", [each for each in found if each.ticks > 1]),
        ("all", list(found)),
    ):
        late = [each.model - each.earliest for each in some if each.model is not None and each.earliest is not None]
        early = [each.latest - each.model for each in some if each.model is not None and each.latest is not None]
        cells = [
            name,
            f"{len(some):,}",
            *(_share([moment for moment in moments if moment is not None], some) for moments in _moments(some)),
            _seconds(late),
            _seconds([ms for ms in early if ms >= 0]),
            _share([ms for ms in early if ms < 0], some),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _moments(some: Sequence[Compared]) -> tuple[list[int | None], list[int | None], list[int | None]]:
    return [each.earliest for each in some], [each.model for each in some], [each.latest for each in some]


def _share(part: Sequence[int], some: Sequence[Compared]) -> str:
    return f"{len(part) / len(some):.1%}" if some else "-"


def _seconds(times: Sequence[int]) -> str:
    """Returns the median and the 90th percentile."""
    if len(times) < 2:
        return "-"
    return f"{statistics.median(times) / 1000:.1f} (90 %: {statistics.quantiles(times, n=10)[-1] / 1000:.1f})"


def main(arguments: list[str]) -> int:
    """See the module; returns an exit code."""
    trades, depth, number, seed = [*arguments, *["", "", "1000", "1"][len(arguments) :]]
    found = compare(Path(trades), Path(depth), int(number), int(seed))
    wrong = sum(each.violates for each in found)
    print(*table(found), f"violations: {wrong}", sep="\n")  # noqa: T201
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
