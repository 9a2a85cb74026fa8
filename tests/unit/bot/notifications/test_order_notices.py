"""Notifications of resting orders: fills with what remains, triggers, and ends with their reason."""

from decimal import Decimal

import pytest

from bot.commands import COMMANDS
from bot.notifications.composer import Composer
from core.outbox import Chat, encode, kind_of
from people.notifications.outbox import Delivery, OutboxMessage
from people.notifications.quiet_hours import SoundPolicy
from people.person import Language, Person
from pipeline.market import Symbol
from tests.fakes.bot import CATALOGS, NOW, FakeDeskBot
from tests.fakes.operations import AT
from tests.fakes.transcript import buttons, transcript
from trading.orders.notices import OrderEnded, OrderFilled, OrderTriggered
from trading.orders.open_orders import EndReason
from trading.orders.terms import OrderType
from trading.orders.types import Side

D = Decimal
BTC = Symbol("BTCUSDC")
FILLED = OrderFilled(
    order_id=31,
    market="simulator",
    symbol=BTC,
    side=Side.SELL,
    base="BTC",
    quote="USDC",
    quantity=D("0.04"),
    price=D(70000),
    quote_amount=D(2800),
    fee=D("2.8"),
    fee_asset="USDC",
    received=D("2797.2"),
    time=NOW,
    realised=D(50),
    parent_id=12,
    remaining=D("0.06"),
)
TRIGGERED = OrderTriggered(12, "simulator", BTC, Side.SELL, OrderType.STOP_LOSS, "BTC", "USDC", D("0.1"), D(60000), NOW)
ENDED = OrderEnded(12, "simulator", BTC, Side.SELL, OrderType.LIMIT, "BTC", D("0.1"), D("0.04"), EndReason.TIME, NOW)


async def told(*notices: OrderFilled | OrderTriggered | OrderEnded, language: Language = Language.ENGLISH) -> str:
    """The message as sent; its buttons are what users press."""
    bot = FakeDeskBot(language)
    letters = tuple(
        OutboxMessage(number, kind_of(notice), encode(notice), 1, AT) for number, notice in enumerate(notices, 1)
    )
    parcel = Delivery(Chat("fake", "home"), Person(1, language, "UTC"), letters, SoundPolicy(), retired=False)
    reply = await Composer(bot.services, CATALOGS, COMMANDS).compose(parcel)
    assert all(len(entry.press) <= 64 for entry in buttons(reply))
    return transcript(reply)


async def test_a_fill_names_its_order_and_what_remains() -> None:
    text = await told(FILLED)
    for figure in (
        "Order 12: sold 0.04 BTC at 70,000.00 USDC",
        "Order: 12",
        "Fill number: 31",
        "Still open: 0.06 BTC",
        "Realised P&L: +50.00 USDC",
        "-> receipt 31]",
        "-> order 12]",
    ):
        assert figure in text


async def test_the_fill_of_a_market_order_stays_as_it_was() -> None:
    text = await told(OrderFilled(*(getattr(FILLED, name) for name in FILLED.__struct_fields__[:-2])))
    assert "Sold 0.04 BTC at 70,000.00 USDC" in text
    assert "Order: 31" in text
    assert "Still open" not in text


async def test_several_fills_name_their_orders() -> None:
    assert "| 12 | Sell 0.04 BTC" in await told(FILLED, FILLED)


async def test_a_trigger_names_the_price_that_reached_it() -> None:
    text = await told(TRIGGERED)
    assert "A stop price was reached" in text
    assert "Order 12 (Sell 0.1 BTC) was triggered at 60,000.00." in text
    assert "-> order 12]" in text
    assert "-> chart BTC]" in text


async def test_several_triggers_come_in_one_message() -> None:
    text = await told(TRIGGERED, TRIGGERED)
    assert "2 stop prices were reached" in text
    assert text.count("was triggered") == 2


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("reason", list(EndReason))
async def test_every_reason_has_a_sentence(reason: EndReason, language: Language) -> None:
    values = {name: getattr(ENDED, name) for name in ENDED.__struct_fields__} | {"reason": reason}
    text = await told(OrderEnded(**values), language=language)
    other = await told(OrderEnded(**(values | {"reason": EndReason.USER})), language=language)
    assert (text == other) is (reason is EndReason.USER)
    assert "0.04 BTC" in text
    assert ") has ended." not in text, "the sentence for a reason of a later version"
    assert "주문(0.1 BTC 매도)이 종료되었습니다" not in text
    assert "{" not in text


async def test_an_end_without_a_fill_says_so() -> None:
    values = {name: getattr(ENDED, name) for name in ENDED.__struct_fields__} | {"filled": D(0)}
    assert "Nothing of it was filled" in await told(OrderEnded(**values))
    assert "2 orders have ended" in await told(ENDED, ENDED)
