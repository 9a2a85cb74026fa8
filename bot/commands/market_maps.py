"""Parts of /market that come from the report of the last day: the regime, and the correlation map."""

from bot.arguments.symbols import short_name
from bot.context import Context
from bot.reply import Block, Button, Picture, Reply, Text, Tone
from bot.views.buttons import button, rows
from bot.views.errors import sentence
from bot.views.mood import regime_text
from bot.views.prices import source_note
from core.errors import DeskError
from trading.mood.report import CorrelationMap, MoodReport


async def last_mood(ctx: Context) -> MoodReport | None:
    """Returns the report of the last day; None if there is none, or it cannot be read: prices are useful without it."""
    info = ctx.market.info()
    try:
        return await ctx.services.market_reports.mood(info.market, info.quote_asset)
    except DeskError:
        return None


def regime_note(report: MoodReport | None, ctx: Context) -> tuple[Text, ...]:
    """Returns the regime in a sentence."""
    words = "" if report is None else regime_text(report.regime, ctx)
    return (Text(ctx.text("market-regime", regime=words)),) if words else ()


def market_buttons(report: MoodReport | None, ctx: Context) -> list[Button | None]:
    """Returns the buttons of the overview that lead to reports."""
    mapped = report is not None and report.correlation is not None
    return [
        button(ctx.text("button-mood"), "mood"),
        button(ctx.text("button-scan"), "scan"),
        button(ctx.text("button-correlations"), "market", "correlations") if mapped else None,
    ]


async def correlations(ctx: Context) -> Reply:
    """Shows the correlations of the most traded coins."""
    report = await last_mood(ctx)
    back = [button(ctx.text("button-market"), "market"), button(ctx.text("button-mood"), "mood")]
    if report is None or report.correlation is None:
        return Reply((Text(ctx.text("market-correlations-none")), *rows(back)))
    found = report.correlation
    names = [short_name(symbol, ctx) for symbol in found.symbols]
    title = Text(ctx.text("market-correlations-title"), Tone.TITLE)
    about = Text(ctx.text("market-correlations-about", days=found.days), Tone.NOTE)
    pair = Text(_extremes(found, names, ctx))
    return Reply((title, pair, *await _picture(found, names, ctx), about, *source_note(ctx), *rows(back)))


def _extremes(found: CorrelationMap, names: list[str], ctx: Context) -> str:
    pairs = [
        (found.values[first][second], names[first], names[second])
        for first in range(len(names))
        for second in range(first + 1, len(names))
    ]
    least, most = min(pairs), max(pairs)
    return ctx.text(
        "market-correlations-extremes",
        mean=_number(sum(value for value, _, _ in pairs) / len(pairs)),
        most=f"{most[1]}, {most[2]} ({_number(most[0])})",
        least=f"{least[1]}, {least[2]} ({_number(least[0])})",
    )


async def _picture(found: CorrelationMap, names: list[str], ctx: Context) -> tuple[Block, ...]:
    if ctx.inbound.unpictured:
        return ()
    try:
        png = await ctx.services.charts.correlation(names, found.values, label=ctx.market.info().label, style=ctx.style)
    except DeskError as error:
        return (Text(sentence(error, ctx), Tone.NOTE),)
    return (Picture(png, ctx.text("risk-correlation-alt", coins=", ".join(names)), "correlation"),)


def _number(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")
