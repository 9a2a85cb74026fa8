"""/robot: strategies that trade on paper with a part of the account. Starting, watching and stopping them."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial

from bot.arguments.plain_words import Number, Token
from bot.arguments.robot_words import RobotName
from bot.commands.backtests import in_turn
from bot.context import Context
from bot.reply import Block, Fields, Reply, Text, Tone
from bot.views.buttons import button, rows
from bot.views.prices import TOKEN_BYTES, enter, preview_gone, refuse_delisted, source_note, stale_note
from bot.views.robots import (
    compared_blocks,
    holds,
    log_blocks,
    name_of,
    robot_blocks,
    robot_button,
    robots_button,
    robots_table,
    rule_text,
    settings_words,
)
from bot.views.strategies import strategies_button
from core.decimals import EXACT, down
from pipeline.archive.candle_history import MAX_CANDLES
from pipeline.candles import CandleColumns
from pipeline.market import Interval, Quote, Symbol
from trading.backtest.forward import ForwardComparison, compare_forward
from trading.backtest.terms import BacktestTerms
from trading.errors import ShareOutOfRange
from trading.indicators.operators import Stopped
from trading.orders.types import BaseQuantity, QuoteAmount, Share, Size
from trading.ports import Account
from trading.rules.strategies import Strategy
from trading.strategies.errors import BudgetOutOfRange
from trading.strategies.read_rules import read_rule, robot_rule
from trading.strategies.robots import NewRobot, Robot, RobotState, RobotTrade, RobotWish

_LOGGED = 20
_COMPARED = 500
_SHARES = ("10%", "25%", "50%", "max")


async def robot(ctx: Context, strategy: RobotName | None = None, budget: Size | None = None) -> Reply:
    """Lists the robots, shows one by its number, or previews one that runs a strategy."""
    if strategy is None:
        return await _list(ctx)
    if strategy.isdigit():
        return await robot_show(ctx, Number(int(strategy)))
    person, market = ctx.person.person_id, ctx.market.info().market
    found = await ctx.services.strategies.find(person, market, strategy)
    account, opened = await enter(ctx)
    refuse_delisted(found.symbol, ctx)
    read = await asyncio.to_thread(robot_rule, found.rule.text, found.interval)
    quote = await ctx.market.quote(found.symbol)
    least, available = await _bounds(account, found.symbol, ctx)
    if budget is None:
        return _ask_budget(found, available, ctx)
    amount = _amount(budget, quote, available)
    if not least <= amount <= available:
        raise BudgetOutOfRange(least, available, account.quote_asset)
    wish = RobotWish(found.name, found.symbol, found.interval, read.rule.text, amount)
    return Reply((*opened, *await _preview(wish, account, available, quote, ctx)))


# -- starting ----------------------------------------------------------------------------------


async def _preview(
    wish: RobotWish, account: Account, available: Decimal, quote: Quote, ctx: Context
) -> tuple[Block, ...]:
    """Returns what a robot may do, with Confirm."""
    token = ctx.services.tokens.token_urlsafe(TOKEN_BYTES)
    await ctx.services.previews.save(ctx.person.person_id, token, wish)
    budget = ctx.format.money(wish.budget, account.quote_asset)
    shown = Fields(
        (
            (ctx.text("label-robot-market"), settings_words(wish.symbol, wish.interval, ctx)),
            (ctx.text("label-robot-budget"), budget),
            (ctx.text("label-available"), ctx.format.money(available, account.quote_asset)),
            (ctx.text("label-fee"), ctx.format.percent(ctx.services.fee_rate)),
        )
    )
    limits = await ctx.services.limits.overview(account)
    told = Text(ctx.text("robot-preview-about", budget=budget), Tone.NOTE)
    kept = Text(ctx.text("robot-preview-limits", count=len(limits.own) + len(limits.desk)), Tone.NOTE)
    decide = [
        button(ctx.text("button-confirm"), "robot_start", token),
        button(ctx.text("button-cancel"), "cancel", token),
    ]
    title = Text(ctx.text("robot-preview-title", name=wish.name), Tone.TITLE)
    notes = (told, kept, *stale_note([quote], ctx), *source_note(ctx))
    ways = [button(ctx.text("button-limits"), "limits"), strategies_button(ctx), robots_button(ctx)]
    return (title, rule_text(wish.rule), shown, *notes, *rows(decide, ways))


def _ask_budget(found: Strategy, available: Decimal, ctx: Context) -> Reply:
    asked = Text(ctx.text("robot-ask-budget", name=found.name))
    have = Text(f"{ctx.text('label-available')}: {ctx.format.money(available, ctx.quote_asset)}", Tone.NOTE)
    sizes = [
        button(ctx.text("choice-max") if share == "max" else share, "robot", found.name, share) for share in _SHARES
    ]
    return Reply((asked, have, *rows(sizes, [strategies_button(ctx), robots_button(ctx)])), asks=f"robot {found.name}")


async def _bounds(account: Account, symbol: Symbol, ctx: Context) -> tuple[Decimal, Decimal]:
    """Returns the smallest budget, the value of the smallest order, and what is available."""
    rules = ctx.market.rules(symbol)
    balances = {each.asset: each.available for each in await ctx.desk.balances(account)}
    return max(rules.smallest_value, Decimal(1)), balances.get(account.quote_asset, Decimal(0))


def _amount(budget: Size, quote: Quote, available: Decimal) -> Decimal:
    match budget:
        case QuoteAmount(amount):
            return amount
        case BaseQuantity(amount):
            return down(EXACT.multiply(amount, quote.price), 2)
        case Share(fraction):
            if not 0 < fraction <= 1:
                raise ShareOutOfRange(str(fraction))
            return down(EXACT.multiply(available, fraction), 2)


async def robot_start(ctx: Context, token: Token) -> Reply:
    """Starts the robot of a preview; a repeated press finds the same robot."""
    wish = await ctx.services.previews.claim(ctx.person.person_id, token)
    if not isinstance(wish, RobotWish):
        return preview_gone(ctx, robots_button(ctx))
    account, _ = await enter(ctx)
    now = ctx.market.now()
    new = NewRobot(
        command_id=f"robot-start:{ctx.person.person_id}:{token}",
        account_id=account.account_id,
        market=account.market,
        symbol=wish.symbol,
        interval=wish.interval,
        name=wish.name,
        rule=wish.rule,
        budget=wish.budget,
        since=now,
        last_candle=_last_closed(wish.interval, now),
        created_at=datetime.fromtimestamp(ctx.services.clock() / 1000, UTC),
    )
    made = await ctx.services.robots.create(new, ctx.person.person_id)
    first = ctx.format.told_moment(made.last_candle + 2 * made.interval.ms)
    started = Text(ctx.text("robot-started", name=name_of(made, ctx), moment=first.text), moments=(first,))
    about = Text(ctx.text("robot-started-about"), Tone.NOTE)
    return Reply((started, about, *source_note(ctx), *_buttons(made, ctx)))


def _last_closed(interval: Interval, now: int) -> int:
    return now // interval.ms * interval.ms - interval.ms


# -- watching ----------------------------------------------------------------------------------


async def _list(ctx: Context) -> Reply:
    found = await ctx.services.robots.of(ctx.person.person_id, ctx.market.info().market)
    title = Text(ctx.text("robots-title"), Tone.TITLE)
    if not found:
        return Reply((title, Text(ctx.text("robots-none", unit=ctx.quote_asset.lower()))))
    quotes = await ctx.market.quotes(list({each.symbol for each in found}))
    shown = [robot_button(each, ctx) for each in found[:10]]
    note = Text(ctx.text("robots-about"), Tone.NOTE)
    table = robots_table(found, quotes, ctx)
    return Reply((title, table, note, *source_note(ctx), *rows(shown[:5], shown[5:])))


async def robot_show(ctx: Context, robot_id: Number) -> Reply:
    """Shows a robot with its position and its profit."""
    return await _card(await ctx.services.robots.find(ctx.person.person_id, robot_id), ctx)


async def _card(found: Robot, ctx: Context, *before: Block) -> Reply:
    quotes = await ctx.market.quotes([found.symbol])
    blocks = robot_blocks(found, quotes.get(found.symbol), ctx)
    return Reply((*before, *blocks, *source_note(ctx), *_buttons(found, ctx)))


def _buttons(found: Robot, ctx: Context) -> tuple[Block, ...]:
    number, state = str(found.robot_id), found.state
    change = {RobotState.RUNNING: "pause", RobotState.PAUSED: "resume"}.get(state)
    first = [
        None if change is None else button(ctx.text(f"button-robot-{change}"), f"robot_{change}", number),
        None if change is None else button(ctx.text("button-robot-stop"), "robot_stop", number),
    ]
    ways = [button(ctx.text(f"button-robot-{word}"), f"robot_{word}", number) for word in ("log", "compare")]
    return rows(first, [*ways, robots_button(ctx)])


async def robot_log(ctx: Context, robot_id: Number) -> Reply:
    """Shows what a robot did, newest first."""
    robots, person = ctx.services.robots, ctx.person.person_id
    found = await robots.find(person, robot_id)
    trades = await robots.trades(person, robot_id, _LOGGED)
    blocks = log_blocks(found, trades, await robots.log(person, robot_id, _LOGGED), ctx)
    return Reply((*blocks, *rows([robot_button(found, ctx), robots_button(ctx)])))


async def robot_compare(ctx: Context, robot_id: Number) -> Reply:
    """Compares a robot's trades with a back-test of its rule over the same candles."""
    robots, person = ctx.services.robots, ctx.person.person_id
    found = await robots.find(person, robot_id)
    trades = await robots.trades(person, robot_id, _COMPARED)
    compared = await _compared(found, list(trades)[::-1], ctx)
    blocks = compared_blocks(found, compared, ctx)
    return Reply((*blocks, *source_note(ctx), *rows([robot_button(found, ctx), robots_button(ctx)])))


