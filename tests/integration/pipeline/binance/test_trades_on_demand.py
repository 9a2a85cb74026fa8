"""Trades of the symbols with open orders, from a fake Binance that watches the limits."""

from dataclasses import replace

import pytest

from pipeline.binance.source import MISSED_TRADE
from pipeline.market import Symbol
from tests.fakes.binance import Client, FakeBinance
from tests.integration.pipeline.binance.source_desk import BTC, PACE, Wanted, desk_on, until

ETH = Symbol("ETHUSDC")


def trading(fake: FakeBinance) -> set[str]:
    """Symbols whose trades are subscribed now."""
    return {name.partition("@")[0].upper() for client in clients(fake) for name in client.streams if "aggTrade" in name}


def clients(fake: FakeBinance) -> list[Client]:
    return list(fake._clients)


def ids(trades: object) -> list[int]:
    return [trade.trade_id for trade in trades]  # type: ignore[attr-defined]


async def test_no_connection_for_trades_while_nobody_has_an_open_order() -> None:
    async with FakeBinance() as fake, desk_on(fake, traded=Wanted()) as desk:
        await until(lambda: len(desk.frames) > 3)
        assert (fake.connected, trading(fake)) == (1, set())
        assert not any(frame.trades for frame in desk.frames)


async def test_trades_of_the_wanted_symbols_come_once_and_without_gaps() -> None:
    wanted = Wanted(BTC)
    async with FakeBinance() as fake, desk_on(fake, traded=wanted) as desk:
        await until(lambda: len(desk.trades()) >= 2)
        trade = desk.trades()[0]
        assert (trade.price, trade.quantity) == (fake.market.price(BTC, trade.time), "0.5")
        assert (trading(fake), fake.connected, desk.trades(ETH)) == ({BTC}, 2, [])
        wanted.symbols = frozenset({BTC, ETH})
        await until(lambda: len(desk.trades(ETH)) >= 2)
        assert fake.opened == 2
        wanted.symbols = frozenset({ETH})
        await until(lambda: trading(fake) == {ETH})
        found = ids(desk.trades())
        assert found == list(range(found[0], found[-1] + 1))
        wanted.symbols = frozenset()
        await until(lambda: fake.connected == 1)
        assert MISSED_TRADE not in desk.source.health().dropped


async def test_the_overlap_of_a_renewed_connection_gives_no_trade_twice() -> None:
    async with FakeBinance() as fake, desk_on(fake, traded=Wanted(BTC)) as desk:
        await until(desk.trades)
        await fake.announce_shutdown()
        await until(lambda: fake.opened >= 4 and fake.connected == 2)
        count = len(desk.trades())
        await until(lambda: len(desk.trades()) >= count + 2)
        found = ids(desk.trades())
        assert found == list(range(found[0], found[-1] + 1))


async def test_trades_during_a_lost_connection_are_reported_as_missed(caplog: pytest.LogCaptureFixture) -> None:
    async with FakeBinance() as fake, desk_on(fake, traded=Wanted(BTC)) as desk:
        await until(desk.trades)
        fake.refuse_streams = True
        await fake.disconnect()
        last = desk.trades()[-1].trade_id
        await until(lambda: fake.clock() // 1000 > last + 2)
        fake.refuse_streams = False
        await until(lambda: desk.trades()[-1].trade_id > last)
        missed = desk.trades()[-1].trade_id - last - 1
        assert 0 < desk.source.health().dropped[MISSED_TRADE] <= missed
        assert "of BTCUSDC were missed" in caplog.text


async def test_what_is_wanted_last_is_followed_while_redis_is_away() -> None:
    wanted = Wanted(BTC)
    async with FakeBinance() as fake, desk_on(fake, traded=wanted) as desk:
        await until(desk.trades)
        wanted.away, wanted.symbols = True, frozenset()
        count = len(desk.trades())
        await until(lambda: len(desk.trades()) >= count + 2)


async def test_symbols_that_do_not_trade_here_are_not_subscribed() -> None:
    wanted = Wanted(BTC, ETH, Symbol("ETHBTC"), Symbol("NOSUCHUSDC"), Symbol("bad name"))
    async with FakeBinance() as fake, desk_on(fake, traded=wanted) as desk:
        fake.halt("ETHUSDC")
        await until(lambda: trading(fake) == {BTC} and desk.trades())


async def test_many_changes_stay_within_the_messages_a_second() -> None:
    """The fake ends a connection with more than five messages a second, and counts it as a violation."""
    symbols = [Symbol(f"C{number}USDC") for number in range(20)]
    wanted = Wanted(symbols[0])
    pace = replace(PACE, symbols_per_connection=8)
    async with FakeBinance(["BTCUSDC", *symbols]) as fake, desk_on(fake, traded=wanted, pace=pace) as desk:
        for count in range(1, 20):
            wanted.symbols = frozenset(symbols[count // 2 : count + 1])
            await until(lambda: len(desk.source._trade_streams.followed) == len(wanted.symbols))  # type: ignore[union-attr]
        await until(lambda: trading(fake) == wanted.symbols)
        assert fake.connected == 5
        assert fake.opened <= 8
