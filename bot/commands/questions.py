"""Questions for a missing argument, with the figures that the answer depends on."""

from collections.abc import Mapping
from decimal import Decimal

from bot.arguments.sides import side_of
from bot.arguments.symbols import is_symbol, read_symbol, short_name, symbol_span
from bot.context import Context
from bot.reply import Block, Button, Text, Tone
from bot.views.buttons import button, grid
from bot.views.prices import price_text, refuse_delisted
from pipeline.market import Quote, Symbol
from trading.errors import NoAccount, NothingToSell
from trading.orders.types import Balance, Side

_AMOUNTS = (Decimal(100), Decimal(1000))
_SHARES = ("25%", "50%", "75%")


async def ask_to_buy(ctx: Context, parameter: str) -> tuple[Block, ...]:
    """Returns `How much BTC would you like to buy?`; empty if something else is missing. Raises DeskError."""
    return await _ask_size(ctx, parameter, Side.BUY)


async def ask_to_sell(ctx: Context, parameter: str) -> tuple[Block, ...]:
    """Returns `How much BTC would you like to sell?`; empty if something else is missing. Raises DeskError, of it
    NothingToSell.
    """
    return await _ask_size(ctx, parameter, Side.SELL)


async def _ask_size(ctx: Context, parameter: str, side: Side) -> tuple[Block, ...]:
    symbol = _symbol(ctx)
    if parameter != "size" or symbol is None:
        return ()
    rules = ctx.market.rules(symbol)
    if side is Side.BUY:
        rules.check_trading()
    balances = await _balances(ctx)
    if side is Side.SELL:
        _check_held(symbol, balances, ctx)
    there = {asset: balance.available for asset, balance in balances.items()}
    cash, held = there.get(rules.quote), there.get(rules.base, Decimal(0))
    facts = [await _price(symbol, ctx)]
    if cash is not None:
        facts.append(f"{ctx.text('label-available')}: {ctx.format.money(cash, rules.quote)}")
        facts.append(f"{ctx.text('question-held')}: {ctx.format.amount(held, rules.base)}")
    amounts: list[Decimal] = []
    if side is Side.BUY:
        least = rules.notional.minimum if rules.notional is not None else Decimal(0)
        amounts = [amount for amount in _AMOUNTS if least <= amount and (cash is None or amount <= cash)]
    name, spendable = short_name(symbol, ctx), cash if side is Side.BUY else held
    sizes: list[Button | None] = [
        button(f"{ctx.format.count(int(amount))} {rules.quote}", side.value, name, f"{amount}{rules.quote.lower()}")
        for amount in amounts
    ]
    if spendable is None or spendable > 0:
        sizes += [button(share, side.value, name, share) for share in _SHARES]
        sizes.append(button(ctx.text("choice-max"), side.value, name, "max"))
    question = Text(ctx.text(f"question-size-{side}", asset=rules.base))
    return (question, Text(" · ".join(facts), Tone.NOTE), *grid(sizes))


async def ask_to_place(ctx: Context, parameter: str) -> tuple[Block, ...]:
    """Returns (), for the usual question. Raises NothingToSell if the size of a sale is missing and no coin is held."""
    symbol = _symbol_anywhere(ctx) if parameter == "size" else None
    if symbol is not None and any(side_of(word) is Side.SELL for word in ctx.words):
        _check_held(symbol, await _balances(ctx), ctx)
    return ()


def _symbol_anywhere(ctx: Context) -> Symbol | None:
    """Returns the first symbol in the line; None without one."""
    for at in range(len(ctx.words)):
        name = " ".join(ctx.words[at : at + symbol_span(ctx.words[at:], ctx)])
        if is_symbol(name, ctx):
            return read_symbol(name, ctx)
    return None


async def ask_each_time(ctx: Context, parameter: str) -> tuple[Block, ...]:
    """Returns `How much BTC each time?`; empty if something else is missing. Raises DeskError."""
    symbol = _symbol(ctx)
    if parameter != "size" or symbol is None:
        return ()
    rules = ctx.market.rules(symbol)
    rules.check_trading()
    sizes = [
        button(
            f"{ctx.format.count(int(amount))} {rules.quote}",
            "dca",
            short_name(symbol, ctx),
            f"{amount}{rules.quote.lower()}",
        )
        for amount in _AMOUNTS
    ]
    question = Text(ctx.text("question-size-repeat", asset=rules.base))
    return (question, Text(await _price(symbol, ctx), Tone.NOTE), *grid(sizes))


def _symbol(ctx: Context) -> Symbol | None:
    """Returns the symbol that the line begins with; None if it is empty. Raises UnknownSymbol, AmbiguousCoin."""
    count = symbol_span(ctx.words, ctx) if ctx.words else 0
    return read_symbol(" ".join(ctx.words[:count]), ctx) if count else None


def _check_held(symbol: Symbol, balances: Mapping[str, Balance], ctx: Context) -> None:
    """Raises NothingToSell if no coin of the symbol is available or held by open orders."""
    base = ctx.market.rules(symbol).base
    if base not in balances or balances[base].total == 0:
        raise NothingToSell(base)


async def _balances(ctx: Context) -> dict[str, Balance]:
    """Returns the balance of each asset; {} for a user without an account."""
    try:
        account = await ctx.desk.account(ctx.person.person_id)
    except NoAccount:
        return {}
    balances: list[Balance] = list(await ctx.desk.balances(account))
    return {entry.asset: entry for entry in balances}


async def _price(symbol: Symbol, ctx: Context) -> str:
    quote: Quote = await ctx.market.quote(symbol)
    return f"{ctx.text('label-price')}: {price_text(quote.price, symbol, ctx)} {ctx.market.rules(symbol).quote}"


async def ask_level(ctx: Context, parameter: str) -> tuple[Block, ...]:
    """Returns `At which price of BTC?` and the current price; empty if something else is missing. Raises DeskError."""
    symbol = _symbol(ctx)
    if parameter != "level" or symbol is None:
        return ()
    refuse_delisted(symbol, ctx)
    name = short_name(symbol, ctx)
    levels = [button(level, "alert", name, level) for level in ("+1%", "+5%", "+10%", "-1%", "-5%")]
    question = Text(ctx.text("question-level", asset=ctx.market.rules(symbol).base))
    return (question, Text(await _price(symbol, ctx), Tone.NOTE), *grid(levels))
