"""A market with a signal that can be learnt, and the words for a model that has found it."""

import os
import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from bot.router import Router
from ml.data.panel import Floats, Mask, Panel, panel_of
from ml.evaluation.walk_forward import WalkForward
from ml.models import ensemble
from ml.models.forecast_model import ForecastModel
from people.person import Language
from tests.fakes.bot import CATALOGS, FakeDeskBot
from tests.fakes.bot_market import FakeMarket
from tests.fakes.candles import frame_of, walk_closes
from tests.fakes.forecast_house import House
from tests.fakes.models import trained_on
from tests.fakes.transcript import transcript
from tests.paths import GOLDEN

NAMES = ("BTCUSDT", "ETHUSDT", "SOLUSDT", "DOGEUSDT")
HORIZON = 5
TRAINED, ROWS = 2300, 2400
_FIGURE = re.compile(r"\d[\d,.]*\d|\d")
_LINES = ("/forecast BTC 5m", "/forecast 5m", "/model 5m")


@pytest.fixture(scope="module")
def candles() -> Panel:
    """Every return gives seven tenths of itself to the next one."""
    return panel_of(frame_of(walk_closes(ROWS + 10, len(NAMES), seed=3, echo=0.7), NAMES, wiggle=0.0005))


@pytest.fixture(scope="module")
def model(candles: Panel) -> ForecastModel:
    return trained_on(candles.rows(0, TRAINED), HORIZON)


def test_a_model_that_gives_no_weight_has_no_skill(candles: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test of the walk found skill, but the last fit of the weights does not trust it: it expects no change."""
    found = WalkForward.weights

    def silent(walked: WalkForward, known: Mask) -> Floats:
        last = known.sum() == walked.known.sum()
        return np.zeros(len(ensemble.MEMBERS)) if last else found(walked, known)

    monkeypatch.setattr(WalkForward, "weights", silent)
    model = trained_on(candles.rows(0, TRAINED), HORIZON)
    assert model.metrics["skill_low"] > 0
    assert not model.skilled


@pytest.mark.parametrize("language", Language)
async def test_the_words_for_a_model_with_skill_are_as_recorded(
    pool: Any, candles: Panel, model: ForecastModel, language: Language
) -> None:
    """Its figures depend on the machine's libraries, so they are left out."""
    assert model.skilled
    house = await House(pool, candles, ROWS).open(since=400)
    await house.add(model)
    market = FakeMarket("USDT")
    market.prices |= {name: Decimal(str(round(candles.close[ROWS - 1, place], 2))) for place, name in enumerate(NAMES)}
    bot = FakeDeskBot(language, market=market, horizons=(HORIZON,))
    router = Router(replace(bot.services, forecasting=house.forecaster), catalogs=CATALOGS)
    said = [f"> {line}\n{transcript(await router.answer(bot.inbound(line)))}\n" for line in _LINES]
    path = GOLDEN / "commands" / f"planted-skill.{language}.txt"
    shown = _FIGURE.sub("#", "\n".join(said))
    if os.environ.get("RECORD_GOLDEN"):
        path.write_text(shown, encoding="utf-8")
    assert shown == path.read_text(encoding="utf-8")
