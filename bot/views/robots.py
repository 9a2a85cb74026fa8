"""Robots in answers: their names, their card, the list, the log, and their trades beside those of a back-test."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from bot.arguments.symbols import pair_of, short_name
from bot.context import Context
from bot.reply import Align, Block, Button, Column, Fields, Table, Text, Tone
from bot.views.buttons import button
from bot.views.errors import error_text
from bot.views.prices import price_text
from pipeline.errors import UnknownSymbol
from pipeline.market import Interval, Quote, Symbol
from trading.backtest.forward import ComparedTrade, ForwardComparison
from trading.recurring.notices import Obstacle
from trading.strategies.decisions import in_position
from trading.strategies.robots import Robot, RobotEvent, RobotTrade

_SHOWN = 12
"""Compared trades that are shown, the newest ones."""


def settings_words(symbol: Symbol, interval: Interval, ctx: Context) -> str:
    """Returns the market and the candles of a robot: `BTC/USDC · 1h`."""
    return f"{pair_of(symbol, ctx)} · {interval.value}"


def name_of(robot: Robot, ctx: Context) -> str:
    """Returns the name of a robot: that of its strategy, or its number."""
    return label_of(robot.robot_id, robot.name, robot.symbol, robot.interval, ctx)


def label_of(robot_id: int, name: str, symbol: Symbol, interval: Interval, ctx: Context) -> str:
    """Returns `3 · dips · BTC 1h`."""
    parts = (str(robot_id), name, f"{short_name(symbol, ctx)} {interval.value}")
    return " · ".join(part for part in parts if part)


def rule_text(rule: str) -> Text:
    """Returns a rule as it was understood."""
    return Text(f"“{rule}”")


def profit_of(robot: Robot, quote: Quote | None) -> Decimal | None:
    """Returns the profit since the start, open position included; None if it has one of which no price is known. A
    position that was left to the user counts at its cost.
    """
    if robot.state.over or not robot.quantity:
        return robot.realised
    return None if quote is None else robot.equity(quote.price) - robot.budget


def state_text(robot: Robot, ctx: Context) -> str:
    """Returns the state, with its reason: `Paused: not enough available`."""
    return state_words(robot.state, robot.reason, ctx)


def state_words(state: str, reason: str, ctx: Context) -> str:
    """Returns a state and its reason in words."""
    said = ctx.text(f"robot-state-{state}")
    return f"{said}: {ctx.text(f'robot-reason-{reason}')}" if reason and reason != "user" else said


def obstacle_text(obstacle: Obstacle, ctx: Context) -> str:
    """Returns the sentence of a refusal."""
    return error_text(obstacle.code, {**obstacle.amounts, **obstacle.counts, **obstacle.words}, ctx)


def robot_blocks(robot: Robot, quote: Quote | None, ctx: Context) -> tuple[Block, ...]:
    """Returns the card of a robot."""
    asset, profit = ctx.quote_asset, profit_of(robot, quote)
    share = None if profit is None else profit / robot.budget
    gained = f"{ctx.format.money(profit, asset, signed=True)} ({ctx.format.percent(share, signed=True)})"
    shown = [
        (ctx.text("label-robot-market"), settings_words(robot.symbol, robot.interval, ctx)),
        (ctx.text("label-robot-state"), state_text(robot, ctx)),
        (ctx.text("label-robot-budget"), ctx.format.money(robot.budget, asset)),
        (ctx.text("label-robot-cash"), ctx.format.money(robot.cash, asset)),
        (ctx.text("label-robot-position"), _position(robot, ctx)),
        (ctx.text("label-robot-profit"), gained),
        (ctx.text("label-robot-trades"), ctx.format.count(robot.moves)),
    ]
    if robot.protecting:
        orders = ", ".join(map(str, robot.protecting))
        shown.insert(5, (ctx.text("label-robot-protection"), ctx.text("robot-protected", orders=orders)))
    title = Text(ctx.text("robot-title", name=name_of(robot, ctx)), Tone.TITLE)
    why = () if robot.obstacle is None else (Text(obstacle_text(robot.obstacle, ctx), Tone.WARNING),)
    return (title, rule_text(robot.rule), Fields(tuple(shown)), *why)


def holds(robot: Robot, ctx: Context) -> bool:
    """Returns whether a robot has a position. Fees leave rests that are none."""
    try:
        return in_position(robot.quantity, ctx.market.rules(robot.symbol))
    except UnknownSymbol:
        return bool(robot.quantity)


def _position(robot: Robot, ctx: Context) -> str:
    if not holds(robot, ctx):
        return ctx.text("robot-no-position")
    held = ctx.format.amount(robot.quantity, _base(robot.symbol, ctx))
    return ctx.text("robot-position", held=held, price=price_text(robot.entry_price, robot.symbol, ctx))


def _base(symbol: Symbol, ctx: Context) -> str:
    try:
        return ctx.market.rules(symbol).base
    except UnknownSymbol:
        return symbol


def robots_of_strategy(robots: Sequence[Robot], quotes: Mapping[Symbol, Quote], ctx: Context) -> tuple[Block, ...]:
    """Returns the robots that run a strategy and are not over, as lines of its card."""
    live = [each for each in robots if not each.state.over]
    lines = [
        ctx.text(
            "robot-of-strategy", name=name_of(each, ctx), state=state_text(each, ctx), profit=_profit(each, quotes, ctx)
        )
        for each in live
    ]
    return (Text("\n".join(lines)),) if lines else ()


def profits_of(robots: Sequence[Robot], quotes: Mapping[Symbol, Quote], ctx: Context) -> dict[str, str]:
    """Returns the profit of the robots that are not over, by strategy; empty where none of them is known."""
    found: dict[str, Decimal] = {}
    for each in robots:
        profit = None if each.state.over else profit_of(each, quotes.get(each.symbol))
        if profit is not None:
            found[each.name] = found.get(each.name, Decimal(0)) + profit
    return {name: ctx.format.money(profit, signed=True) for name, profit in found.items()}


def _profit(robot: Robot, quotes: Mapping[Symbol, Quote], ctx: Context) -> str:
    return ctx.format.money(profit_of(robot, quotes.get(robot.symbol)), ctx.quote_asset, signed=True)


def robots_table(robots: Sequence[Robot], quotes: Mapping[Symbol, Quote], ctx: Context) -> Table:
    """Returns the robots with their profits."""
    columns = (
        Column(ctx.text("label-robot")),
        Column(ctx.text("label-robot-state")),
        Column(ctx.text("label-robot-profit"), Align.RIGHT),
    )
    return Table(columns, tuple(_row(each, quotes.get(each.symbol), ctx) for each in robots))


def _row(robot: Robot, quote: Quote | None, ctx: Context) -> tuple[str, ...]:
    profit = ctx.format.money(profit_of(robot, quote), signed=True)
    return (name_of(robot, ctx), ctx.text(f"robot-state-{robot.state}"), profit)


# -- the log -----------------------------------------------------------------------------------


def log_blocks(
    robot: Robot, trades: Sequence[RobotTrade], events: Sequence[RobotEvent], ctx: Context
) -> tuple[Block, ...]:
    """Returns what a robot did, newest first."""
    lines = [(trade.at, _trade_line(trade, robot, ctx)) for trade in trades]
    lines += [(event.at, _event_line(event, ctx)) for event in events]
    lines.sort(key=lambda line: line[0], reverse=True)
    title = Text(ctx.text("robot-log-title", name=name_of(robot, ctx)), Tone.TITLE)
    columns = (Column(ctx.text("label-time")), Column(ctx.text("label-robot-event")))
    return (title, Table(columns, tuple((_time(at, ctx), said) for at, said in lines)))


def _time(at: datetime, ctx: Context) -> str:
    return ctx.format.brief_moment(at, ctx.services.clock())


def _trade_line(trade: RobotTrade, robot: Robot, ctx: Context) -> str:
    return ctx.text(
        "robot-log-trade",
        side=trade.side.value,
        protective="yes" if trade.protective else "no",
        quantity=ctx.format.amount(trade.quantity, _base(robot.symbol, ctx)),
        price=price_text(trade.price, robot.symbol, ctx),
        order=str(trade.order_id),
    )


def _event_line(event: RobotEvent, ctx: Context) -> str:
    match event.kind:
        case "missed":
            return ctx.text("robot-log-missed", count=event.count)
        case "dropped":
            why = ctx.text(f"robot-reason-{event.reason}")
            return ctx.text("robot-log-dropped", reason=why) + _because(event, ctx)
        case _:
            return state_words(event.kind, event.reason, ctx) + _because(event, ctx)


def _because(event: RobotEvent, ctx: Context) -> str:
    return "" if event.obstacle is None else f" ({obstacle_text(event.obstacle, ctx)})"


# -- the comparison ----------------------------------------------------------------------------


def compared_blocks(robot: Robot, compared: ForwardComparison, ctx: Context) -> tuple[Block, ...]:
    """Returns the trades of a robot beside those of a back-test over the same candles."""
    title = Text(ctx.text("robot-compare-title", name=name_of(robot, ctx)), Tone.TITLE)
    asset, tested = ctx.quote_asset, compared.tested
    money = [ctx.format.money(each, asset, signed=True) for each in (robot.realised, _realised(compared))]
    both = Text(ctx.text("robot-compare-profit", forward=money[0], tested=money[1]))
    notes = Text(ctx.text("robot-compare-about", candles=ctx.format.count(len(tested.history))), Tone.NOTE)
    if not compared.trades:
        return (title, Text(ctx.text("robot-compare-none")), notes)
    same = Text(ctx.text("robot-compare-same", same=compared.same, count=len(compared.trades)))
    return (title, _compared_table(compared.trades[-_SHOWN:], robot, ctx), same, both, notes)


def _realised(compared: ForwardComparison) -> Decimal:
    return sum((each.profit for each in compared.tested.trades), Decimal(0))


def _compared_table(trades: Sequence[ComparedTrade], robot: Robot, ctx: Context) -> Table:
    columns = (
        Column(ctx.text("label-time")),
        Column(ctx.text("label-robot-side")),
        Column(ctx.text("label-robot-forward"), Align.RIGHT),
        Column(ctx.text("label-robot-tested"), Align.RIGHT),
    )
    return Table(columns, tuple(_compared_row(each, robot.symbol, ctx) for each in trades))


def _compared_row(each: ComparedTrade, symbol: Symbol, ctx: Context) -> tuple[str, ...]:
    forward = None if each.forward is None else each.forward.price
    tested = None if each.tested is None else each.tested.execution.average_price
    when = ctx.format.brief_moment(each.candle, ctx.market.now())
    prices = (price_text(price, symbol, ctx) for price in (forward, tested))
    return (when, ctx.text(f"choice-{each.side.value}"), *prices)


# -- buttons -----------------------------------------------------------------------------------


def robots_button(ctx: Context) -> Button | None:
    """Returns a button that lists the robots."""
    return button(ctx.text("button-robots"), "robot")


def robot_button(robot: Robot, ctx: Context) -> Button | None:
    """Returns a button that shows a robot."""
    return robot_of(robot.robot_id, ctx)


def robot_of(robot_id: int, ctx: Context) -> Button | None:
    """Returns a button that shows the robot of a number."""
    return button(ctx.text("button-robot", number=str(robot_id)), "robot_show", str(robot_id))
