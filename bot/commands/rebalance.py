"""/rebalance: a kept target of weights, its drift, the group of orders that leads back, and a schedule for it."""

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.arguments.plain_words import Token
from bot.arguments.rebalance_words import RebalanceAction, RebalanceRequest
from bot.context import Context
from bot.reply import Block, Button, Reply, Text, Tone
from bot.views.buttons import button, rows
from bot.views.errors import sentence
from bot.views.order_groups import confirm_buttons, preview_blocks, save_group
from bot.views.prices import enter, preview_gone, refuse_delisted, source_note
from bot.views.rebalancing import rebalance_button, target_blocks
from core.errors import DeskError
from core.recurrence import Recurrence, next_slot
from pipeline.market import Symbol
from trading.errors import UnsupportedQuoteAsset
from trading.order_groups.types import OrderGroup
from trading.ports import Account
from trading.rebalancing.errors import NoTarget
from trading.rebalancing.ports import NewTarget
from trading.rebalancing.targets import Schedule, Target


async def rebalance(ctx: Context, target: RebalanceRequest | None = None) -> Reply:
    """Shows the target with its drift and the orders that lead back to it, or sets a part of it."""
    account, opened = await enter(ctx)
    targets = ctx.services.targets
    found = await targets.find(ctx.person.person_id, account.market)
    if target is None:
        if found is None:
            find = button(ctx.text("button-optimize"), "optimize")
            return Reply((*opened, Text(ctx.text("rebalance-none")), *rows([find])))
        return Reply((*opened, *await _shown(found, account, ctx)))
    if target.action is RebalanceAction.REMOVE:
        await targets.remove(ctx.person.person_id, account.market)
        return Reply((*opened, Text(ctx.text("rebalance-removed")), *rows(_more(ctx)[:1])))
    changed = await _changed(target, found, account, ctx)
    return Reply((*opened, Text(ctx.text("rebalance-saved")), *await _shown(changed, account, ctx)))


async def _changed(wish: RebalanceRequest, found: Target | None, account: Account, ctx: Context) -> Target:
    """Changes the target as wished and returns it. Raises NoTarget if there is none to change."""
    targets, own = ctx.services.targets, (ctx.person.person_id, account.market)
    if not wish.weights and found is None:
        raise NoTarget
    if wish.rhythm is not None or wish.action is not None:
        schedule = None if wish.rhythm is None else _schedule(wish.rhythm, ctx)
        return await targets.set_schedule(*own, schedule)
    if not wish.weights and wish.with_cash is None and wish.band is not None:
        return await targets.set_band(*own, wish.band)
    weights = wish.weights or (found.weights if found else {})
    for symbol in weights:
        _check(symbol, ctx)
    with_cash = wish.with_cash if wish.with_cash is not None else True if wish.weights or not found else found.with_cash
    return await targets.save(NewTarget(*own, weights, with_cash, wish.band))


def _check(symbol: Symbol, ctx: Context) -> None:
    """Raises SymbolHalted for a delisted symbol, and UnsupportedQuoteAsset for one that is priced and not traded."""
    refuse_delisted(symbol, ctx)
    rules = ctx.market.rules(symbol)
    if rules.quote != ctx.quote_asset:
        raise UnsupportedQuoteAsset(symbol, rules.quote, ctx.quote_asset)


def _schedule(rhythm: Recurrence, ctx: Context) -> Schedule:
    zone = ctx.person.timezone
    return Schedule(rhythm, zone, next_slot(rhythm, zone, datetime.fromtimestamp(ctx.services.clock() / 1000, UTC)))


async def _shown(target: Target, account: Account, ctx: Context) -> tuple[Block, ...]:
    portfolio = await ctx.desk.portfolio(account)
    blocks = target_blocks(target, portfolio, ctx)
    confirm: Sequence[Button | None] = ()
    try:
        shown = await ctx.services.order_groups.plan(account, target.weights, with_cash=target.with_cash)
    except DeskError as error:
        planned: tuple[Block, ...] = (Text(sentence(error, ctx), Tone.NOTE),)
    else:
        planned = preview_blocks(shown, ctx, before=False)
        confirm = confirm_buttons(shown, await save_group(shown, ctx), ctx)
    return (*blocks, *planned, *source_note(ctx), *rows(confirm, _changes(target, ctx), _more(ctx)))


def _changes(target: Target, ctx: Context) -> list[Button | None]:
    cash = "without" if target.with_cash else "with"
    weekly = button(ctx.text("button-rebalance-weekly"), "rebalance", "weekly", "mon", "9:00")
    manual = button(ctx.text("button-rebalance-manual"), "rebalance", "manual")
    return [
        weekly if target.schedule is None else manual,
        *(button(ctx.text("button-rebalance-band", band=band), "rebalance", "band", band) for band in ("3%", "10%")),
        button(ctx.text(f"button-rebalance-{cash}-cash"), "rebalance", cash, "cash"),
    ]


def _more(ctx: Context) -> list[Button | None]:
    return [
        button(ctx.text("button-portfolio"), "portfolio"),
        button(ctx.text("button-rebalance-remove"), "rebalance", "off"),
    ]


async def rebalance_keep(ctx: Context, token: Token) -> Reply:
    """Keeps the weights of a preview as the target."""
    group = await ctx.services.previews.find(ctx.person.person_id, token)
    if not isinstance(group, OrderGroup):
        return preview_gone(ctx, button(ctx.text("button-optimize"), "optimize"))
    account, _ = await enter(ctx)
    new = NewTarget(ctx.person.person_id, account.market, group.weights, group.with_cash)
    await ctx.services.targets.save(new)
    return Reply((Text(ctx.text("rebalance-kept")), *rows([rebalance_button(ctx)])))
