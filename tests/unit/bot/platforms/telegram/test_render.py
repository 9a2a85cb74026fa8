"""Telegram's messages as recorded, and what no reply may ever become. RECORD_GOLDEN=1 records them anew."""

import os
from dataclasses import replace
from typing import assert_never

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.platforms.telegram.outbound.markup import Marked
from bot.platforms.telegram.outbound.render import (
    CAPTION_LIMIT,
    DOCUMENT_LIMIT,
    TEXT_LIMIT,
    AlbumMessage,
    DocumentMessage,
    Keyboard,
    Message,
    PhotoMessage,
    TextMessage,
    read_press,
    render,
    render_one,
)
from bot.platforms.telegram.outbound.tables import TABLE_CELLS
from bot.platforms.telegram.outbound.text_width import cells, utf16
from bot.reply import Align, Button, Buttons, Column, Document, Fields, Picture, Reply, Table, Text, Tone
from people.person import Language
from tests.fakes.bot import FakeDeskBot
from tests.fakes.telegram_spec import text_faults
from tests.fakes.transcript import press_of
from tests.paths import GOLDEN

FOLDER = GOLDEN / "telegram"
PRESS = "press "
SESSIONS = {
    "first-trade": ["/start", "/buy", "/buy BTC 1000usdc", "press confirm", "/sell BTC 50%", "press confirm"],
    "account": ["/portfolio", "/balance", "/settings confirm off", "/buy 币安人生 $100", "/portfolio", "/history"],
    "market": ["/price BTC", "/price BTC ETH", "/price BTC ETH 币安人生", "/chart BTC 4h", "/market movers"],
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
    "@everyone @durov hello",
    "\u200b@everyone @\u200bdurov",
    "<b>bold</b> <a href='tg://user?id=1'>x</a> &amp;",
    "*bold* _it_ [link](tg://user?id=123) `code` ||spoiler|| \\",
    "a\u202eb\u2066c\u200bd\u200f\ufeff",
    "line\nbreak\r\n\ttab\u2028sep\x00nul\x1b[31m\x1funit",
    "𝕬𝖓𝖓 👩‍👩‍👧‍👦 🏳️‍🌈 e\u0301\u0301\u0301\u0301",
    "Z" + "\u0301" * 500,
    "\ud800 lone \udfff",
    "   ",
    "",
    "x" * 9000,
    "🎉" * 5000,
    "币安人生 " * 2000,
    "/confirm tok @paperdesk_bot #tag $BTC https://evil.example t.me/durov",
]


def shown(message: Message) -> str:
    match message:
        case TextMessage(body, keyboard, ask):
            return f"TEXT{' (ask)' if ask else ''}\n{marked(body)}\n{keys(keyboard)}"
        case PhotoMessage(photo, keyboard):
            return f"PHOTO {photo.name}\n{marked(photo.caption)}\n{keys(keyboard)}"
        case DocumentMessage(file, keyboard):
            return f"FILE {file.name}\n{marked(file.caption)}\n{keys(keyboard)}"
        case AlbumMessage(photos):
            return "\n".join(f"ALBUM {photo.name}\n{marked(photo.caption)}" for photo in photos) + "\n"
        case _:
            assert_never(message)


