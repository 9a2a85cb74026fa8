"""A rule over the frames of a recording, without I/O between: decisions, matching and money of the live code alone."""

from decimal import Decimal

from core.errors import DeskError
from pipeline.bus import Record
from pipeline.bus.message import decode, encode
from pipeline.market import DAY_MS, Quote, SourceKind, Tick
from pipeline.replay.parquet_candles import CandleFile
from pipeline.replay.recorded_day import recorded_day
from tests.support.replayed_robots import BTC
from trading.backtest.account import Cause, StrategyAccount
from trading.backtest.engine import Signal
from trading.backtest.terms import BacktestTerms
from trading.ledger.order_ports import OpenOrderChanges
from trading.matching.ladders import ladder_of
from trading.matching.market_orders import Terms, match
from trading.matching.order_planning import plan
from trading.matching.situation import Situation
from trading.matching.sizing import size_wanted
from trading.orders.effects import Filled
from trading.orders.holds import hold_asset
from trading.orders.open_orders import Hold, ListPlace, OpenOrder, OrderStatus
from trading.orders.requests import OcoRequest, OrderRequest
from trading.orders.types import BaseQuantity, Execution, QuoteAmount, Side
from trading.strategies.decisions import MarketRequest, TradedRule, all_of, costs_more, decide, protection
from trading.workers.matched_orders import MatchedOrders

D = Decimal
Trade = tuple[int, Side, Decimal, Decimal]
"""Time, side, quantity, average price."""


class ReplayedRule:
    """One strategy in a replay. Its orders at the market fill at the quote of the frame that decides them."""

    def __init__(self, rule: TradedRule, terms: BacktestTerms) -> None:
        self.rule = rule
        self.terms = terms
        self.rules = terms.rules
        self.account = StrategyAccount(terms.cash, self.rules)
        self.trades: list[Trade] = []
        self.orders = MatchedOrders(1, lambda _: self.rules, SourceKind.REPLAY)
        self.orders.own([0])
        self.open: dict[int, OpenOrder] = {}
        self.taken: list[tuple[int, Decimal, Decimal]] = []
        self.last_id = 0

    def play(self, file: CandleFile, entry: Signal, exit_: Signal) -> list[Trade]:
        """Returns what the rule traded with these signals, one for each candle of the only symbol."""
        width = file.interval.ms
        for index, open_time in enumerate(file.rows.open_time.tolist()):
            frame = recorded_day(file, open_time // DAY_MS).frame(open_time + width, open_time + width)
            received = decode(encode("replay", frame)).frame
            self.match(Record(0, index, received), received.time)
            (tick,) = received.ticks
            self.close(tick, entry=bool(entry[index]), exit_=bool(exit_[index]))
        return self.trades

    def match(self, record: Record, now: int) -> None:
        """Applies a frame to the open orders."""
        self.taken.clear()
        booked = self.orders.take(record, now)
        self.orders.settle(booked)
        for each in booked:
            if each.execution is not None and isinstance(each.effect, Filled):
                self.account.book(each.execution, 0, each.effect.time, Cause.STOP)
                done, part = each.execution, each.effect.display
                self.trades.append((each.effect.time, done.side, done.quantity, done.average_price))
                self.taken += [] if part is None else [(part.time, part.price, part.quantity)]
        self.open = {number: order for number, order in self.open.items() if number in self.orders}

    def close(self, tick: Tick, *, entry: bool, exit_: bool) -> None:
        """Decides at a close and trades at its quote."""
        price, size = D(tick.price), D(tick.bid_size)
        quote = Quote(BTC, tick.time, 0, 60_000, price, D(tick.bid), size, D(tick.ask), size)
        wanted = decide(self.rule, self.account.state(price), price, self.rules, entry=entry, exit_=exit_)
        if wanted is None:
            return
        if wanted.side is Side.SELL:
            ended = frozenset(self.open)
            self.orders.load(OpenOrderChanges((), ended, "1"), tick.time)
            self.open.clear()
        if self.order(wanted, quote) and self.account.holds:
            self.protect(quote)

    def order(self, wanted: MarketRequest, quote: Quote) -> bool:
        """Fills an order at the market; one of more coins than the cash pays is one for all of it. Returns False if it
        is refused.
        """
        cash, size = self.account.cash, wanted.size
        if wanted.side is Side.BUY and costs_more(size, quote.ask, cash):
            size = all_of(cash, self.rules)
        ladder = ladder_of(wanted.side, quote, None, self.rules)
        used = sum((part for time, price, part in self.taken if price == quote.bid and time >= quote.time - 1000), D(0))
        terms = Terms(self.rules, self.terms.fee, self.terms.source)

        def filled(size: BaseQuantity | QuoteAmount) -> Execution:
            resolved = size_wanted(wanted.side, size, self.rules, *self.account.balances())
            return match(wanted.side, resolved, ladder, terms, used if wanted.side is Side.SELL else D(0))

        try:
            done = filled(size)
            if wanted.side is Side.BUY and done.quote_amount > cash:
                done = filled(all_of(cash, self.rules))
        except DeskError:
            return False
        self.account.book(done, 0, quote.time, Cause.ENTRY if wanted.side is Side.BUY else Cause.EXIT)
        self.trades.append((quote.time, done.side, done.quantity, done.average_price))
        return True

    def protect(self, quote: Quote) -> None:
        """Places what protects the position."""
        entry_price = self.account.entry_price
        assert entry_price is not None
        wanted = protection(self.rule, self.account.quantity, entry_price, quote.price, self.rules)
        if isinstance(wanted, MarketRequest):
            self.order(wanted, quote)
        elif wanted is not None:
            self.place(wanted, quote)

    def place(self, wanted: OrderRequest | OcoRequest, quote: Quote) -> None:
        """Accepts orders at a quote."""
        base, funds = self.account.balances()
        ladder = ladder_of(Side.SELL, quote, None, self.rules)
        situation = Situation(
            self.rules, quote, ladder, D(0), quote.time, base, funds, self.terms.fee, self.terms.source
        )  # fmt: skip
        try:
            planned = plan(wanted, situation)
        except DeskError:
            return
        first, kind = self.last_id + 1, planned.list_kind
        hold = Hold(first, hold_asset(Side.SELL, self.rules), planned.hold_amount)
        for number, new in enumerate(planned.orders, start=first):
            place = None if kind is None or new.role is None else ListPlace(first, kind, new.role)
            self.open[number] = OpenOrder(
                number, 1, new.terms, OrderStatus.NEW, 1, quote.time, new.terms.quantity, D(0), new.terms.limit_price,
                hold, self.terms.fee, number, place,
                queue_ahead=new.queue_ahead, hold_price=new.hold_price, received=D(0),
            )  # fmt: skip
            self.last_id = number
        self.orders.load(OpenOrderChanges(tuple(self.open.values()), frozenset(), "1"), quote.time)
