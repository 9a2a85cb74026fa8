import json
from dataclasses import replace
from typing import Any

import pytest

from bot.groups.settings import GroupSettings
from bot.platforms.telegram.deep_links import deep_link, link_payload
from bot.platforms.telegram.inbound.locale_hints import language_of, zone_of
from bot.platforms.telegram.inbound.receive import (
    ButtonPress,
    ChannelCommand,
    IncomingMessage,
    InlineSearch,
    UnreadableContent,
    inbound_of,
    read_update,
)
from bot.platforms.telegram.inbound.updates import User
from bot.platforms.telegram.outbound.send import ChatTopic, read_place
from people.person import Language
from tests.fakes.bot import FakeDeskBot

COMMANDS = frozenset(("price", "buy", "start"))
ANN = {"id": 7, "is_bot": False, "first_name": "Ann", "language_code": "ko-KR"}
BOT = {"id": 1, "is_bot": True, "first_name": "Desk"}
PRIVATE: dict[str, Any] = {"id": 7, "type": "private"}
GROUP: dict[str, Any] = {"id": -100, "type": "supergroup"}


def message(text: str | None = "/price BTC", chat: Any = None, **more: Any) -> dict[str, Any]:
    body = {"message_id": 5, "date": 1_700_000_000, "chat": chat or PRIVATE, "from": ANN}
    return {"update_id": 9, "message": body | ({} if text is None else {"text": text}) | more}


def read(update: dict[str, Any]) -> Any:
    return read_update(json.dumps(update), "paperdesk_bot", COMMANDS)


@pytest.mark.parametrize(
    ("text", "addressed"),
    [
        ("/price BTC", True),
        ("/price@paperdesk_bot BTC", True),
        ("/PRICE@Paperdesk_Bot BTC", True),
        ("@paperdesk_bot price BTC", True),
        ("/price@other_bot BTC", False),
        ("/unknown", False),
        ("price BTC", False),
        ("hello @paperdesk_bot", False),
    ],
)
def test_in_a_group_only_what_is_meant_for_the_bot_is_read(text: str, addressed: bool) -> None:  # noqa: FBT001
    event = read(message(text, GROUP))
    assert (event is not None) is addressed
    if addressed:
        assert event.public
        assert event.text.lower().removeprefix("/").startswith("price")


def test_a_former_name_addresses_the_bot() -> None:
    update = message("/repeat BTC", GROUP)
    event = read_update(json.dumps(update), "paperdesk_bot", frozenset(("dca",)))
    assert isinstance(event, IncomingMessage)
    assert event.addressed


@pytest.mark.parametrize("text", ["price BTC", "/unknown", "hello", "/price@other_bot BTC"])
def test_in_private_everything_is_meant_for_the_bot(text: str) -> None:
    event = read(message(text))
    assert isinstance(event, IncomingMessage)
    assert event.addressed
    assert not event.public


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("/start", "/start"),
        ("/start link_3fK9-x_1", "/link 3fK9-x_1"),
        ("/start@paperdesk_bot link_AB", "/link AB"),
        ("/start alert_BTC_70000", "/alert BTC 70000"),
        ("/start price_BTC", "/price BTC"),
        ("/start buy_BTC_max", "/start"),
        ("/start confirm_tok", "/start"),
        ("/start group", "/start"),
        ("/start link_", "/link "),
        ("/start two words", "/start two words"),
        ("/price BTC", "/price BTC"),
    ],
)
def test_a_deep_link_is_a_command_that_a_stranger_may_send_along(text: str, line: str) -> None:
    assert deep_link(text) == line


@pytest.mark.parametrize(
    ("words", "payload"),
    [
        (("price", "BTCUSDC"), "price_BTCUSDC"),
        (("alert", "BTC", "above", "70000.5"), "alert_BTC_above_70000-5"),
        (("price", "币安人生"), ""),
        (("price", "A_B"), ""),
        (("price", "A-B"), ""),
        (("price", "x" * 60), ""),
        (("buy", "BTC", "max"), ""),
    ],
)
def test_a_payload_carries_the_words_or_nothing(words: tuple[str, ...], payload: str) -> None:
    assert link_payload(*words) == payload
    if payload:
        assert deep_link(f"/start {payload}") == "/" + " ".join(words)


def test_an_answer_to_the_bot_is_read_in_a_group() -> None:
    replied = {"message_id": 3, "date": 1, "chat": GROUP, "from": BOT}
    event = read(message("BTC", GROUP, reply_to_message=replied))
    assert isinstance(event, IncomingMessage)
    assert event.replies_to == 3
    assert not event.addressed
    assert read(message("BTC", GROUP, reply_to_message=replied | {"from": ANN})) is None


def test_edits_channel_posts_and_cards_sent_through_the_bot_are_ignored() -> None:
    update = message()
    assert read({"update_id": 9, "edited_message": update["message"]}) is None
    assert read({"update_id": 9, "channel_post": update["message"]}) is None
    assert read(message("BTC/USDC", via_bot=BOT)) is None


def test_what_is_no_text_is_answered_in_private_only() -> None:
    photo = {"photo": [{"file_id": "a"}]}
    assert isinstance(read(message(None, **photo)), UnreadableContent)
    assert read(message(None, GROUP, **photo)) is None
    assert read(message(None, pinned_message={"message_id": 1})) is None


def test_who_writes_in_a_channels_name_has_no_account() -> None:
    channel = {"from": BOT, "sender_chat": {"id": -200, "type": "channel"}}
    assert isinstance(read(message("/buy BTC 1", GROUP, **channel)), ChannelCommand)
    assert read(message("hello", GROUP, **channel)) is None


