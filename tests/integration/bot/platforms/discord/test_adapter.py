"""Answers of the adapter on a fake Discord, over a desk in memory: their form, and the people who see them."""

import asyncio
from dataclasses import replace

import pytest

from bot.commands import COMMANDS
from bot.reply import Button, Buttons, Document, Picture, Reply, Text
from people.person import Language, Person, Theme
from tests.fakes.bot import PNG, FakeDeskBot
from tests.fakes.discord import GUILD, GUILD_CHANNEL, FakeDiscord
from tests.fakes.discord_desk import DictMemory, serving
from tests.integration.bot.platforms.discord.scripted_desk import Scripted, asked, settle
from tests.patience import PATIENCE_SECONDS


async def test_a_price_is_answered_in_the_channel_and_refreshed_in_place(fake: FakeDiscord) -> None:
    async with serving(fake, FakeDeskBot().router):
        anna = fake.person()
        card = (await asked(await anna.slash("price", symbols="BTC"))).answer
        assert "BTC/USDC" in card.text
        assert not card.ephemeral
        again = await asked(await anna.press(card, card.button("Refresh")))
        assert again.answer is card
        assert again.response == 6
        chart = await asked(await anna.press(card, card.button("Chart")))
        assert chart.answer is not card
        assert list(chart.answer.files.values()) == [PNG]


async def test_refusals_and_help_are_for_one_pair_of_eyes_in_public(fake: FakeDiscord) -> None:
    async with serving(fake, FakeDeskBot().router):
        anna = fake.person()
        for values in ({"symbols": "NOSUCH"}, {"symbols": "루나"}):
            assert (await asked(await anna.slash("price", **values))).answer.ephemeral
        assert (await asked(await anna.slash("chart", symbol="BTC", interval="7x"))).answer.ephemeral
        assert (await asked(await anna.slash("help"))).answer.ephemeral
        assert (await asked(await anna.slash("help", command="buy"))).answer.ephemeral
        assert not (await asked(await anna.slash("help", dm=True))).answer.ephemeral
        assert not (await asked(await anna.slash("market"))).answer.ephemeral


async def test_money_matters_are_for_one_pair_of_eyes_in_public_and_stay_in_private(fake: FakeDiscord) -> None:
    async with serving(fake, FakeDeskBot().router):
        anna = fake.person()
        for name in ("start", "portfolio", "balance", "history", "reset", "settings"):
            assert (await asked(await anna.slash(name))).answer.ephemeral
            assert not (await asked(await anna.slash(name, dm=True))).answer.ephemeral
        card = (await asked(await anna.slash("price", symbols="BTC"))).answer
        bought = (await asked(await anna.press(card, card.button("Buy")))).answer
        assert bought.ephemeral
        assert bought is not card


async def test_an_order_is_previewed_confirmed_and_told_in_one_message(fake: FakeDiscord) -> None:
    bot = FakeDeskBot()
    async with serving(fake, bot.router):
        anna = fake.person()
        preview = (await asked(await anna.slash("buy", symbol="BTC", size="100usdc"))).answer
        first, second = (
            await anna.press(preview, preview.button("Confirm")),
            await anna.press(preview, preview.button("Confirm")),
        )
        await asked(first)
        await asked(second)
        assert "Bought" in preview.text
        assert len(bot.desk.receipts) == 1


async def test_an_answer_without_buttons_stands_beside_the_page_that_has_some(fake: FakeDiscord) -> None:
    router = Scripted(Text("a price"), Buttons(((Button("Refresh", "price BTC"),),)))
    async with serving(fake, router):
        anna = fake.person()
        card = (await asked(await anna.slash("price", symbols="BTC"))).answer
        before = card.text
        router.reply = Reply((Text("the ledger is down"),))
        beside = (await asked(await anna.press(card, card.button("Refresh")))).answer
        assert beside is not card
        assert beside.ephemeral
        assert card.text == before


