"""Notifications of targets and groups of orders, as they are stored, read and shown."""

from decimal import Decimal

import pytest

from bot.context import Context
from bot.ui.format import Formatter
from bot.views.rebalancing import rebalancing_told
from core.outbox import encode
from core.time_zones import known_zone
from people.notifications.notices import decode
from people.person import Language, Person
from pipeline.market import Symbol
from tests.fakes.bot import CATALOGS, NOW, FakeDeskBot
from tests.fakes.transcript import transcript
from trading.order_groups.errors import ChangeTooSmall
from trading.order_groups.notices import GroupPlaced, OrderOutcome
from trading.orders.types import Side
from trading.rebalancing.notices import BandLeft, DriftLine, RebalancingFailed
from trading.recurring.notices import obstacle_of

D = Decimal
BTC, ETH = Symbol("BTCUSDC"), Symbol("ETHUSDC")
SMALL = obstacle_of(ChangeTooSmall(ETH))
GROUP = GroupPlaced(
    "simulator",
    "USDC",
    (
        OrderOutcome(Side.SELL, BTC, D(100), D("0.002"), D(50_000), 7, D("0.1")),
        OrderOutcome(Side.BUY, ETH, D(9), obstacle=SMALL),
    ),
    NOW,
    scheduled=True,
    reduced=True,
    untraded={ETH: SMALL},
)
LEFT = BandLeft(
    "simulator", "USDC", D("0.05"), (DriftLine(BTC, D("0.5"), D("0.61")), DriftLine(None, D("0.5"), D("0.39"))), NOW
)


def context(language: Language) -> Context:
    bot = FakeDeskBot(language)
    return Context(
        inbound=bot.inbound(""),
        request_id="r",
        person=Person(1, language, "UTC"),
        catalog=CATALOGS[language],
        catalogs=CATALOGS,
        format=Formatter(language, known_zone("UTC")),
        services=bot.services,
        commands=(),
    )


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(
    ("notice", "said"),
    [
        (GROUP, ("1 of 2", "Sell BTC", "Buy ETH was not placed. The change is below", "schedule placed", "reduced")),
        (LEFT, ("A weight has left its band", "±5%: BTC, USDC", "+11.00%", "-11.00%")),
        (RebalancingFailed("simulator", "2026-11-30", SMALL, NOW), ("failed", "below the exchange's minimum", "Next:")),
        (RebalancingFailed("simulator", "2026-11-30", None), ("I was offline", "the schedule has ended")),
    ],
)
def test_a_notice_is_read_back_and_shown(
    notice: GroupPlaced | BandLeft | RebalancingFailed, said: tuple[str, ...], language: Language
) -> None:
    assert decode(encode(notice)) == notice
    shown = transcript(rebalancing_told(notice, context(language)))
    if language is Language.ENGLISH:
        assert [words for words in said if words not in shown] == []


def test_a_group_that_was_ended_after_an_interruption_says_so() -> None:
    notice = GroupPlaced(GROUP.market, GROUP.quote, GROUP.orders, NOW)
    assert "interrupted" in transcript(rebalancing_told(notice, context(Language.ENGLISH)))
