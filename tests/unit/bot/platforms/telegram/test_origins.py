"""What is known of an update before it is written to the inbox."""

from typing import Any

import pytest

from bot.platforms.telegram.inbound.origins import origin_and_lane, public_codes
from people.identity.codes import code_from, spelled
from tests.unit.bot.platforms.telegram.test_receive import ANN, BOT, GROUP, PRIVATE, message


def test_an_update_that_comes_again_is_known_by_its_content() -> None:
    query = {"id": "q1", "from": ANN, "message": message()["message"], "data": "help"}
    assert origin_and_lane(message()) == ("message:7:5", "7")
    again = message() | {"update_id": 10}
    assert origin_and_lane(again) == ("message:7:5", "7")
    assert origin_and_lane({"update_id": 9, "callback_query": query}) == ("press:q1", "7")
    inline = {"update_id": 9, "inline_query": {"id": "i1", "from": ANN, "query": "BTC", "offset": ""}}
    assert origin_and_lane(inline) == ("inline:i1", "inline:7")
    assert origin_and_lane({"update_id": 9}) == ("update:9", "other")


CODE = code_from("a" * 22)
SHOWN = spelled(CODE)


@pytest.mark.parametrize(
    "more",
    [
        {"text": f"/link {SHOWN}"},
        {"text": f"my code: {SHOWN}", "from": BOT, "sender_chat": {"id": -200, "type": "channel"}},
        {"text": SHOWN, "forward_origin": {"type": "user"}},
        {"text": SHOWN, "via_bot": BOT},
        {"caption": SHOWN, "photo": [{"file_id": "a"}]},
        {"text": "look", "quote": {"text": SHOWN}},
        {"text": "look", "reply_to_message": {"text": SHOWN}},
        {"new_chat_title": SHOWN},
        {"poll": {"question": SHOWN, "options": [{"text": "yes"}]}},
        {"poll": {"question": "which?", "options": [{"text": SHOWN}]}},
        {"forum_topic_created": {"name": SHOWN}},
        {"document": {"file_id": "a", "file_name": f"{SHOWN}.pdf"}},
        {"contact": {"first_name": SHOWN}},
        {"venue": {"title": "here", "address": SHOWN}},
        {"checklist": {"title": SHOWN, "tasks": []}},
        {"checklist": {"title": "to do", "tasks": [{"text": SHOWN}]}},
        {"text": "look", "forward_origin": {"chat": {"title": SHOWN}}},
        {"text": "look", "reply_markup": {"inline_keyboard": [[{"copy_text": {"text": SHOWN}}]]}},
        {"text": "look", "entities": [{"type": "text_link", "url": f"https://t.me/d?start=link_{CODE}"}]},
    ],
)
def test_a_code_is_found_wherever_others_can_read_it(more: dict[str, Any]) -> None:
    public, private = message(None, GROUP), message(None, PRIVATE)
    assert CODE in public_codes(public | {"message": public["message"] | more})
    assert public_codes(private | {"message": private["message"] | more}) == frozenset()


def test_a_code_in_the_title_of_a_group_is_found_with_every_kind_of_update() -> None:
    chat = {"id": -100, "type": "supergroup", "title": SHOWN}
    assert CODE in public_codes({"my_chat_member": {"chat": chat, "from": ANN}})
    assert CODE in public_codes({"callback_query": {"id": "q", "from": ANN, "message": {"chat": chat}}})
    assert CODE in public_codes({"message": {"chat": chat, "text": "/price BTC"}})


@pytest.mark.parametrize("name", ["file_id", "callback_data"])
def test_what_nobody_reads_is_not_searched(name: str) -> None:
    public = message(None, GROUP)
    assert public_codes(public | {"message": public["message"] | {"a": [{name: SHOWN}]}}) == frozenset()


@pytest.mark.parametrize("update", [{}, {"message": None}, {"message": {"chat": 1}}, {"message": {"text": SHOWN}}])
def test_a_malformed_update_has_no_codes(update: dict[str, Any]) -> None:
    assert public_codes(update) == frozenset()
