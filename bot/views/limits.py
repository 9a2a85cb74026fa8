"""Limits in answers: their values, the table of all, what a change does, and the notification of a pause."""

from datetime import datetime
from decimal import Decimal

from bot.context import Context
from bot.reply import Block, Button, Fields, Reply, Text, Tone
from bot.views.buttons import button, rows
from trading.limits.check import LimitChange
from trading.limits.notices import LimitPaused
from trading.limits.ports import LimitsOverview
from trading.limits.types import COUNTS, FRACTIONS, LimitKind, OwnLimit, Pause


def value_text(kind: LimitKind, value: Decimal | None, ctx: Context) -> str:
    """Returns the value of a limit: `10%`, `5,000 USDC`, `3`; for None that there is none."""
    if value is None:
        return ctx.text("limit-none")
    if kind in FRACTIONS:
        return ctx.format.percent(value)
    return ctx.format.count(int(value)) if kind in COUNTS else ctx.format.amount(value, ctx.quote_asset)


def name_text(kind: LimitKind, ctx: Context) -> str:
    """Returns the name of a kind of limit."""
    return ctx.text(f"limit-{kind}")


def limits_card(found: LimitsOverview, ctx: Context) -> Fields:
    """Returns all kinds of limits, with the user's own value, that of the desk, and what is to come."""
    own = {limit.kind: limit for limit in found.own}
    desk = {limit.kind: limit.value for limit in found.desk}
    return Fields(tuple((name_text(kind, ctx), _row(kind, own.get(kind), desk.get(kind), ctx)) for kind in LimitKind))


def _row(kind: LimitKind, own: OwnLimit | None, desk: Decimal | None, ctx: Context) -> str:
    said = value_text(kind, None if own is None else own.value, ctx)
    if own is not None and own.next_at is not None:
        to_come = value_text(kind, own.next_value, ctx)
        moment = ctx.format.brief_moment(own.next_at, ctx.services.clock())
        said = ctx.text("limit-to-come", now=said, value=to_come, moment=moment)
    return said if desk is None else ctx.text("limit-with-desk", own=said, desk=value_text(kind, desk, ctx))


def pause_note(pause: Pause, ctx: Context) -> Text:
    """Returns a warning that purchases are paused, and how the pause ends."""
    value = value_text(pause.kind, pause.value, ctx)
    if pause.until is None:
        return Text(ctx.text("limit-paused-drawdown", value=value), Tone.WARNING)
    until = ctx.format.told_moment(pause.until)
    return Text(ctx.text("limit-paused-day", value=value, moment=until.text), Tone.WARNING, (until,))


def change_text(change: LimitChange, ctx: Context) -> Text:
    """Returns what a change does, and when."""
    kind, after = change.kind, change.after
    before = value_text(kind, None if change.before is None else change.before.value, ctx)
    if change.at is None:
        value = value_text(kind, None if after is None else after.value, ctx)
        return Text(ctx.text("limit-change-now", name=name_text(kind, ctx), before=before, value=value))
    return _later(kind, before, None if after is None else after.next_value, change.at, ctx)


def _later(kind: LimitKind, before: str, value: Decimal | None, at: datetime, ctx: Context) -> Text:
    moment = ctx.format.told_moment(at)
    to_come = value_text(kind, value, ctx)
    said = ctx.text("limit-change-later", name=name_text(kind, ctx), before=before, value=to_come, moment=moment.text)
    return Text(said, moments=(moment,))


def limits_button(ctx: Context) -> Button | None:
    """Returns a button that shows the limits."""
    return button(ctx.text("button-limits"), "limits")


def resume_button(ctx: Context) -> Button | None:
    """Returns a button that ends a pause."""
    return button(ctx.text("button-limits-resume"), "limits", "resume")


def paused(notice: LimitPaused, ctx: Context) -> Reply:
    """Returns the message that an account has reached a limit and buys nothing for now."""
    kind = LimitKind(notice.limit)
    loss = (notice.reference - notice.equity) / notice.reference if notice.reference > 0 else Decimal(0)
    shown = Fields(
        (
            (name_text(kind, ctx), ctx.format.percent(notice.value)),
            (ctx.text(f"label-limit-{kind}"), ctx.format.money(notice.reference, notice.quote)),
            (ctx.text("label-limit-equity"), ctx.format.money(notice.equity, notice.quote)),
            (ctx.text("label-limit-loss"), ctx.format.percent(-loss, signed=True)),
        )
    )
    title = Text(ctx.text(f"push-limit-{kind}", desk="yes" if notice.of_desk else "no"), Tone.TITLE)
    blocks: list[Block] = [title, shown, Text(ctx.text("push-limit-cancelled", count=notice.cancelled))]
    if notice.until is None:
        blocks.append(Text(ctx.text("push-limit-by-hand")))
        return Reply((*blocks, *rows([resume_button(ctx), limits_button(ctx)])))
    until = ctx.format.told_moment(notice.until)
    blocks.append(Text(ctx.text("push-limit-until", moment=until.text), moments=(until,)))
    return Reply((*blocks, *rows([limits_button(ctx)])))
