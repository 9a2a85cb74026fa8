"""One user from the first limit to the resumption by hand, in chat, in both languages. Real PostgreSQL."""

from dataclasses import replace
from decimal import Decimal

import asyncpg
import pytest

from bot.notifications.composer import Composer
from bot.router import Router
from core.outbox import Chat
from jobs.limit_watch import LimitWatch
from people.identity.ports import Identity
from people.notifications.outbox import Delivery, OutboxMessage
from people.notifications.quiet_hours import SoundPolicy
from people.person import Language, Person
from tests.fakes.bot import CATALOGS
from tests.support.people_house import ALICE, BOB, BTC, CALM, CAROL, House, texts
from trading.limits.account_limits import AccountLimits
from trading.limits.limited_desks import LimitedDesk, LimitedRestingDesk
from trading.limits.limited_stores import LimitedLedger, LimitedOrderStore
from trading.matching.liquidity import Liquidity
from trading.settings import TradingSettings

D = Decimal
SAID = {
    Language.ENGLISH: (
        "allows 600,000 USDC",
        "drawdown (10%) is reached",
        "is reached",
        "Purchases are possible again",
    ),
    Language.KOREAN: (
        "최대 600,000 USDC까지",
        "최대 낙폭 10%에 도달",
        "한도에 도달했습니다",
        "다시 매수할 수 있습니다",
    ),
}


@pytest.mark.parametrize(
    ("who", "language"), [(ALICE, Language.ENGLISH), (BOB, Language.KOREAN), (CAROL, Language.KOREAN)]
)
async def test_a_limit_is_set_refuses_pauses_is_told_and_resumed(
    pool: "asyncpg.Pool[asyncpg.Record]", dsn: str, who: Identity, language: Language
) -> None:
    house = House(pool, dsn, language)
    settings, used, clock = TradingSettings(), Liquidity(), lambda: house.now
    limits = AccountLimits.of(pool, house.market, clock, settings, CALM)
    ledger, orders = LimitedLedger(pool, limits, jitter=CALM), LimitedOrderStore(pool, limits, jitter=CALM)
    house.services = replace(
        house.services,
        desk=LimitedDesk(house.market, ledger, settings, clock, limits, used),
        orders=LimitedRestingDesk(house.market, orders, ledger, settings, clock, used, limits),
        limits=limits,
    )
    house.router = Router(house.services, catalogs=CATALOGS)
    too_much, reached, told, resumed = SAID[language]

    await house.ask(who, "/start")
    for line in ("/limits order 600000", "/limits drawdown 10%"):
        await house.press(who, await house.ask(who, line), "limits_set")
    assert too_much in texts(await house.ask(who, "/buy BTC 700000usdc"))
    await house.press(who, await house.ask(who, "/buy BTC 500000usdc"), "confirm")
    await house.pool.execute(
        "INSERT INTO notification_chat (person_id, platform, chat_id, public, seen_at)"
        " VALUES (1, $1, '1', false, now())"
        " ON CONFLICT DO NOTHING",
        who.platform,
    )

    watch = LimitWatch(pool, house.market, clock, jitter=CALM, on_told=lambda: None)
    assert await watch.run() == 0
    house.now += 60_000
    house.market.prices[BTC] = (house.market.prices[BTC] * D("0.7")).quantize(D("0.01"))
    assert await watch.run() == 1
    (row,) = await house.fetch("SELECT kind, body::text AS body FROM outbox")
    letter = OutboxMessage(1, row["kind"], row["body"], 1, (await pool.fetchval("SELECT now()")))
    person = Person(1, language, "UTC")
    parcel = Delivery(Chat(who.platform, "1"), person, (letter,), SoundPolicy(), retired=False)
    message = await Composer(house.services, CATALOGS).compose(parcel)
    assert told in texts(message)

    assert reached in texts(await house.ask(who, "/buy BTC 100usdc"))
    assert reached in texts(await house.ask(who, "/limit BTC buy 100usdc @ 30000"))
    await house.press(who, await house.ask(who, "/sell BTC 10%"), "confirm")
    assert resumed in texts(await house.press(who, message, "limits"))
    await house.press(who, await house.ask(who, "/buy BTC 100usdc"), "confirm")
    assert await watch.run() == 0
    await house.audited()
