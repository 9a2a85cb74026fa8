"""Forms of the adapter on a fake Discord: written, filled in badly, forged and expired."""

import asyncio

import pytest

from tests.fakes.bot import FakeDeskBot
from tests.fakes.discord import GUILD_CHANNEL, FakeDiscord
from tests.fakes.discord_desk import serving
from tests.fakes.discord_people import Exchange
from tests.integration.bot.platforms.discord.scripted_desk import Scripted, asked
from tests.patience import PATIENCE_SECONDS


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
