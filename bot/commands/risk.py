"""Risk of the user's portfolio, and stress tests of it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial

import numpy as np

from bot.arguments.performance_terms import Term
from bot.arguments.symbols import short_name
from bot.context import Context
from bot.reply import Block, Button, Picture, Reply, Text, Tone
from bot.views.buttons import button, rows
from bot.views.errors import sentence
from bot.views.prices import enter, source_note
from bot.views.resting_terms import deciding_price
from bot.views.risk import record_blocks, risk_blocks
from bot.views.stress import FiredStop, overview_blocks, scenario_blocks, scenario_buttons
from core.errors import DeskError
from core.system.bounded_executor import BoundedExecutor
from pipeline.market import Symbol
from trading.allocation.report import MIN_COINS
from trading.orders.records import OrderRecord
from trading.portfolio.daily_closes import DailyCloses, load_daily_closes
from trading.portfolio.liquidation import sale_proceeds
from trading.portfolio.nightly_risk import BENCHMARK_BASES
from trading.portfolio.positions import Portfolio, Position
from trading.portfolio.risk_report import PortfolioRisk, nightly_record, portfolio_risk
from trading.ports import Account
from trading.risk.stress import Scenario, StressedCoin, StressedPosition, StressResult, sold_out, stop_fires, stress
from trading.risk.tables import WINDOW_DAYS
from trading.risk.volatility import DAYS_A_YEAR

MAX_COINS = 32
"""Coins whose candles are read, the largest ones; the others follow the market."""

MAX_BOOKS = 10
"""Coins whose books are read, the largest ones; the others sell by the published rule of size impact."""

_EXECUTOR = BoundedExecutor("risk")
"""For the risk of all users' portfolios."""

MIN_CORRELATED = 2
MAX_CORRELATED = 10


async def risk(ctx: Context) -> Reply:
    """Shows VaR and expected shortfall, the part of every coin in them, and the record of the nightly VaR."""
    account, opened = await enter(ctx)
    held = await ctx.desk.portfolio(account)
    priced = held.priced()
    record = nightly_record(await ctx.services.risk_records.record(account.account_id))
    found = await measured_risk(priced, held, ctx) if priced else None
    if found is None:
        judged = record_blocks(record, ctx) if record.nights else ()
        return Reply((*opened, *_nothing(ctx), *judged, *_unpriced(held, ctx), *rows(_first_steps(ctx))))
    figures = risk_blocks(found, held.equity, ctx)
    picture = await _correlations(found, ctx)
    ways = [
        button(ctx.text("button-refresh"), "risk"),
        button(ctx.text("button-stress"), "stress"),
        button(ctx.text("button-optimize"), "optimize") if len(priced) >= MIN_COINS else None,
        button(ctx.text("button-explain"), "explain", Term.VAR),
        button(ctx.text("button-portfolio"), "portfolio"),
    ]
    notes = (*_unpriced(held, ctx), *source_note(ctx))
    more = [button(ctx.text("button-checkup"), "checkup")]
    return Reply((*opened, *figures, *record_blocks(record, ctx), *notes, *picture, *rows(ways, more)))


async def stress_(ctx: Context, scenario: Scenario | None = None) -> Reply:
    """Shows what scenarios would leave of the portfolio; one scenario position by position."""
    account, opened = await enter(ctx)
    held = await ctx.desk.portfolio(account)
    priced = held.priced()
    back = [button(ctx.text("button-stress"), "stress"), button(ctx.text("button-risk"), "risk")]
    if not priced:
        return Reply((*opened, *_nothing(ctx), *_unpriced(held, ctx), *rows(_first_steps(ctx))))
    coins = stressed_coins(priced, await measured_risk(priced, held, ctx), ctx.quote_asset)
    notes = (*_unpriced(held, ctx), *source_note(ctx))
    if scenario is None:
        results = [await _result(each, held, priced, coins, ctx) for each in Scenario]
        return Reply((*opened, *overview_blocks(results, ctx), *notes, *scenario_buttons(ctx)))
    result = await _result(scenario, held, priced, coins, ctx)
    stops = [] if scenario is Scenario.LIQUIDITY else await _fired(account, result, priced, ctx)
    return Reply((*opened, *scenario_blocks(result, stops, ctx), *notes, *rows(back)))


def _nothing(ctx: Context) -> tuple[Text, ...]:
    return (Text(ctx.text("risk-nothing", unit=ctx.quote_asset.lower())),)


def _first_steps(ctx: Context) -> list[Button | None]:
    return [button(ctx.text("button-market"), "market"), button(ctx.text("button-portfolio"), "portfolio")]


