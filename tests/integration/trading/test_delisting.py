"""A held symbol leaves the exchange: it keeps its last price, can be closed, and what waits for it ends."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import asyncpg
import pytest

from bot.notifications.composer import Composer
from core.clock import wall_clock
from core.outbox import encode, kind_of
from core.recurrence import Frequency, Recurrence, next_slot
from jobs.delistings import Delistings
from people.notifications.notices import decode
from people.notifications.outbox import Delivery, OutboxMessage
from people.notifications.preferences_postgres import PostgresPreferences
from people.notifications.quiet_hours import SoundPolicy
from people.person import Language, Person
from pipeline.archive.postgres import CandleArchive
from pipeline.delisting import GRACE_MS
from pipeline.errors import SymbolHalted
from pipeline.flow import MarketPublisher
from pipeline.market import Symbol
from pipeline.reader import StoreReader
from pipeline.rules import DELISTED, HALTED, UNREADABLE, SymbolRules
from pipeline.settings import StoreSettings
from pipeline.store.redis import open_store
from tests.fakes.bot import CATALOGS, FakeDeskBot
from tests.fakes.priced_market import BTC, PricedMarket
from tests.fakes.scripted_market import START, ScriptedMarket, rules_of, tick
from tests.fakes.transcript import transcript
from tests.patience import PATIENCE_SECONDS
from tests.support.condition_wishes import condition_wish
from tests.support.push_house import CALM, HOME, somebody, wish
from tests.support.trading_house import findings
from trading.alerts.condition_postgres import PostgresConditionAlerts
from trading.alerts.notices import WaitEnded
from trading.alerts.ports import AlertState
from trading.alerts.postgres import PostgresAlerts
from trading.alerts.range_alerts import NewRangeAlert
from trading.alerts.range_postgres import PostgresRangeAlerts
from trading.desk import Desk
from trading.errors import NothingToSell
from trading.ledger.order_store import PostgresOrderStore
from trading.ledger.postgres import PostgresLedger
from trading.orders.types import BaseQuantity, QuoteAmount, Share, Side
from trading.recurring.ports import NewPlan, PlanState
from trading.recurring.postgres import PostgresPlans
from trading.settings import TradingSettings

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]

D = Decimal
ALL = Share(D(1))
GONE_AT = START + 5_000


class ListedMarket(PricedMarket):
    def symbols(self) -> Sequence[Symbol]:
        return sorted(self.listed)

    def delist(self, symbol: Symbol) -> None:
        price = (self._quotes[symbol][1][0] + self._quotes[symbol][1][1]) / 2
        gone = replace(self.listed[symbol], status=DELISTED, delisted_at=self.time, last_price=price)
        self.listed[symbol] = gone

    def halt(self, symbol: Symbol) -> None:
        self.listed[symbol] = replace(self.listed[symbol], status="HALT")

    def pass_silence(self, ms: int) -> None:
        self.time += ms


def desk_on(market: PricedMarket, pool: "Pool", settings: TradingSettings | None = None) -> Desk:
    return Desk(market, PostgresLedger(pool, jitter=CALM), settings or TradingSettings(), lambda: 1_800_000_000_000)


async def until(is_so: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await is_so():  # noqa: ASYNC110 - what is waited for lies in a server
            await asyncio.sleep(0.01)


async def test_a_symbol_that_vanishes_keeps_its_last_price(
    redis_url: str, pool: "Pool", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.flow.producer.RULES_SECONDS", 0.02)
    monkeypatch.setattr("pipeline.flow.producer.INFO_SECONDS", 0.02)
    market, settings = ScriptedMarket(), StoreSettings()
    async with open_store(redis_url, settings.history_points) as store:
        reader = StoreReader(store, CandleArchive(pool), market, lambda: 0)

        async def status(symbol: str) -> str:
            await reader.refresh()
            return reader.rules(Symbol(symbol)).status if Symbol(symbol) in reader.symbols() else ""

        async def announce_until(symbol: str, wanted: str) -> None:
            task = asyncio.create_task(MarketPublisher(store, market, settings).run())
            try:
                await until(lambda: has(symbol, wanted))
            finally:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

        async def has(symbol: str, wanted: str) -> bool:
            return await status(symbol) == wanted

        await announce_until("BTCUSDC", "TRADING")
        await store.write((tick(Symbol("BTCUSDC"), START, "57000"),))
        market.time, market.listed = GONE_AT, rules_of("ETH")
        await announce_until("BTCUSDC", HALTED)  # a new process, as after a restart
        rules = reader.rules(Symbol("BTCUSDC"))
        assert (rules.delisted_at, rules.last_price) == (GONE_AT, D(57000))
        assert Symbol("币安人生USDC") not in reader.symbols()  # never had a price, so nobody holds it
        market.time += GRACE_MS
        await announce_until("BTCUSDC", DELISTED)
        assert reader.rules(Symbol("BTCUSDC")).delisted_at == GONE_AT
        await store._redis.delete("quotes")
        quote = await reader.quote(Symbol("BTCUSDC"))
        assert (quote.price, quote.stale) == (D(57000), True)
        market.listed = rules_of("BTC", "ETH")
        await announce_until("BTCUSDC", "TRADING")
        market.listed = [*rules_of("ETH"), SymbolRules(Symbol("BTCUSDC"), "", "", UNREADABLE)]
        await announce_until("BTCUSDC", HALTED)
        market.time += 100 * GRACE_MS
        await announce_until("BTCUSDC", HALTED)
        rules = reader.rules(Symbol("BTCUSDC"))
        assert (rules.base, rules.delisted_at, rules.last_price) == ("BTC", 0, None)


async def test_a_delisted_position_counts_and_is_closed_at_the_last_price(pool: "Pool", dsn: str) -> None:
    market = ListedMarket()
    desk = desk_on(market, pool)
    account = await desk.open(1, "start")
    await desk.place(account, "buy", Side.BUY, BTC, BaseQuantity(D(2)))
    market.delist(BTC)
    market.pass_silence(3_600_000)
    (position,) = (await desk.portfolio(account)).positions
    assert (position.price, position.stale) == (D(100), True)
    with pytest.raises(SymbolHalted) as refused:
        await desk.place(account, "again", Side.BUY, BTC, BaseQuantity(D(1)))
    assert refused.value.status == DELISTED
    preview = await desk.preview(account, Side.SELL, BTC, ALL)
    receipt = await desk.confirm(account, "sell", preview)
    assert (receipt.execution.average_price, receipt.execution.unfilled) == (D(100), 0)
    assert (await desk.portfolio(account)).positions == ()
    with pytest.raises(NothingToSell):
        await desk.place(account, "more", Side.SELL, BTC, ALL)
    assert await findings(dsn) == []


async def test_a_crumb_of_a_delisted_symbol_can_be_sold(pool: "Pool", dsn: str) -> None:
    market = ListedMarket()
    desk = desk_on(market, pool)
    account = await desk.open(1, "start")
    await desk.place(account, "buy", Side.BUY, BTC, BaseQuantity(D(1)))
    market.delist(BTC)
    await desk.place(account, "part", Side.SELL, BTC, BaseQuantity(D("0.9989")))
    await desk.place(account, "rest", Side.SELL, BTC, ALL)
    assert (await desk.portfolio(account)).positions == ()
    assert await findings(dsn) == []


async def test_the_operator_may_keep_delisted_positions_open(pool: "Pool") -> None:
    market = ListedMarket()
    desk = desk_on(market, pool, TradingSettings(close_delisted=False))
    account = await desk.open(1, "start")
    await desk.place(account, "buy", Side.BUY, BTC, BaseQuantity(D(1)))
    market.delist(BTC)
    with pytest.raises(SymbolHalted):
        await desk.place(account, "sell", Side.SELL, BTC, ALL)


async def test_a_halted_position_is_closed_after_the_set_hours_alone(pool: "Pool", dsn: str) -> None:
    market = ListedMarket()
    desk = desk_on(market, pool, TradingSettings(close_halted_hours=24))
    account = await desk.open(1, "start")
    await desk.place(account, "buy", Side.BUY, BTC, BaseQuantity(D(1)))
    market.halt(BTC)
    market.pass_silence(23 * 3_600_000)
    with pytest.raises(SymbolHalted):
        await desk.place(account, "early", Side.SELL, BTC, ALL)
    market.pass_silence(3_600_000)
    receipt = await desk.place(account, "sell", Side.SELL, BTC, ALL)
    assert receipt.execution.average_price == D(100)
    assert await findings(dsn) == []


async def test_alerts_on_a_delisted_symbol_end_with_one_notice(pool: "Pool") -> None:
    market, told = ListedMarket(), list[int]()
    person = await somebody(pool)
    alerts = PostgresAlerts(pool, jitter=CALM)
    name = market.info().market
    gone = await alerts.create(replace(wish(person, 1, symbol=BTC), market=name))
    kept = await alerts.create(replace(wish(person, 2, symbol=Symbol("ETHUSDC")), market=name))
    wanted = NewRangeAlert(
        "range", person, HOME, name, BTC, Decimal("0.03"), 60, repeat=False, ready=True, market_time=0
    )
    ranged = await PostgresRangeAlerts(pool, jitter=CALM).create(wanted)
    conditions = PostgresConditionAlerts(pool, jitter=CALM)
    met = await conditions.create(condition_wish(person, 1, market=name))
    job = Delistings(pool, market, PostgresOrderStore(pool), wall_clock, jitter=CALM, on_told=lambda: told.append(1))
    market.delist(BTC)
    assert await job.run() == 0  # the listing may be incomplete for a moment
    market.pass_silence(GRACE_MS)
    assert [await job.run(), await job.run()] == [3, 0]
    assert (await alerts.find(person, gone.alert_id)).state is AlertState.CANCELLED
    assert (await alerts.find(person, kept.alert_id)).state is AlertState.ARMED
    rows = await pool.fetch("SELECT * FROM outbox")
    notices = [decode(row["body"]) for row in rows]
    assert notices == [
        WaitEnded(what="alert", number=gone.alert_id, market=name, symbol=BTC),
        WaitEnded(what="range", number=ranged.alert_id, market=name, symbol=BTC),
        WaitEnded(what="condition", number=met.alert_id, market=name, symbol=BTC),
    ]
    assert (rows[0]["platform"], rows[0]["chat_id"], told) == (HOME.platform, HOME.chat_id, [1])


async def test_recurring_buys_of_a_delisted_symbol_stop_with_a_notice(pool: "Pool") -> None:
    market = ListedMarket()
    person = await somebody(pool)
    await PostgresPreferences(pool, lambda: 0, jitter=CALM).reach(person, HOME)
    plans, rhythm = PostgresPlans(pool, jitter=CALM), Recurrence(Frequency.DAILY, 540)
    slot = next_slot(rhythm, "UTC", datetime(2026, 11, 22, 12, tzinfo=UTC))
    name = market.info().market
    plan = await plans.create(NewPlan("wish", person, name, BTC, QuoteAmount(D(50)), rhythm, "UTC", slot))
    market.delist(BTC)
    market.pass_silence(GRACE_MS)
    job = Delistings(pool, market, PostgresOrderStore(pool), wall_clock, jitter=CALM, on_told=lambda: None)
    assert [await job.run(), await job.run()] == [1, 0]
    assert (await plans.find(person, plan.plan_id)).state is PlanState.STOPPED
    (notice,) = [decode(row["body"]) for row in await pool.fetch("SELECT body FROM outbox")]
    assert notice == WaitEnded(what="repeat", number=plan.plan_id, market=name, symbol=BTC)


async def test_holders_of_a_delisted_symbol_are_told_once(pool: "Pool") -> None:
    market, told = ListedMarket(), list[int]()
    desk, notices = desk_on(market, pool), PostgresPreferences(pool, lambda: 0, jitter=CALM)
    holder, sold, silent = [await somebody(pool, name) for name in ("holder", "sold", "silent")]
    for person in (holder, sold):
        await notices.reach(person, replace(HOME, chat_id=f"c{person}"))
    for person in (holder, sold, silent):
        account = await desk.open(person, f"start{person}")
        await desk.place(account, f"buy{person}", Side.BUY, BTC, BaseQuantity(D(1)))
        if person == sold:
            await desk.place(account, "sell", Side.SELL, BTC, ALL)
    job = Delistings(pool, market, PostgresOrderStore(pool), wall_clock, jitter=CALM, on_told=lambda: told.append(1))
    market.delist(BTC)
    await job.run()
    assert await pool.fetchval("SELECT count(*) FROM outbox") == 0  # the listing may be incomplete for a moment
    market.pass_silence(GRACE_MS)
    await job.run()
    rows = await pool.fetch("SELECT person_id, chat_id, body FROM outbox")
    notice = WaitEnded(what="holding", number=0, market=market.info().market, symbol=BTC)
    assert [(row["person_id"], row["chat_id"], decode(row["body"])) for row in rows] == [(holder, f"c{holder}", notice)]
    await pool.execute("DELETE FROM outbox")  # what was sent is forgotten after a while
    await notices.reach(silent, replace(HOME, chat_id="late"))
    await job.run()
    assert await pool.fetchval("SELECT count(*) FROM outbox") == 0
    assert told == [1]


@pytest.mark.parametrize("language", list(Language))
async def test_holders_read_that_the_symbol_left(language: Language) -> None:
    bot = FakeDeskBot(language)
    notice = WaitEnded(what="holding", number=0, market=bot.market.info().market, symbol=BTC)
    letter = OutboxMessage(1, kind_of(notice), encode(notice), 1, datetime(2021, 4, 1, tzinfo=UTC))
    parcel = Delivery(HOME, Person(1, language, "UTC"), (letter,), SoundPolicy(), retired=False)
    shown = transcript(await Composer(bot.services, CATALOGS).compose(parcel))
    assert "BTC/USDC" in shown
    assert {Language.ENGLISH: "You hold BTC/USDC", Language.KOREAN: "보유 중인 BTC/USDC"}[language] in shown
    assert "/sell" in shown