async def _compared(found: Robot, trades: list[RobotTrade], ctx: Context) -> ForwardComparison:
    """Returns the comparison, a back-test that waits for its turn as all do. Raises the errors of `in_turn`."""

    async def prepare(stopped: Stopped) -> Callable[[], ForwardComparison]:
        read = await asyncio.to_thread(read_rule, found.rule, found.interval)
        since = (ctx.market.now() - found.since) // found.interval.ms + 2
        count = min(MAX_CANDLES, read.candles + since)
        candles = CandleColumns.of(await ctx.market.candles(found.symbol, found.interval, count))
        quote = await ctx.market.quote(found.symbol)
        spread = (quote.ask - quote.bid) / (quote.ask + quote.bid) if quote.bid > 0 else Decimal(0)
        terms = BacktestTerms(
            ctx.market.rules(found.symbol),
            found.budget,
            ctx.services.fee_rate,
            max(round(spread, 8), Decimal(0)),
            source=ctx.market.info().source,
        )
        return partial(compare_forward, found, trades, candles, terms, stopped=stopped)

    return await in_turn(ctx.person.person_id, prepare)


# -- changing ----------------------------------------------------------------------------------


async def robot_pause(ctx: Context, robot_id: Number) -> Reply:
    """Pauses a robot."""
    found = await ctx.services.robots.pause(ctx.person.person_id, robot_id)
    return await _card(found, ctx, Text(ctx.text("robot-did-pause", name=name_of(found, ctx))))


