"""Updates of Telegram by webhook, and a token that is refused."""

import json

import httpx
import pytest

from bot.platforms.telegram.errors import TelegramTokenRefused
from bot.platforms.telegram.inbound.inbox import Inbox
from bot.platforms.telegram.inbound.webhook import SECRET_HEADER, webhook
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_chats import said
from tests.fakes.telegram_desk import House, running


async def test_a_wrong_token_ends_the_service_without_naming_it(house: House, fake: FakeTelegram) -> None:
    service = house.service(token="1:canary")
    with pytest.raises(TelegramTokenRefused) as caught:
        await service.run()
    assert "canary" not in repr(caught.value)
    assert caught.value.__cause__ is None


async def test_a_webhook_takes_only_what_has_the_secret_and_only_after_writing(
    house: House, fake: FakeTelegram, inbox: Inbox
) -> None:
    ann = fake.person("Ann")
    ann.write("/price BTC")
    update = json.dumps(fake._updates.popleft())
    async with webhook(inbox.write, "s3cret", "127.0.0.1", 0) as port, httpx.AsyncClient() as client:
        url = f"http://127.0.0.1:{port}/"

        async def post(body: str, **headers: str) -> int:
            return (await client.post(url, content=body, headers=headers)).status_code

        assert await post(update) == 403
        assert await post(update, **{SECRET_HEADER: "s3cre"}) == 403
        assert await post("{", **{SECRET_HEADER: "s3cret"}) == 400
        assert await post("[1]", **{SECRET_HEADER: "s3cret"}) == 400
        assert await house.states() == {}
        assert await post(update, **{SECRET_HEADER: "s3cret"}) == 200
        assert await post(update, **{SECRET_HEADER: "s3cret"}) == 200
        assert await house.states() == {"pending": 1}
        await house.pool.close()
        assert await post(update.replace("1", "2"), **{SECRET_HEADER: "s3cret"}) == 503


async def test_in_webhook_mode_updates_are_answered_all_the_same(
    house: House, fake: FakeTelegram, unused_tcp_port: int
) -> None:
    ann = fake.person("Ann")
    service = house.service(webhook_url="https://desk.example/", webhook_secret="s3cret", webhook_port=unused_tcp_port)
    async with running(service), httpx.AsyncClient() as client:
        await fake.called("setWebhook")
        ann.write("/price BTC")
        body = json.dumps(fake._updates.popleft())
        url = f"http://127.0.0.1:{unused_tcp_port}/"
        assert (await client.post(url, content=body, headers={SECRET_HEADER: "s3cret"})).status_code == 200
        assert said(await fake.message()).startswith("BTC/USDC")
    assert not [call for call in fake.calls if call.method == "getUpdates"]
