"""A symbol that returns from a gap with a jump is held until an operator decides; everything else passes."""

from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from pipeline.market import DAY_MS, MINUTE_MS, Candle, Frame, MarketInfo, SourceKind, Symbol, Tick, Trade
from pipeline.quality.inspected_source import inspected
from pipeline.quality.inspector import Inspector
from pipeline.quality.trading_gaps import GAP_MS, TradingGapGuard
from pipeline.rules import HALTED, HELD, TRADING, SymbolRules
from pipeline.scripted_halts import HaltedSource, read_halts

LUNA, BTC = Symbol("LUNAUSDT"), Symbol("BTCUSDT")
START = 1_652_400_000_000


def rules(status: str = TRADING) -> list[SymbolRules]:
    return [SymbolRules(LUNA, "LUNA", "USDT", status), SymbolRules(BTC, "BTC", "USDT")]


def frame(time: int, luna: str, btc: str = "30000") -> Frame:
    return Frame(time, (Tick(LUNA, time, luna), Tick(BTC, time, btc)))


def shown(found: Frame) -> list[str]:
    return [tick.price for tick in found.ticks if tick.symbol == LUNA]


def guard() -> TradingGapGuard:
    made = TradingGapGuard(3.0)
    made.take(frame(START, "0.0001"))
    return made


def test_luna_of_another_coin_is_held_and_nothing_of_it_passes() -> None:
    held = guard()
    held.observe(rules(HALTED))
    held.observe(rules())
    after = START + 2 * DAY_MS
    returned = Frame(
        after,
        (Tick(LUNA, after, "9.18"), Tick(BTC, after, "30000")),
        (Candle(LUNA, after - MINUTE_MS, 9.0, 9.3, 9.0, 9.18, 1.0),),
        (Trade(LUNA, after, "9.18", "1", 1),),
    )
    passed = held.take(returned)
    assert (passed.ticks, passed.candles, passed.trades) == ((Tick(BTC, after, "30000"),), (), ())
    (hold,) = held.unwritten
    assert (hold.symbol, hold.last_price, hold.jumped_price) == (LUNA, Decimal("0.0001"), Decimal("9.18"))
    assert [each.status for each in held.marked(rules())] == [HELD, TRADING]
    assert shown(held.take(frame(after + MINUTE_MS, "0.0001"))) == [], "also at its old price: an operator decides"


def test_after_the_decision_the_next_price_is_right() -> None:
    held = guard()
    held.observe(rules(HALTED))
    held.take(frame(START + DAY_MS, "9.18"))
    held.set_held(frozenset())
    assert held.held, "a hold that is not stored yet is none that was released"
    held.written(held.unwritten)
    held.set_held(frozenset({LUNA}))
    held.set_held(frozenset())
    assert shown(held.take(frame(START + DAY_MS + 1000, "9.20"))) == ["9.20"]


@pytest.mark.parametrize(
    ("gap", "price", "held"),
    [
        (1000, "9.18", False),  # without a gap, the inspector judges
        (GAP_MS, "0.00029", False),
        (GAP_MS, "0.00031", True),
        (GAP_MS, "0.00003", True),
        (16 * DAY_MS, "0.0008", False),  # a long gap moves further: twice the log of the factor
        (16 * DAY_MS, "0.00091", True),
        (-DAY_MS, "9.18", False),  # a replay that begins again
    ],
)
def test_the_limit_is_a_factor_that_widens_with_the_gap(gap: int, price: str, held: bool) -> None:  # noqa: FBT001
    guarded = guard()
    guarded.take(frame(START + gap, price))
    assert bool(guarded.held) == held


def test_a_restart_compares_with_the_archive() -> None:
    fresh = TradingGapGuard(3.0)
    fresh.seed({LUNA: (START, "0.0001")})
    assert shown(fresh.take(frame(START + DAY_MS, "9.18"))) == []
    assert fresh.held == {LUNA}


def test_while_halted_a_price_of_another_coin_is_held_at_once() -> None:
    halted = guard()
    halted.observe(rules(HALTED))
    assert shown(halted.take(frame(START + 1000, "0.0001"))) == ["0.0001"]
    halted.observe(rules(HALTED))
    assert shown(halted.take(frame(START + 2000, "9.18"))) == []


class Steady:
    """A market in which every price stands still, a frame a minute."""

    def __init__(self) -> None:
        self.time = START

    def info(self) -> MarketInfo:
        return MarketInfo(SourceKind.REPLAY, "USDT", MINUTE_MS, 3 * MINUTE_MS, self.time, self.time)

    async def rules(self) -> list[SymbolRules]:
        return rules()

    async def frames(self) -> AsyncIterator[Frame]:
        for _ in range(60):
            self.time += MINUTE_MS
            yield frame(self.time, "0.0001")


@pytest.mark.parametrize(("what", "held"), [("x91800", True), ("x0.001", True), ("x2", False), ("gone", False)])
async def test_a_played_halt_ends_in_a_hold_where_it_jumps(what: str, held: bool) -> None:  # noqa: FBT001
    source = HaltedSource(Steady(), read_halts(f"LUNAUSDT 10m 20m {what}"))  # type: ignore[arg-type]
    guarded = TradingGapGuard(3.0)
    prices = [shown(each) for each in [each async for each in inspected(source, Inspector(MINUTE_MS), guarded)]]
    assert prices[5] == ["0.0001"]
    assert prices[20] == []
    assert bool(guarded.held) == held
    assert prices[-1] == ([] if held or what == "gone" else ["0.0002"])
    assert {each.symbol for each in await source.rules()} == ({BTC} if what == "gone" else {LUNA, BTC})


async def test_a_played_rename_lists_the_coin_under_its_new_name() -> None:
    source = HaltedSource(Steady(), read_halts("LUNAUSDT 10m 20m as LUNCUSDT"))  # type: ignore[arg-type]
    frames = [each async for each in source.frames()]
    assert [tick.symbol for tick in frames[-1].ticks] == ["LUNCUSDT", BTC]
    assert next((each.symbol, each.base) for each in await source.rules()) == ("LUNCUSDT", "LUNC")


@pytest.mark.parametrize("text", ["LUNAUSDT", "LUNAUSDT 1m 1m x0", "LUNAUSDT 1m 1m x1 x", "A 1m 1m gone; A 1m 2m gone"])
def test_a_halt_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="halt"):
        read_halts(text)
