"""What the desk says of alerts that repeat, whose an alert is, and what ends with all of them."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.notifications.composer import Composer
from bot.reply import Reply, Table
from core.outbox import Chat
from people.notifications.notices import Notice
from people.person import Language
from tests.fakes.bot import CATALOGS, NOW, FakeDeskBot
from tests.unit.bot.commands.test_alerts_commands import ask, buttons, texts
from tests.unit.bot.notifications.test_notices import ETH, FIRED, parcel
from trading.alerts.notices import AlertFired, ForecastFired
from trading.alerts.ports import AlertState
from trading.triggers.price_levels import Direction

D = Decimal


def cells(reply: Reply) -> list[str]:
    return [cell for block in reply.blocks if isinstance(block, Table) for row in block.rows for cell in row]


@pytest.mark.parametrize(
    ("line", "said", "rearm"),
    [
        (
            "/alert BTC > 70000 every",
            "once the price has fallen below 69,650.00, at most once every 10 s",
            "69650",
        ),
        (
            "/alert BTC < 50000 every",
            "once the price has risen above 50,250.00, at most once every 10 s",
            "50250",
        ),
        ("/alert DOGE > 0.06 every", "once the price has fallen below 0.0597", "0.0597"),
    ],
)
async def test_a_repeating_alert_says_when_it_repeats(line: str, said: str, rearm: str) -> None:
    bot = FakeDeskBot()
    assert said in texts(await ask(bot, line))
    made = bot.alerts.alerts[1]
    assert (made.rearm, made.pause_ms) == (D(rearm), 10_000)
    assert (made.trigger.rearm, made.trigger.pause_ms) == (D(rearm), 10_000)
    assert any(f"{made.rearm:,.4f}"[:6] in cell and "again" in cell for cell in cells(await ask(bot, "/alerts")))


async def test_an_alert_once_says_nothing_of_repeating() -> None:
    bot = FakeDeskBot()
    assert "starts again" not in texts(await ask(bot, "/alert BTC > 70000"))
    assert bot.alerts.alerts[1].trigger.rearm is None
    woken = texts(await ask(bot, "alert_repeat 1", pressed=True))
    assert "has fallen below 69,650.00," in woken, "set to every time it has a way back too"
    assert bot.alerts.alerts[1].trigger.rearm == 69_650


async def test_a_new_level_has_a_way_back_of_its_own() -> None:
    bot = FakeDeskBot()
    await ask(bot, "/alert BTC > 70000 every")
    assert "has risen above 50,250.00" in texts(await ask(bot, "alert_edit 1 < 50000", pressed=True))
    assert bot.alerts.alerts[1].rearm == 50_250


async def test_the_distance_and_the_pause_are_settings() -> None:
    bot = FakeDeskBot()
    chosen = bot.services.settings.model_copy(update={"alert_distance": D("0.02"), "alert_pause_seconds": 300})
    bot.router._services = replace(bot.services, settings=chosen)
    assert "below 68,600.00, at most once every 5 min" in texts(await ask(bot, "/alert BTC > 70000 every"))


async def test_a_repeating_forecast_alert_says_when_it_repeats() -> None:
    bot = FakeDeskBot()
    said = texts(await ask(bot, "/forecastalert BTC 1h up 65 every"))
    assert "dropped to 63%, at most once every 15 min" in said
    assert "5 min" in texts(await ask(bot, "/forecastalert BTC 5m up 65 every")), "no longer than its horizon"
    assert "Every time (again from 63%)" in cells(await ask(bot, "/forecastalert"))
    assert "starts again" not in texts(await ask(bot, "/forecastalert BTC 1h up 70"))


# -- all of them -------------------------------------------------------------------------------


async def test_all_alerts_are_those_on_forecasts_too() -> None:
    bot = FakeDeskBot()
    await ask(bot, "/alert BTC > 70000")
    await ask(bot, "/forecastalert BTC 1h up 65")
    assert "alerts_cancel" in [b.press for b in buttons(await ask(bot, "/alerts"))]
    preview = await ask(bot, "alerts_cancel", pressed=True)
    assert "2 active alerts" in texts(preview)
    assert "≥ 70,000.00" in cells(preview)
    assert "▲ ≥ 65%" in cells(preview)
    await ask(bot, "/forecastalert ETH 1h up 65")
    assert "2 alerts were cancelled" in texts(await ask(bot, buttons(preview)[0].press, pressed=True))
    assert bot.alerts.alerts[1].state is AlertState.CANCELLED
    assert [one.symbol for one in await bot.forecast_alerts.armed("simulator")] == ["ETHUSDC"]


async def test_forecast_alerts_alone_can_all_be_cancelled() -> None:
    bot = FakeDeskBot()
    await ask(bot, "/forecastalert BTC 1h up 65")
    await ask(bot, "/forecastalert ETH 1h up 65")
    assert "alerts_cancel" in [b.press for b in buttons(await ask(bot, "/alerts"))]
    preview = await ask(bot, "alerts_cancel", pressed=True)
    assert "2 active alerts" in texts(preview)
    assert "2 alerts were cancelled" in texts(await ask(bot, buttons(preview)[0].press, pressed=True))
    assert await bot.forecast_alerts.armed("simulator") == []


async def test_a_button_of_before_ends_what_it_showed() -> None:
    bot = FakeDeskBot()
    await ask(bot, "/alert BTC > 70000")
    await ask(bot, "/forecastalert BTC 1h up 65")
    assert "1 alert was cancelled" in texts(await ask(bot, "alerts_cancel_now 1", pressed=True))
    assert len(await bot.forecast_alerts.armed("simulator")) == 1


# -- whose it is -------------------------------------------------------------------------------


@pytest.mark.parametrize("language", Language)
async def test_an_alert_has_its_number_where_others_read(language: Language) -> None:
    bot = FakeDeskBot(language)
    number = CATALOGS[language].text("alert-number", alert_id="1")
    for line in ("/alert BTC > 70000", "/forecastalert BTC 1h up 65"):
        in_group = replace(bot.inbound(line), public=True, group="-100", chat_id="-100")
        assert number in texts(await bot.router.answer(in_group))
        bot = FakeDeskBot(language)
        assert number not in texts(await ask(bot, line))


async def pushed(*notices: Notice, public: bool) -> Reply:
    bot = FakeDeskBot()
    sent = replace(parcel(*notices), chat=Chat("fake", "-100", public=public))
    return await Composer(bot.services, CATALOGS).compose(sent)


async def test_a_push_has_its_number_where_others_read() -> None:
    foretold = ForecastFired(7, "simulator", ETH, 60, "up", D("0.65"), 0.7, 0.001, NOW)
    for notice in (FIRED, foretold):
        assert "Alert 7" in texts(await pushed(notice, public=True))
        assert "Alert 7" not in texts(await pushed(notice, public=False))
    other = AlertFired(8, "simulator", ETH, Direction.BELOW, D(2000), D(1990), NOW)
    assert {"7", "8"} < set(cells(await pushed(FIRED, other, public=True)))
    assert not {"7", "8"} & set(cells(await pushed(FIRED, other, public=False)))
