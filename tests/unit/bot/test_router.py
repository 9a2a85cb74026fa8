import asyncio
import logging
from dataclasses import replace

import pytest

from bot.command import declare
from bot.commands import COMMANDS
from bot.context import Context
from bot.inbound import Inbound, Suggestion
from bot.reply import Fields, Reply, Table, Text, Tone
from bot.router import Router
from core.errors import DatabaseUnavailable
from people.person import Language, Person
from pipeline.errors import MarketUnavailable
from tests.fakes.bot import CATALOGS, FakeDeskBot, MemoryPeople
from tests.fakes.transcript import buttons, transcript

SPEECHLESS = ("incident", "Traceback", "Something went wrong")


async def said(bot: FakeDeskBot, text: str, *, pressed: bool = False) -> str:
    return transcript(await bot.router.answer(bot.inbound(text, pressed=pressed)))


@pytest.mark.parametrize(
    "text", ["/price BTC", "price BTC", "/PRICE btc", "/price@paperdesk_bot BTC", "  /price\tBTC\n"]
)
async def test_a_command_is_understood_however_it_is_written(text: str) -> None:
    assert "58,000.00" in await said(FakeDeskBot(), text)


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "/"])
async def test_an_empty_line_gets_a_gentle_hint(text: str) -> None:
    reply = await FakeDeskBot().router.answer(FakeDeskBot().inbound(text))
    assert isinstance(reply.blocks[0], Text)
    assert reply.blocks[0].tone is Tone.NOTE
    assert [entry.press for entry in buttons(reply)] == ["help", "market"]


async def test_an_unknown_command_names_the_nearest_with_its_words_kept() -> None:
    bot = FakeDeskBot()
    reply = await bot.router.answer(bot.inbound("/pricee BTC ETH"))
    assert "/price" in transcript(reply)
    assert [entry.press for entry in buttons(reply)] == ["price BTC ETH", "privacy"]
    assert "/help" in await said(bot, "/qqqqqq")


async def test_help_on_an_unknown_command_offers_help_on_the_nearest() -> None:
    bot = FakeDeskBot()
    reply = await bot.router.answer(bot.inbound("/help /byu"))
    assert [entry.press for entry in buttons(reply)] == ["help buy"]


@pytest.mark.parametrize("name", [command.name for command in COMMANDS if command.hidden])
async def test_hidden_commands_cannot_be_typed(name: str) -> None:
    assert f"no command /{name}" in await said(FakeDeskBot(), f"/{name} 1 1")


async def test_a_missing_argument_is_named_with_usage_example_and_ways_on() -> None:
    bot = FakeDeskBot()
    reply = await bot.router.answer(bot.inbound("/buy ETH"))
    text = transcript(reply)
    assert "SIZE" in text
    assert "/buy SYMBOL SIZE" in text
    assert "/buy BTC 100usdc" in text
    assert [entry.press for entry in buttons(reply)][:2] == ["buy ETH 100usdc", "buy ETH 1000usdc"]
    first = await bot.router.answer(bot.inbound("/buy"))
    assert [entry.press for entry in buttons(first)] == ["buy BTC", "buy ETH", "buy SOL"]


@pytest.mark.parametrize("text", ["/buy BTC 1 2", "/portfolio now", "/market movers now", "/settings theme dark now"])
async def test_what_a_command_has_no_place_for_is_said(text: str) -> None:
    reply = await said(FakeDeskBot(), text)
    assert "WARNING" in reply


async def test_a_line_is_bounded_but_nothing_shorter_is_refused_for_its_length() -> None:
    bot = FakeDeskBot()
    assert "10000" in (await said(bot, "x" * 10_000)).replace(",", "")
    assert "the maximum is 1,000" in await said(bot, "/price " + "A" * 994)
    assert "at most" not in await said(bot, "/price " + "A" * 993)


async def test_the_number_of_symbols_is_bounded() -> None:
    assert "up to 20" in await said(FakeDeskBot(), "/price" + " BTC" * 21)
    assert "doesn't take" not in await said(FakeDeskBot(), "/price" + " BTC" * 20)


