"""Alerts in Telegram: another price is written as an answer, and a link sets the same alert for whoever opens it."""

from collections.abc import AsyncIterator

import pytest

from core.database import Pool
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_chats import said
from tests.fakes.telegram_desk import House, running


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as opened:
        yield opened


@pytest.fixture
def house(pool: Pool, dsn: str, fake: FakeTelegram) -> House:
    return House(pool, dsn, fake)


async def test_the_new_price_of_an_alert_is_simply_written(house: House, fake: FakeTelegram) -> None:
    ann = fake.person("Ann")
    async with running(house.service()):
        ann.write("/alert BTC > 70000")
        ann.press(await fake.message(), "Change the price")
        assert "New price for the alert BTC/USDC" in said(await fake.message())
        ann.write("71000")
        assert "rises to 71,000.00" in said(await fake.message())
        ann.write("alert_edit 1 72000")  # what is only a button stays one
        assert "not understood" in said(await fake.message())
    assert str(house.router.bot.alerts.alerts[1].level) == "71000"


async def test_a_shared_alert_is_set_by_whoever_opens_the_link(house: House, fake: FakeTelegram) -> None:
    ann, bob = fake.person("Ann"), fake.person("Bob")
    async with running(house.service()):
        ann.write("/alert DOGE < 0.05")
        ann.press(await fake.message(), "Share")
        link = said(await fake.message()).split()[-1]
        assert link.endswith("?start=alert_DOGE_below_0-05")
        bob.write(f"/start {link.partition('=')[2]}")
        assert "falls to 0.0500" in said(await fake.message())
    theirs = house.router.bot.alerts.alerts[2]
    assert (theirs.person_id, str(theirs.level)) == (2, "0.05")
