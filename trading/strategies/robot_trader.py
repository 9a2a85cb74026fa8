"""Orders of robots: carries out what a robot's stored state says is to be done next.

Every order is the robot's stored step, whose command id takes effect once; the ledger books it and clears the step in
one transaction. So a step that is still there was not placed, whatever died before.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from decimal import Decimal

from core.errors import DatabaseUnavailable, DeskError, Refused
from core.outbox import NotificationTarget
from pipeline.errors import MarketUnavailable, NoPriceYet, SymbolHalted, UnknownSymbol
from pipeline.market import MINUTE_MS, Interval, MarketInfo, Quote, Symbol
from pipeline.ports import MarketReader
from trading.errors import (
    AccountReassigned,
    CoinInQuestion,
    IdempotencyKeyReused,
    InsufficientFunds,
    LimitReached,
    NoAccount,
    NothingToSell,
    NothingToSpend,
    NotNextStep,
    OverBudget,
)
from trading.orders.errors import OrderNotOpen, PricesInWrongOrder, StopOnWrongSide, UnknownOrderId
from trading.orders.types import BaseQuantity, Side
from trading.ports import Account, RestingOrders, TradingDesk
from trading.recurring.notices import obstacle_of
from trading.strategies.decisions import MarketRequest, TradedRule, all_of, costs_more, in_position, protection
from trading.strategies.robots import Leg, Robot, RobotReason, RobotState, RobotStore, Step

QUOTE_SECONDS = 2.0
"""Longest wait for the first price after a candle, real time; then the order is tried again later."""

_PAUSE_SECONDS = 0.02
_OTHERS = (NotNextStep, IdempotencyKeyReused)
_HALTED = (SymbolHalted, CoinInQuestion)
_SHORT = (InsufficientFunds, NothingToSell, NothingToSpend)
_PASSED = (PricesInWrongOrder, StopOnWrongSide)

Target = Callable[[int], Awaitable[NotificationTarget | None]]
"""Function that returns the chat for notifications of a user's orders that no user waits for."""

log = logging.getLogger(__name__)


def late_after(interval: Interval, info: MarketInfo) -> int:
    """Returns the time (ms) after the close of a candle for which it is acted on: a minute, or as long as the market's
    prices count, but never until the next candle closes.
    """
    return min(interval.ms, max(MINUTE_MS, info.stale_after_ms))