@pytest.mark.parametrize("text", ["/pri\u202ece BTC", "/price\u200b B\u200fTC", "/price BTC\x00\x1b"])
async def test_characters_that_cannot_be_seen_are_refused_with_what_can_be_seen(text: str) -> None:
    answer = await said(FakeDeskBot(), text)
    assert "58,000.00" not in answer
    assert "type it again: /price BTC" in answer


async def test_a_line_of_nothing_visible_is_refused() -> None:
    assert "only invisible characters" in await said(FakeDeskBot(), "\u202e\u200b")


@pytest.mark.parametrize(
    "size",
    ["0", "-1", "NaN", "inf", "1e9", "٣٤", "1" + "0" * 30, "10^30", "1_000", "1,000", "0,5", "x", "%", "$", "101%"],
)
@pytest.mark.parametrize("language", list(Language))
async def test_bad_sizes_are_answered_in_words_and_write_nothing(size: str, language: Language) -> None:
    bot = FakeDeskBot(language)
    for line in (f"/buy BTC {size}", f"/sell BTC {size}"):
        reply = await said(bot, line)
        assert "WARNING" in reply
        assert not any(word in reply for word in SPEECHLESS)
    assert not bot.previews.kept
    assert not bot.desk.receipts


@pytest.mark.parametrize("size", ["0.0000000001", "999999999999usdc", "max"])
async def test_what_only_trading_can_refuse_is_answered_in_words(size: str) -> None:
    bot = FakeDeskBot()
    assert "WARNING" in await said(bot, f"/sell BTC {size}")
    if size != "max":
        assert "WARNING" in await said(bot, f"/buy BTC {size}")


async def test_an_unknown_symbol_offers_the_line_again_with_the_nearest() -> None:
    bot = FakeDeskBot()
    reply = await bot.router.answer(bot.inbound("/buy btcc 100usdc"))
    assert [entry.press for entry in buttons(reply)] == ["buy BTCUSDC 100usdc"]


async def test_several_words_that_are_read_as_one_are_corrected_together() -> None:
    bot = FakeDeskBot()
    reply = await bot.router.answer(bot.inbound("/settings timezone New Yrk"))
    assert [entry.press for entry in buttons(reply)] == ["settings timezone America/New_York"]


async def test_a_persons_words_are_repeated_in_part_only() -> None:
    reply = await said(FakeDeskBot(), "/price " + "A" * 900)
    assert len(reply) < 300


async def test_trying_again_is_offered_where_it_helps_and_does_no_harm() -> None:
    bot = FakeDeskBot()
    bot.market.age_ms = 60_000
    reply = await bot.router.answer(bot.inbound("/buy BTC 100usdc"))
    assert "60 seconds old" in transcript(reply)
    assert [entry.press for entry in buttons(reply)] == ["buy BTC 100usdc"]


# -- whatever happens --------------------------------------------------------------------------


async def broken(ctx: Context) -> Reply:
    raise ZeroDivisionError("secret inside")


async def down(ctx: Context) -> Reply:
    raise DatabaseUnavailable


async def slow(ctx: Context) -> Reply:
    await asyncio.sleep(60)
    return Reply(())


async def test_our_own_mistake_is_an_incident_with_a_traceback_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    bot = FakeDeskBot()
    router = Router(bot.services, catalogs=CATALOGS, commands=(declare(broken),))
    with caplog.at_level(logging.ERROR):
        reply = await router.answer(bot.inbound("/broken"))
    (text,) = reply.blocks
    assert isinstance(text, Text)
    incident = text.body.rpartition(" ")[2]
    assert len(incident) == 8
    assert incident in caplog.text
    assert "ZeroDivisionError" in caplog.text
    assert "secret" not in text.body


async def test_an_error_of_the_desk_is_its_sentence() -> None:
    bot = FakeDeskBot()
    router = Router(bot.services, catalogs=CATALOGS, commands=(declare(down),))
    reply = await router.answer(bot.inbound("/down"))
    assert "ledger is unavailable" in transcript(reply)
    assert not buttons(reply)


async def test_a_command_that_takes_too_long_is_given_up() -> None:
    bot = FakeDeskBot()
    router = Router(bot.services, catalogs=CATALOGS, commands=(declare(slow),), seconds=0.05)
    assert "/history" in transcript(await router.answer(bot.inbound("/slow")))


class LostPeople(MemoryPeople):
    async def find(self, platform: str, external_id: str) -> Person | None:
        raise DatabaseUnavailable


