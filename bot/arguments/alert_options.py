"""Reader of how an alert repeats and ends: `4h` or `cooldown 4h`, `for 7d`, `until 2026-12-31`, `note take profit`."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.arguments.durations import duration_span, minutes_of
from bot.arguments.order_options import ORDER_OPTIONS, date_span, example_date
from bot.arguments.reader import Reader
from bot.context import Context
from bot.errors import MissingArgument, NotAChoice
from bot.inbound import Suggestion
from pipeline.market import MINUTE_MS
from trading.alerts.condition_alerts import MAX_LIFE_MINUTES, MAX_NOTE, MAX_PAUSE_MINUTES
from trading.alerts.errors import AlertTimeOutOfBounds, NoteTooLong

NOTES = frozenset(("note", "memo", "메모"))
PAUSES = frozenset(("cooldown", "cool-down", "pause", "쿨다운", "간격", "재알림"))
REPEATS = frozenset(("once", "한번", "every", "always", "repeat", "매번", "반복"))
ENDS = frozenset(("for", "until", "till", "expires", "기한"))
_DAY = 24 * 60
_UNTIL = "까지"
_BEHIND = ("동안", _UNTIL, "간")
_OFFERED = ("4h", "for 7d", "note")


@dataclass(frozen=True, slots=True)
class AlertOption:
    """One option: the least time between two messages, the market time at which the alert ends (UTC ms), or a note."""

    pause_ms: int | None = None
    expires_at: int | None = None
    note: str | None = None


def begins_option(word: str) -> bool:
    """Returns whether the word begins an option of an alert."""
    folded = word.casefold()
    if folded in NOTES | PAUSES | ENDS:
        return True
    return _bare(folded) is not None or (folded.endswith(_UNTIL) and folded != _UNTIL)


def options_of(options: Sequence[AlertOption]) -> AlertOption:
    """Returns the options together; of two alike, the last counts."""
    whole = AlertOption()
    for each in options:
        whole = AlertOption(
            whole.pause_ms if each.pause_ms is None else each.pause_ms,
            whole.expires_at if each.expires_at is None else each.expires_at,
            whole.note if each.note is None else each.note,
        )
    return whole


def _read(text: str, ctx: Context) -> AlertOption:
    words = text.split()
    first = words[0].casefold()
    if first in NOTES:
        return AlertOption(note=_note(" ".join(words[1:])))
    if first in PAUSES:
        return AlertOption(pause_ms=_pause(" ".join(words[1:]), text))
    if first in ENDS or text.endswith(_BEHIND):
        return AlertOption(expires_at=_end(text, ctx))
    return AlertOption(pause_ms=_pause(text, text))


def _note(text: str) -> str:
    if not text:
        raise MissingArgument("alert", "extras")
    if len(text) > MAX_NOTE:
        raise NoteTooLong(MAX_NOTE)
    return text


def _pause(text: str, shown: str) -> int:
    minutes = minutes_of(text)
    if minutes is None:
        raise NotAChoice(shown, ("cooldown 1h", *_OFFERED))
    if not 1 <= minutes <= MAX_PAUSE_MINUTES:
        raise AlertTimeOutOfBounds(minutes, MAX_PAUSE_MINUTES // _DAY)
    return minutes * MINUTE_MS


def _end(text: str, ctx: Context) -> int:
    first, _, rest = text.partition(" ")
    typed = rest if first.casefold() in ENDS else text
    behind = next((each for each in _BEHIND if typed.endswith(each)), "")
    offered = ("for 7d", f"until {example_date(ctx)}")
    try:
        option = ORDER_OPTIONS.parse(typed.removesuffix(behind).strip(), ctx)
    except NotAChoice:
        raise NotAChoice(text, offered) from None
    now = ctx.market.now()
    if option.lifetime_ms is None and option.expires_at is None:
        raise NotAChoice(text, offered)
    end = option.expires_at if option.lifetime_ms is None else now + option.lifetime_ms
    minutes = -(-((end or 0) - now) // MINUTE_MS)
    if not 1 <= minutes <= MAX_LIFE_MINUTES:
        raise AlertTimeOutOfBounds(minutes, MAX_LIFE_MINUTES // _DAY)
    return end or 0


def _bare(word: str) -> int | None:
    return minutes_of(next((word.removesuffix(each) for each in _BEHIND if word.endswith(each)), word))


def _span(words: tuple[str, ...], ctx: Context) -> int:
    """Returns the number of words of one option: the rest of the line for a note."""
    first = words[0].casefold()
    if first in NOTES:
        return len(words)
    front = 1 if first in PAUSES | ENDS and len(words) > 1 else 0
    dated = date_span(words[front:], ctx) if first in ENDS and front else 0
    at = front + (dated or duration_span(words[front:]))
    return at + 1 if words[at : at + 1] and words[at] in _BEHIND else at


def _suggest(prefix: str, ctx: Context) -> list[Suggestion]:  # noqa: ARG001
    return [Suggestion(word, word) for word in _OFFERED if prefix and word.startswith(prefix.casefold())]


ALERT_OPTIONS = Reader(_read, _suggest, _span)
