"""Answers and updates of Telegram that are not as the Bot API says: nothing ends, and what follows is answered."""

import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.sentences import start_sentence
from bot.notifications.courier import OutcomeUnknown
from bot.platforms.telegram.errors import TelegramSecretMissing, TelegramSocketExposed, TelegramTokenRefused
from bot.platforms.telegram.inbound.webhook import SECRET_HEADER, webhook
from bot.reply import Reply, Text
from core.database import Pool
from tests.fakes.bot import CATALOGS
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_desk import House, running

pytestmark = pytest.mark.long


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as opened:
        yield opened


@pytest.fixture
def house(pool: Pool, dsn: str, fake: FakeTelegram) -> House:
    return House(pool, dsn, fake)


ODD_UPDATES: list[Any] = [
    {"message": {}},
    {"message": {"chat": {}}},
    {"message": {"message_id": 1, "date": 1, "chat": None}},
    {"message": "words"},
    {"message": []},
    {"callback_query": {"id": "1"}},
    {"callback_query": {"id": "1" * 500, "from": {"id": 7, "is_bot": False, "first_name": "x"}}},
    {"callback_query": 5},
    {"inline_query": {"id": None}},
    {"my_chat_member": {"chat": 1}},
    {"a_kind_of_next_year": {"id": 1}},
    {},
]


@pytest.mark.parametrize("update", ODD_UPDATES, ids=json.dumps)
async def test_an_odd_update_holds_nothing_up(house: House, fake: FakeTelegram, update: dict[str, Any]) -> None:
    ann = fake.person("Ann")
    fake.slip({"update_id": fake.next_id(), **update})
    async with running(house.service()):
        ann.write("/price BTC")
        assert "BTC/USDC" in str(await fake.message())
        await house.settled()


@pytest.mark.parametrize("thing", [None, 5, "words", [], {"update_id": "x"}, {"update_id": 1 << 70}, {"update_id": -1}])
async def test_what_is_no_update_is_left_out(house: House, fake: FakeTelegram, thing: object) -> None:
    ann = fake.person("Ann")
    fake.garble("getUpdates", json.dumps({"ok": True, "result": [thing]}))
    async with running(house.service()):
        ann.write("/price BTC")
        assert "BTC/USDC" in str(await fake.message())


ODD_ANSWERS = [
    "<html>502 Bad Gateway</html>",
    "",
    "[]",
    "null",
    '{"ok": true}',
    '{"ok": false, "description": "x"}',
    '{"ok": true, "result": null}',
    '{"ok": true, "result": {}}',
    '{"ok": true, "result": "x"}',
    '{"ok": true, "result": [[]]}',
]


@pytest.mark.parametrize("body", ODD_ANSWERS)
@pytest.mark.parametrize("method", ["getUpdates", "getMyCommands", "deleteWebhook", "answerCallbackQuery"])
async def test_an_odd_answer_is_survived(house: House, fake: FakeTelegram, method: str, body: str) -> None:
    ann = fake.person("Ann")
    fake.garble(method, body)
    async with running(house.service()):
        ann.write("/price BTC")
        message = await fake.message()
        ann.press(message, data="help")
        await fake.message()


@pytest.mark.parametrize("body", ODD_ANSWERS)
async def test_an_odd_answer_to_a_message_leaves_it_uncertain(house: House, fake: FakeTelegram, body: str) -> None:
    ann = fake.person("Ann")
    service = house.service()
    async with running(service):
        await service.ready()
        fake.garble("sendMessage", body)
        outcome = await service.courier.deliver(str(ann.chat.chat_id), Reply((Text("x"),)), nonce="1", silent=False)
        assert isinstance(outcome, OutcomeUnknown)


@pytest.mark.parametrize("status", [401, 404])
async def test_a_page_of_a_proxy_says_nothing_of_the_token(house: House, fake: FakeTelegram, status: int) -> None:
    ann = fake.person("Ann")
    fake.garble("getMe", "<html>not here</html>", status=status)
    fake.garble("getUpdates", "<html>not here</html>", status=status)
    async with running(house.service()):
        ann.write("/price BTC")
        assert "BTC/USDC" in str(await fake.message())


