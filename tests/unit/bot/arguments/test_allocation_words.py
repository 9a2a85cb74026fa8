"""What /optimize is asked, in any order, in both languages."""

from decimal import Decimal

import pytest

from bot.arguments.allocation_words import ALLOCATION_REQUESTS, AllocationRequest
from bot.context import Context
from bot.errors import NotAChoice, TooManyArguments, TooManyValues
from core.errors import DeskError, NotANumber, NotPositive
from pipeline.errors import UnknownSymbol
from pipeline.market import Symbol
from trading.allocation.report import MAX_COINS
from trading.allocation.rules import Objective
from trading.errors import ShareOutOfRange

BTC, ETH = Symbol("BTCUSDC"), Symbol("ETHUSDC")
ALL = Decimal(1)


@pytest.mark.parametrize(
    ("text", "request_"),
    [
        ("", AllocationRequest()),
        ("my portfolio", AllocationRequest()),
        ("hrp", AllocationRequest(Objective.HIERARCHICAL)),
        ("BTC,ETH", AllocationRequest(symbols=(BTC, ETH))),
        ("btc eth btc risk parity", AllocationRequest(Objective.EQUAL_RISK, (BTC, ETH))),
        ("cap 40% bitcoin max-sharpe", AllocationRequest(Objective.MAXIMUM_SHARPE, (BTC,), Decimal("0.4"))),
        ("cap 12.5 % ETH BTC", AllocationRequest(symbols=(ETH, BTC), cap=Decimal("0.125"))),
        ("cap=40 cvar", AllocationRequest(Objective.MINIMUM_CVAR, cap=Decimal("0.4"))),
        ("비트코인 이더리움 최소 분산 상한 40%", AllocationRequest(symbols=(BTC, ETH), cap=Decimal("0.4"))),
        ("내 포트폴리오 샤프 최대 100%", AllocationRequest(Objective.MAXIMUM_SHARPE, cap=ALL)),
    ],
)
def test_requests(text: str, request_: AllocationRequest, ctx: Context) -> None:
    assert ALLOCATION_REQUESTS.parse(text, ctx) == request_


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("hrp cvar", TooManyArguments),
        ("cap", NotAChoice),
        ("cap %", ShareOutOfRange),
        ("cap 101%", ShareOutOfRange),
        ("cap 0%", NotPositive),
        ("cap -5%", NotPositive),
        ("cap forty", NotANumber),
        ("BTC NOPE", UnknownSymbol),
    ],
)
def test_refusals(text: str, error: type[DeskError], ctx: Context) -> None:
    with pytest.raises(error):
        ALLOCATION_REQUESTS.parse(text, ctx)


def test_more_coins_than_an_allocation_has(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.arguments.allocation_words.MAX_COINS", 2)
    assert MAX_COINS == 30
    with pytest.raises(TooManyValues):
        ALLOCATION_REQUESTS.parse("BTC ETH SOL", ctx)


def test_the_buttons_of_other_objectives_keep_coins_and_cap(ctx: Context) -> None:
    asked = AllocationRequest(Objective.HIERARCHICAL, (BTC, ETH), Decimal("0.125"))
    words = asked.words(Objective.MINIMUM_CVAR, ctx)
    assert words == ("cvar", "BTC", "ETH", "cap", "12.5%")
    assert ALLOCATION_REQUESTS.parse(" ".join(words), ctx) == AllocationRequest(
        Objective.MINIMUM_CVAR, asked.symbols, asked.cap
    )
