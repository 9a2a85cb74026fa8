"""What a reply looks like in a terminal."""

import os
from pathlib import Path

import pytest
from wcwidth import wcswidth

from bot.platforms.console.render import render
from bot.reply import Align, Block, Button, Buttons, Column, Document, Fields, Picture, Reply, Table, Text, Tone
from tests.fakes.console_desk import HOSTILE
from tests.paths import GOLDEN

FOLDER = GOLDEN / "console"
PICTURE = Path("/home/trader/Paperdesk data/charts/20260102-030405-000-BTCUSDC-1h.png")

PREVIEW = Reply(
    (
        Text("0.01632653 BTC 매수 미리보기", Tone.TITLE),
        Fields(
            (
                ("가격", "61,250.00 USDC"),
                ("수수료", "0.00001632 BTC (0.1%)"),
                ("슬리피지", "0.02%"),
                ("주문 후 잔고", "999,000.00 USDC 사용 가능"),
            )
        ),
        Text("SIMULATION: 실제 시세가 아닙니다. 이 가격으로는 어떤 거래소에서도 거래할 수 없습니다.", Tone.WARNING),
        Buttons(((Button("확인", "confirm 3fK9"), Button("취소", "cancel 3fK9")), (Button("다시 묻지 않기", "s"),))),
    ),
    private=True,
)
MARKET = Reply(
    (
        Text("Movers", Tone.TITLE),
        Table(
            (
                Column("Symbol"),
                Column("Price", Align.RIGHT),
                Column("24 h", Align.RIGHT),
                Column("Volume, USDC", Align.RIGHT),
            ),
            (
                ("BTC", "61,250.00", "+1.20%", "1,204,113,900"),
                ("币安人生", "0.0412", "\N{MINUS SIGN}13.40%", "9,881"),
                ("비트코인캐시", "402.5", "-0.01%", "77,000,001"),
            ),
        ),
        Text("Prices are 0.4 s old.", Tone.NOTE),
    )
)
CHART = Reply(
    (
        Picture(b"", "BTC/USDC, one hour: 61,250.00 (+1.20% in 24 h), between 60,100.00 and 61,900.00", "BTCUSDC-1h"),
        Buttons(((Button("15m", "chart BTC 15m"), Button("4h", "chart BTC 4h"), Button("Buy", "buy BTC 100usdc")),)),
    )
)


def rendered(reply: Reply, width: int = 80, *, colour: bool = False, links: bool = False, kept: bool = True) -> str:
    pictures = [PICTURE] if kept else [None]
    return render(reply, width, colour=colour, say=lambda name: f"<{name}>", files=pictures, links=links)


@pytest.mark.parametrize("width", [80, 40])
@pytest.mark.parametrize(("name", "reply"), [("preview", PREVIEW), ("market", MARKET), ("chart", CHART)])
def test_a_reply_looks_as_recorded(name: str, reply: Reply, width: int) -> None:
    path = FOLDER / f"{name}-{width}.txt"
    text = rendered(reply, width) + "\n"
    if os.environ.get("RECORD_GOLDEN"):
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8")


@pytest.mark.parametrize("reply", [PREVIEW, MARKET, CHART])
@pytest.mark.parametrize("width", [20, 33, 40, 80, 120])
def test_no_line_but_a_path_is_wider_than_the_terminal(reply: Reply, width: int) -> None:
    lines = rendered(reply, width).split("\n")
    assert all(wcswidth(line) <= width for line in lines if line != str(PICTURE))


def test_columns_stand_below_each_other_whatever_the_width_of_their_letters() -> None:
    header, _, *rows = rendered(MARKET).split("\n")[1:6]
    ends = {wcswidth(line.rstrip()) for line in (header, *rows)}
    assert ends == {wcswidth(header)}


@pytest.mark.parametrize("width", [32, 40, 80])
def test_no_word_of_a_label_is_broken_beside_a_long_value(width: int) -> None:
    text = rendered(Reply((Fields((("Training examples", "1,234,567"), ("Live", "words " * 40))),)), width)
    assert {"Training", "examples", "1,234,567"} <= set(text.split())


def test_labels_give_way_before_a_number_is_broken() -> None:
    text = rendered(MARKET, 24)
    for row in MARKET.blocks[1].rows:  # type: ignore[union-attr]
        for cell in row:
            assert cell in text


