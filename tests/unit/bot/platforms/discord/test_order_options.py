"""Slash commands with options that may be left out: each value goes behind its word."""

import pytest

from bot.commands import COMMANDS
from bot.platforms.discord.inbound.receive import line

BY_NAME = {command.name: command for command in COMMANDS}


@pytest.mark.parametrize(
    ("name", "options", "typed"),
    [
        ("limit", {"symbol": "BTC", "side": "buy", "size": "2", "price": "950"}, "/limit BTC buy 2 @ 950"),
        (
            "bracket",
            {"symbol": "BTC", "side": "buy", "size": "1", "take_profit": "+5%", "stop_loss": "-2%", "limit": "-3%"},
            "/bracket BTC buy 1 tp +5% sl -2% limit -3%",
        ),
        ("amend", {"order": "12", "quantity": "0.05"}, "/amend 12 quantity 0.05"),
        ("cancel", {"subject": "all"}, "/cancel all"),
    ],
)
def test_values_are_marked(name: str, options: dict[str, str], typed: str) -> None:
    assert line(BY_NAME[name], options) == typed


def test_no_command_has_more_options_than_discord_allows() -> None:
    assert all(len(command.typed) <= 25 for command in COMMANDS)
