"""/limits and /desklimits: values as people write them, pauses, and the notification of a pause."""

from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest

from bot.arguments.limit_words import offered_values, read_limit_value, typed_value
from core.errors import DeskError
from core.outbox import encode
from people.notifications.notices import decode
from people.person import Language
from tests.fakes.bot import NOW, FakeDeskBot
from tests.fakes.limits import AT
from tests.unit.bot.commands.chat import Chat
from tests.unit.bot.notifications.test_notices import composed, presses
from trading.errors import LimitReached
from trading.limits.errors import LimitOutOfRange
from trading.limits.notices import LimitPaused
from trading.limits.types import LimitKind, Pause

D = Decimal
REACHED = LimitPaused(
    market="simulator",
    quote="USDC",
    limit="drawdown",
    value=D("0.2"),
    equity=D(780_000),
    reference=D(1_000_000),
    cancelled=2,
    of_desk=False,
    time=NOW,
)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (LimitKind.DAY, "5%", "0.05"),
        (LimitKind.DAY, "5", "0.05"),
        (LimitKind.DRAWDOWN, "12.5 percent", "0.125"),
        (LimitKind.COIN, "100 %", "1"),
        (LimitKind.LOSS, "0.1퍼센트", "0.001"),
        (LimitKind.ORDER, "5000usdc", "5000"),
        (LimitKind.ORDER, "$10 000", "10000"),
        (LimitKind.ORDER, "70k", "70000"),
        (LimitKind.ORDER, "1,000", "1000"),
        (LimitKind.ORDERS, "1000", "1000"),
        (LimitKind.STREAK, "3", "3"),
    ],
)
def test_a_value_is_read_as_people_write_it(kind: LimitKind, text: str, value: str) -> None:
    assert read_limit_value(kind, text, "USDC").value == D(value)


@pytest.mark.parametrize("kind", list(LimitKind))
@pytest.mark.parametrize("text", ["0", "-1", "NaN", "1e9", "ten", "9999999999999", "", "%", "1_000", "Infinity"])
def test_what_is_no_value_is_refused(kind: LimitKind, text: str) -> None:
    with pytest.raises(DeskError):
        read_limit_value(kind, text, "USDC")


@pytest.mark.parametrize("kind", list(LimitKind))
def test_every_offered_value_is_read_and_written_again(kind: LimitKind) -> None:
    for text in offered_values(kind):
        assert typed_value(kind, read_limit_value(kind, text, "USDC").value) == text
    assert read_limit_value(kind, typed_value(kind, None), "USDC").value is None


async def test_a_paused_account_says_so_and_is_resumed_by_a_button(chat: Chat) -> None:
    chat.bot.limits.paused = Pause(LimitKind.DRAWDOWN, D("0.2"), of_desk=False, at=AT)
    assert "fell 20% or more below its peak" in await chat.type("/limits")
    assert "measured from 900,000.00 USDC" in await chat.press("limits resume")
    assert "nothing to resume" in await chat.type("/limits resume")


async def test_the_pause_of_a_day_cannot_be_ended_by_hand(chat: Chat) -> None:
    chat.bot.limits.paused = Pause(LimitKind.DAY, D("0.05"), of_desk=True, at=AT, until=AT + timedelta(hours=3))
    assert "limits resume" not in await chat.type("/limits")
    assert "in 3 h 20 min, and not before" in await chat.type("/limits resume")


async def test_the_desk_has_limits_that_only_operators_set() -> None:
    bot = FakeDeskBot()
    operator, user = Chat(FakeDeskBot(external_id="1")), Chat(bot)
    await user.type("/desklimits order 100")
    assert bot.limits.desk == {}
    said = await operator.type("/desklimits order 50 000")
    assert "50,000 USDC" in said
    assert operator.bot.limits.desk == {LimitKind.ORDER: D(50_000)}
    assert "none (this desk: 50,000 USDC)" in await operator.type("/limits")
    assert "50,000" not in await operator.type("/desklimits order off")
    assert "limit is not set" in await operator.type("/desklimits order off")


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("kind", list(LimitKind))
async def test_a_refusal_names_the_limit_and_what_is_allowed(language: Language, kind: LimitKind) -> None:
    bot = FakeDeskBot(language)

    async def refuse(*_: object, **__: object) -> None:
        raise LimitReached(kind, D("0.25"), D("1234.56"), "USDC", of_desk=False, hours=2, minutes=5)

    bot.desk.preview = refuse  # type: ignore[method-assign,assignment]
    said = await Chat(bot).type("/buy BTC 100usdc")
    named = {LimitKind.ORDER: "0.25", LimitKind.ORDERS: "0.25", LimitKind.STREAK: "0.25", LimitKind.COIN: "1,234.56"}
    assert named.get(kind, "25%") in said
    assert ("2 h 5 min" in said or "2시간 5분" in said) is (kind in {LimitKind.DAY, LimitKind.STREAK, LimitKind.LOSS})


@pytest.mark.parametrize("language", list(Language))
async def test_a_pause_is_told_with_its_figures_and_the_way_on(language: Language) -> None:
    assert decode(encode(REACHED)) == REACHED
    reply = await composed(FakeDeskBot(), REACHED, language=language)
    for figure in ("20%", "1,000,000.00 USDC", "780,000.00 USDC", "-22.00%", "2"):
        assert figure in str(reply.blocks)
    assert presses(reply) == ["limits resume", "limits"]
    day = msgspec.structs.replace(REACHED, limit="day", until=NOW + 3_600_000, cancelled=0, of_desk=True)
    assert presses(await composed(FakeDeskBot(), day, language=language)) == ["limits"]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (LimitKind.DAY, "0"),
        (LimitKind.DAY, "-5%"),
        (LimitKind.LOSS, "500usdc"),
        (LimitKind.ORDERS, "many"),
        (LimitKind.ORDER, "-1usdc"),
    ],
)
def test_what_is_no_value_is_refused_with_the_values_of_the_limit(kind: LimitKind, text: str) -> None:
    with pytest.raises(LimitOutOfRange) as raised:
        read_limit_value(kind, text, "USDC")
    assert raised.value.text == text


async def test_the_limits_of_the_desk_cannot_be_resumed() -> None:
    bot = FakeDeskBot(external_id="1")
    for word in ("resume", "foo"):
        said = str((await bot.router.answer(bot.inbound(f"/desklimits {word}"))).blocks)
        assert "drawdown, coin" in said
        assert "loss, resume" not in said
