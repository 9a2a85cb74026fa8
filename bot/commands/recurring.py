"""Recurring buys: setting and listing them, and their buttons."""

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.arguments.bare_sizes import digits_apart
from bot.arguments.plain_words import Number
from bot.context import Context
from bot.errors import MissingArgument, NotAChoice
from bot.reply import Align, Block, Column, Reply, Table, Text, Tone
from bot.views.buttons import ROW, rows
from bot.views.prices import buy_button, enter, refuse_delisted, source_note
from bot.views.recurring import order_words, plan_button, repeats_button, rhythm_words
from core.errors import Unavailable
from core.recurrence import Recurrence, Slot, next_slot
from core.time_zones import zone_label
from pipeline.market import Symbol
from trading.orders.types import Side, Size
from trading.ports import Account
from trading.recurring.ports import MAX_PLANS, NewPlan, PlanState, RecurringBuy


async def dca(
    ctx: Context, symbol: Symbol | None = None, size: Size | None = None, rhythm: Recurrence | None = None
) -> Reply:
    """Lists the recurring buys, or sets one. It has no preview: an amount whose digits are set apart is asked about."""
    if symbol is None:
        return await _list(ctx)
    if size is None:
        raise MissingArgument("dca", "size")
    if rhythm is None:
        raise MissingArgument("dca", "rhythm")
    if apart := digits_apart(ctx.words):
        raise NotAChoice(" ".join(apart), ("".join(apart),))
    account, opened = await enter(ctx)
    await _check(ctx, account, symbol, size)
    zone = zone_label(ctx.format.zone.key)
    new = NewPlan(
        command_id=ctx.request_id,
        person_id=ctx.person.person_id,
        market=account.market,
        symbol=symbol,
        size=size,
        rhythm=rhythm,
        timezone=ctx.person.timezone,
        slot=_next(rhythm, ctx),
    )
    made = await ctx.plans.create(new)
    said = ctx.text(
        "repeat-made", order=order_words(symbol, size, ctx), rhythm=rhythm_words(rhythm, ctx), timezone=zone
    )
    begins = ctx.format.told_moment(made.slot.at)
    first = Text(ctx.text("repeat-first", moment=begins.text), moments=(begins,))
    told = Text(ctx.text("repeat-told"), Tone.NOTE)
    return Reply((*opened, Text(said), first, told, *source_note(ctx), *_buttons(made, ctx)))


async def _check(ctx: Context, account: Account, symbol: Symbol, size: Size) -> None:
    """Refuses a plan that could not be bought now at any price; a price that is unavailable now is no reason."""
    refuse_delisted(symbol, ctx)
    try:
        await ctx.desk.preview(account, Side.BUY, symbol, size)
    except Unavailable:
        return


def _next(rhythm: Recurrence, ctx: Context) -> Slot:
    return next_slot(rhythm, ctx.person.timezone, datetime.fromtimestamp(ctx.services.clock() / 1000, UTC))


def _buttons(plan: RecurringBuy, ctx: Context) -> tuple[Block, ...]:
    change = plan_button("pause" if plan.state is PlanState.ACTIVE else "resume", plan.plan_id, ctx)
    return rows([change, repeats_button(ctx)])


# -- the list ----------------------------------------------------------------------------------


async def _list(ctx: Context) -> Reply:
    plans = await ctx.plans.of(ctx.person.person_id, ctx.market.info().market)
    title = Text(ctx.text("repeat-title"), Tone.TITLE)
    if not plans:
        return Reply((title, Text(ctx.text("repeat-none", unit=ctx.quote_asset.lower()))))
    zone = Text(ctx.text("repeat-zone", timezone=zone_label(ctx.format.zone.key)), Tone.NOTE)
    return Reply((title, _table(plans, ctx), zone, *source_note(ctx), *_list_buttons(plans[:MAX_PLANS], ctx)))


def _table(plans: Sequence[RecurringBuy], ctx: Context) -> Table:
    columns = (
        Column(ctx.text("label-repeat"), Align.RIGHT),
        Column(ctx.text("label-repeat-order")),
        Column(ctx.text("label-repeat-rhythm")),
        Column(ctx.text("label-repeat-next")),
    )
    return Table(columns, tuple(_row(plan, ctx) for plan in plans))


def _row(plan: RecurringBuy, ctx: Context) -> tuple[str, ...]:
    active = plan.state is PlanState.ACTIVE
    onward = ctx.format.brief_moment(plan.slot.at, ctx.services.clock()) if active else ctx.text(f"repeat-{plan.state}")
    return (str(plan.plan_id), order_words(plan.symbol, plan.size, ctx), rhythm_words(plan.rhythm, ctx), onward)


def _list_buttons(plans: Sequence[RecurringBuy], ctx: Context) -> tuple[Block, ...]:
    changes = [
        plan_button("pause" if plan.state is PlanState.ACTIVE else "resume", plan.plan_id, ctx) for plan in plans
    ]
    removals = [plan_button("remove", plan.plan_id, ctx) for plan in plans]
    return rows(changes[:ROW], changes[ROW:], removals[:ROW], removals[ROW:])


# -- buttons -----------------------------------------------------------------------------------


async def dca_pause(ctx: Context, plan_id: Number) -> Reply:
    """Pauses a plan."""
    return _done("repeat-did-pause", await ctx.plans.pause(ctx.person.person_id, plan_id), ctx)


async def dca_resume(ctx: Context, plan_id: Number) -> Reply:
    """Resumes a plan."""
    person = ctx.person
    plan = await ctx.plans.find(person.person_id, plan_id)
    if plan.market == ctx.market.info().market:
        refuse_delisted(plan.symbol, ctx)
    resumed = await ctx.plans.resume(person.person_id, plan_id, person.timezone, _next(plan.rhythm, ctx))
    return _done("repeat-did-resume", resumed, ctx)


async def dca_remove(ctx: Context, plan_id: Number) -> Reply:
    """Removes a plan; a second press finds it gone."""
    plan = await ctx.plans.remove(ctx.person.person_id, plan_id)
    said = ctx.text("repeat-did-remove", order=order_words(plan.symbol, plan.size, ctx))
    return Reply((Text(said), *rows([buy_button(plan.symbol, ctx), repeats_button(ctx)])))


def _done(text: str, plan: RecurringBuy, ctx: Context) -> Reply:
    order, onward = order_words(plan.symbol, plan.size, ctx), ctx.format.told_moment(plan.slot.at)
    said = Text(ctx.text(text, order=order, moment=onward.text), moments=(onward,))
    return Reply((said, *_buttons(plan, ctx)))
