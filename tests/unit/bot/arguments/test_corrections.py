"""Buttons of corrections: each leads on, and none repeats the mistake."""

import pytest

from bot.context import Context
from bot.errors import DecimalComma
from tests.fakes.bot import FakeDeskBot
from tests.fakes.transcript import buttons, transcript
from tests.unit.bot.arguments.typed import values
from trading.errors import AmbiguousShare
from trading.rebalancing.errors import WeightTwice


@pytest.mark.parametrize(
    "line",
    [
        "/alert SOL volume zz 1h",
        "/alert SOL volume zz 1h every",
        "/alert BTC range –3% 1h",
        "/alert BTC range –3% 1h every",
        "/alert BTC rsi zz",
        "/alert BTC > 60000 until someday",
        "/forecastalert BTC 1h up",
        "/alert BTC 5%",
        "/rebalance BTC 0.5 ETH 30%",
        "/rebalance BTC=0.5 ETH=30%",
        "/rebalance BTC 50,5% ETH 30%",
        "/optimize BTC ETH cap 0.4",
    ],
)
async def test_every_offered_correction_is_read(line: str, ctx: Context) -> None:
    bot = FakeDeskBot()
    offered = [each.press for each in buttons(await bot.router.answer(bot.inbound(line)))]
    assert offered
    for press in offered:
        values(press, ctx)


@pytest.mark.parametrize("level", ["volume 3× 1h", "volume ×3 1h"])
def test_a_typed_times_sign(level: str, ctx: Context) -> None:
    assert values(f"/alert SOL {level}", ctx)[1] == values("/alert SOL volume 3x 1h", ctx)[1]


def test_korean_words_of_sharp_moves(ctx: Context) -> None:
    assert values("/alert BTC 5% 급락", ctx)[1] == values("/alert BTC -5%", ctx)[1]
    assert values("/alert BTC 5% 급등", ctx)[1] == values("/alert BTC +5%", ctx)[1]


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("/rebalance BTC 0.5 ETH 0.3", AmbiguousShare),
        ("/rebalance BTC .5 ETH .3", AmbiguousShare),
        ("/rebalance BTC=0.5", AmbiguousShare),
        ("/optimize BTC ETH cap 0.4", AmbiguousShare),
        ("/rebalance BTC 50% BTC 20%", WeightTwice),
        ("/rebalance BTC 50,5% ETH 30%", DecimalComma),
        ("/optimize BTC ETH cap 40,5%", DecimalComma),
    ],
)
def test_unclear_weights_are_refused(line: str, error: type[Exception], ctx: Context) -> None:
    with pytest.raises(error):
        values(line, ctx)


@pytest.mark.parametrize(
    "text", ["BTC 50%,ETH 30%", "BTC 50,ETH 30", "BTC,50,ETH,30", "BTC=50, ETH=30", "BTC 0.5 % ETH 1"]
)
def test_commas_between_weights(text: str, ctx: Context) -> None:
    assert len(values(f"/rebalance {text}", ctx)[0].weights) == 2


async def test_both_meanings_are_offered() -> None:
    bot = FakeDeskBot()
    reply = await bot.router.answer(bot.inbound("/rebalance BTC 0.5 ETH 30%"))
    assert [each.press for each in buttons(reply)] == ["rebalance BTC 50% ETH 30%", "rebalance BTC 0.5% ETH 30%"]
    assert "50%, 0.5%" in transcript(reply)
