"""From nothing to a first honest trade: the whole process, on its own engines, through a pipe."""

import io
import re
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from PIL import Image

from tests.e2e.desk_process import Session, paperdesk, read_until, start_paperdesk
from tests.fakes.binance import FakeBinance

FIRST_TRADE = (
    "/start",
    "/price BTC ETH",
    "/buy BTC 1000{quote}",
    "confirm",
    "details",
    "/portfolio",
    "/chart BTC 1h",
    "/history",
)


def first_trade(quote: str) -> list[str]:
    return [line.format(quote=quote.lower()) for line in FIRST_TRADE]


def number(text: str) -> Decimal:
    return Decimal(text.split(maxsplit=1)[0].replace(",", "").replace("+", ""))


def check_pictures(session: Session) -> None:
    pictures = session.pictures()
    assert len(pictures) >= 3, session.out
    for path in pictures:
        with Image.open(io.BytesIO(path.read_bytes())) as image:
            assert image.width >= 600
            assert len(image.getcolors(maxcolors=1 << 24) or ()) > 10, f"{path} is blank"


async def test_a_newcomer_trades_on_the_simulator_and_the_books_balance(empty_folder: Path) -> None:
    session = await paperdesk(empty_folder, lines=first_trade("USDC"))
    assert session.code == 0
    assert "Traceback" not in session.out + session.err
    assert "SIMULATION" in session.after("/price BTC ETH")

    bought = number(session.field("details", "Bought"))
    paid = number(session.field("details", "Paid"))
    price = number(session.field("details", "Average price"))
    assert price * bought == pytest.approx(paid, abs=Decimal("0.01"))
    assert Decimal(900) < paid <= Decimal(1000)
    assert number(session.field("details", "Fee")) == bought * Decimal("0.001")
    assert number(session.field("details", "USDC balance")) == Decimal(1_000_000) - paid
    assert "BTC" in session.after("/portfolio")
    assert "Buy" in session.after("/history")
    assert "Grant" in session.after("/history")
    check_pictures(session)

    audited = await paperdesk(empty_folder, ["audit"])
    assert (audited.code, audited.out.splitlines()[0]) == (0, "The ledger is clean (2 entries).")


async def test_money_survives_the_end_of_the_desk(folder: Path) -> None:
    first = await paperdesk(folder, lines=["/buy ETH 1", "confirm", "/balance"])
    second = await paperdesk(folder, lines=["/balance", "/sell ETH max", "confirm", "/balance"])
    assert first.after("/balance").splitlines()[:5] == second.after("/balance").splitlines()[:5]
    assert "0.999 ETH" in second.field("confirm", "Sold")
    assert "0 ETH" in second.field("confirm", "ETH balance")


@pytest.mark.long
async def test_a_replayed_order_fills_at_the_recordings_price(folder: Path, shared_dir: Path) -> None:
    recording = shared_dir / "data" / "klines_1m_spot_64sym_20210402_20210420.parquet"
    session = await paperdesk(folder, lines=first_trade("USDT"), MARKET=f"replay:{recording}", BOT__TIMEZONE="UTC")
    assert session.code == 0
    # The last minute that had closed by then: 1,500 minutes are given at once, and play begins at their end.
    candles = pd.read_parquet(recording, filters=[("symbol", "==", "BTCUSDT")])
    known = candles[candles.open_time <= candles.open_time.iloc[0] + 1499 * 60_000]
    assert session.field("confirm", "Average price") == f"{known.close.iloc[-1]:,.2f} USDT"
    assert session.field("details", "Price time") == "Apr 3, 2021, 01:00:00"
    assert number(session.field("details", "Paid")) == number(session.field("details", "Bought")) * Decimal(
        str(known.close.iloc[-1])
    )
    assert "REPLAY 2021-04-03" in session.after("/chart BTC 1h")
    check_pictures(session)


async def test_binance_is_taken_when_it_answers_and_its_book_fills_the_order(folder: Path) -> None:
    async with FakeBinance() as binance:
        session = await paperdesk(
            folder,
            lines=[*first_trade("USDC"), "/price 币安人生"],
            MARKET="auto",
            BINANCE__REST_URL=binance.rest_url,
            BINANCE__WS_URL=binance.ws_url,
        )
        depths = [parameters for path, parameters in binance.requests if path.endswith("/depth")]
    assert session.code == 0
    assert "Binance, live prices in USDC" in session.out
    assert "SIMULATION" not in session.out
    assert "order book level" in session.after("details")
    assert {parameters["symbol"] for parameters in depths} == {"BTCUSDC"}
    check_pictures(session)


@pytest.mark.long
async def test_without_binance_the_desk_says_so_and_simulates(folder: Path) -> None:
    nobody = {"BINANCE__REST_URL": "http://127.0.0.1:9", "BINANCE__WS_URL": "ws://127.0.0.1:9"}
    session = await paperdesk(folder, lines=["/price BTC"], MARKET="auto", **nobody)
    line = next(line for line in session.out.splitlines() if line.startswith("Market:"))
    assert "SIMULATION in USDC. Binance can't be reached" in line
    assert session.code == 0


@pytest.mark.long
async def test_hostile_lines_are_answered_in_words_and_write_nothing(folder: Path) -> None:
    lines = [
        "/buy BTC 0",
        "/buy BTC -1",
        "/buy BTC NaN",
        "/buy BTC 1e9",
        "/buy BTC １００",
        "/buy BTC 0.0000000001",
        f"/buy BTC 1{'0' * 30}",
        "/buy BTC",
        "/buy BTC 1 2",
        "",
        "x" * 10_001,
        "/buy B\u202eTC 1",
        "/buy \x07BTC 1",
        "/buy BTC 5000000usdc",
        "/sell ETH 1",
        "/buy FTT 1",
        "/price BTCX",
        "\x1b[2J/price BTC",
    ]
    settings = ["/settings confirm off", "/balance", *lines, "/history"]
    session = await paperdesk(folder, lines=settings)
    assert session.code == 0
    assert "\x1b" not in session.out
    assert "Traceback" not in session.out + session.err
    answers = re.split(r"\n>(?: |(?=\n))", session.out)[3:-1]
    assert len(answers) == len(lines)
    for line, answer in zip(lines, answers, strict=True):
        assert len(answer.strip().splitlines()) >= 2, f"no answer to {line!r}"
        assert "incident" not in answer.lower(), f"{line!r} broke the desk: {answer}"
    audited = await paperdesk(folder, ["audit"])
    assert (audited.code, audited.out.splitlines()[0]) == (0, "The ledger is clean (1 entries).")


@pytest.mark.long
async def test_the_audit_joins_a_desk_that_is_running(folder: Path) -> None:
    desk = await start_paperdesk(folder)
    try:
        assert desk.stdin is not None
        desk.stdin.write(b"/buy BTC 0.1\nconfirm\n")
        await read_until(desk, "BTC balance")
        audited = await paperdesk(folder, ["audit"])
        second = await paperdesk(folder, lines=["/balance"])
    finally:
        desk.terminate()
        await desk.wait()
    assert (audited.code, audited.out.splitlines()[0]) == (0, "The ledger is clean (2 entries).")
    assert (second.code, second.out) == (1, "")
    assert second.err.startswith("Another Paperdesk is already using")
