"""Whatever people did before, merging keeps the sum of every asset and the profit, and one grant a person; on real
PostgreSQL."""

import asyncio
from decimal import Decimal

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.database.migrate import ROLE
from core.database import Database
from core.errors import DeskError
from jobs.settle_joins import settle_joins
from people.identity.codes import HashedCode, code_from
from people.identity.errors import MergeShort
from people.identity.ports import LinkMode
from people.identity.postgres import PostgresIdentities
from people.person import Language
from people.postgres import PostgresPeople
from pipeline.market import Symbol
from tests.fakes.bot import NOW
from tests.fakes.priced_market import BTC, COIN, ETH, PricedMarket
from tests.support.people_house import ALICE, BOB, CALM, CAROL, DAY_MS
from trading.constraints import LEDGER_REFUSALS
from trading.desk import Desk
from trading.ledger.audit import audit
from trading.ledger.postgres import PostgresLedger
from trading.orders.types import BaseQuantity, QuoteAmount, Share, Side, Size
from trading.portfolio.positions import Portfolio
from trading.ports import Account
from trading.settings import TradingSettings

D = Decimal
GRANT = D(10_000)
PEOPLE = (ALICE, BOB, CAROL)

sizes: st.SearchStrategy[Size] = st.one_of(
    st.integers(1, 20_000_000).map(lambda units: BaseQuantity(D(units).scaleb(-5))),
    st.integers(1, 1_200_000).map(lambda cents: QuoteAmount(D(cents).scaleb(-2))),
    st.sampled_from(["0.01", "0.3333", "1"]).map(lambda fraction: Share(D(fraction))),
)
orders = st.tuples(st.integers(0, 2), st.sampled_from(Side), st.sampled_from([BTC, ETH, COIN]), sizes)
prices = st.tuples(st.sampled_from([BTC, ETH, COIN]), st.integers(1, 100_000).map(lambda cents: D(cents).scaleb(-2)))
resets = st.integers(0, 2)
steps = st.lists(st.one_of(orders, orders, prices, resets), max_size=12)


async def do(step: object, accounts: list[Account], desk: Desk, market: PricedMarket, name: str) -> None:
    match step:
        case (int() as who, Side() as side, str() as symbol, size):
            await desk.place(accounts[who], name, side, Symbol(symbol), size)
        case (str() as symbol, Decimal() as price):
            market.say(Symbol(symbol), str(price), str(price))
        case int() as who:
            accounts[who] = await desk.reset(accounts[who], name)


def added(portfolios: list[Portfolio]) -> dict[str, Decimal]:
    """Values are rounded down a position each, so equity as a whole may differ by less than a unit each."""
    cash = sum((each.cash - each.granted for each in portfolios), D(0))
    return {"cash": cash, "realised": sum((each.realised for each in portfolios), D(0))}


async def example(dsn: str, before: list[object], after: list[object], fee: Decimal) -> None:
    owner = await asyncpg.connect(dsn)
    pool = await asyncpg.create_pool(dsn, min_size=1, max_size=2, server_settings={"role": ROLE})
    try:
        await owner.execute("TRUNCATE person, account, entry RESTART IDENTITY CASCADE")
        await owner.execute("SELECT set_opening_grant($1)", GRANT)
        market, database = PricedMarket(), Database(pool, jitter=CALM, refusals=LEDGER_REFUSALS)
        desk = Desk(
            market,
            PostgresLedger(pool, jitter=CALM),
            TradingSettings(opening_grant=GRANT, fee_rate=fee),
            lambda: NOW,
        )
        await together(owner, pool, database, desk, market, before, after)
        assert (await audit(owner)).findings == []
    finally:
        await pool.close()
        await owner.close()


async def together(  # noqa: PLR0917
    owner: "asyncpg.Connection[asyncpg.Record]",
    pool: "asyncpg.Pool[asyncpg.Record]",
    database: Database,
    desk: Desk,
    market: PricedMarket,
    before: list[object],
    after: list[object],
) -> None:
    people, identities = PostgresPeople(database), PostgresIdentities(database, database)
    persons = [(await people.meet(who.platform, who.external_id, Language.ENGLISH, "UTC")).person_id for who in PEOPLE]
    accounts = [await desk.open(person, f"open-{person}") for person in persons]
    for number, step in enumerate(before):
        try:
            await do(step, accounts, desk, market, f"before-{number}")
        except DeskError:
            continue
    for host, guest in ((0, 1), (0, 2)):
        apart = [await desk.portfolio(await desk.account(persons[n])) for n in (host, guest)]
        total = (
            "SELECT asset, sum(available + held) - coalesce((SELECT sum(granted) FROM account"
            " WHERE quote_asset = asset AND closed_at IS NULL), 0) AS amount FROM balance GROUP BY asset ORDER BY asset"
        )
        held = await owner.fetch(total)
        code = HashedCode.of(code_from(f"{host}{guest}"))
        await identities.save_code(persons[host], code, NOW)
        claim = await identities.claim(PEOPLE[guest], code, NOW, public=False)
        cash = sum((each.cash for each in apart), D(0))
        if cash < GRANT:
            with pytest.raises(MergeShort) as refused:
                await identities.join(PEOPLE[guest], claim.code_id, LinkMode.MERGE, NOW, NOW)
            assert refused.value.missing == GRANT - cash
            return
        await identities.join(PEOPLE[guest], claim.code_id, LinkMode.MERGE, NOW, NOW)
        assert await settle_joins(pool, NOW + DAY_MS, CALM) == 1
        assert await owner.fetch(total) == held
        accounts[host] = await desk.account(persons[host])
        merged = await desk.portfolio(accounts[host])
        assert added([merged]) == added(apart)
        assert merged.granted == GRANT
        assert merged.realised + merged.unrealised == merged.profit
        costs = {each.asset: D(0) for each in merged.positions}
        for position in (each for one in apart for each in one.positions):
            assert position.value is not None
            assert position.unrealised is not None
            costs[position.asset] += position.value - position.unrealised
        for position in merged.positions:
            assert position.value is not None
            assert position.unrealised is not None
            assert position.value - position.unrealised == costs[position.asset]
        for number, step in enumerate(after):
            try:
                await do(step, [accounts[host]] * 3, desk, market, f"after-{guest}-{number}")
            except DeskError:
                continue


@given(before=steps, after=steps, fee=st.sampled_from(["0", "0.001", "0.0333"]).map(D))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_merging_keeps_every_sum_whatever_was_done_before_and_after(
    dsn: str, before: list[object], after: list[object], fee: Decimal
) -> None:
    asyncio.run(example(dsn, before, after, fee))
