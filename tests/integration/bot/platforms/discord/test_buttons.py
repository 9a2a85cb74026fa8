"""Buttons of the adapter on a fake Discord: pressed by others, after a restart, of former versions."""

from bot.reply import Button, Buttons, Reply, Text
from tests.fakes.bot import FakeDeskBot
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord_desk import DictMemory, serving
from tests.integration.bot.platforms.discord.scripted_desk import Scripted, asked


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


async def test_the_library_keeps_no_view_in_memory(fake: FakeDiscord) -> None:
    async with serving(fake, FakeDeskBot().router) as service:
        anna = fake.person()
        for _ in range(3):
            await asked(await anna.slash("price", symbols="BTC"))
        client = service.courier._client()
        assert client is not None
        assert client._connection._view_store._views == {}


async def test_money_is_never_written_into_a_public_message_that_was_pressed(fake: FakeDiscord) -> None:
    async with serving(fake, FakeDeskBot().router):
        anna = fake.person()
        card = (await asked(await anna.slash("price", symbols="BTC"))).answer
        before = card.text
        card.buttons[0]["custom_id"] = custom_id = f"u00:{anna.user_id}:portfolio"
        shown = (await asked(await anna.press(card, custom_id))).answer
        assert shown.ephemeral
        assert card.text == before


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
