"""What robots have seen is kept until it is written, whatever they see meanwhile."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from pipeline.market import MINUTE_MS, Candle, Interval, Symbol
from trading.strategies.read_rules import read_rule
from trading.strategies.robot_book import RobotBook
from trading.strategies.robots import Advance, Robot, RobotReason, RobotState
from trading.strategies.rule_feeds import ClosedCandle

D = Decimal
BTC = Symbol("BTCUSDC")
RULE = "when close > 1000 buy 50%"
ROBOT = Robot(
    robot_id=7,
    account_id=1,
    person_id=1,
    market="sim:1",
    symbol=BTC,
    interval=Interval.M1,
    name="dip",
    rule=RULE,
    budget=D(100),
    state=RobotState.RUNNING,
    reason=RobotReason.NONE,
    cash=D(50),
    quantity=D(5),
    cost=D(50),
    entry_price=D(10),
    highest=D(10),
    realised=D(0),
    moves=1,
    since=0,
    last_candle=0,
    created_at=datetime(2024, 1, 1, tzinfo=UTC),
    version=1,
)


def closed(place: int, high: float) -> ClosedCandle:
    return ClosedCandle(BTC, Interval.M1, Candle(BTC, place * MINUTE_MS, 9, high, 9, 9, 1), {RULE: (False, False)})


def book() -> RobotBook:
    found = RobotBook(read_rule)
    found.update([ROBOT])
    return found


def test_what_was_not_written_counts_with_what_came_after_it() -> None:
    robots = book()
    assert not robots.see(closed(3, 20.0), fresh=True)
    unwritten = robots.take_seen()
    assert unwritten == [Advance(7, 3 * MINUTE_MS, 2, D("20.0"))]
    assert not robots.see(closed(5, 12.0), fresh=True)
    robots.put_back(unwritten)
    assert robots.take_seen() == [Advance(7, 5 * MINUTE_MS, 3, D("20.0"))]


def test_what_was_not_written_is_written_next() -> None:
    robots = book()
    robots.see(closed(1, 20.0), fresh=True)
    unwritten = robots.take_seen()
    robots.put_back(unwritten)
    assert robots.take_seen() == unwritten
    assert robots.take_seen() == []


def test_without_a_position_no_price_is_the_highest() -> None:
    robots = book()
    robots.update([replace(ROBOT, quantity=D(0))])
    robots.see(closed(1, 20.0), fresh=True)
    robots.see(closed(2, 30.0), fresh=True)
    assert robots.take_seen() == [Advance(7, 2 * MINUTE_MS)]