async def test_a_wrong_token_is_still_known(house: House, fake: FakeTelegram) -> None:
    with pytest.raises(TelegramTokenRefused):
        await house.service(token="123456789:BBother").run()


@pytest.mark.parametrize("secret", ["", "with blanks", "x" * 257])
async def test_a_webhook_without_a_secret_does_not_start(house: House, secret: str) -> None:
    with pytest.raises(TelegramSecretMissing):
        house.service(webhook_url="https://example.org/", webhook_secret=secret)


async def test_a_webhook_whose_socket_others_could_replace_does_not_start(house: House, tmp_path: Path) -> None:
    tmp_path.chmod(0o777)  # noqa: ASYNC240
    with pytest.raises(TelegramSocketExposed) as refused:
        house.service(webhook_url="https://a.org/", webhook_secret="s", webhook_socket=str(tmp_path / "webhook.sock"))
    for catalog in CATALOGS.values():
        assert str(tmp_path) in start_sentence(refused.value, catalog)


async def test_a_webhook_with_an_empty_secret_takes_nothing(house: House) -> None:
    inbox = house.service()._inbox
    async with webhook(inbox.write, "", "127.0.0.1", 0) as port:
        url = f"http://127.0.0.1:{port}/"
        update = {"update_id": 1, "message": {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}}}
        async with httpx.AsyncClient() as client:
            for headers in ({}, {SECRET_HEADER: ""}):
                assert (await client.post(url, json=update, headers=headers)).status_code == 403
    assert await house.states() == {}


async def test_a_webhook_never_fails_over_what_it_is_sent(house: House) -> None:
    message = '{"update_id": 7, "message": {"chat": {"id": 1}, "message_id": %s}}'
    refused = [
        *(b"[" * depth + b"]" * depth for depth in (600, 900, 1000, 5000, 200_000)),
        *(b'{"update_id":7,"a":' + b'{"a":' * depth + b"1" + b"}" * (depth + 1) for depth in (1000, 5000, 100_000)),
        *(b"\xff\xfe", b"\x00", b'{"update_id":7', b'"7"', b"7", b"null", b'{"update_id": "7"}', b"9" * 5000),
    ]
    taken = [
        *(b'{"update_id":7,"a":' + b'{"a":' * depth + b"1" + b"}" * (depth + 1) for depth in (100, 500)),
        *((message % odd).encode() for odd in ('"\\u0000"', '"\\ud83d"', '["a"]', '"' + "x" * 500 + '"')),
        b'{"update_id":7,"callback_query":{"id":"\\u0000","from":{"id":"\\udc00"}}}',
    ]
    async with webhook(house.service()._inbox.write, "secret", "127.0.0.1", 0) as port:
        url = f"http://127.0.0.1:{port}/"
        async with httpx.AsyncClient(headers={SECRET_HEADER: "secret"}) as client:
            assert [(await client.post(url, content=body)).status_code for body in refused] == [400] * len(refused)
            packed = {"Content-Encoding": "gzip"}
            assert (await client.post(url, content=b"no gzip", headers=packed)).status_code == 400
            assert [(await client.post(url, content=body)).status_code for body in taken] == [200] * len(taken)


async def test_a_webhook_takes_odd_updates_once(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    async with webhook(house.service()._inbox.write, "secret", "127.0.0.1", 0) as port:
        url = f"http://127.0.0.1:{port}/"
        async with httpx.AsyncClient(headers={SECRET_HEADER: "secret"}) as client:
            for number, update in enumerate(ODD_UPDATES, 1):
                assert (await client.post(url, json={"update_id": number, **update})).status_code == 200
            for body in (b"", b"<html>", b"[]", b'{"update_id": null}', b"[" * 100_000):
                assert (await client.post(url, content=body)).status_code == 400
    assert await house.states() == {"pending": len(ODD_UPDATES)}
