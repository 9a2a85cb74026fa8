"""The adapter on a fake Discord, over a desk in memory: what people type and press, and what they see."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.commands import COMMANDS
from bot.inbound import Inbound, Suggestion
from bot.reply import Button, Buttons, Document, Picture, Reply, Text
from people.person import Language, Person, Theme
from tests.fakes.bot import PNG, FakeDeskBot
from tests.fakes.discord import GUILD, GUILD_CHANNEL, FakeDiscord
from tests.fakes.discord_desk import NOW, DictMemory, serving
from tests.fakes.discord_people import Exchange
from tests.patience import PATIENCE_SECONDS


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord.open() as fake:
        yield fake
        assert fake.violations == []


class Scripted:
    """A router that answers what the test says, after `seconds`."""

    def __init__(self, *blocks: object, seconds: float = 0.0, private: bool = False) -> None:
        self.reply = Reply(blocks or (Text("done"),), private)  # type: ignore[arg-type]
        self.seconds = seconds
        self.seen: list[Inbound] = []

    async def answer(self, inbound: Inbound) -> Reply:
        self.seen.append(inbound)
        await asyncio.sleep(self.seconds)
        return self.reply

    async def suggest(self, inbound: Inbound, limit: int = 25) -> list[Suggestion]:
        await asyncio.sleep(self.seconds)
        return [Suggestion("BTC", "BTC/USDC")]


async def asked(coming: Exchange) -> Exchange:
    return await coming.answered()


async def settle(memory: DictMemory) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        await asyncio.sleep(0.05)
        while memory.pending:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


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


async def test_other_peoples_presses_are_refused_in_their_own_language(fake: FakeDiscord) -> None:
    bot = FakeDeskBot()
    async with serving(fake, bot.router):
        anna, minsu = fake.person(), fake.person("ko")
        card = (await asked(await anna.slash("price", symbols="BTC"))).answer
        before = card.edits
        refused = (await asked(await minsu.press(card, card.button("Refresh")))).answer
        assert "/price" in refused.text
        assert "버튼" in refused.text
        assert refused.ephemeral
        assert card.edits == before
        preview = (await asked(await anna.slash("buy", symbol="BTC", size="100usdc", dm=True))).answer
        preview.channel_id = card.channel_id
        refused = (await asked(await minsu.press(preview, preview.button("Confirm")))).answer
        assert refused.ephemeral
        assert bot.desk.receipts == {}


async def test_a_button_outlives_the_bot(fake: FakeDiscord) -> None:
    bot, memory = FakeDeskBot(), DictMemory()
    async with serving(fake, bot.router, memory):
        anna = fake.person()
        preview = (await asked(await anna.slash("buy", symbol="BTC", size="100usdc"))).answer
    async with serving(fake, bot.router, memory):
        await asked(await anna.press(preview, preview.button("Confirm")))
        assert "Bought" in preview.text
    assert fake.syncs == 1


async def test_a_button_of_another_version_says_so(fake: FakeDiscord) -> None:
    async with serving(fake, FakeDeskBot().router):
        anna = fake.person()
        card = (await asked(await anna.slash("price", symbols="BTC"))).answer
        card.buttons[0]["custom_id"] = "price:BTC"
        told = (await asked(await anna.press(card, "price:BTC"))).answer
        assert "older version" in told.text
        assert told.ephemeral


async def test_a_command_that_is_gone_says_so(fake: FakeDiscord) -> None:
    async with serving(fake, FakeDeskBot().router):
        anna = fake.person()
        fake.commands.append({"id": "1", "name": "tomorrow", "options": []})
        told = (await asked(await anna.slash("tomorrow"))).answer
        assert "has changed" in told.text
        assert told.ephemeral


async def test_a_command_under_its_former_name_runs(fake: FakeDiscord) -> None:
    async with serving(fake, FakeDeskBot().router):
        anna = fake.person()
        options = [{"name": "symbol", "type": 3}, {"name": "horizon", "type": 3}]
        fake.commands.append({"id": "1", "name": "notify", "options": [{"name": "notice", "type": 3}]})
        fake.commands.append({"id": "2", "name": "foresee", "options": options})
        told = (await asked(await anna.slash("notify", notice="quiet"))).answer
        assert "Quiet hours: " in told.text
        told = (await asked(await anna.slash("foresee"))).answer
        assert "forecast alerts" in told.text


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


async def test_the_deadline_is_kept_however_slow_the_desk_is(fake: FakeDiscord) -> None:
    async with serving(fake, Scripted(seconds=0.7)):
        anna, minsu = fake.person(), fake.person("ko")
        exchanges = [await anna.slash("price", symbols="BTC"), await minsu.slash("portfolio")]
        exchanges += [await anna.slash("balance"), await anna.slash("history")]
        for exchange in exchanges:
            await exchange.answered()
            assert 0 <= exchange.acknowledged_in < 0.5
        assert await anna.type("price", "symbols", symbols="") != []


async def test_no_suggestions_rather_than_late_ones(fake: FakeDiscord, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.platforms.discord.handler.SUGGEST_SECONDS", 0.1)
    async with serving(fake, Scripted(seconds=5)):
        assert await fake.person().type("price", "symbols", symbols="") == []


async def test_what_expired_before_it_was_acknowledged_is_not_done(fake: FakeDiscord) -> None:
    router, memory = Scripted(), DictMemory()
    async with serving(fake, router, memory):
        fake.deadline = 0.0
        await fake.person().slash("portfolio")
        await asyncio.sleep(0.2)
        assert router.seen == []


async def test_an_interaction_that_is_delivered_again_is_answered_once(fake: FakeDiscord) -> None:
    router, memory = Scripted(), DictMemory()
    async with serving(fake, router, memory):
        exchange = await asked(await fake.person().slash("portfolio"))
        event = fake.gateway.session.events[-1]
        await fake.gateway.session.dispatch("INTERACTION_CREATE", event["d"])
        await settle(memory)
        assert len(router.seen) == 1
        assert len(exchange.messages) == 1


async def test_too_many_commands_at_once_are_refused_cheaply_and_nobody_else_waits(fake: FakeDiscord) -> None:
    router = Scripted(seconds=0.1)
    async with serving(fake, router):
        anna, minsu = fake.person(), fake.person()
        flood = [await anna.slash("portfolio") for _ in range(40)]
        other = await minsu.slash("portfolio")
        await other.answered()
        for exchange in flood:
            await exchange.answered()
        refused = [exchange for exchange in flood if "was not run" in exchange.answer.text]
        assert len(refused) >= 20
        assert len(router.seen) == 41 - len(refused)


async def test_a_crash_between_the_question_and_its_answer_loses_nothing(fake: FakeDiscord) -> None:
    memory = DictMemory()
    async with serving(fake, Scripted(seconds=60), memory):
        anna = fake.person()
        exchange = await anna.slash("portfolio")
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not memory.pending:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    assert exchange.original is not None
    assert exchange.original.loading
    router = Scripted(Text("so it is sent here"))
    async with serving(fake, router, memory):
        await exchange.answered()
        await settle(memory)
    assert exchange.answer.text == "so it is sent here"
    assert exchange.answer.ephemeral
    assert router.seen[0].command_id == f"interaction:{exchange.interaction_id}"
    assert memory.pending == {}


async def test_a_reply_that_is_private_by_itself_leaves_no_public_trace(fake: FakeDiscord) -> None:
    async with serving(fake, Scripted(Text("your money"), private=True)):
        exchange = await fake.person().slash("price", symbols="BTC")
        await exchange.answered()
        assert exchange.answer.ephemeral
        assert exchange.original is not None
        assert exchange.original.deleted
        private = await asked(await fake.person().slash("price", symbols="BTC", dm=True))
        assert not private.answer.ephemeral


async def test_an_answer_that_comes_too_late_goes_to_the_person_when_it_is_about_money(fake: FakeDiscord) -> None:
    router, memory = Scripted(Text("Bought"), seconds=0.2, private=True), DictMemory()
    async with serving(fake, router, memory):
        anna = fake.person()
        exchange = await anna.slash("buy", symbol="BTC", size="1")
        await asyncio.sleep(0.1)
        exchange.token_valid = False
        await settle(memory)
        told = [message for message in fake.messages.values() if message.channel_id == anna.dm_channel]
        assert "Bought" in told[0].text
        assert "/buy" in told[0].text
        router.reply = Reply((Text("a price"),))
        exchange = await anna.slash("price", symbols="BTC")
        await asyncio.sleep(0.1)
        exchange.token_valid = False
        await settle(memory)
        assert len([message for message in fake.messages.values() if message.channel_id == anna.dm_channel]) == 1


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


async def test_the_library_keeps_no_view_in_memory(fake: FakeDiscord) -> None:
    async with serving(fake, FakeDeskBot().router) as service:
        anna = fake.person()
        for _ in range(3):
            await asked(await anna.slash("price", symbols="BTC"))
        client = service.courier._client()
        assert client is not None
        assert client._connection._view_store._views == {}


async def test_a_mistake_of_ours_is_told_and_not_left_waiting(fake: FakeDiscord) -> None:
    memory = DictMemory()
    async with serving(fake, Scripted(Buttons(((Button("x", "y" * 99),),))), memory):
        exchange = await asked(await fake.person().slash("price", symbols="BTC"))
        assert exchange.interaction_id in exchange.answer.text
        await settle(memory)


async def test_money_is_never_written_into_a_public_message_that_was_pressed(fake: FakeDiscord) -> None:
    async with serving(fake, FakeDeskBot().router):
        anna = fake.person()
        card = (await asked(await anna.slash("price", symbols="BTC"))).answer
        before = card.text
        card.buttons[0]["custom_id"] = custom_id = f"u00:{anna.user_id}:portfolio"
        shown = (await asked(await anna.press(card, custom_id))).answer
        assert shown.ephemeral
        assert card.text == before


@pytest.mark.parametrize(("age_ms", "acknowledged"), [(1000, False), (15 * 60_000, True)])
async def test_what_nobody_waits_for_any_more_is_not_done(fake: FakeDiscord, age_ms: int, acknowledged: bool) -> None:  # noqa: FBT001
    memory, router = DictMemory(), Scripted(seconds=60)
    async with serving(fake, router, memory):
        exchange = await fake.person().slash("portfolio")
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not memory.pending:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    if not acknowledged:
        exchange.response, exchange.original = None, None
    memory.pending = {key: replace(kept, asked_at=NOW - age_ms) for key, kept in memory.pending.items()}
    router = Scripted()
    async with serving(fake, router, memory):
        await settle(memory)
    assert router.seen == []


# -- menus and forms ---------------------------------------------------------------------------


async def test_of_many_buttons_one_is_chosen_from_a_menu_by_its_owner_only(fake: FakeDiscord) -> None:
    receipts = tuple(Button(f"Receipt #{number}", f"receipt {number}") for number in range(30))
    router, memory = Scripted(Text("Yours"), Buttons((receipts,)), private=True), DictMemory()
    async with serving(fake, router, memory):
        anna, minsu = fake.person(), fake.person("ko")
        page = (await asked(await anna.slash("history"))).answer
        assert [len(menu["options"]) for menu in page.menus] == [25, 5]
    async with serving(fake, router, memory):
        router.reply = Reply((Text("A receipt"),))
        chosen = await asked(await anna.use(page, page.control("Receipt #27")))
        assert chosen.answer.text == "A receipt"
        assert (router.seen[-1].text, router.seen[-1].pressed) == ("receipt 27", True)
        before = len(router.seen)
        refused = (await asked(await minsu.use(page, page.control("Receipt #3")))).answer
        assert refused.ephemeral
        assert "버튼" in refused.text
        assert len(router.seen) == before


async def test_a_word_that_is_asked_for_is_written_into_a_form(fake: FakeDiscord) -> None:
    bot = FakeDeskBot()
    async with serving(fake, bot.router) as service:
        anna, minsu = fake.person(), fake.person("ko")
        card = (await asked(await anna.slash("price", symbols="BTC"))).answer
        question = (await asked(await anna.press(card, card.button("Buy")))).answer
        write = question.control("Type it")
        form = await asked(await anna.use(question, write))
        assert form.form is not None
        assert form.form["title"] == "/buy BTC"
        assert form.acknowledged_in < 1
        await asked(await anna.slash("help"))  # by now the library has kept what it keeps
        client = service.courier._client()
        assert client is not None
        assert client._connection._view_store._modals == {}
        preview = await asked(await anna.submit(form, "100usdc"))
        assert preview.answer is question
        assert "buy BTC/USDC" in question.text
        assert question.ephemeral
        question.channel_id = card.channel_id
        refused = (await asked(await minsu.use(question, question.control("Confirm")))).answer
        assert refused.ephemeral


async def test_a_form_that_was_filled_in_badly_can_be_filled_in_again(fake: FakeDiscord) -> None:
    async with serving(fake, FakeDeskBot().router):
        anna = fake.person()
        card = (await asked(await anna.slash("price", symbols="BTC"))).answer
        question = (await asked(await anna.press(card, card.button("Buy")))).answer
        form = await asked(await anna.use(question, question.control("Type it")))
        refused = (await asked(await anna.submit(form, "much"))).answer
        assert "much" in refused.text
        again = await asked(await anna.use(refused, refused.control("Type it")))
        assert "buy BTC/USDC" in (await asked(await anna.submit(again, "100usdc"))).answer.text


@pytest.mark.parametrize("text", ["@everyone", "100usdc\u202e", "x" * 400, "NaN", " ", "1\n2", "📈", "-1", "<@1>"])
async def test_whatever_is_written_into_a_form_is_answered(fake: FakeDiscord, text: str) -> None:
    async with serving(fake, FakeDeskBot().router):
        anna = fake.person("ko")
        card = (await asked(await anna.slash("price", symbols="BTC"))).answer
        question = (await asked(await anna.press(card, card.button("매수")))).answer
        form = await asked(await anna.use(question, question.control("직접")))
        answer = (await asked(await anna.submit(form, text))).answer
        assert answer.ephemeral
        assert "@everyone" not in answer.text


async def test_a_forged_form_does_nothing(fake: FakeDiscord) -> None:
    router = Scripted()
    async with serving(fake, router):
        anna, minsu = fake.person(), fake.person()
        form = Exchange("1", "t", 3, 0.0, GUILD_CHANNEL, None)
        field = {"component": {"custom_id": "value", "max_length": 9}}
        for custom_id in ("", "buy BTC", f"U00:{minsu.user_id}:buy BTC", "U00::x", "s00:0:buy"):
            form.form = {"custom_id": custom_id, "components": [field]}
            assert (await asked(await anna.submit(form, "1"))).answer.ephemeral
        form.form = {
            "custom_id": f"U00:{anna.user_id}:price BTC",
            "components": [{"component": {"custom_id": "other"}}],
        }
        await asked(await anna.submit(form, "1"))
        assert [inbound.text for inbound in router.seen] == ["price BTC "]


async def test_a_form_whose_deadline_has_passed_is_only_logged(
    fake: FakeDiscord, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(fake, FakeDeskBot().router):
        anna = fake.person()
        card = (await asked(await anna.slash("price", symbols="BTC"))).answer
        question = (await asked(await anna.press(card, card.button("Buy")))).answer
        fake.deadline = 0.0
        await anna.use(question, question.control("Type it"))
        async with asyncio.timeout(PATIENCE_SECONDS):
            while "no form could be shown" not in caplog.text:  # noqa: ASYNC110
                await asyncio.sleep(0.01)


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


# -- several processes -------------------------------------------------------------------------


async def test_an_interaction_that_two_processes_were_handed_is_answered_by_one(fake: FakeDiscord) -> None:
    memory, routers = DictMemory(), (Scripted(seconds=0.2), Scripted(seconds=0.2))
    async with serving(fake, routers[0], memory), serving(fake, routers[1], memory):
        anna = fake.person()
        exchange = await anna.slash("price", symbols="BTC")
        await fake.gateway.sessions[0].dispatch("INTERACTION_CREATE", fake.gateway.session.events[-1]["d"])
        await exchange.answered()
        await settle(memory)
    assert sum(len(router.seen) for router in routers) == 1
    assert len(exchange.messages) == 1


async def test_a_thread_counts_as_its_channel(fake: FakeDiscord) -> None:
    async with serving(fake, FakeDeskBot().router):
        owner, anna = fake.person(manager=True), fake.person()
        await (await owner.slash("group", topic="channel", values="add")).answered()
        for place, answered in ((fake.thread(), True), ("1180000000000000777", False)):
            exchange = await (await anna.slash("price", symbols="BTC", channel=place)).answered()
            assert ("58,000" in exchange.answer.text) == answered, exchange.answer.text