async def measured_risk(priced: Sequence[Position], held: Portfolio, ctx: Context) -> PortfolioRisk:
    """Returns the risk of the positions. Raises MarketUnavailable and Overloaded."""
    weights = {position.symbol: float((position.value or Decimal(0)) / held.equity) for position in priced}
    daily = await _daily([position.symbol for position in priced[:MAX_COINS]], ctx)
    return await _EXECUTOR.run(partial(portfolio_risk, weights, daily, ctx.quote_asset))


async def _daily(symbols: Sequence[Symbol], ctx: Context) -> DailyCloses:
    """Loads a year of daily candles of the symbols, and of the coins that stand for the market."""
    market = [found for base in BENCHMARK_BASES if (found := ctx.market.find(base)) is not None]
    wanted = list(dict.fromkeys((*symbols, *market)))
    return await load_daily_closes(ctx.market.candles, wanted, ctx.market.now(), WINDOW_DAYS)


async def _correlations(found: PortfolioRisk, ctx: Context) -> tuple[Block, ...]:
    """Returns the picture of the correlations of the largest coins, or a sentence if it cannot be drawn."""
    shown = [coin.symbol for coin in found.coins[:MAX_CORRELATED]]
    order = [place for place, symbol in enumerate(found.order) if symbol in shown]
    if len(order) < MIN_CORRELATED or not found.enough or ctx.inbound.unpictured:
        return ()
    names = [short_name(found.order[place], ctx) for place in order]
    values = found.correlation[np.ix_(order, order)]
    try:
        png = await ctx.services.charts.correlation(
            names, values.tolist(), label=ctx.market.info().label, style=ctx.style
        )
    except DeskError as error:
        return (Text(sentence(error, ctx), Tone.NOTE),)
    return (Picture(png, ctx.text("risk-correlation-alt", coins=", ".join(names)), "correlation"),)


def stressed_coins(priced: Sequence[Position], found: PortfolioRisk, quote_asset: str) -> list[StressedCoin]:
    """Returns the coins of positions as stress tests take them, with what is known of their risk."""
    known = {coin.symbol: coin for coin in found.coins}
    coins = []
    for position in priced:
        measured = known[position.symbol]
        own = found.enough and measured.filled < found.days
        daily = measured.volatility / DAYS_A_YEAR**0.5
        coins.append(
            StressedCoin(
                position.symbol,
                position.symbol.removesuffix(quote_asset),
                float(position.value or 0),
                measured.beta if own else None,
                daily if found.enough and np.isfinite(daily) else None,
            )
        )
    return coins


async def _result(
    scenario: Scenario, held: Portfolio, priced: Sequence[Position], coins: Sequence[StressedCoin], ctx: Context
) -> StressResult:
    cash = float(held.cash)
    if scenario is not Scenario.LIQUIDITY:
        return stress(scenario, cash, coins)
    return sold_out(cash, coins, await sales_at_once(priced, ctx))


async def sales_at_once(priced: Sequence[Position], ctx: Context) -> Mapping[Symbol, float]:
    """Returns what the largest positions would bring at once, before fees; one without a fresh price or book is left
    out.
    """

    async def sale(position: Position, *, booked: bool) -> tuple[Symbol, float] | None:
        try:
            quote = await ctx.market.quote(position.symbol)
            book = await ctx.market.order_book(position.symbol) if booked else None
            proceeds = sale_proceeds(position.quantity, quote, book, ctx.market.rules(position.symbol))
        except DeskError:
            return None
        return position.symbol, float(proceeds)

    sold = [await sale(position, booked=place < MAX_BOOKS) for place, position in enumerate(priced[:MAX_COINS])]
    return dict(each for each in sold if each is not None)


async def _fired(account: Account, result: StressResult, priced: Sequence[Position], ctx: Context) -> list[FiredStop]:
    """Returns the open orders that sell when the price falls, and would be triggered on the way to the lowest price."""
    prices = {position.symbol: position.price for position in priced}
    stressed = {position.symbol: position for position in result.positions}
    waiting = await ctx.orders.open_orders(account)
    found = [_stop(order, prices.get(order.terms.symbol), stressed.get(order.terms.symbol)) for order in waiting]
    return [stop for stop in found if stop is not None]


def _stop(order: OrderRecord, price: Decimal | None, stressed: StressedPosition | None) -> FiredStop | None:
    trigger = deciding_price(order)
    selling = order.terms.stops_loss and not order.triggered
    if not selling or trigger is None or price is None or stressed is None or not stressed.value:
        return None
    lowest = price * Decimal(f"{stressed.low / stressed.value:.8f}")
    return FiredStop(order, trigger, lowest) if stop_fires(float(trigger), float(price), float(lowest)) else None


def _unpriced(held: Portfolio, ctx: Context) -> tuple[Text, ...]:
    """Returns a note about positions without a price, which are not part of any figure."""
    unknown = [position.asset for position in held.positions if position.quantity > 0 and position.value is None]
    return (Text(ctx.text("risk-unpriced", coins=", ".join(unknown)), Tone.NOTE),) if unknown else ()
