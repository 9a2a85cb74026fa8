"""/strategy: names, bounds, links of strangers, sharing, and errors that point at the word."""

from dataclasses import replace

import pytest

from people.person import Language
from tests.fakes.bot import FakeDeskBot
from tests.fakes.transcript import press_of
from tests.unit.bot.commands.chat import Chat
from tests.unit.bot.notifications.test_notices import presses
from trading.rules.strategies import MAX_STRATEGIES

DIP = "when rsi(14) < 30 buy 25%"


@pytest.mark.parametrize(
    "line",
    [
        f"{DIP} on BTC 4h",
        f"on btc 4h {DIP}",
        f"BTC 4h {DIP}",
        f"bitcoin 4 hours {DIP}",
        f"{DIP} for bitcoin 4시간",
        "BTC 4h rsi(14)가 30 미만이면 25% 매수",
    ],
)
async def test_the_coin_may_stand_before_or_behind_the_rule(line: str) -> None:
    chat = Chat()
    assert "is saved" in await chat.type(f"/strategy save Dip {line}")
    (saved,) = chat.bot.strategies.saved.values()
    assert (saved.name, saved.symbol, saved.interval.value, saved.rule.text) == ("dip", "BTCUSDC", "4h", DIP)


@pytest.mark.parametrize("name", ["when", "save", "5", "a-b", "_x", "매수", "x" * 31, "가" * 11, "on"])
async def test_names_that_would_be_read_as_something_else_are_refused(name: str) -> None:
    chat = Chat()
    assert "cannot be a name" in await chat.type(f"/strategy save {name} {DIP} on BTC")
    assert not chat.bot.strategies.saved


@pytest.mark.parametrize("name", ["dip", "급락매수", "가" * 10, "x" * 30, "rsi_14"])
async def test_a_card_has_its_buttons(name: str) -> None:
    chat = Chat()
    await chat.type(f"/strategy save {name} {DIP} on BTC")
    await chat.type(f"/strategy {name}")
    assert presses(chat.last) == [
        f"backtest {name}",
        f"robot {name}",
        "chart BTC",
        f"strategy share {name}",
        f"strategy delete {name}",
        "strategy",
    ]


async def test_strategies_are_bounded_and_saving_again_replaces() -> None:
    chat = Chat()
    for place in range(MAX_STRATEGIES):
        await chat.type(f"/strategy save s{place} {DIP} on BTC")
    assert f"You have {MAX_STRATEGIES} strategies" in await chat.type(f"/strategy save more {DIP} on BTC")
    replaced = await chat.type("/strategy save S1 when rsi(14) < 20 buy max on ETH 1d")
    assert f"The previous rule of “s1”, on BTC/USDC 1h: {DIP}" in replaced
    assert len(await chat.type("/strategy")) > 0
    assert len(presses(chat.last)) == MAX_STRATEGIES


async def test_deleting_asks_first() -> None:
    chat = Chat()
    await chat.type(f"/strategy save dip {DIP} on BTC")
    await chat.type("/strategy delete DIP")
    assert len(chat.bot.strategies.saved) == 1
    assert f"/strategy save dip {DIP} on BTC/USDC 1h" in await chat.press("strategy_delete")
    assert not chat.bot.strategies.saved


async def test_another_user_sees_and_takes_a_shared_strategy() -> None:
    chat = Chat()
    await chat.type(f"/strategy save dip {DIP} on BTC 4h")
    linked = lambda *words: "https://example/" + "_".join(words)  # noqa: E731
    reply = await chat.bot.router.answer(replace(chat.bot.inbound("/strategy share dip"), link=linked))
    code = next(iter(chat.bot.strategies.saved.values())).share_code
    assert f"https://example/strategy_shared_{code}" in str(reply)
    assert code.isalnum()
    other = FakeDeskBot(external_id="8")
    other.strategies.saved = chat.bot.strategies.saved
    shown = await other.router.answer(replace(other.inbound(f"/strategy shared {code}"), linked=True))
    assert "when rsi(14) < 30" in str(shown)
    for expected in ({"dip"}, {"dip"}):
        await other.router.answer(other.inbound(f"strategy take {code}", pressed=True))
        own = {name for (person, _, name) in other.strategies.saved if person != 1} or {"dip"}
        assert own == expected


async def test_sharing_ends_when_the_rule_changes_or_its_owner_ends_it() -> None:
    chat = Chat()
    for ended in (f"/strategy save dip {DIP} on BTC 1h", "/strategy unshare dip", "/strategy delete dip"):
        await chat.type(f"/strategy save dip {DIP} on BTC 4h")
        await chat.type("/strategy share dip")
        code = next(iter(chat.bot.strategies.saved.values())).share_code
        await chat.type(f"/strategy save dip {DIP} on BTC 4h")
        assert "strategy unshare dip" in presses(chat.last)
        assert "when rsi(14) < 30" in await chat.type(f"/strategy shared {code}")
        await chat.type(ended)
        if "delete" in ended:
            await chat.bot.router.answer(chat.bot.inbound(press_of(chat.last, "strategy_delete"), pressed=True))
        assert "No strategy is shared" in await chat.type(f"/strategy shared {code}")


async def test_the_address_of_a_stranger_changes_nothing() -> None:
    bot = FakeDeskBot()
    await bot.router.answer(bot.inbound(f"/strategy save dip {DIP} on BTC"))
    code = "x" * 12
    for line in ("save dip BTC rsi above 5 buy", "delete dip", f"take {code}", "share dip"):
        reply = await bot.router.answer(replace(bot.inbound(f"/strategy {line}"), linked=True))
        assert "Your strategies" in str(reply)
    (saved,) = bot.strategies.saved.values()
    assert (saved.rule.text, saved.share_code) == (DIP, "")


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(
    ("rule", "shown", "carets"),
    [
        ("when rsi(14) = 30 buy", "when rsi(14) =", "^"),
        ("when close > sma(20) and rsj(14) < 30 buy", "hen close > sma(20) and rsj", "^^^"),
        ("rsi(14)가 30 미만이면 말매", "rsi(14)가 30 미만이면 말매", "^^^^"),
        ("when close > 3", "when close > 3 …", "^"),
    ],
)
async def test_an_error_has_a_line_of_carets(language: Language, rule: str, shown: str, carets: str) -> None:
    bot = FakeDeskBot(language)
    reply = await bot.router.answer(bot.inbound(f"/strategy save x {rule} on BTC"))
    (table,) = [block for block in reply.blocks if hasattr(block, "columns")]
    assert table.columns[0].title.endswith(shown)
    assert table.rows == ((carets,),)


async def test_a_shared_strategy_on_other_candles_leaves_ones_own() -> None:
    chat = Chat()
    for name, interval in (("mine", "1d"), ("theirs", "1m")):
        await chat.type(f"/strategy save {name} {DIP} on BTC {interval}")
    await chat.type("/strategy share theirs")
    code = press_of(chat.last, "strategy shared").split()[-1]
    await chat.type(f"/strategy take {code}")
    assert {each.name: each.interval.value for each in chat.bot.strategies.saved.values()} == {
        "mine": "1d",
        "theirs": "1m",
    }


async def test_what_a_strategy_replaces_is_named_also_where_only_candles_or_coin_differ() -> None:
    chat = Chat()
    for on, before in (("BTC 1d", ""), ("BTC 1d", ""), ("BTC 1m", "BTC/USDC 1d"), ("ETH 1m", "BTC/USDC 1m")):
        said = await chat.type(f"/strategy save mine {DIP} on {on}")
        assert ("previous rule" in said, before in said) == (bool(before), True), on
