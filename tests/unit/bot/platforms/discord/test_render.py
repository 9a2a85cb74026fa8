"""Replies as Discord messages. RECORD_GOLDEN=1 records the sessions anew."""

import json
import os
from dataclasses import replace
from typing import Any

import pytest

from bot.platforms.discord.outbound.custom_id import ANYONE, PressedButton, ReplyTarget, unpack
from bot.platforms.discord.outbound.messages import Colour, DiscordMessage, Menu, Row
from bot.platforms.discord.outbound.render import render
from bot.platforms.discord.outbound.send import edited
from bot.platforms.discord.outbound.tables import field_cards
from bot.reply import Align, Button, Buttons, Column, Document, Fields, Picture, PointInTime, Reply, Table, Text, Tone
from people.person import Language
from tests.fakes.bot import CATALOGS, PNG, FakeDeskBot
from tests.fakes.discord_spec import message_faults
from tests.fakes.transcript import press_of
from tests.paths import GOLDEN

FOLDER = GOLDEN / "discord"
OWNER = 900_000_000_000_000_000
SESSIONS = {
    "first-trade": ["/start", "/buy BTC 1000usdc", "press confirm", "/sell BTC 50%", "press confirm", "/portfolio"],
    "account": ["/balance", "/settings confirm off", "/buy 币安人生 $100", "/history", "press receipt", "/reset"],
    "market": ["/price BTC", "/price BTC ETH 币安人生", "/chart BTC 4h", "/market", "/market movers"],
    "help": ["/help buy", "/settings", "/pricee", "/buy BTC", "/buy BTC NaN", "/price *BTC* @everyone"],
    "orders": [
        "/buy BTC 20000usdc",
        "press confirm",
        "/limit BTC sell 0.1 @ 70k 1d",
        "press confirm_order",
        "/stop BTC sell 0.05 @ 50000 limit 49900",
        "press confirm_order",
        "/bracket ETH buy 1000usdc -3% tp +5% sl -2%",
        "press confirm_order",
        "/orders",
        "/order 2",
        "/cancel BTC",
    ],
}
HOSTILE = [
    "@everyone @here <@900000000000000000> <@&1> <#1> </price:1>",
    "**bold** __under__ ~~gone~~ ||spoiler|| `code` ```block```",
    "[click](https://evil.example) https://evil.example",
    "# heading\n## smaller\n-# subtext\n> quote\n- list\n1. one",
    "\u202eright to left\u202c zero\u200bwidth \x00nul \x1b[31mred",
    "<t:1:R> <:emoji:1> <a:emoji:1>",
    "\\*escaped\\* \\",
    "a" * 5000,
    "*" * 5000,
    "😀" * 3000,
    "\n" * 300,
    " ",
]


def payload(message: DiscordMessage) -> dict[str, Any]:
    """The message as the library would send it, without what needs a running loop."""
    told = edited(replace(message, rows=()))
    embeds = [embed.to_dict() for embed in told["embeds"]]
    rows = [{"type": 1, "components": controls(row)} for row in message.rows]
    attachments = [{"filename": file.file_name, "description": file.alt} for file in message.files()]
    return {"embeds": embeds, "components": rows, "attachments": attachments, "allowed_mentions": {"parse": []}}


def controls(row: Row) -> list[dict[str, Any]]:
    if isinstance(row, Menu):
        options = [{"label": push.label, "value": push.custom_id} for push in row.choices]
        return [{"type": 3, "custom_id": row.custom_id, "placeholder": row.placeholder, "options": options}]
    return [{"type": 2, "style": push.style.value, "label": push.label, "custom_id": push.custom_id} for push in row]