def marked(body: Marked) -> str:
    """The text with its entities in brackets."""
    units = body.text.encode("utf-16-le")
    opens = {entity.offset: f"[{entity.kind.value} " for entity in body.entities}
    closes = {entity.offset + entity.length for entity in body.entities}
    drawn = []
    for at in range(len(units) // 2 + 1):
        drawn.append(b"" if at not in closes else "]".encode("utf-16-le"))
        drawn.append(opens.get(at, "").encode("utf-16-le"))
        drawn.append(units[at * 2 : at * 2 + 2])
    return b"".join(drawn).decode("utf-16-le")


def keys(keyboard: Keyboard) -> str:
    return "".join(
        "  "
        + "  ".join(f"[{key.label} -> {read_press(key.data).line}{'!' * read_press(key.data).here}]" for key in row)
        + "\n"
        for row in keyboard
    )


def bodies(message: Message) -> list[tuple[Marked, int]]:
    match message:
        case TextMessage(body):
            return [(body, TEXT_LIMIT)]
        case PhotoMessage(photo):
            return [(photo.caption, CAPTION_LIMIT)]
        case DocumentMessage(file):
            return [(file.caption, CAPTION_LIMIT)]
        case AlbumMessage(photos):
            return [(photo.caption, CAPTION_LIMIT) for photo in photos]
        case _:
            assert_never(message)


def faults(messages: tuple[Message, ...]) -> list[str]:
    found = []
    for message in messages:
        for body, limit in bodies(message):
            entities = [{"type": e.kind.value, "offset": e.offset, "length": e.length} for e in body.entities]
            found += text_faults("it", body.text, entities, limit, required=isinstance(message, TextMessage))
    return found


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("name", SESSIONS)
async def test_a_session_looks_as_recorded(name: str, language: Language) -> None:
    bot = FakeDeskBot(language)
    drawn: list[str] = []
    last = await bot.router.answer(bot.inbound("/start"))
    for line in SESSIONS[name]:
        pressed = line.startswith(PRESS)
        text = press_of(last, line.removeprefix(PRESS)) if pressed else line
        last = await bot.router.answer(bot.inbound(text, pressed=pressed))
        messages = render(last, command=text.removeprefix("/").split()[0], ask=bool(last.asks))
        assert not faults(messages)
        drawn.append(f"> {line}\n" + "\n".join(shown(message) for message in messages))
    path = FOLDER / f"{name}.{language}.txt"
    if os.environ.get("RECORD_GOLDEN"):
        path.write_text("\n".join(drawn), encoding="utf-8")
    assert "\n".join(drawn) == path.read_text(encoding="utf-8")


def everywhere(text: str) -> Reply:
    """The text in every place a reply has for one."""
    return Reply(
        (
            *(Text(text, tone) for tone in Tone),
            Fields(((text, text), ("", text))),
            Table((Column(text), Column("n", Align.RIGHT)), ((text, "1"), ("a", text))),
            Table((Column("a"), Column("b")), (("x", "y"),)),
            Picture(b"png", text, "name"),
            Buttons(((Button(text, "price BTC"), Button("ok", "help")),)),
        )
    )


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("pictures", [0, 1, 2])
def test_nothing_anyone_writes_breaks_a_message_or_mentions_someone(text: str, pictures: int) -> None:
    reply = everywhere(text)
    words = tuple(block for block in reply.blocks if not isinstance(block, Picture))
    messages = render(replace(reply, blocks=(*words, *(Picture(b"png", text, "p"),) * pictures)), command="price")
    assert not faults(messages)


@given(st.lists(st.text(max_size=300), min_size=1, max_size=20), st.sampled_from(list(Tone)))
@settings(max_examples=60)
def test_any_text_becomes_messages_that_telegram_takes(texts: list[str], tone: Tone) -> None:
    rows = tuple((text, text[::-1]) for text in texts)
    reply = Reply((*(Text(text, tone) for text in texts), Fields(rows), Table((Column("a"), Column("b")), rows)))
    assert not faults(render(reply))


def test_a_long_reply_is_split_between_its_lines_and_no_number_is_broken() -> None:
    rows = tuple((f"Symbol{n}", f"{n:,}.50 USDC") for n in range(10_000, 10_400))
    messages = render(Reply((Fields(rows), Buttons(((Button("ok", "help"),),)))))
    assert len(messages) > 2
    lines = [line for message in messages for body, _ in bodies(message) for line in body.text.split("\n")]
    assert lines == [f"{label}: {value}" for label, value in rows]
    keyboards = [message.keyboard for message in messages if isinstance(message, TextMessage)]
    assert [bool(keyboard) for keyboard in keyboards] == [False] * (len(messages) - 1) + [True]
    assert not faults(messages)


def test_a_long_word_is_cut_where_it_must_be_and_nothing_is_lost() -> None:
    text = "🎉" * 5000 + " " + "x" * 5000
    messages = render(Reply((Text(text, Tone.TITLE),)))
    joined = "".join(body.text for message in messages for body, _ in bodies(message))
    assert joined.replace(" ", "") == text.replace(" ", "")
    assert all(utf16(body.text) <= TEXT_LIMIT for message in messages for body, _ in bodies(message))


@pytest.mark.parametrize(
    ("symbols", "fixed"), [(["BTCUSDC", "ETHUSDC"], True), (["币安人生USDC", "1000SATSUSDC"] * 2, False)]
)
def test_a_table_is_fixed_width_where_a_phone_shows_it_and_cards_where_not(symbols: list[str], fixed: bool) -> None:  # noqa: FBT001
    columns = (Column("Symbol"), Column("Price", Align.RIGHT), Column("Volume (24 h)", Align.RIGHT))
    rows = tuple((symbol, "58,000.00", "1.2B" if fixed else "123,456,789.00 USDC") for symbol in symbols)
    (message,) = render(Reply((Table(columns, rows),)))
    assert isinstance(message, TextMessage)
    kinds = {entity.kind.value for entity in message.body.entities}
    assert kinds == ({"pre"} if fixed else {"bold"})
    if fixed:
        assert len(message.body.entities) == 1
        widths = {cells(line) for line in message.body.text.split("\n")[1:]}
        assert len(widths) == 1
        assert max(widths) <= TABLE_CELLS
    else:
        assert "Volume (24 h): 123,456,789.00 USDC" in message.body.text


def test_chinese_and_korean_letters_count_twice_in_a_table() -> None:
    columns = (Column("종목"), Column("현재가", Align.RIGHT))
    (message,) = render(Reply((Table(columns, (("币安人生", "0.12"), ("BTC", "58,000.00"))),)))
    assert isinstance(message, TextMessage)
    assert {cells(line) for line in message.body.text.split("\n")} == {19}


def test_one_picture_carries_the_words_and_two_are_an_album() -> None:
    picture, words = Picture(b"png", "a chart", "btc"), Text("words")
    (photo,) = render(Reply((picture, words, Buttons(((Button("ok", "help"),),)))))
    assert isinstance(photo, PhotoMessage)
    assert photo.photo.caption.text == "a chart\n\nwords"
    assert photo.keyboard
    album, text = render(Reply((picture, picture, words)))
    assert isinstance(album, AlbumMessage)
    assert [item.caption.text for item in album.photos] == ["a chart"] * 2
    assert isinstance(text, TextMessage)
    assert text.body.text == "words"
    short, long = render(Reply((picture, Text("x" * CAPTION_LIMIT))))
    assert isinstance(short, PhotoMessage)
    assert short.photo.caption.text == "a chart"
    assert isinstance(long, TextMessage)


@pytest.mark.parametrize("owner", [0, 7, 2**52 - 1])
def test_a_press_comes_back_as_it_was_made(owner: int) -> None:
    buttons = Buttons(
        ((Button("a", "price BTC 币安"), Button("b", "chart BTC"), Button("c", "confirm tok buy BTC 1")),)
    )
    (message,) = render(Reply((Text("x"), buttons)), command="price", owner=owner)
    assert isinstance(message, TextMessage)
    presses = [read_press(key.data) for row in message.keyboard for key in row]
    assert [press.line for press in presses] == ["price BTC 币安", "chart BTC", "confirm tok buy BTC 1"]
    assert [press.here for press in presses] == [True, False, True]
    assert {press.owner for press in presses} == {owner}


def test_a_press_that_fills_the_limit_goes_without_marks() -> None:
    press = "p" * 64
    (message,) = render(Reply((Text("x"), Buttons(((Button("a", press),),)))), command=press, owner=2**52)
    assert isinstance(message, TextMessage)
    assert message.keyboard[0][0].data == press


@pytest.mark.parametrize("data", ["", "\x1f", "price\x1f!zz\x1f", "x\x1f!", "\x1f!!", "confirm\x1fABC", "\x1f" * 64])
def test_forged_callback_data_is_only_a_line(data: str) -> None:
    press = read_press(data)
    assert press.owner >= 0
    assert len(press.line) <= len(data)


def test_rows_of_buttons_show_their_labels_whole_on_a_phone() -> None:
    names = ["BTCUSDC", "ETHUSDC", "SOLUSDC", "DOGEUSDC", "1000SATSUSDC"]
    (message,) = render(Reply((Text("x"), Buttons((tuple(Button(name, "help") for name in names),)))))
    assert isinstance(message, TextMessage)
    assert [len(row) for row in message.keyboard] == [2, 2, 1]


def test_an_empty_reply_is_still_a_message() -> None:
    assert not faults(render(Reply(())))
    assert not faults(render(Reply((Buttons(((Button("", "help"),),)),))))


EXPORT = Document(b"a,b", "Everything about you", "paperdesk.csv")


def test_a_document_carries_the_words_and_the_buttons() -> None:
    (message,) = render(Reply((Text("Here it is"), EXPORT, Buttons(((Button("Delete", "forget_me"),),)))))
    assert isinstance(message, DocumentMessage)
    assert message.file.name == "paperdesk.csv"
    assert message.file.caption.text == "Here it is\n\nEverything about you"
    assert message.keyboard[0][0].data == "forget_me"


def test_words_that_no_caption_holds_follow_the_document() -> None:
    document, text = render(Reply((Text("x" * 2000), EXPORT)))
    assert isinstance(document, DocumentMessage)
    assert document.file.caption.text == "Everything about you"
    assert isinstance(text, TextMessage)


@pytest.mark.parametrize("data", [b"", b"x" * (DOCUMENT_LIMIT + 1)], ids=["empty", "huge"])
def test_a_document_that_telegram_refuses_is_told_in_words(data: bytes) -> None:
    (message,) = render(Reply((replace(EXPORT, data=data),)))
    assert isinstance(message, TextMessage)
    assert message.body.text == "Everything about you"


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a\r\nb.csv", "\u202efdp.csv", "", "x" * 300 + ".csv", "내 자료.csv"]
)
def test_a_file_name_is_only_a_name(name: str) -> None:
    (message,) = render(Reply((replace(EXPORT, name=name),)))
    assert isinstance(message, DocumentMessage)
    assert 1 <= len(message.file.name) <= 100
    assert not set("/\\\r\n\u202e") & set(message.file.name)


def test_an_edit_is_one_message_whatever_the_reply_holds() -> None:
    button = Buttons(((Button("ok", "help"),),))
    picture = Picture(b"png", "a chart", "btc")
    long = render_one(Reply((Text("x " * 4000), button)))
    assert isinstance(long, TextMessage)
    assert long.keyboard
    drawn = render_one(Reply((Text("x " * 4000), picture, picture, button)))
    assert isinstance(drawn, PhotoMessage)
    assert drawn.keyboard
    assert not faults((long, drawn))
