"""/alert with a condition of the rule language: how it is typed, what it is not, and the buttons of other alerts."""

import pytest

from bot.settings import BotSettings
from people.person import Language
from tests.fakes.bot import FakeDeskBot
from tests.unit.bot.commands.chat import Chat
from trading.triggers.conditions import Measure

PAUSE_MS = BotSettings().alert_pause_seconds * 1000


async def set_alerts(*lines: str, language: Language = Language.ENGLISH) -> list[tuple[object, ...]]:
    chat = Chat(FakeDeskBot(language))
    for line in lines:
        shown = await chat.type(line)
        assert "WARNING" not in shown, shown
    return [
        (each.symbol, each.condition.interval.value, each.condition.rule, each.repeat, each.pause_ms, each.note)
        for each in chat.bot.condition_alerts.alerts.values()
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("/alert BTC 1h when rsi(14) < 30 and close > sma(200)", ("1h", "rsi(14) < 30 and close > sma(200)")),
        ("/alert bitcoin 4 hours when RSI < 30", ("4h", "rsi(14) < 30")),
        ("/alert BTC when close crosses above bb(20, 2).upper", ("1h", "close crosses above bollinger(20, 2).upper")),
        ("/alert BTC if rsi is below 30 within 5 bars", ("1h", "rsi(14) < 30 within 5 bars")),
        ("/alert BTC 15m 조건 종가가 sma(20)을 상향 돌파하면", ("15m", "close crosses above sma(20)")),
    ],
)
async def test_a_condition_is_typed_behind_when(line: str, expected: tuple[str, str]) -> None:
    assert await set_alerts(line) == [("BTCUSDC", *expected, False, PAUSE_MS, "")]


async def test_repetition_pause_end_and_note_follow_it() -> None:
    line = "/alert BTC 1h when rsi(14) < 30 or close > 90000 every cooldown 4h for 7d note every dip for me"
    expected = ("BTCUSDC", "1h", "rsi(14) < 30 or close > 90000", True, 4 * 3_600_000, "every dip for me")
    assert await set_alerts(line) == [expected]


async def test_conditions_of_one_figure_and_prices_stay_what_they_are() -> None:
    chat = Chat()
    for line in ("/alert BTC rsi < 30", "/alert me when BTC goes above 90000", "/alert BTC ma50 cross 4h"):
        await chat.type(line)
    measures = [each.condition.measure for each in chat.bot.condition_alerts.alerts.values()]
    assert measures == [Measure.RSI, Measure.SMA]
    assert len(chat.bot.alerts.alerts) == 1


async def test_an_error_points_at_the_word() -> None:
    chat = Chat()
    assert "“rsj” is not known here" in await chat.type("/alert BTC 1h when close > 3 and rsj(14) < 30 every")
    assert "“buy” cannot stand here" in await chat.type("/alert BTC 1h when close > 3 buy 25%")
    assert "at most 3,500 are read" in await chat.type("/alert BTC 1h when close > sma(200)@1d")
    assert not chat.bot.condition_alerts.alerts


async def test_it_is_listed_changed_muted_and_cancelled_like_others() -> None:
    chat = Chat()
    shown = await chat.type("/alert BTC 1h when rsi(14) < 30 and close > sma(200)")
    assert "rsi(14) < 30 and close > sma(200) (1h)" in shown
    (number,) = chat.bot.condition_alerts.alerts
    assert "rsi(14) < 30 and close > sma(200) (1h)" in await chat.press_text("alerts_conditions")
    changed = await chat.press_text(f"alert_edit {number} 4h when rsi(14) < 25 or close crosses below low[1]")
    assert "rsi(14) < 25 or close crosses below low[1] (4h)" in changed
    await chat.press_text(f"alert_mute {number}")
    assert "rsi(14) < 25 or close crosses below low[1] (4h)" in await chat.press_text(f"alert_repeat {number}")
    await chat.press_text(f"alert_cancel {number}")
    assert "rsi(14)" not in await chat.press_text("alerts_conditions")
