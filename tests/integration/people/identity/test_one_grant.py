"""A person has one grant for each market, whatever they link, unlink, merge and trade; on real PostgreSQL."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import TYPE_CHECKING

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.database.migrate import ROLE
from core.database import Database
from core.errors import DeskError
from jobs.settle_joins import settle_joins
from people.identity.codes import HashedCode, code_from
from people.identity.ports import Identity, LinkMode
from people.identity.postgres import PostgresIdentities
from people.person import Language
from people.postgres import PostgresPeople
from tests.fakes.bot import NOW
from tests.fakes.priced_market import BTC, PricedMarket
from tests.support.people_house import ALICE, BOB, CALM, CAROL, DAY_MS, House, house_of, texts
from trading.constraints import LEDGER_REFUSALS
from trading.desk import Desk
from trading.errors import NoAccount
from trading.ledger.audit import audit
from trading.ledger.postgres import PostgresLedger
from trading.orders.types import QuoteAmount, Share, Side
from trading.portfolio.positions import Portfolio
from trading.settings import TradingSettings

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]

D = Decimal
GRANT = D(10_000)
PEOPLE = (ALICE, BOB, CAROL)


@pytest.fixture
async def house(pool: "Pool", dsn: str) -> AsyncIterator[House]:
    async with house_of(pool, dsn) as opened:
        yield opened


async def opened(house: House, who: Identity) -> Portfolio:
    person = await house.person(who)
    return await house.desk.portfolio(await house.desk.open(person, f"open-{person}"))


async def test_linking_again_and_again_adds_no_grant(house: House) -> None:
    alone = await opened(house, ALICE)
    host = await house.desk.account(await house.person(ALICE))
    await house.desk.place(host, "loss", Side.BUY, BTC, QuoteAmount(D(500_000)))
    house.market.prices[BTC] /= 2
    before = await house.desk.portfolio(await house.desk.account(host.person_id))
    for _ in range(9):
        await opened(house, BOB)
        reply = await house.linked(ALICE, BOB, "merge")
        assert "now share one account" in texts(reply)
        await house.press(BOB, await house.ask(BOB, "/unlink"), "unlink_now")
    after = await house.desk.portfolio(await house.desk.account(host.person_id))
    assert after == before
    assert after.granted == alone.granted


async def test_without_cash_for_the_grant_nothing_is_merged(house: House) -> None:
    house.market.prices[BTC] *= 10  # so that as much as this can be bought
    for who in (ALICE, BOB):
        await opened(house, who)
        account = await house.desk.account(await house.person(who))
        await house.desk.place(account, f"most-{who.platform}", Side.BUY, BTC, QuoteAmount(D(510_000)))
    preview = await house.ask(BOB, f"/link {await house.code(ALICE)}")
    refused = texts(await house.press(BOB, preview, "link_merge"))
    assert "is 20,000.00 USDC too little" in refused
    assert "Sell positions" in refused
    assert await house.person(ALICE) != await house.person(BOB)
    account = await house.desk.account(await house.person(BOB))
    await house.desk.place(account, "back", Side.SELL, BTC, Share(D("0.5")))
    assert "now share one account" in texts(await house.press(BOB, preview, "link_merge"))


# -- any order of things -----------------------------------------------------------------------

who = st.integers(0, 2)
ACTIONS = st.one_of(
    st.tuples(st.just("open"), who, who),
    st.tuples(st.sampled_from(["merge", "merge", "move"]), who, who),
    st.tuples(st.just("unlink"), who, who),
    st.tuples(st.just("join"), who, who),
    st.tuples(st.just("settle"), who, who),
    st.tuples(st.just("reset"), who, who),
    st.tuples(st.sampled_from(["buy", "sell"]), who, st.sampled_from([1, 10, 50, 100])),
    st.tuples(st.just("price"), who, st.sampled_from([10, 50, 100, 300])),
)


class Play:
    """Three identities on one market."""

    def __init__(self, pool: "Pool") -> None:
        database = Database(pool, jitter=CALM, refusals=LEDGER_REFUSALS)
        self.pool = pool
        self.market = PricedMarket()
        self.people = PostgresPeople(database)
        self.identities = PostgresIdentities(database, database)
        terms = TradingSettings(opening_grant=GRANT)
        self.desk = Desk(self.market, PostgresLedger(pool, jitter=CALM), terms, lambda: NOW)
        self.count = 0

    async def person(self, place: int) -> int:
        one = PEOPLE[place]
        return (await self.people.meet(one.platform, one.external_id, Language.ENGLISH, "UTC")).person_id

    async def held(self, place: int) -> Portfolio | None:
        try:
            return await self.desk.portfolio(await self.desk.account(await self.person(place)))
        except NoAccount:
            return None

    async def do(self, what: str, place: int, other: int) -> None:
        self.count += 1
        person, name = await self.person(place), f"step-{self.count}"
        match what:
            case "open":
                await self.desk.open(person, name)
            case "reset":
                await self.desk.reset(await self.desk.account(person), name)
            case "unlink":
                await self.identities.part(person, PEOPLE[place])
            case "buy":
                account = await self.desk.account(person)
                await self.desk.place(account, name, Side.BUY, BTC, Share(D(other) / 100))
            case "sell":
                account = await self.desk.account(person)
                await self.desk.place(account, name, Side.SELL, BTC, Share(D(other) / 100))
            case "price":
                self.market.say(BTC, str(other), str(other))
            case "join":
                await self.join(place, other, LinkMode.MERGE)
            case "settle":
                await self.settle()
            case _:
                await self.link(place, other, LinkMode(what))

    async def settle(self) -> int:
        """As a day later."""
        return await settle_joins(self.pool, NOW + DAY_MS, CALM)

    async def join(self, host: int, guest: int, how: LinkMode) -> None:
        code = HashedCode.of(code_from(f"{self.count}"))
        await self.identities.save_code(await self.person(host), code, NOW)
        claim = await self.identities.claim(PEOPLE[guest], code, NOW, public=False)
        await self.identities.join(PEOPLE[guest], claim.code_id, how, NOW, NOW)

    async def link(self, host: int, guest: int, how: LinkMode) -> None:
        await self.settle()
        apart = [held for held in (await self.held(host), await self.held(guest)) if held]
        await self.join(host, guest, how)
        if await self.settle() > 1:  # one that waited for cash was settled as well
            return
        together = await self.held(host)
        if how is LinkMode.MERGE and together:
            assert together.profit == together.equity - GRANT
            assert together.realised == sum(each.realised for each in apart)
            assert abs(together.profit - sum(each.profit for each in apart)) <= D("0.00000001") * len(apart)


async def played(dsn: str, actions: list[tuple[str, int, int]]) -> None:
    owner = await asyncpg.connect(dsn)
    pool = await asyncpg.create_pool(dsn, min_size=1, max_size=2, server_settings={"role": ROLE})
    try:
        await owner.execute("TRUNCATE person, account, entry RESTART IDENTITY CASCADE")
        await owner.execute("SELECT set_opening_grant($1)", GRANT)
        play = Play(pool)
        for action in actions:
            with contextlib.suppress(DeskError):
                await play.do(*action)
            grants = await owner.fetch(
                "SELECT sum(granted) AS granted FROM account WHERE closed_at IS NULL GROUP BY person_id, market"
            )
            assert {row["granted"] for row in grants} <= {GRANT}
        assert (await audit(owner)).findings == []
    finally:
        await pool.close()
        await owner.close()


@given(actions=st.lists(ACTIONS, min_size=3, max_size=16))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_done_a_person_has_one_grant(dsn: str, actions: list[tuple[str, int, int]]) -> None:
    asyncio.run(played(dsn, actions))