async def test_a_stranger_is_answered_in_the_hinted_language_even_when_the_ledger_is_down() -> None:
    bot = FakeDeskBot(Language.KOREAN)
    router = Router(replace(bot.services, people=LostPeople()), catalogs=CATALOGS)
    assert "원장" in transcript(await router.answer(bot.inbound("/price BTC")))
    assert [entry.text for entry in await router.suggest(bot.inbound("/pri"))] == ["/price", "/privacy"]


async def test_a_cancelled_command_stays_cancelled() -> None:
    bot = FakeDeskBot()
    router = Router(bot.services, catalogs=CATALOGS, commands=(declare(slow),))
    task = asyncio.create_task(router.answer(bot.inbound("/slow")))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../etc/passwd", "x" * 10_000])
async def test_a_strange_time_zone_hint_does_no_harm(zone: str) -> None:
    bot = FakeDeskBot()
    inbound = Inbound("fake", "7", "1", "/settings", timezone=zone)
    assert "UTC" in transcript(await bot.router.answer(inbound))


# -- who may see it ----------------------------------------------------------------------------


@pytest.mark.parametrize("line", ["/portfolio", "/balance", "/history", "/reset", "/start", "/buy BTC 1000000000usdc"])
async def test_what_speaks_of_a_persons_money_is_private(line: str) -> None:
    bot = FakeDeskBot()
    assert (await bot.router.answer(bot.inbound(line))).private


@pytest.mark.parametrize("line", ["/price BTC", "/market", "/help", "/chart BTC"])
async def test_what_everyone_may_know_is_not_private(line: str) -> None:
    bot = FakeDeskBot()
    assert not (await bot.router.answer(bot.inbound(line))).private


# -- suggestions -------------------------------------------------------------------------------


async def suggested(text: str, language: Language = Language.ENGLISH) -> list[str]:
    bot = FakeDeskBot(language)
    return [entry.text for entry in await bot.router.suggest(bot.inbound(text))]


async def test_commands_are_suggested_with_what_they_do() -> None:
    bot = FakeDeskBot()
    found = await bot.router.suggest(bot.inbound("/po"))
    assert found == [Suggestion("/portfolio", "Show your positions, equity, profit and loss")]
    assert (await suggested(""))[0] == "/start"
    assert await suggested("po") == ["portfolio"]
    assert await suggested("/conf") == []


async def test_arguments_are_suggested_by_their_place() -> None:
    assert await suggested("/price e") == ["ETH", "DOGE"]
    assert await suggested("/price BTC ETH s") == ["SOL"]
    assert await suggested("/buy btc ") == ["100usdc", "1000usdc", "25%", "50%", "max"]
    assert await suggested("/chart btc 1") == ["1m", "15m", "1h", "1d"]
    assert await suggested("/settings ") == ["language", "timezone", "confirm", "theme", "public"]
    assert await suggested("/settings theme ") == ["dark", "light"]
    assert await suggested("/help se") == ["sell", "settings", "preferences"]
    assert await suggested("/buy btc 1 x") == []


@pytest.mark.parametrize("text", ["/nope x", "/settings nope x", "x" * 5000, "/", "\u202e", "/portfolio x"])
async def test_nothing_to_suggest_is_no_error(text: str) -> None:
    assert isinstance(await suggested(text), list)


async def test_suggestions_are_limited() -> None:
    bot = FakeDeskBot()
    assert len(await bot.router.suggest(bot.inbound("/settings timezone a"), 7)) == 7


async def test_suggestions_need_no_market() -> None:
    bot = FakeDeskBot()

    def no_market() -> None:
        raise MarketUnavailable

    bot.market.info = no_market  # type: ignore[assignment, method-assign]
    assert await bot.router.suggest(bot.inbound("/buy BTC ")) == []


async def test_no_figure_is_shown_in_a_table_with_ragged_rows() -> None:
    bot = FakeDeskBot()
    for line in ("/price BTC ETH", "/market", "/history", "/balance"):
        for block in (await bot.router.answer(bot.inbound(line))).blocks:
            if isinstance(block, Table):
                assert {len(row) for row in block.rows} == {len(block.columns)}
            if isinstance(block, Fields):
                assert all(label and value for label, value in block.rows)
