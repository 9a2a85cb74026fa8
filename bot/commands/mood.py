"""Mood of the market: the index, its components and its record."""

from bot.context import Context
from bot.reply import Block, Button, Picture, Reply, Text, Tone
from bot.views.buttons import button, rows
from bot.views.errors import sentence
from bot.views.mood import mood_alt, mood_blocks
from bot.views.prices import source_note
from core.errors import DeskError
from trading.mood.report import MoodReport


async def mood(ctx: Context) -> Reply:
    """Shows the mood of the last day (UTC), which a job has computed."""
    info = ctx.market.info()
    report = await ctx.services.market_reports.mood(info.market, info.quote_asset)
    if report is None:
        return Reply((Text(ctx.text("mood-none")), *rows(_ways(report, ctx))))
    return Reply(
        (*mood_blocks(report, ctx), *source_note(ctx), *await _picture(report, ctx), *rows(_ways(report, ctx)))
    )


def _ways(report: MoodReport | None, ctx: Context) -> list[Button | None]:
    mapped = report is not None and report.correlation is not None
    return [
        button(ctx.text("button-refresh"), "mood"),
        button(ctx.text("button-scan"), "scan"),
        button(ctx.text("button-correlations"), "market", "correlations") if mapped else None,
        button(ctx.text("button-market"), "market"),
    ]


async def _picture(report: MoodReport, ctx: Context) -> tuple[Block, ...]:
    """Returns the chart of the year, or a sentence if it cannot be drawn."""
    if report.index is None or ctx.inbound.unpictured:
        return ()
    try:
        png = await ctx.services.charts.mood(report, label=ctx.market.info().label, style=ctx.style)
    except DeskError as error:
        return (Text(sentence(error, ctx), Tone.NOTE),)
    return (Picture(png, mood_alt(report, ctx), "mood"),)