def faults(messages: tuple[DiscordMessage, ...]) -> list[str]:
    return [
        fault
        for message in messages
        for fault in message_faults(
            payload(message), {file.file_name: file.data for file in message.files()}, edit=False
        )
    ]


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("name", SESSIONS)
async def test_a_session_looks_as_recorded(name: str, language: Language) -> None:
    bot = FakeDeskBot(language)
    told: list[str] = []
    last = await bot.router.answer(bot.inbound("/start"))
    for line in SESSIONS[name]:
        pressed = line.startswith("press ")
        text = press_of(last, line.removeprefix("press ")) if pressed else line
        last = await bot.router.answer(bot.inbound(text, pressed=pressed))
        ask = CATALOGS[language].text("discord-write")
        messages = render(last, owner=OWNER, page=text.removeprefix("/").partition(" ")[0], ask=ask)
        assert faults(messages) == []
        told.append(f"=== {line}")
        told += [json.dumps(payload(message), ensure_ascii=False, indent=1) for message in messages]
    path = FOLDER / f"{name}-{language.value}.txt"
    if os.environ.get("RECORD_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join(told) + "\n", "utf-8")
    assert "\n".join(told) + "\n" == path.read_text("utf-8")


@pytest.mark.parametrize("text", HOSTILE)
def test_no_hostile_text_breaks_a_message_or_reaches_anyone(text: str) -> None:
    table = Table((Column(text), Column("n", Align.RIGHT)), ((text, "1"), ("x", text)))
    blocks = (
        Text(text, Tone.TITLE),
        Text(text),
        Text(text, Tone.NOTE),
        Text(text, Tone.WARNING),
        Fields(((text, text), ("a", text), (text, "b"))),
        table,
        Picture(PNG, text, text),
        Buttons(((Button(text, "price BTC"), Button(text, "price BTC")),)),
    )
    messages = render(Reply(blocks), owner=OWNER, page="price")
    assert faults(messages) == []
    for message in messages:
        for embed in payload(message)["embeds"]:
            shown = [embed.get("title", ""), embed.get("description", "")]
            shown += [part for field in embed.get("fields", []) for part in (field["name"], field["value"])]
            for part in shown:
                outside = "".join(part.split("```")[::2])
                assert "@everyone" not in outside
                assert "@here" not in outside
                for sign in "*_~|<>[]`":
                    assert f"{sign}" not in outside.replace(f"\\{sign}", "")
                assert "https://" not in outside
                assert not any(bad in part for bad in "\u202e\x00\x1b")
                assert not any(line.startswith(("# ", "## ", "> ", "- ", "1. ")) for line in outside.split("\n"))


def test_a_title_begins_a_card_and_a_note_ends_it() -> None:
    blocks = (Text("Title", Tone.TITLE), Text("Words"), Fields((("a", "1"),)), Text("Note", Tone.NOTE), Text("More"))
    ((first, second),) = (message.cards for message in render(Reply(blocks), owner=ANYONE))
    assert (first.title, first.description, first.footer) == ("Title", "Words", "Note")
    assert (second.title, second.description) == ("", "More")


def test_a_warning_stands_out() -> None:
    (message,) = render(Reply((Text("Careful", Tone.WARNING),)), owner=ANYONE)
    assert message.cards[0].colour is Colour.WARNING


def test_a_wide_table_becomes_a_field_for_each_row() -> None:
    columns = tuple(Column(f"a rather long title {number}") for number in range(5))
    table = Table(columns, tuple((f"row {n}", "b", "c", "d", "e") for n in range(40)))
    messages = render(Reply((table,)), owner=ANYONE)
    fields = [field for message in messages for card in message.cards for field in card.fields]
    assert [field.name for field in fields] == [f"row {n}" for n in range(40)]
    assert faults(messages) == []


def test_columns_stay_straight_with_wide_letters() -> None:
    table = Table((Column("종목"), Column("가격", Align.RIGHT)), (("币安人生", "1.5"), ("BTC", "58,000")))
    (message,) = render(Reply((table,)), owner=ANYONE)
    lines = message.cards[0].description.strip("`\n").split("\n")
    assert lines[0] == "종목        가격"
    assert lines[2:] == ["币安人生     1.5", "BTC       58,000"]


def test_a_long_reply_is_split_and_its_buttons_stand_at_the_end() -> None:
    blocks = tuple(Text(f"paragraph {number} " + "x" * 1000) for number in range(20))
    button = Buttons(((Button("Go", "price BTC"),),))
    messages = render(Reply((*blocks, button)), owner=ANYONE)
    assert len(messages) > 1
    assert [bool(message.rows) for message in messages] == [False] * (len(messages) - 1) + [True]
    assert faults(messages) == []


def test_more_buttons_than_a_message_holds_go_into_the_next() -> None:
    rows = tuple(tuple(Button(f"{row}{n}", f"price {row} {n}") for n in range(5)) for row in range(12))
    messages = render(Reply((Text("x"), Buttons(rows))), owner=ANYONE)
    assert [len(message.rows) for message in messages] == [5, 5, 2]
    assert faults(messages) == []


def test_every_picture_is_shown_by_its_own_card() -> None:
    pictures = tuple(Picture(PNG, f"alt {n}", "币安人生 ../x") for n in range(12))
    messages = render(Reply(pictures), owner=ANYONE)
    assert [len(message.files()) for message in messages] == [10, 2]
    assert faults(messages) == []


def test_a_picture_that_is_too_large_is_told_in_words() -> None:
    (message,) = render(Reply((Picture(b"x" * ((10 << 20) + 1), "what it shows", "big"),)), owner=ANYONE)
    assert message.files() == ()
    assert message.cards[0].description == "what it shows"


def test_without_pictures_their_words_stay() -> None:
    (message,) = render(Reply((Picture(PNG, "what it shows", "chart"),)), owner=ANYONE)
    assert message.without_files().cards[0].description == "what it shows"


def test_a_reply_without_blocks_is_still_a_message() -> None:
    (message,) = render(Reply(()), owner=ANYONE)
    assert faults((message,)) == []


def test_a_document_keeps_its_name_and_ending_and_stands_beside_the_cards() -> None:
    (message,) = render(Reply((Text("Here"), Document(b"{}", "all that is held", "export.json"))), owner=OWNER)
    assert [(file.file_name, file.data) for file in message.files()] == [("export.json", b"{}")]
    assert faults((message,)) == []
    (alone,) = render(Reply((Document(b"{}", "x", "../../a b.c.j/son"), Document(b"", "y", ""))), owner=OWNER)
    assert [file.file_name for file in alone.files()] == ["abc.json", "file-2.bin"]
    assert alone.cards == ()
    assert faults((alone,)) == []


def test_documents_that_are_too_heavy_for_one_message_take_several_and_the_buttons_stay_last() -> None:
    heavy = Document(b"x" * (6 << 20), "x", "x.csv")
    messages = render(Reply((heavy, heavy, Buttons(((Button("Go", "price BTC"),),)))), owner=OWNER)
    assert [len(message.files()) for message in messages] == [1, 1]
    assert [bool(message.rows) for message in messages] == [False, True]
    assert faults(messages) == []


def test_a_document_that_nobody_could_send_is_told_in_words() -> None:
    (message,) = render(Reply((Document(b"x" * ((10 << 20) + 1), "the export", "x.csv"),)), owner=OWNER)
    assert message.files() == ()
    assert "the export" in message.cards[0].description
    assert "10 MiB" in message.cards[0].description
    (message,) = render(Reply((Document(b"x", "the export", "x.csv"),)), owner=OWNER)
    assert message.without_files().cards[0].description == "the export"


def test_many_buttons_of_a_kind_are_a_menu_and_the_others_stay_buttons() -> None:
    receipts = [Button(f"Receipt #{number}", f"receipt {number}") for number in range(30)]
    rows = ((Button("Older", "history_before 5"), Button("Portfolio", "portfolio"), *receipts[:3]), tuple(receipts[3:]))
    (message,) = render(Reply((Text("x"), Buttons(rows))), owner=OWNER, page="history")
    first, second, others = message.rows
    assert isinstance(first, Menu)
    assert isinstance(second, Menu)
    assert [len(menu.choices) for menu in (first, second)] == [25, 5]
    assert first.placeholder == "Receipt …"
    assert isinstance(others, tuple)
    assert [push.label for push in others] == ["Older", "Portfolio"]
    chosen = unpack(first.choices[4].custom_id)
    assert chosen is not None
    assert (chosen.owner, chosen.press, chosen.place) == (OWNER, "receipt 4", ReplyTarget.NEW)
    assert faults((message,)) == []


@pytest.mark.parametrize(
    ("labels", "hint"), [("{} 취소", "… 취소"), ("Cancel #{}", "Cancel …"), ("{}", ""), ("@everyone {}", "@everyone …")]
)
def test_a_menu_says_what_its_choices_have_in_common(labels: str, hint: str) -> None:
    buttons = tuple(Button(labels.format(number), f"alert_cancel {number}") for number in range(1, 13))
    (message,) = render(Reply((Buttons((buttons,)),)), owner=OWNER)
    (menu,) = message.rows
    assert isinstance(menu, Menu)
    assert menu.placeholder == hint


def test_what_a_reply_asks_for_can_be_written() -> None:
    reply = Reply((Text("How much?"), Buttons(((Button("10%", "buy BTC 10%"),),))), asks="buy BTC")
    (message,) = render(reply, owner=OWNER, page="buy", ask="Write")
    ((suggested, write),) = message.rows
    assert [suggested.label, write.label] == ["10%", "Write"]
    assert unpack(write.custom_id) == PressedButton(ReplyTarget.UPDATE, OWNER, "buy BTC", asks=True)
    (silent,) = render(replace(reply, asks="buy " + "x" * 80), owner=OWNER, ask="Write")
    assert [len(row) for row in silent.rows if isinstance(row, tuple)] == [1]
    (alone,) = render(Reply((Text("?"),), asks="buy BTC"), owner=OWNER, ask="Write")
    assert len(alone.rows) == 1
    assert faults((message, silent, alone)) == []


@pytest.mark.parametrize(("first", "name"), [("4", "Order 4"), ("1,204", "Order 1,204"), ("BTC/USDC", "BTC/USDC")])
def test_a_field_that_is_a_number_names_its_column(first: str, name: str) -> None:
    table = Table((Column("Order"), Column("Time")), ((first, "Nov 28, 10:00"),))
    assert [field.name for field in field_cards(table)] == [name]


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("First buy: 2026. 11. 30. 09:00:00", "First buy: <t:1796000400:f> (<t:1796000400:R>)"),
        ("2026. 11. 30. 09:00:00 is *the* day", r"<t:1796000400:f> (<t:1796000400:R>) is \*the\* day"),
        ("On 2026. 11. 30. 09:00:00, <t:1:f>.", r"On <t:1796000400:f> (<t:1796000400:R>), \<t:1:f\>."),
        ("Never.", "Never."),
    ],
)
def test_a_moment_in_a_sentence_is_shown_by_the_readers_clock(body: str, shown: str) -> None:
    moment = PointInTime("2026. 11. 30. 09:00:00", 1_796_000_400_999)
    (message,) = render(Reply((Text(body, moments=(moment,)),)), owner=1)
    assert message.cards[0].description == shown
