"""Durations, ends and levels of alerts and orders: what they mean, and what is refused."""

import ast
from datetime import UTC, datetime
from pathlib import Path

import pytest

import bot as package
from bot.arguments.alert_options import AlertOption
from bot.arguments.order_options import OrderOption
from bot.arguments.table import READERS
from bot.commands import COMMANDS
from bot.context import Context
from bot.errors import MissingArgument, NotAChoice
from bot.views.errors import refuse
from core.errors import DeskError
from people.person import Language
from tests.fakes.bot import FakeDeskBot
from tests.fakes.transcript import buttons, transcript
from tests.unit.bot.arguments.typed import values
from trading.alerts.errors import AlertTimeOutOfBounds, ConditionOutOfBounds, DaysOutOfBounds

DAY_MS = 86_400_000


@pytest.mark.parametrize("month", ["1M", "1 M", "1mo", "1 month", "1개월"])
def test_a_capital_m_is_a_month_in_lives_of_orders_and_alerts(month: str, ctx: Context) -> None:
    for text in (month, f"for {month}", f"{month}까지"):
        assert READERS[OrderOption].parse(text, ctx).lifetime_ms == 30 * DAY_MS
    for text in (f"for {month}", f"until {month}", f"expires {month}", f"기한 {month}", f"{month} 동안"):
        assert READERS[AlertOption].parse(text, ctx).expires_at - ctx.market.now() == 30 * DAY_MS
    assert READERS[OrderOption].parse("for 1m", ctx).lifetime_ms == 60_000


@pytest.mark.parametrize("line", ["/performance 1M", "/performance 30d", "/performance csv 1M"])
def test_a_month_of_performance(line: str, ctx: Context) -> None:
    (request,) = values(line, ctx)
    assert request.period.days == 30


def test_a_month_before_now_in_korean(ctx: Context) -> None:
    (request,) = values("/backtest BTC rsi(14) < 30 buy max 1M전부터", ctx)
    assert request.since == ctx.market.now() - 30 * DAY_MS


@pytest.mark.parametrize("joint", ["-", "–", "—", "~", "～", "〜", " - ", " ~ ", " to ", ".."])
def test_two_dates_and_what_stands_between_them(joint: str, ctx: Context) -> None:
    (request,) = values(f"/performance 2021-03-01{joint}2021-03-31", ctx)
    assert (str(request.period.first), str(request.period.last)) == ("2021-03-01", "2021-03-31")


@pytest.mark.parametrize("text", ["until someday", "for 0d", "for", "until gtc", "for ioc", "until 2021"])
def test_ends_offer_what_alerts_accept(text: str, ctx: Context) -> None:
    with pytest.raises(NotAChoice) as refused:
        READERS[AlertOption].parse(text, ctx)
    assert refused.value.text == text
    for choice in refused.value.choices:
        assert READERS[AlertOption].parse(choice, ctx).expires_at > ctx.market.now()


@pytest.mark.parametrize(
    ("level", "error"),
    [
        *((f"high {none}", DaysOutOfBounds) for none in ("0d", "0", "0h", "7", "366d")),
        ("low 0d", DaysOutOfBounds),
        *((f"{none} -5%", NotAChoice) for none in ("0h", "0m", "0d")),
        ("volatility 3% 0h", NotAChoice),
        ("volume 3x 0h", NotAChoice),
        *((f"rsi {none}", ConditionOutOfBounds) for none in ("< -5", "> –30", "-30", "< -5%", "< 100")),
        ("volume > -3", NotAChoice),
        ("volume -50%", NotAChoice),
        ("volatility -3% 1h", NotAChoice),
        ("high 5%", NotAChoice),
    ],
)
def test_nothing_and_less_than_nothing_are_refused(level: str, error: type[DeskError], ctx: Context) -> None:
    with pytest.raises(error):
        values(f"/alert BTC {level}", ctx)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("word", ["note", "메모"])
@pytest.mark.parametrize("before", ["> 60000", "> 60000 every", "> 60000 4h", "rsi < 30", "range 3% 1h", "+5%"])
async def test_a_note_without_words_is_asked_for(language: Language, word: str, before: str) -> None:
    bot = FakeDeskBot(language)
    reply = await bot.router.answer(bot.inbound(f"/alert BTC {before} {word}"))
    assert reply.asks == f"alert BTC {before} {word}"
    assert ("note" if language is Language.ENGLISH else "메모") in transcript(reply).splitlines()[0]


def _missing() -> list[tuple[str, str]]:
    """Every command and parameter that a MissingArgument below bot/ names in so many words."""
    found = []
    for path in Path(str(package.__file__)).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == MissingArgument.__name__:
                named = [each.value for each in node.args if isinstance(each, ast.Constant)]
                if len(named) == len(node.args):
                    found.append((str(named[0]), str(named[1])))
    return found


def test_every_missing_argument_is_a_parameter_of_its_command() -> None:
    parameters = {command.name: {each.name for each in command.parameters} for command in COMMANDS}
    assert len(_missing()) > 10
    assert [each for each in _missing() if each[1] not in parameters[each[0]]] == []


def test_a_refusal_is_worded_whatever_its_parameter_is_called(ctx: Context) -> None:
    from bot.arguments.parser import read_line  # noqa: PLC0415

    line = read_line("/alert BTC > 60000 note")
    command = next(each for each in COMMANDS if each.name == "alert")
    assert refuse(MissingArgument("alert", "nosuch"), ctx, line, command).blocks


@pytest.mark.parametrize(("text", "days"), [("cooldown 8d", 7), ("for 2y", 366), ("until 2001-01-01", 366)])
def test_bounds_of_times_are_in_days(text: str, days: int, ctx: Context) -> None:
    with pytest.raises(AlertTimeOutOfBounds) as refused:
        READERS[AlertOption].parse(text, ctx)
    assert refused.value.days == days
    assert f"{days} days" in transcript(refuse(refused.value, ctx))


async def test_the_offered_end_is_a_month_from_now() -> None:
    bot = FakeDeskBot()
    reply = await bot.router.answer(bot.inbound("/alert BTC > 60000 until someday"))
    now = datetime.fromtimestamp(bot.market.now() / 1000, UTC)
    first, second = (each.press for each in buttons(reply))
    assert first == "alert BTC > 60000 for 7d"
    assert str(now.year) in second
