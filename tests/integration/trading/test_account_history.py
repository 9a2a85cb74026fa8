"""Resets, history, positions and the equity of an account, on real PostgreSQL."""

from decimal import Decimal

from pipeline.market import Candle
from tests.fakes.priced_market import BTC, COIN, ETH, NOON, PricedMarket
from tests.integration.trading.desk_figures import GRANT
from trading.desk import Desk
from trading.orders.types import BaseQuantity, Share, Side
from trading.ports import Account

D = Decimal


async def test_reset_returns_everything_and_begins_a_round(desk: Desk, account: Account) -> None:
    await desk.place(account, "c1", Side.BUY, BTC, BaseQuantity(D(2)))
    await desk.place(account, "c2", Side.BUY, ETH, BaseQuantity(D(2)))
    await desk.place(account, "c3", Side.SELL, BTC, BaseQuantity(D(1)))
    renewed = await desk.reset(account, "reset")
    assert (renewed.round, renewed.granted) == (2, GRANT)
    assert await desk.reset(account, "reset") == renewed
    assert await desk.account(1) == renewed
    assert [(balance.asset, balance.available) for balance in await desk.balances(account)] == [("USDC", GRANT)]
    portfolio = await desk.portfolio(renewed)
    assert (portfolio.profit, portfolio.realised, portfolio.unrealised, portfolio.positions) == (0, 0, 0, ())
    assert [line.kind for line in (await desk.history(account, 10)).lines] == ["reset", "sell", "buy", "buy", "grant"]


async def test_a_repeated_reset_answers_as_the_first_one_did(desk: Desk, account: Account) -> None:
    first = await desk.reset(account, "r1")
    await desk.reset(account, "r2")
    assert await desk.reset(account, "r1") == first
    assert (await desk.account(1)).round == 3


async def test_history_pages_backwards(desk: Desk, account: Account) -> None:
    for number in range(4):
        await desk.place(account, f"c{number}", Side.BUY, BTC, BaseQuantity(D(number + 1)))
    first = await desk.history(account, 3)
    assert [line.quantity for line in first.lines] == [4, 3, 2]
    second = await desk.history(account, 3, first.older)
    assert [(line.kind, line.quote_amount) for line in second.lines] == [("buy", D("100.01")), ("grant", GRANT)]
    assert second.older is None
    line = first.lines[0]
    assert (line.symbol, line.price, line.fee, line.fee_asset) == (BTC, D("100.01"), D("0.004"), "BTC")


async def test_positions_are_valued_at_the_last_price(desk: Desk, account: Account, market: PricedMarket) -> None:
    await desk.place(account, "c1", Side.BUY, BTC, BaseQuantity(D(2)))
    await desk.place(account, "c2", Side.BUY, COIN, BaseQuantity(D(100)))
    market.say(BTC, "149.99", "150.01")
    market.time += 20_000
    del market.listed[COIN]
    portfolio = await desk.portfolio(account)
    bitcoin, coin = portfolio.positions
    assert (bitcoin.price, bitcoin.value, bitcoin.stale) == (150, D("299.70"), True)
    assert (coin.symbol, coin.price) == (COIN, None)
    assert portfolio.realised + portfolio.unrealised == portfolio.profit


async def test_equity_runs_from_the_grant_to_the_portfolio_of_now(
    desk: Desk, account: Account, market: PricedMarket
) -> None:
    market.pass_time(600_000)
    await desk.place(account, "c1", Side.BUY, BTC, BaseQuantity(D(10)))
    market.history[BTC] = [
        Candle(BTC, NOON + minute * 60_000, 200.0, 200.0, 200.0, 200.0 + minute, 1.0) for minute in range(30)
    ]
    market.pass_time(1_200_000)
    await desk.place(account, "c2", Side.SELL, BTC, Share(D(1)))
    market.pass_time(60_000)
    points = await desk.equity(account, 100)
    assert points[0].equity == GRANT
    assert points[0].time == NOON
    assert points[-1].equity == (await desk.portfolio(account)).equity
    assert points[-1].time == market.time
    cash = GRANT - D("1000.10")
    by_time = {(point.time - NOON) // 60_000: point.equity for point in points}
    assert by_time[9] == GRANT
    assert by_time[12] == cash + D("9.99") * 211
    assert by_time[29] == cash + D("9.99") * 228
    assert [point.time for point in points] == sorted({point.time for point in points})


async def test_equity_never_has_more_points_than_asked_for_and_reads_candles_in_bounds(
    desk: Desk, account: Account, market: PricedMarket
) -> None:
    await desk.place(account, "c1", Side.BUY, BTC, BaseQuantity(D(10)))
    market.pass_time(400 * 86_400_000 + 17)
    for asked in (1, 2, 7, 50, 5000):
        points = await desk.equity(account, asked)
        assert 2 <= len(points) <= max(asked, 2)
        assert len(points) <= 1000
    assert all(count <= 1000 for _, _, count in market.candle_reads)


async def test_equity_survives_a_market_whose_clock_was_set_back(
    desk: Desk, account: Account, market: PricedMarket
) -> None:
    await desk.place(account, "c1", Side.BUY, BTC, BaseQuantity(D(10)))
    market.pass_time(-86_400_000)
    points = await desk.equity(account, 10)
    assert points[0].equity == GRANT
    assert points[-1].equity == (await desk.portfolio(account)).equity
