"""Robots of a market in memory, by the candles and the rules that they follow. No I/O."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from core.errors import DeskError
from pipeline.market import Candle, Interval, Symbol
from trading.strategies.decisions import TradedRule
from trading.strategies.robots import Advance, Robot, RobotState
from trading.strategies.rule_feeds import ClosedCandle, FollowedRule, RuleFeed

ReadRule = Callable[[str, Interval], FollowedRule]
"""Function that reads the text of a rule for an interval. Raises DeskError for a text that this version can't read."""

_Place = tuple[Symbol, Interval]

log = logging.getLogger(__name__)


class RobotBook:
    """Robots that are not over. `read_rule` is called once for each text and interval."""

    def __init__(self, read_rule: ReadRule) -> None:
        self._read_rule = read_rule
        self._robots: dict[int, Robot] = {}
        self._last: dict[int, int] = {}
        self._followers: dict[_Place, dict[str, set[int]]] = {}
        self._feeds: dict[_Place, RuleFeed] = {}
        self._of_symbol: dict[Symbol, list[RuleFeed]] = {}
        self._rules: dict[tuple[str, Interval], FollowedRule] = {}
        self._seen: dict[int, Advance] = {}
        self._unreadable: dict[int, Symbol] = {}
        self._noted: set[int] = set()

    def get(self, robot_id: int) -> Robot | None:
        """Returns the robot as it was read last, or None if it is over."""
        return self._robots.get(robot_id)

    def rule_of(self, robot: Robot) -> TradedRule:
        """Returns how the robot's rule trades."""
        return self._rules[robot.rule, robot.interval].rule

    def symbols(self) -> list[Symbol]:
        """Returns the symbols that are traded."""
        return list(self._of_symbol)

    def cold(self) -> list[RuleFeed]:
        """Returns the feeds that need older candles."""
        return [feed for feed in self._feeds.values() if feed.cold]

    def waiting(self, has_work: Callable[[Robot, TradedRule], bool]) -> Iterator[Robot]:
        """Yields the robots for which something is left to do."""
        for robot in list(self._robots.values()):
            if (robot.step is not None or robot.quantity or robot.state is RobotState.STOPPING) and has_work(
                robot, self.rule_of(robot)
            ):
                yield robot

    def unreadable(self) -> dict[int, Symbol]:
        """Returns the robots of the last reading that cannot be read, or whose rules cannot, with their symbols."""
        return dict(self._unreadable)

    def given_up(self, robot_ids: Iterable[int]) -> None:
        """Takes robots that cannot be read, and trade no more."""
        for robot_id in robot_ids:
            self._unreadable.pop(robot_id, None)

    def uncomputed(self) -> list[Robot]:
        """Returns the running robots whose rules cannot be computed."""
        found = (robot for robot in self._robots.values() if robot.state is RobotState.RUNNING)
        return [robot for robot in found if self._feeds[robot.symbol, robot.interval].failed(robot.rule)]

    # -- changes ---------------------------------------------------------------------------------

    def update(self, robots: Iterable[Robot]) -> None:
        """Takes the present state of robots. One with a rule that can't be read does nothing."""
        for robot in robots:
            known = self._robots.get(robot.robot_id)
            self._unreadable.pop(robot.robot_id, None)
            if robot.state.over:
                if known is not None:
                    self._drop(known)
            elif known is None and not self._reads(robot):
                self._unreadable[robot.robot_id] = robot.symbol
            else:
                if known is None:
                    self._follow(robot)
                elif robot.state is RobotState.RUNNING and robot.version > known.version:  # it may have been resumed
                    self._feeds[robot.symbol, robot.interval].retry(robot.rule)
                self._robots[robot.robot_id] = robot
                self._last[robot.robot_id] = max(robot.last_candle, self._last.get(robot.robot_id, 0))

    def pass_over(self, unreadable: Mapping[int, Symbol]) -> None:
        """Takes robots that changed and cannot be read any more."""
        for robot_id in unreadable:
            self.forget(robot_id)
        self._unreadable.update(unreadable)

    def replace(self, robots: Sequence[Robot]) -> None:
        """Takes the present state of all robots there are: what is not among them is over or was deleted."""
        there = {robot.robot_id for robot in robots}
        self._unreadable.clear()
        self._noted &= there
        for robot in [each for each in self._robots.values() if each.robot_id not in there]:
            self._drop(robot)
        self.update(robots)

    def forget(self, robot_id: int) -> None:
        """Drops a robot until it is read again."""
        robot = self._robots.get(robot_id)
        if robot is not None:
            self._drop(robot)

    def _reads(self, robot: Robot) -> bool:
        """Reads the robot's rule. Returns False if that fails."""
        key = (robot.rule, robot.interval)
        if key in self._rules:
            return True
        if robot.robot_id in self._noted:
            return False
        try:
            self._rules[key] = self._read_rule(*key)
        except Exception as error:
            defect = None if isinstance(error, DeskError) else error
            log.error("the rule of robot %d can't be read: %s", robot.robot_id, error, exc_info=defect)  # noqa: TRY400
            self._noted.add(robot.robot_id)
            return False
        return True

    def _follow(self, robot: Robot) -> None:
        place = (robot.symbol, robot.interval)
        if place not in self._feeds:
            self._feeds[place] = RuleFeed(*place)
            self._of_symbol.setdefault(robot.symbol, []).append(self._feeds[place])
        self._feeds[place].follow(robot.rule, self._rules[robot.rule, robot.interval])
        self._followers.setdefault(place, {}).setdefault(robot.rule, set()).add(robot.robot_id)

    def _drop(self, robot: Robot) -> None:
        place = (robot.symbol, robot.interval)
        del self._robots[robot.robot_id], self._last[robot.robot_id]
        self._seen.pop(robot.robot_id, None)
        followers = self._followers[place]
        followers[robot.rule].discard(robot.robot_id)
        if followers[robot.rule]:
            return
        del followers[robot.rule]
        self._feeds[place].keep(frozenset(followers))
        if not any(robot.rule in others for (_, interval), others in self._followers.items() if interval is place[1]):
            del self._rules[robot.rule, robot.interval]
        if not followers:
            self._of_symbol[robot.symbol].remove(self._feeds.pop(place))
            del self._followers[place]
            if not self._of_symbol[robot.symbol]:
                del self._of_symbol[robot.symbol]

    # -- candles ---------------------------------------------------------------------------------

    def take(self, minute: Candle) -> Iterator[ClosedCandle]:
        """Takes a closed 1-minute candle; yields the candles of its symbol that it closes."""
        for feed in self._of_symbol.get(minute.symbol, ()):
            if (closed := feed.take(minute)) is not None:
                yield closed

    def see(self, closed: ClosedCandle, *, fresh: bool) -> list[Robot]:
        """Returns the running robots that may trade on a candle. The others have seen it; so have all of them if it is
        not `fresh`, and missed it.
        """
        opened, acting = closed.candle.open_time, list[Robot]()
        for text, signal in closed.signals.items():
            trails = self._rules[text, closed.interval].rule.trailing is not None
            for robot_id in self._followers.get((closed.symbol, closed.interval), {}).get(text, ()):
                robot = self._robots[robot_id]
                if robot.state is not RobotState.RUNNING or opened <= self._last[robot_id]:
                    continue
                missed = (opened - self._last[robot_id]) // closed.interval.ms - 1
                self._last[robot_id] = opened
                if not fresh:
                    self._note(robot, opened, missed + 1)
                elif any(signal) or (trails and robot.quantity):
                    if missed:
                        self._note(robot, opened - closed.interval.ms, missed)
                    acting.append(robot)
                else:
                    self._note(robot, opened, missed, closed)
        return acting

    def passed(self, robot: Robot, closed: ClosedCandle) -> None:
        """Notes that a robot has seen a candle and places nothing."""
        self._note(robot, closed.candle.open_time, 0, closed)

    def _note(self, robot: Robot, candle: int, missed: int, closed: ClosedCandle | None = None) -> None:
        high = Decimal(repr(closed.candle.high)) if closed is not None and robot.quantity else None
        seen, before = Advance(robot.robot_id, candle, missed, high), self._seen.get(robot.robot_id)
        self._seen[robot.robot_id] = seen if before is None else before.then(seen)

    def take_seen(self) -> list[Advance]:
        """Returns what robots have seen since the last call."""
        seen, self._seen = list(self._seen.values()), {}
        return seen

    def put_back(self, seen: Sequence[Advance]) -> None:
        """Takes back what could not be written; robots may have seen later candles meanwhile."""
        for each in seen:
            later = self._seen.get(each.robot_id)
            self._seen[each.robot_id] = each if later is None else each.then(later)
