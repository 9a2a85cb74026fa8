"""People's choices about notices on real PostgreSQL, and where orders are told of."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import asyncpg
import pytest

from bot.notifications.courier import PermanentFailure
from core.outbox import Chat, NotificationTarget
from people.notifications.errors import UnknownChat
from people.notifications.notices import decode
from people.notifications.preferences import DigestCadence, DigestSchedule, NotificationPreferences
from people.notifications.preferences_postgres import PostgresPreferences
from people.notifications.quiet_hours import DeliveryMode, QuietHours
from tests.fakes.bot import NOW
from tests.fakes.priced_market import BTC, PricedMarket, levels
from tests.support.push_house import (
    CALM,
    HOME,
    FakeCourier,
    dispatcher,
    running,
    settled,
    somebody,
    told,
)
from tests.support.trading_house import open_with
from trading.desk import Desk
from trading.errors import IdempotencyKeyReused, InsufficientFunds
from trading.ledger.audit import audit
from trading.ledger.postgres import PostgresLedger
from trading.orders.notices import OrderExpired, OrderFilled
from trading.orders.types import BaseQuantity, QuoteAmount, Share, Side
from trading.settings import TradingSettings

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]

D = Decimal
GROUP = Chat("fake", "-100", public=True)
TELLING = NotificationTarget(HOME)


@pytest.fixture
def notices(pool: "Pool") -> PostgresPreferences:
    return PostgresPreferences(pool, lambda: NOW, jitter=CALM)


@pytest.fixture
def market() -> PricedMarket:
    return PricedMarket()


@pytest.fixture
async def desk(market: PricedMarket, pool: "Pool", dsn: str) -> AsyncIterator[Desk]:
    yield Desk(market, PostgresLedger(pool), TradingSettings(), lambda: NOW)
    owner = await asyncpg.connect(dsn)
    try:
        assert (await audit(owner)).findings == []
    finally:
        await owner.close()


async def reached(pool: "Pool", name: str = "me", chat: Chat = HOME) -> int:
    """A person who was seen in the chat."""
    person = await somebody(pool, name)
    await PostgresPreferences(pool, lambda: NOW, jitter=CALM).reach(person, chat)
    return person


async def news(pool: "Pool") -> list[asyncpg.Record]:
    return await pool.fetch("SELECT * FROM outbox ORDER BY id")


# -- choices -----------------------------------------------------------------------------------


async def test_what_is_chosen_is_kept_and_what_is_ended_is_gone(pool: "Pool", notices: PostgresPreferences) -> None:
    me = await somebody(pool)
    assert await notices.choices(me) == NotificationPreferences()
    await notices.set_mode(me, "alert", DeliveryMode.SILENT)
    await notices.set_mode(me, "alert", DeliveryMode.OFF)
    await notices.set_quiet_hours(me, QuietHours(60, 120))
    await notices.set_digest(me, DigestSchedule(DigestCadence.WEEKLY, 20))
    await notices.reach(me, GROUP)
    await notices.reach(me, HOME)
    await notices.set_home(me, GROUP)
    assert await notices.choices(me) == NotificationPreferences(
        {"alert": DeliveryMode.OFF}, QuietHours(60, 120), DigestSchedule(DigestCadence.WEEKLY, 20), home=GROUP, own=HOME
    )
    await notices.set_quiet_hours(me, None)
    await notices.set_digest(me, None)
    await notices.set_home(me, None)
    assert await notices.choices(me) == NotificationPreferences({"alert": DeliveryMode.OFF}, own=HOME)
    assert await notices.choices(await somebody(pool, "you")) == NotificationPreferences()


async def test_only_a_chat_of_ones_own_that_can_be_reached_can_be_chosen(
    pool: "Pool", notices: PostgresPreferences
) -> None:
    me, you = await somebody(pool), await somebody(pool, "you")
    await notices.reach(you, HOME)
    with pytest.raises(UnknownChat):
        await notices.set_home(me, HOME)
    await notices.reach(me, HOME)
    await pool.execute("UPDATE notification_chat SET retired_at = now() WHERE person_id = $1", me)
    with pytest.raises(UnknownChat):
        await notices.set_home(me, HOME)
    await notices.reach(me, HOME)
    await notices.set_home(me, HOME)


async def test_a_chat_that_others_read_is_chosen_only_as_such(pool: "Pool", notices: PostgresPreferences) -> None:
    me = await somebody(pool)
    await notices.reach(me, GROUP)
    with pytest.raises(UnknownChat):
        await notices.set_home(me, replace(GROUP, public=False))
    await notices.set_home(me, GROUP)
    assert (await notices.choices(me)).home == GROUP


async def test_writing_again_revives_a_chat_and_notes_are_taken_together(
    pool: "Pool", notices: PostgresPreferences
) -> None:
    me, you = await somebody(pool), await somebody(pool, "you")
    courier = FakeCourier(answer=lambda _, __: PermanentFailure("blocked", chat_gone=True))
    async with running(dispatcher(pool, courier).run()):
        await notices.reach(me, HOME)
        await told(pool, me)
        assert await settled(pool) == {"dead": 1}
    assert await notices.choices(me) == NotificationPreferences()
    gone = 999_999
    await asyncio.gather(
        *(notices.note([(you, GROUP), (me, HOME), (me, replace(HOME, public=False)), (gone, HOME)]) for _ in range(8))
    )
    assert (await notices.choices(me)).own == HOME
    assert await pool.fetchval("SELECT count(*) FROM notification_chat") == 2


async def test_a_chat_that_is_retired_or_forgotten_is_chosen_no_longer(
    pool: "Pool", notices: PostgresPreferences
) -> None:
    me = await somebody(pool)
    await notices.reach(me, HOME)
    await notices.set_home(me, HOME)
    await pool.execute("UPDATE notification_chat SET retired_at = now()")
    assert (await notices.choices(me)).home is None
    await notices.reach(me, HOME)
    assert (await notices.choices(me)).home == HOME
    await pool.execute("DELETE FROM notification_chat")
    assert await pool.fetchval("SELECT count(*) FROM notification_destination") == 0


async def test_where_orders_are_told_of_is_read_once_a_minute_and_at_once_after_a_choice(pool: "Pool") -> None:
    clock = [NOW]
    here = PostgresPreferences(pool, lambda: clock[0], jitter=CALM)
    elsewhere = PostgresPreferences(pool, lambda: clock[0], jitter=CALM)
    me = await somebody(pool)
    assert await here.notification_target(me) is None
    await here.reach(me, HOME)
    await here.set_home(me, HOME)
    assert await here.notification_target(me) == TELLING
    await elsewhere.set_mode(me, "expiry", DeliveryMode.OFF)
    assert await here.notification_target(me) == TELLING
    clock[0] += 60_000
    assert await here.notification_target(me) == NotificationTarget(HOME, expiries=False)
    await here.set_mode(me, "fill", DeliveryMode.OFF)
    assert await here.notification_target(me) is None


# -- orders ------------------------------------------------------------------------------------


async def test_a_fill_enters_the_outbox_with_its_order_and_a_rest_that_expired_too(
    pool: "Pool", desk: Desk, market: PricedMarket
) -> None:
    me = await reached(pool)
    account = await desk.open(me, "start")
    market.show_book(BTC, levels(("99.99", "1")), levels(("100.01", "1")))
    receipt = await desk.place(account, "c1", Side.BUY, BTC, BaseQuantity(D(3)), notify=TELLING)
    fill, expiry = await news(pool)
    assert (fill["key"], fill["person_id"], fill["kind"]) == (f"fill:{receipt.order_id}", me, "fill")
    assert (fill["platform"], fill["chat_id"], fill["bulk"]) == (HOME.platform, HOME.chat_id, False)
    filled = decode(fill["body"])
    assert isinstance(filled, OrderFilled)
    execution = receipt.execution
    assert (filled.order_id, filled.symbol, filled.side) == (receipt.order_id, BTC, Side.BUY)
    assert (filled.quantity, filled.price, filled.fee) == (D(1), execution.average_price, execution.fee)
    assert filled.realised is None
    expired = decode(expiry["body"])
    assert isinstance(expired, OrderExpired)
    assert (expired.order_id, expired.filled, expired.unfilled) == (receipt.order_id, D(1), D(2))
    market.pass_time(1)
    market.say(BTC, "110", "111")
    market.show_book(BTC, levels(("110", "5")), levels(("111", "5")))
    sold = await desk.place(account, "c2", Side.SELL, BTC, Share(D(1)), notify=TELLING)
    last = decode((await news(pool))[-1]["body"])
    assert isinstance(last, OrderFilled)
    assert last.realised == sold.realised


async def test_a_repeated_order_is_told_of_once_and_a_refused_one_not_at_all(pool: "Pool", dsn: str) -> None:
    await open_with(dsn, D(150))
    desk = Desk(PricedMarket(), PostgresLedger(pool), TradingSettings(opening_grant=D(150)), lambda: NOW)
    account = await desk.open(await reached(pool), "start")
    size = QuoteAmount(D(100))
    for _ in range(3):
        await desk.place(account, "c1", Side.BUY, BTC, size, notify=TELLING)
    await desk.place(account, "c1", Side.BUY, BTC, size)
    with pytest.raises(InsufficientFunds):
        await desk.place(account, "c2", Side.BUY, BTC, QuoteAmount(D(200)), notify=TELLING)
    with pytest.raises(IdempotencyKeyReused):
        await desk.place(account, "c1", Side.SELL, BTC, size, notify=TELLING)
    assert [row["kind"] for row in await news(pool)] == ["fill"]


async def test_orders_that_go_together_are_told_each_to_its_own_person_or_to_nobody(
    pool: "Pool", desk: Desk, notices: PostgresPreferences
) -> None:
    people = [await somebody(pool, f"p{number}") for number in range(12)]
    for person in people:
        await notices.reach(person, Chat("fake", f"chat{person}"))
    accounts = [await desk.open(person, f"start-{person}") for person in people]
    size = QuoteAmount(D(100))
    receipts = await asyncio.gather(
        *(
            desk.place(
                account,
                f"c{number}",
                Side.BUY,
                BTC,
                size,
                notify=NotificationTarget(Chat("fake", f"chat{account.person_id}")) if number % 3 == 0 else None,
            )
            for number, account in enumerate(accounts)
        )
    )
    told_of = {(row["key"], row["person_id"], row["chat_id"]) for row in await news(pool)}
    assert told_of == {
        (f"fill:{receipt.order_id}", account.person_id, f"chat{account.person_id}")
        for number, (receipt, account) in enumerate(zip(receipts, accounts, strict=True))
        if number % 3 == 0
    }


async def test_an_order_is_placed_whatever_becomes_of_its_notice(pool: "Pool", desk: Desk) -> None:
    stranger = await desk.open(424_242, "start")  # their person is gone
    receipt = await desk.place(stranger, "c1", Side.BUY, BTC, QuoteAmount(D(100)), notify=TELLING)
    assert receipt.execution.quantity > 0
    assert await news(pool) == []


async def test_without_a_wish_an_order_costs_one_statement_and_no_transaction_of_ours(pool: "Pool") -> None:
    class Counting(PostgresLedger):
        told = 0

        async def _place_and_notify(self, *arguments: object) -> list[asyncpg.Record]:
            self.told += 1
            return await super()._place_and_notify(*arguments)  # type: ignore[arg-type]

    ledger = Counting(pool)
    desk = Desk(PricedMarket(), ledger, TradingSettings(), lambda: NOW)
    account = await desk.open(await reached(pool), "start")
    await desk.place(account, "c1", Side.BUY, BTC, QuoteAmount(D(100)))
    assert ledger.told == 0
    await desk.place(account, "c2", Side.BUY, BTC, QuoteAmount(D(100)), notify=TELLING)
    assert ledger.told == 1
