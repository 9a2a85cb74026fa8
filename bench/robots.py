"""Robots on 1-minute candles: what a closed minute costs the process, as a share of a core."""

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

import numpy as np

from bench.figure import Figure
from pipeline.market import MINUTE_MS, Candle, Interval, Symbol
from trading.strategies.read_rules import read_rule
from trading.strategies.robot_book import RobotBook
from trading.strategies.robots import Robot, RobotReason, RobotState
from trading.strategies.rule_feeds import run as warmed

_BEGIN = 1_617_408_000_000
_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Size:
    """Robots, each with a rule of its own; symbols that they trade; candles that warm up and those that count."""

    robots: int
    symbols: int
    warm_up: int
    minutes: int


FULL = Size(robots=1_000, symbols=100, warm_up=100, minutes=60)
SMALL = Size(robots=6, symbols=2, warm_up=30, minutes=3)


def run(size: Size = FULL) -> list[Figure]:
    book = RobotBook(read_rule)
    symbols = [Symbol(f"S{number:03}USDC") for number in range(size.symbols)]
    book.update(_robot(number, symbols[number % size.symbols], size) for number in range(size.robots))
    closes = _closes(size)
    asyncio.run(_warm(book, closes, size))
    spent, traded = 0.0, 0
    for minute in range(size.warm_up, size.warm_up + size.minutes):
        candles = [
            _candle(symbol, closes[minute - 1 : minute + 1, place], minute) for place, symbol in enumerate(symbols)
        ]
        started = time.process_time()
        for candle in candles:
            for closed in book.take(candle):
                traded += len(book.see(closed, fresh=True))
        book.take_seen()
        spent += time.process_time() - started
    share = spent / size.minutes / _SECONDS
    note = f"{size.robots} robots, each with its own rule, on {size.symbols} symbols; {traded} decisions"
    return [
        Figure("robots: one closed minute", spent / size.minutes * 1e3, "ms", note=note),
        Figure(
            "robots: share of a core",
            share,
            "",
            at_most=0.10,
            note="signals and what is kept of each candle; orders are those of the bench `orders`",
        ),
    ]


async def _warm(book: RobotBook, closes: "np.ndarray[tuple[int, int], np.dtype[np.float64]]", size: Size) -> None:
    end = _BEGIN + size.warm_up * MINUTE_MS
    for place, feed in enumerate(book.cold()):
        rules = feed.missing()
        past = [_candle(feed.symbol, closes[max(row - 1, 0) : row + 1, place], row) for row in range(size.warm_up)]
        feed.fill(rules, (past, []), warmed(rules, past), end)


def _closes(size: Size) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    random = np.random.default_rng(1)
    steps = random.normal(0, 0.001, (size.warm_up + size.minutes, size.symbols))
    return np.asarray(100 * np.exp(np.cumsum(steps, axis=0)))


def _candle(symbol: Symbol, ends: "np.ndarray[tuple[int], np.dtype[np.float64]]", row: int) -> Candle:
    begin, close = float(ends[0]), float(ends[-1])
    return Candle(symbol, _BEGIN + row * MINUTE_MS, begin, max(begin, close), min(begin, close), close, 10.0)


def _robot(number: int, symbol: Symbol, size: Size) -> Robot:
    fast, slow = 5 + number % 10, 20 + number // 10 % 20
    rule = f"when sma({fast}) crosses above sma({slow}) buy 50% when rsi({fast}) > 70 sell max"
    text = read_rule(rule, Interval.M1).rule.text
    budget, zero = Decimal(1000), Decimal(0)
    return Robot(
        robot_id=number + 1,
        account_id=number + 1,
        person_id=number + 1,
        market="bench",
        symbol=symbol,
        interval=Interval.M1,
        name="bench",
        rule=text,
        budget=budget,
        state=RobotState.RUNNING,
        reason=RobotReason.NONE,
        cash=budget,
        quantity=zero,
        cost=zero,
        entry_price=None,
        highest=None,
        realised=zero,
        moves=0,
        since=_BEGIN,
        last_candle=_BEGIN + (size.warm_up - 1) * MINUTE_MS,
        created_at=datetime(2021, 4, 3, tzinfo=UTC),
        version=1,
    )
