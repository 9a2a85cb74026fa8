"""/forecast and /model: with skill and without, and when there is nothing to say."""

from math import log

import pytest

from bot.arguments.horizons import Horizon
from bot.reply import Fields, Picture, Reply, Table, Text, Tone
from core.errors import DeskError
from ml.errors import ModelExpired, ModelUnusable, NoModel, ShortHistory, StaleHistory, SymbolNotTrained
from ml.evaluation import metrics as evaluation_metrics
from ml.forecast import HORIZONS, MIN_BLOCKS, Estimate, TrackRecord
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


async def test_the_record_is_told_beside_expecting_no_change_with_its_intervals() -> None:
    bot = FakeDeskBot()
    told = fields(await ask(bot, "/forecast BTC"))
    assert told["Live, 7 days"] == (
        "errors 1.2% smaller than “no change” (0.8% – 1.6%); 54% (51% – 56%) of directions right, 8% of prices "
        "unchanged; 80% (77% – 83%) within the range"
    )
    bot.forecasting.skill = -0.0208
    assert (
        "errors 2.1% larger than “no change” (1.7% – 2.5%)" in fields(await ask(bot, "/forecast BTC"))["Live, 7 days"]
    )
    bot.forecasting.skill = 0.0004
    unclear = "errors not clearly different from “no change” (0.4% larger to 0.4% smaller)"
    assert unclear in fields(await ask(bot, "/forecast BTC"))["Live, 7 days"]
    bot.forecasting.quiet = {60}
    assert fields(await ask(bot, "/forecast BTC"))["Live, 7 days"] == "no track record yet"


async def test_a_short_record_says_that_it_is_too_early() -> None:
    bot = FakeDeskBot()
    bot.forecasting.records[60] = [TrackRecord(7, 9), TrackRecord(30, 9)]
    for line in ("/forecast BTC", "/model"):
        told = fields(await ask(bot, line))
        assert told["Live, 7 days"] == "too early to tell (9 of 24 independent periods)"
        assert "Live, 30 days" not in told  # on a young desk it is the same


async def test_a_record_that_can_never_be_long_enough_is_left_out() -> None:
    told = fields(await ask(FakeDeskBot(), "/forecast BTC 1d"))
    assert "Live, 7 days" not in told
    assert "Live, 30 days" in told


async def test_a_record_without_directions_or_moves_tells_the_ranges_alone() -> None:
    bot = FakeDeskBot()
    bot.forecasting.records[60] = [TrackRecord(7, 30, covered=Estimate(0.8, 0.7, 0.9))]
    assert fields(await ask(bot, "/forecast BTC"))["Live, 7 days"] == "80% (70% – 90%) within the range"


@pytest.mark.parametrize(
    ("live", "said"),
    [
        ((0.01, 0.001, 0.02), "and live forecasts have been, too."),
        ((0.01, -0.001, 0.02), "“no change”. Live forecasts show no clear difference so far."),
        ((-0.01, -0.02, -0.001), "“no change”. Live forecasts have been less accurate so far."),
        (None, "“no change”. Its live record is still too short to tell."),
    ],
)
async def test_no_record_contradicts_the_sentence_above_it(live: tuple[float, float, float] | None, said: str) -> None:
    bot = FakeDeskBot()
    skill = None if live is None else Estimate(*live)
    bot.forecasting.records[60] = [TrackRecord(7, 100, covered=Estimate(0.8, 0.7, 0.9), skill=skill)]
    assert said in texts(await ask(bot, "/model"))


async def test_the_worse_of_two_records_decides_the_sentence() -> None:
    bot = FakeDeskBot()
    skills = Estimate(-0.01, -0.02, -0.001), Estimate(0.01, 0.001, 0.02)
    for order in (skills, skills[::-1]):
        covered = Estimate(0.8, 0.7, 0.9)
        bot.forecasting.records[60] = [
            TrackRecord(days, 100, covered=covered, skill=skill) for days, skill in zip((7, 30), order, strict=True)
        ]
        assert "less accurate" in texts(await ask(bot, "/model"))


async def test_a_model_without_skill_shows_no_live_errors_or_directions() -> None:
    bot = FakeDeskBot()
    bot.forecasting.unskilled = {60}
    for line in ("/forecast BTC", "/model"):
        told = fields(await ask(bot, line))
        assert told["Live, 30 days"] == "80% (77% – 83%) within the range"


async def test_a_test_of_few_blocks_or_without_weight_claims_nothing() -> None:
    bot = FakeDeskBot()
    bot.forecasting.metrics = {"blocks": 5.0}
    bot.forecasting.quiet = {60}
    assert "intervals" not in texts(await ask(bot, "/model"))
    told = fields(await ask(bot, "/model"))
    assert told["Errors vs. “no change” (test)"] == "too early to tell (5 of 8 independent periods)"
    assert "Directions right (test)" not in told
    bot.forecasting.metrics = {"blocks": 50.0, "weight_ridge": 0.0, "weight_xgb": 0.0}
    told = fields(await ask(bot, "/model"))
    assert "Errors vs. “no change” (test)" not in told
    assert "Directions right (test)" not in told
    assert told["Within the 80% range (test)"] == "80.3%"


def test_as_many_blocks_are_needed_as_in_the_evaluation() -> None:
    assert MIN_BLOCKS == evaluation_metrics.MIN_BLOCKS


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


@pytest.mark.parametrize("line", ["/forecast 7m", "/forecast BTC 2h", "/forecast 3d"])
async def test_a_span_that_is_not_forecast_is_no_unknown_coin(line: str) -> None:
    reply = await ask(FakeDeskBot(), line)
    assert "is not an option. Choose one of: 5m, 15m, 1h, 4h, 1d" in texts(reply)
    assert len(buttons(reply)) == 5


async def test_a_probability_without_a_direction_is_kept_in_the_choices() -> None:
    bot = FakeDeskBot()
    reply = await ask(bot, "/forecastalert BTC 1h 60%")
    assert [b.press for b in buttons(reply)] == ["forecastalert BTC 1h up 60%", "forecastalert BTC 1h down 60%"]
    assert "is higher in 1 hour reaches 60%" in texts(await ask(bot, f"/{buttons(reply)[0].press}"))


async def test_the_card_tells_what_the_model_is_made_of_and_who_follows_it() -> None:
    bot = FakeDeskBot()
    bot.forecasting.unskilled = {1440}
    bot.forecasting.quiet = {1440}
    reply = await ask(bot, "/model")
    told = fields(reply)
    assert told["Training data"] == "Mar 3, 03:00 – Apr 1, 15:00"
    assert told["Training samples"] == "1,234,567"
    assert told["Errors vs. “no change” (test)"] == "1.2% smaller (0.8% – 1.6%)"
    assert told["Directions right (test)"] == "53% (52% – 54%)"
    assert told["Within the 80% range (test)"] == "80.3%"
    assert "54% (51% – 56%) of directions right" in told["Live, 30 days"]
    assert "count as one" in texts(reply)
    assert "Model 13 is being tested alongside it" in texts(reply)
    reply = await ask(bot, "/model 1d")
    assert "was not shown to be more accurate" in texts(reply)
    assert "tested alongside" not in texts(reply)
    assert fields(reply)["Live, 30 days"] == "no track record yet"


def test_every_horizon_that_is_forecast_can_be_asked_for() -> None:
    assert tuple(horizon.minutes for horizon in Horizon) == HORIZONS
    for horizon in Horizon:
        interval, count = horizon.history
        assert 3 <= interval.ms * count / (horizon.minutes * 60_000) <= 4
