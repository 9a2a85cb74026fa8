"""Messages to everyone: whom they reach, whom they miss and why, and how their lines are kept."""

from dataclasses import replace

import pytest

from bot.commands import COMMANDS
from bot.platforms.console.render import render as render_console
from bot.platforms.discord import discord
from bot.platforms.discord.inbound.modals import blank_of, modal
from bot.platforms.discord.outbound.custom_id import PressedButton, ReplyTarget
from bot.platforms.discord.outbound.render import render as render_discord
from bot.platforms.telegram.outbound.render import render as render_telegram
from bot.reply import Reply, Text
from people.operators.ports import BROADCAST_LIMIT, Reach
from people.person import Language
from tests.fakes.bot import CATALOGS, FakeDeskBot
from tests.fakes.operations import OPERATOR
from tests.fakes.transcript import press_of, transcript

BOTH = pytest.mark.parametrize("language", list(Language))


async def ask(bot: FakeDeskBot, line: str, *, pressed: bool = False) -> Reply:
    return await bot.router.answer(bot.inbound(line, pressed=pressed, external_id=OPERATOR))


def bodies(reply: Reply) -> list[str]:
    return [block.body for block in reply.blocks if isinstance(block, Text)]


REACH = Reach(20, 11, {"group": 2, "blocked": 1, "off": 3, "banned": 4, "unknown": 1})
LEFT_OUT = {
    Language.ENGLISH: (
        "31 users will receive",
        "11 of them have used the bot only in Discord servers",
        "2 users who have used the bot only in groups",
        "one user who blocked the bot",
        "3 users who turned off news",
        "4 banned users",
        "one user without a private chat",
    ),
    Language.KOREAN: (
        "31명이 1:1 채팅에서",
        "11명은 Discord 서버에서만",
        "그룹에서만 봇을 사용한 2명",
        "차단했거나 메시지를 허용하지 않은 1명",
        "공지를 끈 3명",
        "차단된 4명",
        "1:1 채팅이 없는 1명",
    ),
}


@BOTH
async def test_a_preview_says_whom_it_misses_and_why(language: Language) -> None:
    bot = FakeDeskBot(language)
    bot.operators.operations.reach = REACH
    shown = transcript(await ask(bot, "/broadcast hello"))
    assert all(part in shown for part in LEFT_OUT[language]), shown
    bot.operators.operations.reach = Reach(3)
    shown = transcript(await ask(bot, "/broadcast hello"))
    assert "Discord" not in shown
    assert "Not reached" not in shown
    assert "받지 못함" not in shown


@pytest.mark.parametrize(
    "line",
    [
        "/broadcast Down at 20:00.\n\n\n\n  Back   at 20:10!\n",
        "/broadcast\nDown at 20:00.\r\n\r\nBack at 20:10!",
        r"/broadcast Down at 20:00.\n\nBack at 20:10!",
        "broadcast Down at 20:00.\n\nBack at 20:10!",
        "/공지 Down at 20:00.\n\nBack at 20:10!",
    ],
)
async def test_the_line_breaks_of_a_broadcast_are_kept(line: str) -> None:
    bot = FakeDeskBot()
    preview = await ask(bot, line)
    body = "Down at 20:00.\n\nBack at 20:10" + ("!" if line.startswith("/") else "")
    assert body in bodies(preview)
    await ask(bot, press_of(preview, "broadcast_send"), pressed=True)
    assert bot.operators.operations.sent == [body]
    for shown in (render_telegram(preview), render_discord(preview, owner=1)):
        assert "Down at 20:00.\n\nBack at 20:10" in repr(shown).replace("\\n", "\n")
    console = render_console(preview, 80, colour=False, say=CATALOGS[Language.ENGLISH].text).splitlines()
    at = next(number for number, shown in enumerate(console) if "Down at 20:00." in shown)
    assert [shown.strip() for shown in console[at + 1 : at + 3]] == ["", body.rpartition("\n")[2]]


async def test_a_broadcast_without_words_is_asked_for() -> None:
    bot = FakeDeskBot()
    reply = await ask(bot, "/broadcast")
    assert reply.asks == "broadcast"
    inbound = replace(bot.inbound("Down.\nBack.", external_id=OPERATOR), open_question=reply.asks)
    assert "Down.\nBack." in bodies(await bot.router.answer(inbound))


def test_discord_asks_for_a_broadcast_in_a_field_of_several_lines() -> None:
    commands = {command.name: command for command in COMMANDS}
    blank = blank_of(PressedButton(ReplyTarget.NEW, 1, "broadcast", asks=True), commands)
    assert blank is not None
    field = modal(
        PressedButton(ReplyTarget.NEW, 1, "broadcast", asks=True), blank, CATALOGS[Language.ENGLISH], "usdc"
    ).to_dict()
    (component,) = [each["component"] for each in field["components"]]
    assert (component["style"], component["max_length"]) == (discord.TextStyle.paragraph.value, BROADCAST_LIMIT)
