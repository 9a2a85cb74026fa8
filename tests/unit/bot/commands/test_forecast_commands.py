"""/forecast and /model: with skill and without, and when there is nothing to say."""

from math import log

import pytest

from bot.arguments.horizons import Horizon
from bot.reply import Fields, Picture, Reply, Table, Text, Tone
from core.errors import DeskError
from ml.errors import ModelExpired, ModelUnusable, NoModel, ShortHistory, StaleHistory, SymbolNotTrained
from ml.forecast import HORIZONS
from people.person import Language
from pipeline.errors import MarketUnavailable
from tests.fakes.bot import FakeDeskBot
from tests.unit.bot.commands.forecast_replies import BTC, ETH, SOL, ask, buttons, table, texts


def fields(reply: Reply) -> dict[str, str]:
    return dict(row for block in reply.blocks if isinstance(block, Fields) for row in block.rows)


@pytest.mark.parametrize("status", ["HALT", "BREAK", "DELISTED"])
@pytest.mark.parametrize("language", list(Language))
async def test_a_forecast_of_a_halted_symbol_names_the_halt(language: Language, status: str) -> None:
    bot = FakeDeskBot(language)
    bot.market.status[BTC] = status
    bot.market.age_ms = 120_000
    wanted = {"DELISTED": {Language.ENGLISH: "delisted", Language.KOREAN: "거래 지원"}}
    word = wanted.get(status, {}).get(language, status)
    assert word in texts(await ask(bot, "/forecast BTC"))
    for failure in (StaleHistory(BTC, 120), ShortHistory(BTC, 3, 1441)):
        bot.forecasting.failure = failure
        told = texts(await ask(bot, "/forecast BTC"))
        assert word in told
        assert "BTC/USDC" in told


# -- /forecast BTC -----------------------------------------------------------------------------


async def test_a_forecast_tells_chance_move_range_and_costs() -> None:
    bot = FakeDeskBot()
    bot.forecasting.moves[BTC], bot.forecasting.rising[BTC] = log(1.0035), 0.6149
    reply = await ask(bot, "/forecast BTC")
    told = fields(reply)
    assert told["Probability up"] == "61.5%"
    assert told["Expected move"] == "+0.35% → 58,203.00"
    assert told["80% range"].split(" – ") == sorted(told["80% range"].split(" – "))
    assert told["Round-trip fees"] == "0.2%"
    assert told["Forecast time"] == "Apr 2, 2021, 03:00:00"  # in Seoul
    assert ("forecast", BTC, 60) in bot.forecasting.asked


async def test_a_price_that_may_stay_is_told_where_that_matters() -> None:
    for unchanged, shown in ((0.0, None), (0.009, None), (0.104, "10.4%")):
        bot = FakeDeskBot()
        bot.forecasting.unchanged = unchanged
        assert fields(await ask(bot, "/forecast BTC")).get("Probability unchanged") == shown


@pytest.mark.parametrize(
    ("move", "said"), [(1.0025, "larger"), (0.9975, "larger"), (1.0015, "smaller"), (0.9985, "smaller")]
)
async def test_the_move_is_held_beside_the_fees_of_both_ways(move: float, said: str) -> None:
    bot = FakeDeskBot()
    bot.forecasting.moves[BTC] = log(move)
    assert f"move is {said} than the fees for buying and selling" in texts(await ask(bot, "/forecast BTC"))


async def test_what_drives_it_is_told_in_words_strongest_first_and_crumbs_not_at_all() -> None:
    said = texts(await ask(FakeDeskBot(), "/forecast BTC"))
    assert "Bullish factors: the moves of the last few minutes, the trend" in said
    assert "Bearish factors: trading volume." in said
    assert "time of day" not in said


async def test_the_record_is_told_beside_expecting_no_change() -> None:
    bot = FakeDeskBot()
    told = fields(await ask(bot, "/forecast BTC"))
    assert told["Last 7 days"].startswith("938 of 1,750 directions right (53.6%); errors 1.2% smaller")
    assert told["Last 7 days"].endswith("80.3% within the range")
    assert told["Last 30 days"].startswith("4,020 of 7,500")
    bot.forecasting.skill = -0.0208
    assert "errors 2.1% larger" in fields(await ask(bot, "/forecast BTC"))["Last 7 days"]
    bot.forecasting.skill = 0.0004
    assert "errors equal" in fields(await ask(bot, "/forecast BTC"))["Last 7 days"]
    bot.forecasting.quiet = {60}
    assert fields(await ask(bot, "/forecast BTC"))["Last 7 days"] == "no track record yet"


@pytest.mark.parametrize("language", list(Language))
async def test_without_skill_the_range_alone_is_told(language: Language) -> None:
    bot = FakeDeskBot(language)
    reply = await ask(bot, "/forecast BTC")
    skilled = len(fields(reply))
    bot.forecasting.unskilled = {60}
    reply = await ask(bot, "/forecast BTC")
    assert len(fields(reply)) == skilled - 3
    assert "%" in next(name for name in fields(reply))  # the range comes first
    (warning,) = [block for block in reply.blocks if isinstance(block, Text) and block.tone is Tone.WARNING]
    assert "1 hour" in warning.body or "1시간" in warning.body
    (picture,) = [block for block in reply.blocks if isinstance(block, Picture)]
    for hint in ("expected", "Speaks", "예상 변동", "근거", "Probability", "확률"):
        assert hint not in picture.alt + texts(reply)


async def test_buttons_lead_to_the_other_horizons_the_chart_an_alert_the_list_and_the_model() -> None:
    reply = await ask(FakeDeskBot(), "/forecast BTC 4h")
    assert [b.press for b in buttons(reply)] == [
        *(f"forecast BTC {other}" for other in ("5m", "15m", "1h", "1d")),
        *("chart BTC", "forecast BTC 4h", "forecastalert BTC 4h"),
        *("forecast 4h", "model 4h"),
    ]


