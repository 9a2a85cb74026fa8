"""Notifications of recurring buys: failed ones and missed ones."""

from collections.abc import Sequence
from datetime import date

from bot.arguments.symbols import pair_of
from bot.context import Context
from bot.reply import Block, Reply, Text, Tone
from bot.views.buttons import button, rows
from bot.views.errors import obstacle_text
from bot.views.recurring import order_parts_words, plan_button, repeats_button
from pipeline.rules import DELISTED
from trading.recurring.notices import BuyFailed, BuyMissed


def failed(notices: Sequence[BuyFailed], ctx: Context) -> Reply:
    """Returns the message about failed buys, with the reason and the next date of each."""
    title = Text(ctx.text("push-repeat-title", count=len(notices)), Tone.TITLE)
    blocks: list[Block] = [title]
    for notice in notices:
        order = order_parts_words(notice.symbol, notice.size_kind, notice.size, ctx)
        blocks.append(Text(ctx.text("push-repeat-failed", order=order, day=_day(notice.day, ctx))))
        blocks.append(Text(obstacle_text(notice.obstacle, ctx), Tone.WARNING))
        blocks.append(_onward(notice, ctx))
    return Reply((*blocks, *_ways(notices[-1], ctx)))


def _onward(notice: BuyFailed, ctx: Context) -> Text:
    plan = str(notice.plan_id)
    if notice.obstacle.words.get("status") == DELISTED:
        return Text(ctx.text("push-delisted-repeat", number=plan, symbol=pair_of(notice.symbol, ctx)))
    if notice.next_at is None:
        return Text(ctx.text("push-repeat-stopped", count=notice.failures, plan_id=plan))
    onward = ctx.format.told_moment(notice.next_at)
    return Text(ctx.text("push-repeat-next", moment=onward.text), moments=(onward,))


def _ways(notice: BuyFailed, ctx: Context) -> tuple[Block, ...]:
    again = plan_button("pause" if notice.next_at is not None else "resume", notice.plan_id, ctx)
    balance = button(ctx.text("button-portfolio"), "portfolio")
    return rows([again, plan_button("remove", notice.plan_id, ctx)], [repeats_button(ctx), balance])


def missed(notices: Sequence[BuyMissed], ctx: Context) -> Reply:
    """Returns the message about buys that were missed while Paperdesk was not running."""
    title = Text(ctx.text("push-repeat-missed-title"), Tone.TITLE)
    told = [_missed(notice, ctx) for notice in notices]
    return Reply((title, *told, *rows([repeats_button(ctx)])))


def _missed(notice: BuyMissed, ctx: Context) -> Text:
    order = order_parts_words(notice.symbol, notice.size_kind, notice.size, ctx)
    onward, day = ctx.format.told_moment(notice.next_at), _day(notice.day, ctx)
    said = ctx.text("push-repeat-missed", order=order, count=notice.count, day=day, moment=onward.text)
    return Text(said, moments=(onward,))


def _day(day: str, ctx: Context) -> str:
    return ctx.format.days(date.fromisoformat(day))
