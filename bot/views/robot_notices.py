"""Notification of a robot that was paused, was stopped or has ended."""

from bot.context import Context
from bot.reply import Block, Reply, Text, Tone
from bot.views.buttons import button, rows
from bot.views.robots import label_of, obstacle_text, robot_of, robots_button
from pipeline.errors import UnknownSymbol
from trading.strategies.notices import RobotHalted
from trading.strategies.robots import RobotState


def halted(notice: RobotHalted, ctx: Context) -> Reply:
    """Returns the message about one robot: what happened, why, what it has, and the next steps."""
    name = label_of(notice.robot_id, notice.name, notice.symbol, notice.interval, ctx)
    title = Text(ctx.text(f"push-robot-{notice.state}", name=name), Tone.TITLE)
    blocks: list[Block] = [title, Text(ctx.text(f"push-robot-why-{notice.reason}"))]
    if notice.obstacle is not None:
        blocks.append(Text(obstacle_text(notice.obstacle, ctx), Tone.WARNING))
    if notice.quantity:
        held = ctx.format.amount(notice.quantity, _base(notice, ctx))
        blocks.append(Text(ctx.text("push-robot-holds", held=held)))
    profit = ctx.format.money(notice.profit, ctx.quote_asset, signed=True)
    blocks.append(Text(ctx.text("push-robot-profit", profit=profit)))
    paused, number = notice.state == RobotState.PAUSED, str(notice.robot_id)
    resume = button(ctx.text("button-robot-resume"), "robot_resume", number) if paused else None
    stop = button(ctx.text("button-robot-stop"), "robot_stop", number) if paused else None
    return Reply((*blocks, *rows([resume, stop], [robot_of(notice.robot_id, ctx), robots_button(ctx)])))


def _base(notice: RobotHalted, ctx: Context) -> str:
    try:
        return ctx.market.rules(notice.symbol).base
    except UnknownSymbol:
        return notice.symbol