async def test_the_chart_shows_what_the_horizon_needs_and_has_words_beside_it() -> None:
    bot = FakeDeskBot()
    for horizon, drawn in (("5m", "5 minutes ahead 20"), ("1h", "1 hour ahead 180"), ("1d", "1 day ahead 288")):
        reply = await ask(bot, f"/forecast BTC {horizon}")
        (picture,) = [block for block in reply.blocks if isinstance(block, Picture)]
        assert picture.name == f"BTCUSDC-forecast-{horizon}"
        assert "58,000.00" in picture.alt
        assert bot.charts.drawn[-1][0] == f"forecast BTC/USDC {drawn}"


async def test_without_a_chart_the_figures_are_told_all_the_same() -> None:
    bot = FakeDeskBot()
    bot.charts.down = MarketUnavailable()
    reply = await ask(bot, "/forecast BTC")
    assert fields(reply)["Probability up"] == "60%"
    assert "unavailable" in texts(reply)


@pytest.mark.parametrize(
    "error",
    [
        *(NoModel(60), ModelExpired(60, 80), ModelUnusable(7, "damaged")),
        *(
            StaleHistory("BTCUSDC", 400),
            SymbolNotTrained("BTCUSDC"),
            ShortHistory("BTCUSDC", 3, 240),
            MarketUnavailable(),
        ),
    ],
    ids=lambda error: error.code(),
)
@pytest.mark.parametrize("line", ["/forecast BTC", "/forecast", "/model", "/forecastalert BTC up 60"])
async def test_what_forecasting_refuses_is_a_sentence(line: str, error: DeskError) -> None:
    for language in Language:
        bot = FakeDeskBot(language)
        bot.forecasting.failure = error
        reply = await ask(bot, line)
        assert isinstance(reply.blocks[0], Text)
        assert reply.blocks[0].tone is Tone.WARNING
        assert "incident" not in texts(reply)
        assert not bot.forecast_alerts.alerts


@pytest.mark.parametrize("line", ["/forecast BTC", "/forecast", "/model", "/forecastalert BTC up 60"])
async def test_a_desk_without_forecasting_says_so_and_offers_none(line: str) -> None:
    bot = FakeDeskBot(forecasting=False)
    assert "Forecasts are not available" in texts(await ask(bot, line))
    assert not [b for b in buttons(await ask(bot, "/price BTC")) if b.press.startswith("forecast")]


async def test_a_price_leads_to_its_forecast() -> None:
    assert "forecast BTC 1h" in [b.press for b in buttons(await ask(FakeDeskBot(), "/price BTC"))]


async def test_not_advice_is_said_once() -> None:
    for line in ("/forecast BTC", "/forecast"):
        assert texts(await ask(FakeDeskBot(), line)).count("not advice") == 1


# -- /forecast and /model ----------------------------------------------------------------------


async def test_alone_it_lists_the_surest_and_says_how_many_beat_the_fees() -> None:
    bot = FakeDeskBot()
    bot.forecasting.moves = {SOL: log(0.99), ETH: log(1.0025)}
    bot.forecasting.rising = {SOL: 0.31, ETH: 0.66}
    reply = await ask(bot, "/forecast 15m")
    assert table(reply)[0] == ("SOL/USDC", "31%", "-1.00%")
    assert table(reply)[1] == ("ETH/USDC", "66%", "+0.25%")
    assert "2 of these moves are larger" in texts(reply)
    presses = [b.press for b in buttons(reply)]
    assert presses[:2] == ["forecast SOL 15m", "forecast ETH 15m"]
    assert presses[-2:] == ["forecast 15m", "model 15m"]
    assert bot.forecasting.asked == [("ranking", 15, 10)]


async def test_without_skill_nothing_is_ranked() -> None:
    bot = FakeDeskBot()
    bot.forecasting.unskilled = {60}
    reply = await ask(bot, "/forecast")
    assert "nothing to rank" in texts(reply)
    assert not [block for block in reply.blocks if isinstance(block, Table)]
    bot.forecasting.prices = {}
    assert "no 1 hour forecasts right now" in texts(await ask(bot, "/forecast"))


async def test_two_horizons_are_one_too_many() -> None:
    assert "doesn't take “4h”" in texts(await ask(FakeDeskBot(), "/forecast 1h 4h"))


async def test_the_card_tells_what_the_model_is_made_of_and_who_follows_it() -> None:
    bot = FakeDeskBot()
    bot.forecasting.unskilled = {1440}
    bot.forecasting.quiet = {1440}
    reply = await ask(bot, "/model")
    told = fields(reply)
    assert told["Training data"] == "Mar 3, 03:00 – Apr 1, 15:00"
    assert told["Training samples"] == "1,234,567"
    assert told["Skill vs. “no change” (test)"] == "+1.25% (+0.85% – +1.65%)"
    assert told["Directions right (test)"] == "53.1% (52.24% – 53.96%)"
    assert told["Within the 80% range (test)"] == "80.3%"
    assert told["Last 30 days"].startswith("4,020 of 7,500")
    assert "Model 13 is being tested alongside it" in texts(reply)
    reply = await ask(bot, "/model 1d")
    assert "has not been more accurate" in texts(reply)
    assert "tested alongside" not in texts(reply)
    assert fields(reply)["Last 7 days"] == "no track record yet"


def test_every_horizon_that_is_forecast_can_be_asked_for() -> None:
    assert tuple(horizon.minutes for horizon in Horizon) == HORIZONS
    for horizon in Horizon:
        interval, count = horizon.history
        assert 3 <= interval.ms * count / (horizon.minutes * 60_000) <= 4
