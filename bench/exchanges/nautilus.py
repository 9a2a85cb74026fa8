"""NautilusTrader's simulated exchange: market orders, and ticks past resting orders. Prints a JSON object of rates.

    python nautilus.py MARKET_ORDERS RESTING_ORDERS TICKS

It needs nothing of Paperdesk, but nautilus_trader. The account is frozen and the risk engine bypassed, which is the
fastest that it has: with an account that is calculated, placing 10,000 orders takes minutes.
"""

import json
import sys
import time

from nautilus_trader.backtest.engine import BacktestEngine, BacktestEngineConfig
from nautilus_trader.config import LoggingConfig, RiskEngineConfig
from nautilus_trader.model.currencies import BTC, USDT
from nautilus_trader.model.data import QuoteTick, TradeTick
from nautilus_trader.model.enums import AccountType, AggressorSide, OmsType, OrderSide
from nautilus_trader.model.identifiers import TradeId, Venue
from nautilus_trader.model.objects import Money, Price, Quantity
from nautilus_trader.test_kit.providers import TestInstrumentProvider
from nautilus_trader.trading.strategy import Strategy

PAIR = TestInstrumentProvider.btcusdt_binance()


def quote(at_ms, bid, ask):
    size = Quantity(8, PAIR.size_precision)
    at = at_ms * 1_000_000
    return QuoteTick(PAIR.id, Price(bid, PAIR.price_precision), Price(ask, PAIR.price_precision), size, size, at, at)


def trade(at_ms, price, number):
    size = Quantity(0.001, PAIR.size_precision)
    at = at_ms * 1_000_000
    price = Price(price, PAIR.price_precision)
    return TradeTick(PAIR.id, price, size, AggressorSide.BUYER, TradeId(str(number)), at, at)


class Buyer(Strategy):
    """Buys and sells at the market with every quote."""

    def on_start(self):
        self.count = 0
        self.subscribe_quote_ticks(PAIR.id)

    def on_quote_tick(self, _tick):
        side = OrderSide.SELL if self.count % 2 else OrderSide.BUY
        self.count += 1
        self.submit_order(self.order_factory.market(PAIR.id, side, Quantity(0.001, PAIR.size_precision)))


class Patient(Strategy):
    """Places orders of four kinds around 100,000 with the first quote, as bench.open_orders does."""

    orders = 0

    def on_start(self):
        self.begun = False
        self.subscribe_quote_ticks(PAIR.id)

    def on_quote_tick(self, _tick):
        if self.begun:
            return
        self.begun = True
        make, one = self.order_factory, Quantity(1, PAIR.size_precision)
        for number in range(self.orders):
            kind, away = number % 4, 10 + number // 4
            price = Price(100_000 + (away if kind % 2 else -away), PAIR.price_precision)
            if kind < 2:
                side = OrderSide.SELL if kind else OrderSide.BUY
                self.submit_order(make.limit(PAIR.id, side, one, price))
            elif kind == 2:
                self.submit_order(make.stop_market(PAIR.id, OrderSide.SELL, one, price))
            else:
                self.submit_order(make.market_if_touched(PAIR.id, OrderSide.SELL, one, price))


def engine(strategy):
    found = BacktestEngine(
        BacktestEngineConfig(logging=LoggingConfig(bypass_logging=True), risk_engine=RiskEngineConfig(bypass=True))
    )
    found.add_venue(
        venue=Venue("BINANCE"),
        oms_type=OmsType.NETTING,
        account_type=AccountType.CASH,
        base_currency=None,
        starting_balances=[Money(1_000_000_000, USDT), Money(1_000_000, BTC)],
        frozen_account=True,
    )
    found.add_instrument(PAIR)
    found.add_strategy(strategy)
    return found


def market_orders(count):
    """Market orders per second of processor time."""
    found = engine(Buyer())
    found.add_data([quote(number, 99_999, 100_000) for number in range(1, count + 1)])
    begun = time.process_time()
    found.run()
    spent = time.process_time() - begun
    assert len(found.cache.orders_closed()) == count
    return count / spent


def ticks(orders, count):
    """Ticks (a trade and a quote) per second of processor time, past orders none of which is reached."""
    patient = Patient()
    patient.orders = orders
    found = engine(patient)
    found.add_data([quote(1, 99_999.5, 100_000.5)])
    found.run(streaming=True)
    assert len(found.cache.orders_open()) == orders
    found.clear_data()
    data = []
    for number in range(count):
        at = 2 + number * 100
        data += (trade(at, 99_999 + number % 100 / 100, number), quote(at, 99_999, 100_000))
    found.add_data(data)
    begun = time.process_time()
    found.run(streaming=True)
    spent = time.process_time() - begun
    assert len(found.cache.orders_open()) == orders
    return count / spent


if __name__ == "__main__":
    market, resting, moves = map(int, sys.argv[1:])
    print(json.dumps({"market": market_orders(market), "ticks": ticks(resting, moves)}))
