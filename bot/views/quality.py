"""Message to operators about the data quality of a day, in a few lines. Pure."""

from collections.abc import Sequence
from datetime import date

from bot.reply import Reply, Text, Tone
from bot.ui.format import Formatter
from bot.ui.texts import Catalog
from pipeline.quality.daily_summary import DailyQuality

_NAMED = 5


def quality_reply(day: DailyQuality, catalog: Catalog) -> Reply:
    """Returns a title and one line for each finding; a single line if there is none."""
    told = Formatter(catalog.language, "UTC").days(date.fromisoformat(day.day))
    title = Text(catalog.text("quality-day-title", day=told), Tone.TITLE)
    return Reply((title, Text("\n".join(_lines(day, catalog)))))


def _lines(day: DailyQuality, catalog: Catalog) -> list[str]:
    say = catalog.text
    if day.fine:
        lines = [say("quality-day-fine", symbols=day.symbols, candles=day.candles)]
    else:
        missing, where = sum(count for _, count in day.missing), day.missing[0][0] if day.missing else ""
        counts = {"candles": day.candles, "symbols": day.symbols, "missing": missing}
        lines = [say("quality-day-candles", where=where, **counts)]
    for message, names in (("still", day.untraded), ("quiet", day.quiet), ("frozen", day.frozen)):
        if names:
            lines.append(say(f"quality-day-{message}", names=_names(names, catalog)))
    if day.held:
        lines.append(say("quality-day-held", held=day.held, refuted=day.refuted))
    if day.dropped:
        reasons = [f"{reason} {times}" for reason, times in day.dropped]
        lines.append(say("quality-day-dropped", reasons=_names(reasons, catalog)))
    return lines


def _names(names: Sequence[str], catalog: Catalog) -> str:
    shown, more = ", ".join(names[:_NAMED]), len(names) - _NAMED
    return catalog.text("quality-day-more", names=shown, more=more) if more > 0 else shown