@pytest.mark.parametrize(
    "block",
    [
        Text(HOSTILE),
        Text(HOSTILE, Tone.TITLE),
        Fields(((HOSTILE, HOSTILE),)),
        Table((Column(HOSTILE),), ((HOSTILE,),)),
        Table((Column("a"), Column(HOSTILE * 9)), ((HOSTILE, HOSTILE),)),
        Picture(b"", HOSTILE, HOSTILE),
        Buttons(((Button(HOSTILE, "x"),),)),
    ],
)
def test_no_string_of_a_reply_can_steer_the_terminal(block: Block) -> None:
    text = rendered(Reply((block,)), kept=False)
    assert "evil" in text
    assert all(character == "\n" or character.isprintable() for character in text)


def test_markup_and_emoji_codes_are_only_text() -> None:
    assert rendered(Reply((Text("[red]:smile: [/]"),))) == "[red]:smile: [/]"


def test_a_path_is_a_link_where_the_terminal_can_follow_it() -> None:
    uri = "file:///home/trader/Paperdesk%20data/charts/20260102-030405-000-BTCUSDC-1h.png"
    assert f"\x1b]8;;{uri}\x1b\\{PICTURE}\x1b]8;;\x1b\\" in rendered(CHART, links=True)
    assert "\x1b" not in rendered(CHART)


def test_a_picture_that_could_not_be_kept_says_so_beside_its_words() -> None:
    text = rendered(CHART, kept=False)
    assert "one hour" in text
    assert "! <console-picture-not-kept>" in text


def test_colour_is_only_where_it_is_asked_for() -> None:
    assert "\x1b[" in rendered(MARKET, colour=True)
    assert "\x1b" not in rendered(MARKET)


def test_gains_are_green_and_losses_red_whichever_minus_is_written() -> None:
    text = rendered(MARKET, colour=True)
    assert "\x1b[32m +1.20%" in text
    assert "\x1b[31m\N{MINUS SIGN}13.40%" in text
    assert "\x1b[31m -0.01%" in text


def test_buttons_are_numbered_through_the_whole_reply() -> None:
    one = Buttons(((Button("a", "a"), Button("b", "b")),))
    assert rendered(Reply((one, Text("and"), one))) == "[1] a   [2] b\n\nand\n\n[3] a   [4] b"


def test_lines_of_a_text_stay_lines() -> None:
    assert rendered(Reply((Text("one\ntwo\r\nthree"),))) == "one\ntwo\nthree"


def test_an_empty_reply_is_an_empty_text() -> None:
    assert rendered(Reply(())) == ""


def test_titles_break_between_words_before_a_table_becomes_cards() -> None:
    table = Table(
        (Column("Asset"), Column("Unrealised P&L", Align.RIGHT), Column("Cost")), (("BTC", "-1.03", "12,345.67"),)
    )
    assert rendered(Reply((table,)), 30).split("\n") == [
        "       Unrealised",
        "Asset         P&L  Cost",
        "────────────────────────────",
        "BTC         -1.03  12,345.67",
    ]
    assert rendered(Reply((table,)), 27).split("\n")[0] == "BTC"


def test_a_card_leaves_out_what_is_empty() -> None:
    columns = (Column("No."), Column("What happened"), Column("Price"), Column("Amount"))
    table = Table(columns, (("", "Grant", " ", "1,000,000.00"), ("", "", "", "")))
    assert rendered(Reply((table,)), 20) == "Grant\n  Amount  1,000,000.\n          00"


def test_a_table_without_rows_still_shows_its_titles() -> None:
    assert rendered(Reply((Table((Column("Symbol"), Column("Price")), ()),))).startswith("Symbol  Price\n")


def test_a_document_is_named_by_its_path_and_a_lost_one_is_admitted() -> None:
    reply = Reply((Document(b"{}", "All of it, 1 kB.", "all.json"),))
    assert rendered(reply).split("\n") == ["All of it, 1 kB.", "<console-document>", str(PICTURE)]
    assert rendered(reply, kept=False).split("\n") == ["All of it, 1 kB.", "! <console-document-not-kept>"]


def test_pictures_and_documents_get_their_own_paths() -> None:
    reply = Reply((Picture(b"", "a chart", "c"), Document(b"", "a file", "d.json")))
    shown = render(reply, 80, colour=False, say=str, files=[Path("/a.png"), Path("/b.json")]).split("\n")
    assert shown.index("/a.png") < shown.index("a file") < shown.index("/b.json")