async def test_options_are_suggested_while_they_are_typed(fake: FakeDiscord) -> None:
    async with serving(fake, FakeDeskBot().router):
        anna = fake.person()
        assert (await anna.type("price", "symbols", symbols="BTC et"))[0]["value"] == "BTC ETH"
        assert [choice["value"] for choice in await anna.type("help", "command", command="po")] == ["portfolio"]
        sizes = await anna.type("buy", "size", symbol="BTC", size="0.5")
        assert [choice["value"] for choice in sizes] == ["0.5usdc", "0.5", "0.5%"]
        assert await anna.type("settings", "value", value="x") == []
        zones = await anna.type("settings", "value", setting="timezone", value="")
        assert "Asia/Seoul" in [choice["value"] for choice in zones]


async def test_a_reply_that_is_private_by_itself_leaves_no_public_trace(fake: FakeDiscord) -> None:
    async with serving(fake, Scripted(Text("your money"), private=True)):
        exchange = await fake.person().slash("price", symbols="BTC")
        await exchange.answered()
        assert exchange.answer.ephemeral
        assert exchange.original is not None
        assert exchange.original.deleted
        private = await asked(await fake.person().slash("price", symbols="BTC", dm=True))
        assert not private.answer.ephemeral


async def test_where_nothing_can_be_attached_the_picture_is_told_in_words(fake: FakeDiscord) -> None:
    async with serving(fake, Scripted(Picture(PNG, "what it shows", "chart"))):
        exchange = await fake.person().slash("chart", symbol="BTC")
        fake.bare.add(exchange.channel_id)
        await exchange.answered()
        assert exchange.answer.text == "what it shows"
        assert exchange.answer.files == {}
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(exchange.shown()) < 2:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        told = exchange.shown()[1]
        assert "Attach Files" in told.text
        assert told.ephemeral


async def test_a_long_answer_comes_in_several_messages_with_its_buttons_at_the_end(fake: FakeDiscord) -> None:
    memory = DictMemory()
    blocks = [Text("x" * 1400) for _ in range(12)]
    async with serving(fake, Scripted(*blocks, Buttons(((Button("Go", "price BTC"),),))), memory):
        exchange = await fake.person().slash("portfolio")
        await exchange.answered()
        await settle(memory)
        shown = exchange.shown()
        assert all(message.ephemeral for message in shown)
        assert [bool(message.buttons) for message in shown] == [False] * (len(shown) - 1) + [True]
        assert len(shown) > 1


async def test_a_failing_discord_is_asked_again(fake: FakeDiscord) -> None:
    async with serving(fake, Scripted()):
        anna = fake.person()
        fake.trouble("PATCH", "@original", 429, body={"message": "slow down", "retry_after": 0.1, "global": False})
        assert (await asked(await anna.slash("price", symbols="BTC"))).answer.text == "done"
        fake.trouble("PATCH", "@original", 502)
        assert (await asked(await anna.slash("price", symbols="BTC"))).answer.text == "done"
        fake.trouble("PATCH", "@original", 200, cut=True)
        assert (await asked(await anna.slash("price", symbols="BTC"))).answer.text == "done"
        fake.trouble("POST", "callback", 200, cut=True, after=True)
        assert (await asked(await anna.slash("price", symbols="BTC"))).answer.text == "done"


async def test_what_discord_will_not_show_is_said_to_be_our_mistake(fake: FakeDiscord) -> None:
    async with serving(fake, Scripted()):
        fake.trouble("PATCH", "@original", 400, 50035)
        exchange = await asked(await fake.person().slash("price", symbols="BTC"))
        assert exchange.interaction_id in exchange.answer.text


@pytest.mark.parametrize(
    "text", ["@everyone", "<@1> **x** `", "[a](https://b.c)", "\u202e\u200b", "x" * 6000, "```", "/reset\n/reset"]
)
async def test_free_text_reaches_nobody_and_breaks_nothing(fake: FakeDiscord, text: str) -> None:
    async with serving(fake, FakeDeskBot().router):
        anna = fake.person()
        for name, options in (
            ("price", {"symbols": text}),
            ("buy", {"symbol": text, "size": text}),
            ("market", {"view": "search", "text": text}),
            ("settings", {"setting": "timezone", "value": text}),
            ("help", {"command": text}),
        ):
            shown = (await asked(await anna.slash(name, **options))).answer
            assert "@everyone" not in shown.text
            await anna.type(name, next(iter(options)), **options)


