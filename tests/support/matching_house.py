"""A matching worker over a bus in memory, at trades and quotes the test says, and orders that rest for it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from core.decimals import EXACT
from core.outbox import Chat, NotificationTarget
from pipeline.bus import InProcessBus
from pipeline.market import Frame, Symbol, Tick, Trade
from tests.fakes.priced_market import BTC, NOON, PricedMarket
from tests.patience import PATIENCE_SECONDS
from trading.ledger.order_ports import Applied, NewOrders, OrderStore
from trading.ledger.ports import LedgerCommand, OrderNotification, body_of
from trading.matching.liquidity import Liquidity
from trading.orders.bookings import NewRestingOrder
from trading.orders.open_orders import ListKind, ListRole
from trading.orders.records import OrderRecord
from trading.orders.terms import OrderTerms, OrderType, TimeInForce
from trading.orders.types import Balance, Side
from trading.ports import Account
from trading.resting_desk import BalanceReader, RestingDesk
from trading.settings import TradingSettings
from trading.workers.matching_worker import GROUP, MatchingWorker, Timing

D = Decimal
MARKET = "simulator"
QUICK = Timing(poll_seconds=0.02, write_seconds=0.02)
HOME = Chat("fake", "home")


def buys(quantity: str = "1", limit: str = "90", *, expires_at: int | None = None) -> OrderTerms:
    """A purchase that rests below the market."""
    force = TimeInForce.GTC if expires_at is None else TimeInForce.GTD
    terms = (BTC, Side.BUY, OrderType.LIMIT, D(quantity), D(limit))
    return OrderTerms(*terms, time_in_force=force, expires_at=expires_at)


def sells(quantity: str = "1", limit: str = "110") -> OrderTerms:
    """A sale that rests above the market."""
    return OrderTerms(BTC, Side.SELL, OrderType.LIMIT, D(quantity), D(limit))


def stops(quantity: str = "1", stop: str = "90") -> OrderTerms:
    """A stop loss below the market."""
    return OrderTerms(BTC, Side.SELL, OrderType.STOP_LOSS, D(quantity), stop_price=D(stop))


@dataclass(frozen=True, slots=True)
class DeskOfOne:
    """A desk of resting orders, its account, and the ledger that it reads."""

    orders: RestingDesk
    account: Account
    ledger: BalanceReader

    async def balance(self, asset: str) -> Balance:
        (found,) = await self.ledger.available(self.account.account_id, [asset])
        return found


def memory_account() -> Account:
    """The account of a store in memory."""
    return Account(1, 1, MARKET, "USDC", 1, D(1_000_000), datetime.fromtimestamp(NOON / 1000, UTC))


def resting_desk(
    house: "MatchingHouse", account: Account, ledger: BalanceReader, settings: TradingSettings | None = None
) -> DeskOfOne:
    """A desk at the prices of the house."""
    rules = settings or TradingSettings()
    orders = RestingDesk(house.market, house.store, ledger, rules, lambda: house.market.time, Liquidity())
    return DeskOfOne(orders, account, ledger)


class MatchingHouse:
    """`log` names the log of the bus, "" if its offsets end with the process. `rung` counts notifications."""

    def __init__(self, store: OrderStore, account_id: int = 1, person_id: int = 1, *, log: str = "") -> None:
        self.store = store
        self.account_id = account_id
        self.person_id = person_id
        self.market = PricedMarket()
        self.bus = InProcessBus(market=MARKET)
        self.bus.log = log
        self.rung = 0
        self.followed: list[frozenset[Symbol]] = []
        self._names = count(1)
        self._trades = count(1)
        self.worker = self.another()
        self.desk: DeskOfOne

    def another(self, store: OrderStore | None = None, bus: InProcessBus | None = None) -> MatchingWorker:
        """Another worker, as after a restart."""

        def ring() -> None:
            self.rung += 1

        async def follow(symbols: frozenset[Symbol]) -> None:
            self.followed.append(symbols)

        return MatchingWorker(
            bus or self.bus,
            store or self.store,
            self.market,  # type: ignore[arg-type]
            lambda: NOON,
            f"worker{next(self._names)}",
            on_notified=ring,
            follow=follow,
            timing=QUICK,
        )

    # -- orders ----------------------------------------------------------------------------------

    def command(self, name: str = "") -> LedgerCommand:
        name = name or f"command-{next(self._names)}"
        return LedgerCommand(name, body_of(name), datetime.fromtimestamp(NOON / 1000, UTC), self.market.time)

    async def rest(
        self, *terms: OrderTerms, kind: ListKind | None = None, roles: tuple[ListRole, ...] = (), queue: str = "0"
    ) -> tuple[OrderRecord, ...]:
        """Accepts orders now. Those of a list have one hold; `queue` is displayed ahead of each."""
        live = terms[:1] if ListRole.WORKING in roles else terms
        rules = self.market.listed[terms[0].symbol]
        needs = [_need(each) for each in live]
        new = NewOrders(
            self.account_id,
            MARKET,
            rules,
            tuple(
                NewRestingOrder(
                    each,
                    roles[place] if roles else None,
                    each.limit_price if each.side is Side.BUY else None,
                    D(queue),
                )
                for place, each in enumerate(terms)
            ),
            kind,
            rules.quote if terms[0].side is Side.BUY else rules.base,
            max(needs),
            D("0.001"),
            50,
            50,
            notification=OrderNotification(self.person_id, MARKET, NotificationTarget(HOME)),
        )
        return (await self.store.accept(new, self.command())).orders

    async def knows(self, *orders: OrderRecord, worker: MatchingWorker | None = None) -> None:
        """Waits until the worker has read these orders."""
        reader = worker or self.worker
        await until(lambda: all(order.order_id in reader._orders for order in orders))

    # -- the market ------------------------------------------------------------------------------

    async def trade(
        self, *trades: tuple[str, str], step: int = 1_000, symbol: Symbol = BTC, bus: InProcessBus | None = None
    ) -> None:
        """Each trade (price, quantity) in a frame of its own, `step` ms after the one before."""
        for price, quantity in trades:
            self.market.time += step
            now = self.market.time
            trade = Trade(symbol, now, price, quantity, next(self._trades))
            await (bus or self.bus).publish(Frame(now, trades=(trade,)))

    async def show(
        self, bid: str, ask: str, size: str = "1000", *, price: str = "", step: int = 1_000, symbol: Symbol = BTC
    ) -> None:
        """A tick with this quote."""
        self.market.time += step
        self.market.say(symbol, bid, ask, size)
        tick = Tick(symbol, self.market.time, price or bid, bid, size, ask, size)
        await self.bus.publish(Frame(self.market.time, (tick,)))

    async def caught_up(self, bus: InProcessBus | None = None) -> None:
        """Waits until everything published is written and committed."""
        stream = bus or self.bus
        log = stream._logs[0]
        await until(lambda: GROUP in stream._groups and stream._groups[GROUP].committed == [log.end])

    async def record(self, order: OrderRecord) -> OrderRecord:
        """The order as it is now, with its events."""
        found = await self.store.order(self.account_id, order.order_id, events=100)
        assert found is not None
        return found


def _need(terms: OrderTerms) -> Decimal:
    if terms.side is Side.SELL or terms.limit_price is None:
        return terms.quantity
    return EXACT.multiply(terms.quantity, terms.limit_price)


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not is_so():  # noqa: ASYNC110 - workers have no event for every condition
            await asyncio.sleep(0.01)


@asynccontextmanager
async def running(*workers: MatchingWorker) -> AsyncIterator[None]:
    """The workers run inside; at the end they are cancelled wherever they are, as by a kill."""
    tasks = [asyncio.create_task(worker.run()) for worker in workers]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task


class Meanwhile:
    """A store with which something happens just before the first write that `when` says."""

    def __init__(self, store: OrderStore, when: Callable[..., bool], what: Callable[[], Awaitable[object]]) -> None:
        self._store = store
        self._when = when
        self._what = what
        self.happened = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def apply(self, market: str, effects: Any, states: Any, *more: Any) -> Applied:
        if not self.happened and self._when(effects, states):
            self.happened = True
            await self._what()
        return await self._store.apply(market, effects, states, *more)