def test_the_ids_of_a_line_and_of_a_press_stay_the_same_when_they_come_again() -> None:
    said = read(message())
    query = {"id": "q1", "from": ANN, "message": message()["message"], "data": "help"}
    pressed = read({"update_id": 9, "callback_query": query})
    line = inbound_of(said, said.text, Language.KOREAN, "")
    press = inbound_of(pressed, "help", Language.ENGLISH, "")
    assert (line.command_id, line.pressed, line.timezone) == ("update:9", False, "Asia/Seoul")
    assert (press.command_id, press.pressed, press.timezone) == ("press:q1", True, "UTC")
    inline = {"update_id": 9, "inline_query": {"id": "i1", "from": ANN, "query": "BTC", "offset": ""}}
    assert isinstance(read(inline), InlineSearch)


def test_an_anonymous_administrator_is_the_group_itself() -> None:
    said = read(message("/price BTC", GROUP, **{"from": BOT, "sender_chat": GROUP}))
    assert isinstance(said, IncomingMessage)
    assert said.anonymous
    assert said.user == User(GROUP["id"])


def test_only_a_topic_is_a_place_of_its_own() -> None:
    topic = read(message("/price", GROUP, message_thread_id=44, is_topic_message=True))
    thread = read(message("/price", GROUP, message_thread_id=44))
    assert isinstance(topic, IncomingMessage)
    assert isinstance(thread, IncomingMessage)
    assert str(topic.place) == "-100/44"
    assert str(thread.place) == "-100"
    assert read_place("-100/44") == ChatTopic(-100, 44)


def test_a_press_says_what_it_is_on() -> None:
    on = message()["message"] | {"from": BOT, "photo": [{"file_id": "a"}]}
    query = {"id": "q1", "from": ANN, "message": on, "chat_instance": "1", "data": "price BTC\x1f!7"}
    event = read({"update_id": 9, "callback_query": query})
    assert isinstance(event, ButtonPress)
    assert (event.press.line, event.press.here, event.press.owner, event.pictured) == ("price BTC", True, 7, True)
    gone = query | {"message": {"message_id": 5, "date": 0, "chat": PRIVATE}}
    event = read({"update_id": 9, "callback_query": gone})
    assert isinstance(event, ButtonPress)
    assert event.message_id == 0


@pytest.mark.parametrize(("code", "language"), [("ko", "ko"), ("ko-KR", "ko"), ("en", "en"), ("de", "en"), ("", "en")])
def test_the_clients_language_is_a_hint(code: str, language: str) -> None:
    assert language_of(User(7, language_code=code), Language.ENGLISH) == language
    assert zone_of(Language.KOREAN, "Europe/Berlin") == "Europe/Berlin"


def test_a_topic_counts_as_its_group() -> None:
    settings = GroupSettings(channels={"-1001": "Traders"})
    assert settings.open_in("-1001/5", "-1001")
    assert not settings.open_in("-1002/5", "-1002")
    assert not settings.open_in("-1002")
    said = IncomingMessage(1, ChatTopic(-1001, 5), User(7), 3, "/price BTC", 0, public=True, addressed=True)
    assert inbound_of(said, said.text, Language.ENGLISH, "").parent_chat == "-1001"


@pytest.mark.parametrize(
    "payload",
    [
        "alert_cancel_1",
        "alert_remove_1",
        "alert_delete_1",
        "alert_mute_1",
        "alert_stop_1",
        "alert_edit_1",
        "alert_1_off",
    ],
)
async def test_a_link_presses_no_button(payload: str) -> None:
    bot = FakeDeskBot()
    await bot.router.answer(bot.inbound("/alert BTC 70000"))
    before = dict(bot.alerts.alerts)
    said = read(message(f"/start {payload}"))
    assert said.linked
    linked = inbound_of(said, said.text, Language.ENGLISH, "")
    assert not bot.router.read(linked).inbound.pressed
    await bot.router.answer(replace(bot.inbound(said.text), linked=linked.linked))
    assert bot.alerts.alerts == before


def test_what_was_typed_is_no_link() -> None:
    assert not read(message("/alert cancel 1")).linked
    assert not read(message("@paperdesk_bot alert cancel 1")).linked
    assert not read(message("/start")).linked


ORIGIN = {"type": "user", "date": 1_699_999_999, "sender_user": {"id": 8, "is_bot": False, "first_name": "Mallory"}}


@pytest.mark.parametrize(
    "text", ["/sell BTC all", "sell all BTC", "/start alert_BTC_70000", "@paperdesk_bot price BTC"]
)
def test_a_forwarded_text_is_no_line_of_who_forwards_it(text: str) -> None:
    event = read(message(text, forward_origin=ORIGIN))
    assert isinstance(event, UnreadableContent)
    assert event.forwarded
    assert read(message(text, GROUP, forward_origin=ORIGIN)) is None


def test_a_press_says_whether_its_message_has_the_button() -> None:
    keys = {"inline_keyboard": [[{"text": "Price", "callback_data": "price BTC"}]]}
    sent = {"message_id": 5, "date": 1, "chat": GROUP, "reply_markup": keys}
    for data, offered in (("price BTC", True), ("price ETH", False)):
        event = read({"update_id": 9, "callback_query": {"id": "q", "from": ANN, "data": data, "message": sent}})
        assert inbound_of(event, data, Language.ENGLISH, "UTC").offered is offered
    assert inbound_of(read(message()), "/price BTC", Language.ENGLISH, "UTC").offered
