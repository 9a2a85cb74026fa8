"""The lines that a desk without a console prints at its start."""

import io

import pytest

from app.wiring.start_lines import StartLines
from bot.ui.texts import load_catalog
from people.person import Language


@pytest.mark.parametrize("language", Language)
def test_the_connected_platforms_are_named(language: Language) -> None:
    stream = io.StringIO()
    lines = StartLines(load_catalog(language), stream)
    lines.add("market-is-binance", quote="USDC")
    lines.add("start-telegram-connected", name="desk_bot")
    lines.add("start-discord-connected", name="desk", count=3)
    market, telegram, discord = stream.getvalue().splitlines()
    assert "USDC" in market
    assert "Telegram" in telegram
    assert "@desk_bot" in telegram
    assert "Discord" in discord
    assert "3" in discord


def test_a_line_is_repeated_only_when_it_changed() -> None:
    stream = io.StringIO()
    lines = StartLines(load_catalog(Language.ENGLISH), stream)
    for servers in (1, 1, 2):
        lines.add("start-discord-connected", name="desk", count=servers)
    assert stream.getvalue().splitlines() == [
        "Discord: connected as desk, 1 server.",
        "Discord: connected as desk, 2 servers.",
    ]


def test_a_closed_stream_ends_nothing() -> None:
    stream = io.StringIO()
    stream.close()
    StartLines(load_catalog(Language.ENGLISH), stream).add("market-is-binance", quote="USDC")
