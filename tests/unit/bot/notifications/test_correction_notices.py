"""A correction by an operator reads as one, in the message and in the history."""

from decimal import Decimal

import pytest

from core.outbox import encode
from people.notifications.notices import decode
from people.person import Language
from pipeline.market import Symbol
from tests.fakes.bot import FakeDeskBot
from tests.unit.bot.notifications.test_notices import composed
from trading.orders.types import Side
from trading.portfolio.notices import AccountCorrected

D = Decimal
ADJUSTED = AccountCorrected(9, "simulator", "USDC", {"USDC": D("-25.50")}, "a fee \u202eof ours", 1_617_278_400_000)
REVERSED = AccountCorrected(
    10,
    "simulator",
    "USDC",
    {"BTC": D("-0.00999"), "USDC": D(580)},
    "wrong price",
    1_617_278_400_000,
    12,
    Side.BUY,
    Symbol("BTCUSDC"),
    "BTC",
    D("0.01"),
    D(58000),
)


@pytest.mark.parametrize("notice", [ADJUSTED, REVERSED])
def test_a_correction_survives_the_way_through_the_outbox(notice: AccountCorrected) -> None:
    assert decode(encode(notice)) == notice


async def test_a_correction_says_what_it_moved_and_why() -> None:
    adjusted = str((await composed(FakeDeskBot(), ADJUSTED)).blocks)
    assert "Your cash was adjusted: -25.50 USDC" in adjusted
    assert "'a fee of ours'" in adjusted, "invisible characters of the reason do not reach the user"
    reversal = str((await composed(FakeDeskBot(), REVERSED)).blocks)
    assert "Order 12 was reversed: Buy 0.01 BTC" in reversal
    assert "-0.00999 BTC" in reversal
    assert "+580 USDC" in reversal
    assert "체결이 취소되었습니다" in str((await composed(FakeDeskBot(), REVERSED, language=Language.KOREAN)).blocks)
