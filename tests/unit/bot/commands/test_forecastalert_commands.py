"""/forecastalert: chances as people write them, alerts set, listed, cancelled and refused."""

from decimal import Decimal

import pytest

from bot.arguments.horizons import Chance, read_chance
from bot.errors import ChanceOutOfRange, MissingArgument, NotAChoice
from bot.reply import Table
from core.errors import DeskError, NotANumber
from ml.errors import ModelExpired, NoModel
from people.person import Language
from tests.fakes.bot import FakeDeskBot
from tests.unit.bot.commands.forecast_replies import BTC, ask, buttons, table, texts
from trading.alerts.forecast_alerts import ForecastDirection


@pytest.mark.parametrize(
    ("text", "chance"),
    [
        ("up 60", Chance(ForecastDirection.UP, Decimal("0.6"))),
        ("UP 60%", Chance(ForecastDirection.UP, Decimal("0.6"))),
        ("up60", Chance(ForecastDirection.UP, Decimal("0.6"))),
        ("down 55.5 %", Chance(ForecastDirection.DOWN, Decimal("0.555"))),
        (">60", Chance(ForecastDirection.UP, Decimal("0.6"))),
        ("하락 70", Chance(ForecastDirection.DOWN, Decimal("0.7"))),
        ("상승 99％", Chance(ForecastDirection.UP, Decimal("0.99"))),
        ("up 50.01", Chance(ForecastDirection.UP, Decimal("0.5001"))),
    ],
)
def test_a_chance_is_read_however_it_is_written(text: str, chance: Chance) -> None:
    assert read_chance(text) == chance


@pytest.mark.parametrize(
    ("text", "error"),
    [
        *(("60", NotAChoice), ("sideways 60", NotAChoice), ("up", MissingArgument), ("up %", MissingArgument)),
        *(
            ("up 50", ChanceOutOfRange),
            ("up 99.5", ChanceOutOfRange),
            ("down 100", ChanceOutOfRange),
            ("up -60", ChanceOutOfRange),
        ),
        *(("up 60.001", ChanceOutOfRange), ("up sixty", NotANumber), ("up NaN", NotANumber), ("up -60", DeskError)),
    ],
)
def test_a_chance_that_cannot_be_is_refused(text: str, error: type[DeskError]) -> None:
    with pytest.raises(error):
        read_chance(text)


@pytest.mark.parametrize(
    ("line", "horizon", "way", "chance", "repeat"),
    [
        ("/forecastalert BTC 15m up 65", 15, ForecastDirection.UP, "0.65", False),
        ("/forecastalert BTC up 65 %", 60, ForecastDirection.UP, "0.65", False),
        ("/forecastalert btc 1d down 55% every", 1440, ForecastDirection.DOWN, "0.55", True),
        ("/forecastalert BTC 4시간 상승 70 매번", 240, ForecastDirection.UP, "0.7", True),
    ],
)
async def test_an_alert_is_set_as_it_was_asked_for(
    line: str,
    horizon: int,
    way: ForecastDirection,
    chance: str,
    repeat: bool,  # noqa: FBT001
) -> None:
    bot = FakeDeskBot()
    await ask(bot, line)
    (made,) = bot.forecast_alerts.alerts.values()
    assert (made.symbol, made.horizon, made.way, made.chance) == (BTC, horizon, way, Decimal(chance))
    assert (made.repeat, made.ready, made.market) == (repeat, True, bot.market.info().market)


async def test_one_that_is_reached_already_waits_until_the_chance_came_down() -> None:
    bot = FakeDeskBot()
    said = texts(await ask(bot, "/forecastalert BTC up 60"))
    assert not bot.forecast_alerts.alerts[1].ready
    assert "already that high" in said
    assert "probability of a rise is 60% now" in said
    assert "probability of a fall is 40% now" in texts(await ask(bot, "/forecastalert BTC down 60"))
    assert bot.forecast_alerts.alerts[2].ready