class RobotTrader:
    """Places the orders of robots through the desks of their users, so that limits, receipts and notifications are
    those of any order. `target` is where a user is notified.
    """

    def __init__(
        self, store: RobotStore, desk: TradingDesk, orders: RestingOrders, market: MarketReader, target: Target
    ) -> None:
        self._store = store
        self._desk = desk
        self._orders = orders
        self._market = market
        self._target = target

    def has_work(self, robot: Robot, rule: TradedRule) -> bool:
        """Returns whether something is left to do for a robot; no I/O."""
        if robot.step is not None or robot.state is RobotState.STOPPING:
            return True
        guards = rule.stop is not None or rule.take_profit is not None or rule.trailing is not None
        if robot.state is not RobotState.RUNNING or robot.protecting or not guards:
            return False
        with suppress(UnknownSymbol):
            return in_position(robot.quantity, self._market.rules(robot.symbol))
        return False

    async def carry_on(self, robot: Robot, rule: TradedRule) -> bool:
        """Does the next thing that is to be done. Returns True if the robot has changed and is to be read again; False
        if it has to wait. Raises DatabaseUnavailable and MarketUnavailable; NoAccount and AccountReassigned for a user
        who left meanwhile.
        """
        if robot.step is not None:
            return await self._place(robot, robot.step, rule)
        if robot.state is RobotState.STOPPING:
            return await self._stop(robot)
        return self.has_work(robot, rule) and await self._protect(robot)

    # -- steps -----------------------------------------------------------------------------------

    async def _place(self, robot: Robot, step: Step, rule: TradedRule) -> bool:
        try:
            account = await self._desk.account(robot.person_id)
            if account.account_id != robot.account_id:
                return False  # it was merged since the robot was read
            if await self._is_banned(robot, step):
                return await self._store.drop(robot, RobotReason.REFUSED)
            ways = {Leg.BUY: self._buy, Leg.SELL: self._sell}
            if (way := ways.get(step.leg)) is not None:
                return await way(robot, step, account)
            return await self._guard(robot, step, rule, account)
        except _OTHERS:
            return True
        except (DatabaseUnavailable, MarketUnavailable, NoAccount, AccountReassigned):
            raise
        except DeskError as error:
            return await self._refused(robot, step, error)

    async def _is_banned(self, robot: Robot, step: Step) -> bool:
        """Returns whether the user was banned since a signal was decided. What protects or ends a position goes on."""
        decided = robot.state is RobotState.RUNNING and step.leg is not Leg.PROTECT
        return decided and await self._store.banned(robot)

    async def _buy(self, robot: Robot, step: Step, account: Account) -> bool:
        close = step.candle + robot.interval.ms
        if self._market.now() - close > late_after(robot.interval, self._market.info()):
            return await self._store.drop(robot, RobotReason.LATE)
        quote, size = await self._priced_after(robot.symbol, close), step.size
        if size is not None and costs_more(size, quote.ask, robot.cash):
            return await self._cut(robot, step)
        try:
            await self._market_order(robot, step, account)
        except OverBudget:  # the price rose meanwhile, or the book is thin
            if not isinstance(size, BaseQuantity):
                raise
            return await self._cut(robot, step)
        return True

    async def _cut(self, robot: Robot, step: Step) -> bool:
        """Makes a purchase one of all that the robot may spend: its quantity costs more than that by now."""
        cash = all_of(robot.cash, self._market.rules(robot.symbol))
        return await self._store.prepare(robot, Step(step.command_id, Leg.BUY, step.candle, cash))

    async def _sell(self, robot: Robot, step: Step, account: Account) -> bool:
        if robot.protecting:
            await self._cancel(robot, account)
            return True
        rules = self._market.rules(robot.symbol)
        if not in_position(robot.quantity, rules):
            return await self._store.drop(robot, RobotReason.GONE)
        if step.size is not None and step.size.amount > robot.quantity:  # a part of it was sold since
            return await self._store.prepare(robot, Step(step.command_id, Leg.SELL, step.candle, _all(robot)))
        await self._priced_after(robot.symbol, step.candle + robot.interval.ms)
        await self._market_order(robot, step, account)
        return True

    async def _market_order(self, robot: Robot, step: Step, account: Account) -> None:
        if step.size is None:
            raise NotNextStep
        side = Side.BUY if step.leg is Leg.BUY else Side.SELL
        told = await self._target(robot.person_id)
        await self._desk.place(account, step.command_id, side, robot.symbol, step.size, notify=told)

    async def _guard(self, robot: Robot, step: Step, rule: TradedRule, account: Account) -> bool:
        """Places the orders that protect the position, or sells it if the market is beyond them already."""
        rules, quote = self._market.rules(robot.symbol), await self._market.quote(robot.symbol)
        wanted = protection(rule, robot.quantity, robot.entry_price or Decimal(0), quote.price, rules)
        if wanted is None:
            return await self._store.drop(robot, RobotReason.GONE)
        if not isinstance(wanted, MarketRequest):
            try:
                told = await self._target(robot.person_id)
                await self._orders.place(account, step.command_id, wanted, notify=told)
            except _PASSED:
                log.info("the market is beyond the protection of robot %d: it sells", robot.robot_id)
            else:
                return True
        return await self._store.prepare(robot, robot.following(Leg.SELL, _all(robot)))

    async def _protect(self, robot: Robot) -> bool:
        if robot.guarded:  # the orders ended, and not by the robot
            return await self._store.pause_by_desk(robot, RobotReason.UNPROTECTED)
        return await self._store.prepare(robot, robot.following(Leg.PROTECT))

    async def _stop(self, robot: Robot) -> bool:
        if not robot.sells:
            return await self._store.finish(robot, RobotReason.KEPT)
        if robot.protecting:
            await self._cancel(robot, await self._desk.account(robot.person_id))
            return True
        if in_position(robot.quantity, self._market.rules(robot.symbol)):
            return await self._store.prepare(robot, robot.following(Leg.SELL, _all(robot)))
        return await self._store.finish(robot, RobotReason.SOLD)

    async def _cancel(self, robot: Robot, account: Account) -> None:
        """Cancels the orders that protect the position; of a pair, one takes the other along."""
        for order_id in robot.protecting:
            try:
                await self._orders.cancel(account, f"robot:{robot.robot_id}:cancel:{order_id}", order_id)
            except (OrderNotOpen, UnknownOrderId):
                continue

    # -- refusals --------------------------------------------------------------------------------

    async def _refused(self, robot: Robot, step: Step, error: DeskError) -> bool:
        """Deals with an order that was not accepted. What may succeed later waits: a purchase until it is too late, a
        sale for as long as it takes.
        """
        obstacle = obstacle_of(error)
        if not isinstance(error, Refused):
            return False
        if isinstance(error, _HALTED):
            return step.leg is Leg.BUY and await self._store.drop(robot, RobotReason.REFUSED, obstacle)
        if robot.state is RobotState.STOPPING:
            return await self._store.finish(robot, RobotReason.KEPT, obstacle)
        return await self._store.drop(robot, _reason(step.leg, error), obstacle, pause=True)

    async def _priced_after(self, symbol: Symbol, close: int) -> Quote:
        """Waits for a quote from `close` (UTC ms) or later: its price is the next open. Raises NoPriceYet."""
        for _ in range(int(QUOTE_SECONDS / _PAUSE_SECONDS)):
            if (quote := await self._market.quote(symbol)).time >= close:
                return quote
            await asyncio.sleep(_PAUSE_SECONDS)
        raise NoPriceYet(symbol)


def _all(robot: Robot) -> BaseQuantity:
    return BaseQuantity(robot.quantity)


def _reason(leg: Leg, error: DeskError) -> RobotReason:
    if leg is Leg.PROTECT:
        return RobotReason.UNPROTECTED
    if isinstance(error, LimitReached):
        return RobotReason.LIMIT
    if isinstance(error, _SHORT):
        return RobotReason.FUNDS if leg is Leg.BUY else RobotReason.COINS
    return RobotReason.REFUSED
