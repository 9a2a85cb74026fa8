"""Limits: a user's own, and those of the desk, which operators set."""

from bot.arguments.limit_words import LimitAction, LimitSubject, LimitValue, offered_values, typed_value
from bot.commands.operators import logged, use_of
from bot.context import Context
from bot.errors import MissingArgument
from bot.reply import Block, Button, Fields, Reply, Text, Tone
from bot.views.buttons import button, grid, rows
from bot.views.limits import (
    change_text,
    limits_button,
    limits_card,
    name_text,
    pause_note,
    resume_button,
    value_text,
)
from bot.views.prices import enter
from trading.limits.ports import LimitsOverview
from trading.limits.types import LimitKind
from trading.ports import Account


async def limits(ctx: Context, rule: LimitSubject | None = None, value: LimitValue | None = None) -> Reply:
    """Shows the limits, offers values of one, previews or drops a change, or resumes a paused account."""
    account, opened = await enter(ctx)
    if rule is None:
        return Reply((*opened, *_overview(await ctx.services.limits.overview(account), ctx)))
    if isinstance(rule, LimitAction):
        return await _resume(account, ctx)
    if value is None:
        return _offer(await ctx.services.limits.overview(account), rule, ctx)
    if value.keeps:
        return await _keep(account, rule, ctx)
    change = await ctx.services.limits.preview(account, rule, value.value)
    confirm = button(ctx.text("button-confirm"), "limits_set", rule, typed_value(rule, value.value))
    keep = button(ctx.text("button-as-it-is"), "limits")
    explained = Text(ctx.text(f"limit-{rule}.about"), Tone.NOTE)
    return Reply((*opened, change_text(change, ctx), explained, *rows([confirm, keep])))


async def limits_set(ctx: Context, rule: LimitSubject, value: LimitValue) -> Reply:
    """Changes a limit as it was previewed."""
    account, _ = await enter(ctx)
    if isinstance(rule, LimitAction):
        return await _resume(account, ctx)
    if value.keeps:
        return await _keep(account, rule, ctx)
    change = await ctx.services.limits.change(account, rule, value.value)
    keep = _keep_button(rule, ctx) if change.at is not None else None
    done = Text(ctx.text("limit-done" if change.at is None else "limit-pending"))
    return Reply((done, change_text(change, ctx), *rows([keep, limits_button(ctx)])))


async def _keep(account: Account, kind: LimitKind, ctx: Context) -> Reply:
    kept = await ctx.services.limits.keep(account, kind)
    said = ctx.text("limit-kept", name=name_text(kind, ctx), value=value_text(kind, kept.value, ctx))
    return Reply((Text(said), *rows([limits_button(ctx)])))


async def _resume(account: Account, ctx: Context) -> Reply:
    equity = await ctx.services.limits.resume(account)
    lasts = (await ctx.services.limits.overview(account)).pause  # by the day's loss
    said = ctx.text(
        "limit-resumed" if lasts is None else "limit-resumed-in-part",
        equity=ctx.format.money(equity, account.quote_asset),
    )
    note = () if lasts is None else (pause_note(lasts, ctx),)
    return Reply((Text(said), *note, *rows([limits_button(ctx), button(ctx.text("button-portfolio"), "portfolio")])))


def _overview(found: LimitsOverview, ctx: Context) -> tuple[Block, ...]:
    pause = found.pause
    paused = () if pause is None else (pause_note(pause, ctx),)
    resume = resume_button(ctx) if pause is not None and pause.until is None else None
    keeps = [_keep_button(limit.kind, ctx) for limit in found.own if limit.next_at is not None]
    kinds = [button(name_text(kind, ctx), "limits", kind) for kind in LimitKind]
    return (
        Text(ctx.text("limits-title"), Tone.TITLE),
        *paused,
        limits_card(found, ctx),
        Text(ctx.text("limits-about"), Tone.NOTE),
        *grid([resume, *keeps, *kinds]),
    )


def _keep_button(kind: LimitKind, ctx: Context) -> Button | None:
    return button(ctx.text("button-limit-keep", name=name_text(kind, ctx)), "limits", kind, "keep")


def _offer(found: LimitsOverview, kind: LimitKind, ctx: Context) -> Reply:
    own = next((limit for limit in found.own if limit.kind is kind), None)
    now = value_text(kind, None if own is None else own.value, ctx)
    offered = [button(text, "limits", kind, text) for text in offered_values(kind)]
    off = None if own is None else button(ctx.text("button-limit-remove"), "limits", kind, "off")
    asked = Text(ctx.text("limit-ask", name=name_text(kind, ctx), value=now))
    about = Text(ctx.text(f"limit-{kind}.about"), Tone.NOTE)
    return Reply((asked, about, *rows(offered, [off, limits_button(ctx)])), asks=f"limits {kind}")


@logged
async def desklimits(ctx: Context, rule: LimitKind | None = None, value: LimitValue | None = None) -> Reply:
    """Shows or sets the limits of all accounts. A change applies at once."""
    if rule is not None and (value is None or value.keeps):
        raise MissingArgument("desklimits", "value")
    done = "shown"
    if rule is not None and value is not None:
        await ctx.services.limits.change_desk(rule, value.value)
        done = f"{rule} {typed_value(rule, value.value)}"
    await ctx.operations.note(use_of(ctx), done)
    account, _ = await enter(ctx)
    found = await ctx.services.limits.overview(account)
    desk = {limit.kind: limit.value for limit in found.desk}
    card = Fields(tuple((name_text(kind, ctx), value_text(kind, desk.get(kind), ctx)) for kind in LimitKind))
    return Reply(
        (Text(ctx.text("desk-limits-title"), Tone.TITLE), card, Text(ctx.text("desk-limits-about"), Tone.NOTE))
    )