async def test_one_over_a_horizon_without_skill_waits_for_it_and_no_chance_is_told() -> None:
    bot = FakeDeskBot()
    bot.forecasting.unskilled = {60}
    said = texts(await ask(bot, "/forecastalert BTC up 60"))
    assert bot.forecast_alerts.alerts[1].ready
    assert "can't predict the direction" in said
    assert "now." not in said.replace("right now.", "")


async def test_without_a_chance_some_are_offered_for_the_horizon_that_was_named() -> None:
    bot = FakeDeskBot()
    reply = await ask(bot, "forecastalert BTC 4h", pressed=True)
    assert [b.press for b in buttons(reply)] == [
        f"forecastalert BTC 4h {way} {least}%" for way in ("up", "down") for least in (55, 60)
    ]
    assert next(b.label for b in buttons(reply)) == "Rise: 55% or more"
    assert reply.asks == "forecastalert BTC 4h"
    assert bot.forecasting.asked == []


async def test_the_list_is_private_and_cancels() -> None:
    bot = FakeDeskBot()
    assert "You have no active forecast alerts" in texts(await ask(bot, "/forecastalert"))
    await ask(bot, "/forecastalert BTC up 60")
    await ask(bot, "/forecastalert ETH 5m down 55 every")
    reply = await ask(bot, "/forecastalert")
    assert reply.private
    assert table(reply) == (
        ("2", "ETH/USDC", "5m", "▼ ≥ 55%", "Every time (again from 53%)"),
        ("1", "BTC/USDC", "1h", "▲ ≥ 60%", "Once"),
    )
    assert [b.press for b in buttons(reply)][:2] == ["forecastalert_cancel 2", "forecastalert_cancel 1"]
    assert "Forecast alert cancelled" in texts(await ask(bot, "forecastalert_cancel 2", pressed=True))
    assert [row[0] for row in table(await ask(bot, "/forecastalert"))] == ["1"]


async def test_alerts_shows_them_under_the_others() -> None:
    bot = FakeDeskBot()
    await ask(bot, "/alert BTC > 70000")
    assert "forecastalert" not in [b.press for b in buttons(await ask(bot, "/alerts"))]
    await ask(bot, "/forecastalert BTC up 60")
    reply = await ask(bot, "/alerts")
    tables = [block for block in reply.blocks if isinstance(block, Table)]
    assert [len(found.rows) for found in tables] == [1, 1]
    assert "forecastalert" in [b.press for b in buttons(reply)]


async def test_the_eleventh_is_refused_and_nobody_cancels_anothers() -> None:
    bot = FakeDeskBot()
    for _ in range(10):
        await ask(bot, "/forecastalert BTC up 60")
    assert "You already have 10 forecast alerts" in texts(await ask(bot, "/forecastalert BTC up 60"))
    stranger = bot.inbound("forecastalert_cancel 1", pressed=True, external_id="8")
    assert "Forecast alert 1 can't be changed" in texts(await bot.router.answer(stranger))


async def test_a_repeated_delivery_makes_one_alert() -> None:
    bot = FakeDeskBot()
    line = bot.inbound("/forecastalert BTC up 60")
    for _ in range(2):
        await bot.router.answer(line)
    assert len(bot.forecast_alerts.alerts) == 1


@pytest.mark.parametrize(
    ("horizon", "spans"),
    [(5, ("5 minutes", "5분")), (60, ("1 hour", "1시간")), (240, ("4 hours", "4시간")), (1440, ("1 day", "1일"))],
)
async def test_refusals_name_the_horizon_as_people_do(horizon: int, spans: tuple[str, str]) -> None:
    for language, span in zip((Language.ENGLISH, Language.KOREAN), spans, strict=True):
        for error in (NoModel(horizon), ModelExpired(horizon, 80)):
            bot = FakeDeskBot(language)
            bot.forecasting.failure = error
            said = texts(await ask(bot, "/forecast"))
            assert span in said
            assert "240" not in said
            assert "440" not in said


async def test_a_chance_is_shown_with_every_digit() -> None:
    bot = FakeDeskBot()
    assert "reaches 60.55%" in texts(await ask(bot, "/forecastalert BTC 1h up 60.55"))
    assert "▲ ≥ 60.55%" in table(await ask(bot, "/forecastalert"))[0]