async def robot_resume(ctx: Context, robot_id: Number) -> Reply:
    """Resumes a robot with the next candle that closes."""
    found = await ctx.services.robots.find(ctx.person.person_id, robot_id)
    refuse_delisted(found.symbol, ctx)
    last = _last_closed(found.interval, ctx.market.now())
    found = await ctx.services.robots.resume(ctx.person.person_id, robot_id, last)
    return await _card(found, ctx, Text(ctx.text("robot-did-resume", name=name_of(found, ctx))))


async def robot_stop(ctx: Context, robot_id: Number) -> Reply:
    """Asks what becomes of the position of a robot; one without a position stops at once."""
    found = await ctx.services.robots.find(ctx.person.person_id, robot_id)
    if not holds(found, ctx):
        return await robot_keep(ctx, robot_id)
    base = ctx.market.rules(found.symbol).base
    held = ctx.format.amount(found.quantity, base)
    asked = Text(ctx.text("robot-ask-stop", name=name_of(found, ctx), held=held))
    number = str(found.robot_id)
    choices = [
        button(ctx.text("button-robot-sell", asset=base), "robot_sell", number),
        button(ctx.text("button-robot-keep", asset=base), "robot_keep", number),
    ]
    return Reply((asked, Text(ctx.text("robot-ask-stop-about"), Tone.NOTE), *rows(choices, [robot_button(found, ctx)])))


async def robot_sell(ctx: Context, robot_id: Number) -> Reply:
    """Stops a robot and sells its position."""
    return await _stopped(ctx, robot_id, sell=True)


async def robot_keep(ctx: Context, robot_id: Number) -> Reply:
    """Stops a robot and leaves its position in the account."""
    return await _stopped(ctx, robot_id, sell=False)


async def _stopped(ctx: Context, robot_id: Number, *, sell: bool) -> Reply:
    found = await ctx.services.robots.stop(ctx.person.person_id, robot_id, sell=sell)
    done = "none" if not holds(found, ctx) else "sell" if sell else "keep"
    said = Text(ctx.text("robot-did-stop", name=name_of(found, ctx), done=done))
    ways = [robot_button(found, ctx), robots_button(ctx), button(ctx.text("button-portfolio"), "portfolio")]
    return Reply((said, *rows(ways)))