async def test_a_mistake_of_ours_is_told_and_not_left_waiting(fake: FakeDiscord) -> None:
    memory = DictMemory()
    async with serving(fake, Scripted(Buttons(((Button("x", "y" * 99),),))), memory):
        exchange = await asked(await fake.person().slash("price", symbols="BTC"))
        assert exchange.interaction_id in exchange.answer.text
        await settle(memory)


# -- places ------------------------------------------------------------------------------------


async def test_where_a_command_is_given_is_told_in_full(fake: FakeDiscord) -> None:
    router = Scripted()
    async with serving(fake, router):
        anna, owner = fake.person(), fake.person(manager=True)
        thread = fake.thread()
        await asked(await anna.slash("price", symbols="BTC", channel=thread))
        await asked(await owner.slash("price", symbols="BTC"))
        await asked(await anna.slash("price", symbols="BTC", dm=True))
    told = [(one.chat_id, one.group, one.manager, one.public, one.chat_name, one.elsewhere) for one in router.seen]
    assert told == [
        (thread, GUILD, False, True, "#t", ""),
        (GUILD_CHANNEL, GUILD, True, True, "#desk", ""),
        (anna.dm_channel, "", False, False, "", ""),
    ]


@pytest.mark.parametrize("why", ["no member", "muted"])
async def test_where_the_bot_may_not_write_by_itself_an_alert_comes_privately_and_that_is_said(
    fake: FakeDiscord, why: str
) -> None:
    bot = FakeDeskBot()
    async with serving(fake, bot.router):
        anna = fake.person("ko")
        fake.member = why != "no member"
        fake.muted |= {GUILD_CHANNEL} if why == "muted" else set()
        answer = (await asked(await anna.slash("alert", symbol="BTC", level="+5%"))).answer
        assert "다이렉트 메시지" in answer.text
        (chat,) = bot.alerts.chats.values()
        assert (chat.chat_id, chat.public) == (f"dm:{anna.user_id}", False)


async def test_a_person_who_shows_their_money_is_answered_where_all_read(fake: FakeDiscord) -> None:
    shown = Person(1, Language.KOREAN, "UTC", theme=Theme.DARK, public=True)
    shareable = tuple(replace(command, shareable=command.name == "portfolio") for command in COMMANDS)
    router = Scripted()
    async with serving(fake, router, commands=shareable, recall=lambda *_: shown):
        anna = fake.person()
        assert not (await asked(await anna.slash("portfolio"))).answer.ephemeral
        assert (await asked(await anna.slash("balance"))).answer.ephemeral
        router.reply = replace(router.reply, private=True)  # what was remembered is out of date
        exchange = await asked(await anna.slash("portfolio"))
        assert exchange.answer.ephemeral
        assert exchange.original is not None
        assert exchange.original.deleted


async def test_the_words_of_the_adapter_are_in_the_language_that_was_chosen(fake: FakeDiscord) -> None:
    chosen = Person(1, Language.KOREAN)
    async with serving(fake, FakeDeskBot().router, recall=lambda *_: chosen):
        anna, minsu = fake.person(), fake.person()
        card = (await asked(await anna.slash("price", symbols="BTC"))).answer
        assert "버튼" in (await asked(await minsu.press(card, card.buttons[0]["custom_id"]))).answer.text


# -- files -------------------------------------------------------------------------------------


async def test_a_document_arrives_for_one_pair_of_eyes(fake: FakeDiscord) -> None:
    async with serving(fake, Scripted(Text("Here"), Document(b"{}", "all", "export.json"), private=True)):
        answer = (await asked(await fake.person().slash("portfolio"))).answer
        assert answer.ephemeral
        assert answer.files == {"export.json": b"{}"}


async def test_a_thread_counts_as_its_channel(fake: FakeDiscord) -> None:
    async with serving(fake, FakeDeskBot().router):
        owner, anna = fake.person(manager=True), fake.person()
        await (await owner.slash("group", topic="channel", values="add")).answered()
        for place, answered in ((fake.thread(), True), ("1180000000000000777", False)):
            exchange = await (await anna.slash("price", symbols="BTC", channel=place)).answered()
            assert ("58,000" in exchange.answer.text) == answered, exchange.answer.text
