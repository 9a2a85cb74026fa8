"""The fake itself: a wrong call has to be a violation."""

from typing import Any

import httpx
import pytest

from tests.fakes.telegram import FakeTelegram, Member
from tests.fakes.telegram_desk import png
from tests.fakes.telegram_spec import load_spec

needs_spec = pytest.mark.skipif(load_spec() is None, reason="the official specification is not on this machine")


async def call(fake: FakeTelegram, method: str, files: Any = None, **values: Any) -> dict[str, Any]:
    async with httpx.AsyncClient() as client:
        url = f"{fake.url}/bot{fake.token}/{method}"
        answer = await (client.post(url, data=values, files=files) if files else client.post(url, json=values))
    body: dict[str, Any] = answer.json()
    return body


def key(**more: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "ok", "callback_data": "x"} | more]]}


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("sendMessage", {"text": ""}),
    ("sendMessage", {"text": " \n\u200b"}),
    ("sendMessage", {"text": "x" * 4097}),
    ("sendMessage", {"text": "🎉" * 2049}),
    ("sendMessage", {"text": "hi @durov"}),
    ("sendMessage", {"text": "hi", "parse_mode": "HTML"}),
    ("sendMessage", {"text": "hi", "entities": [{"type": "bold", "offset": 1, "length": 2}]}),
    ("sendMessage", {"text": "🎉🎉", "entities": [{"type": "bold", "offset": 1, "length": 2}]}),
    (
        "sendMessage",
        {"text": "hi", "entities": [{"type": "text_link", "offset": 0, "length": 2, "url": "tg://user?id=1"}]},
    ),
    ("sendMessage", {"text": "x" * 200, "entities": [{"type": "bold", "offset": n, "length": 1} for n in range(101)]}),
    ("sendMessage", {"text": "hi", "reply_markup": key(callback_data="x" * 65)}),
    ("sendMessage", {"text": "hi", "reply_markup": key(callback_data="한" * 22)}),
    ("sendMessage", {"text": "hi", "reply_markup": key(url="https://x")}),
    ("sendMessage", {"text": "hi", "reply_markup": key(text="")}),
    ("sendMessage", {"text": "hi", "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "b"}] * 9]}}),
    ("sendPhoto", {"photo": "AgACAgIAAx", "caption": "x" * 1025}),
    ("answerCallbackQuery", {"callback_query_id": "1", "text": "x" * 201}),
    ("setMyCommands", {"commands": [{"command": "Price", "description": "x"}]}),
    ("setMyCommands", {"commands": [{"command": "price", "description": "x" * 257}]}),
]
AGAINST_THE_SPECIFICATION: list[tuple[str, dict[str, Any]]] = [
    ("sendMesage", {"text": "hi"}),
    ("sendMessage", {}),
    ("sendMessage", {"text": 5}),
    ("sendMessage", {"text": "hi", "colour": "red"}),
    ("sendMessage", {"text": "hi", "disable_notification": "yes"}),
    ("sendMessage", {"text": "hi", "reply_markup": {"inline_keyboard": [{"text": "ok"}]}}),
    ("sendMessage", {"text": "hi", "reply_markup": key(colour="red")}),
    ("setMyCommands", {"commands": [{"command": "price", "description": "x"}], "scope": {"type": "everyone"}}),
]


@pytest.fixture
async def ann() -> Any:
    fake = FakeTelegram()
    await fake.__aenter__()
    yield fake.person("Ann")
    fake.violations.clear()
    await fake.__aexit__(None, None, None)


@pytest.mark.parametrize(("method", "values"), WRONG)
async def test_a_call_beyond_the_limits_is_a_violation(ann: Member, method: str, values: dict[str, Any]) -> None:
    to = {"chat_id": ann.user_id} if method.startswith("send") else {}
    answer = await call(ann.fake, method, **to, **values)
    assert not answer["ok"]
    assert ann.fake.violations


@needs_spec
@pytest.mark.parametrize(("method", "values"), AGAINST_THE_SPECIFICATION)
async def test_a_call_against_the_specification_is_a_violation(
    ann: Member, method: str, values: dict[str, Any]
) -> None:
    to = {"chat_id": ann.user_id} if method.startswith("send") else {}
    await call(ann.fake, method, **to, **values)
    assert ann.fake.violations


@pytest.mark.parametrize("photo", [b"", b"\x89PNG\r\n\x1a\nfake", png()[:60]])
async def test_a_picture_that_cannot_be_decoded_is_a_violation(ann: Member, photo: bytes) -> None:
    await call(ann.fake, "sendPhoto", files={"photo": ("x.png", photo)}, chat_id=str(ann.user_id))
    assert ann.fake.violations


async def test_a_right_call_is_none(ann: Member) -> None:
    fake = ann.fake
    text = "🎉 hi @durov"
    code = [{"type": "pre", "offset": 0, "length": 12}]
    assert (await call(fake, "sendMessage", chat_id=ann.user_id, text=text, entities=code))["ok"]
    photo = await call(fake, "sendPhoto", files={"photo": ("x.png", png())}, chat_id=str(ann.user_id), caption="x")
    assert photo["ok"]
    assert not fake.violations


async def test_updates_come_again_until_a_higher_offset_confirms_them(ann: Member) -> None:
    fake = ann.fake
    ann.write("one")
    ann.write("two")
    first = (await call(fake, "getUpdates"))["result"]
    assert [update["message"]["text"] for update in first] == ["one", "two"]
    assert (await call(fake, "getUpdates"))["result"] == first
    assert fake.redelivered == 2
    second = first[1]["update_id"]
    assert (await call(fake, "getUpdates", offset=second))["result"] == first[1:]
    assert (await call(fake, "getUpdates", offset=second + 1))["result"] == []
    assert fake.unconfirmed == 0


async def test_in_a_group_privacy_mode_hides_what_is_not_for_the_bot(ann: Member) -> None:
    fake, group = ann.fake, ann.fake.group()
    sent = (await call(fake, "sendMessage", chat_id=group.chat_id, text="hello"))["result"]
    for text in ("hello", "/price@other_bot", "/price", "/price@paperdesk_bot"):
        ann.write(text, chat=group)
    ann.write("to you", chat=group, reply_to=sent)
    found = [update["message"]["text"] for update in (await call(fake, "getUpdates"))["result"]]
    assert found == ["/price", "/price@paperdesk_bot", "to you"]


async def test_a_person_who_never_wrote_or_has_blocked_cannot_be_written_to(ann: Member) -> None:
    fake, eve = ann.fake, ann.fake.person("Eve", opened=False)
    ann.block()
    for member in (ann, eve):
        assert (await call(fake, "sendMessage", chat_id=member.user_id, text="x"))["error_code"] == 403
    eve.write("/start")
    assert (await call(fake, "sendMessage", chat_id=eve.user_id, text="x"))["ok"]
