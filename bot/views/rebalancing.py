"""Targets and their drift as blocks of a reply, and their notifications."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from bot.arguments.symbols import short_name
from bot.context import Context
from bot.reply import Align, Block, Button, Column, Reply, Table, Text, Tone
from bot.views.buttons import button, rows
from bot.views.errors import obstacle_text
from bot.views.order_groups import group_told
from bot.views.recurring import rhythm_words
from core.time_zones import zone_label
from trading.order_groups.notices import GroupPlaced
from trading.portfolio.positions import Portfolio
from trading.rebalancing.notices import BandLeft, DriftLine, RebalancingFailed
from trading.rebalancing.targets import Target, WeightDrift, drifts, leaves_band


def target_blocks(target: Target, portfolio: Portfolio, ctx: Context) -> tuple[Block, ...]:
    """Returns the target with the drift of every weight, whether one has left its band, and the schedule."""
    found = drifts(target, portfolio)
    title = Text(ctx.text("rebalance-title"), Tone.TITLE)
    schedule = _schedule(target, ctx)
    if found is None:
        wished = [WeightDrift(symbol, weight, Decimal(0)) for symbol, weight in target.weights.items()]
        return (
            title,
            _table(wished, portfolio.quote_asset, ctx, known=False),
            *_unknown(target, portfolio, ctx),
            schedule,
        )
    outside = [each for each in found if leaves_band(each, target.band)]
    names = ", ".join(_name(each, portfolio.quote_asset, ctx) for each in outside)
    band = ctx.format.percent(target.band)
    said = Text(ctx.text("rebalance-outside", coins=names, band=band), Tone.WARNING)
    inside = Text(ctx.text("rebalance-inside", band=band))
    return (title, _table(found, portfolio.quote_asset, ctx), said if outside else inside, schedule)


def _unknown(target: Target, portfolio: Portfolio, ctx: Context) -> tuple[Text, ...]:
    held = any(each.symbol in target.weights for each in portfolio.positions)
    return (Text(ctx.text("rebalance-stale" if held else "rebalance-nothing"), Tone.NOTE),)


def _schedule(target: Target, ctx: Context) -> Text:
    schedule = target.schedule
    if schedule is None:
        return Text(ctx.text("rebalance-manual"), Tone.NOTE)
    onward = ctx.format.told_moment(schedule.slot.at)
    rhythm, zone = rhythm_words(schedule.rhythm, ctx), zone_label(ctx.format.zone.key)
    said = ctx.text("rebalance-scheduled", rhythm=rhythm, timezone=zone, moment=onward.text)
    return Text(said, Tone.NOTE, (onward,))


def _table(found: Sequence[WeightDrift | DriftLine], quote: str, ctx: Context, *, known: bool = True) -> Table:
    labels = ("label-order-group-wished", *(("label-order-group-before", "label-rebalance-drift") if known else ()))
    columns = (Column(ctx.text("label-asset")), *(Column(ctx.text(label), Align.RIGHT) for label in labels))
    return Table(columns, tuple(_line(each, quote, ctx, known=known) for each in found))


def _line(each: WeightDrift | DriftLine, quote: str, ctx: Context, *, known: bool) -> tuple[str, ...]:
    shown = ctx.format.percent
    head = (_name(each, quote, ctx), shown(round(each.wished, 4)))
    if not known:
        return head
    return (*head, shown(round(each.weight, 4)), shown(round(each.weight - each.wished, 4), signed=True))


def _name(each: WeightDrift | DriftLine, quote: str, ctx: Context) -> str:
    return quote if each.symbol is None else short_name(each.symbol, ctx)


def rebalance_button(ctx: Context) -> Button | None:
    """Returns a button that shows the target with its drift and its orders."""
    return button(ctx.text("button-rebalance"), "rebalance")


def rebalancing_told(notice: GroupPlaced | BandLeft | RebalancingFailed, ctx: Context) -> Reply:
    """Returns the message of a notification about a target or a group of orders."""
    match notice:
        case GroupPlaced():
            return group_told(notice, ctx)
        case BandLeft():
            return band_left(notice, ctx)
        case RebalancingFailed():
            return rebalancing_failed(notice, ctx)


def band_left(notice: BandLeft, ctx: Context) -> Reply:
    """Returns the message that a weight has left its band."""
    outside = [each for each in notice.lines if abs(each.weight - each.wished) > notice.band]
    names = ", ".join(_name(each, notice.quote, ctx) for each in outside)
    return Reply(
        (
            Text(ctx.text("push-rebalance-title"), Tone.TITLE),
            Text(ctx.text("rebalance-outside", coins=names, band=ctx.format.percent(notice.band))),
            _table(notice.lines, notice.quote, ctx),
            *rows([rebalance_button(ctx), button(ctx.text("button-portfolio"), "portfolio")]),
        )
    )


def rebalancing_failed(notice: RebalancingFailed, ctx: Context) -> Reply:
    """Returns the message that a schedule could not trade."""
    day = ctx.format.days(date.fromisoformat(notice.day))
    why = "push-rebalance-missed" if notice.obstacle is None else "push-rebalance-failed"
    blocks: list[Block] = [Text(ctx.text(why, day=day), Tone.TITLE)]
    if notice.obstacle is not None:
        blocks.append(Text(obstacle_text(notice.obstacle, ctx), Tone.WARNING))
    if notice.next_at is None:
        blocks.append(Text(ctx.text("push-rebalance-ended")))
    else:
        onward = ctx.format.told_moment(notice.next_at)
        blocks.append(Text(ctx.text("push-rebalance-next", moment=onward.text), moments=(onward,)))
    return Reply((*blocks, *rows([rebalance_button(ctx)])))
