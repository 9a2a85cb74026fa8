"""What the commands around identities and watchlists say, on a desk in memory."""

from dataclasses import replace
from functools import partial

import pytest

from bot.platforms.console.render import render as render_console
from bot.platforms.discord.outbound.render import render as render_discord
from bot.platforms.telegram.deep_links import deep_link, link_to
from bot.platforms.telegram.outbound.render import render as render_telegram
from bot.reply import Button, Buttons, Document, Link, Reply, Table, Text
from bot.views.buttons import PRESS_LIMIT
from people.identity.codes import HashedCode, LinkCode, code_from, read_code, spelled
from people.identity.errors import LinkCodeWrong
from people.person import Language
from pipeline.market import Symbol
from tests.fakes.bot import CATALOGS, FakeDeskBot


def texts(reply: Reply) -> str:
    return "\n".join(block.body for block in reply.blocks if isinstance(block, Text))


def buttons(reply: Reply) -> list[Button]:
    return [b for block in reply.blocks if isinstance(block, Buttons) for row in block.rows for b in row]


def table(reply: Reply) -> list[tuple[str, ...]]:
    return [row for block in reply.blocks if isinstance(block, Table) for row in block.rows]


async def ask(bot: FakeDeskBot, line: str, *, pressed: bool = False) -> Reply:
    return await bot.router.answer(bot.inbound(line, pressed=pressed))


# -- codes -----------------------------------------------------------------------------------------


def test_a_code_holds_eighty_bits_and_reads_back_however_it_is_spelled() -> None:
    codes = {code_from(str(number)) for number in range(2000)}
    assert len(codes) == 2000
    for code in codes:
        assert read_code(spelled(code).lower()) == code
        assert read_code(code.replace("1", "l").replace("0", "o")) == code
    assert {character for code in codes for character in code} == set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    assert len({code[:4] for code in codes}) > 1900


@pytest.mark.parametrize("text", ["", "ABCD", "x" * 17, "U" * 16, "ABCD " * 4, "0" * 15 + "é", "0" * 1000])
def test_what_cannot_be_a_code_is_wrong_at_once(text: str) -> None:
    with pytest.raises(LinkCodeWrong):
        read_code(text)


def test_only_a_fingerprint_of_a_code_is_kept() -> None:
    code = LinkCode("0123456789ABCDEF")
    sealed = HashedCode.of(code)
    assert sealed.selector == "0123"
    assert len(sealed.hash) == 32
    assert HashedCode.of(LinkCode("0123456789ABCDEG")).hash != sealed.hash


# -- linking and privacy ---------------------------------------------------------------------------


@pytest.mark.parametrize("language", list(Language))
async def test_a_code_comes_with_a_link_that_opens_telegram(language: Language) -> None:
    bot = FakeDeskBot(language)
    assert not [block for block in (await ask(bot, "/link")).blocks if isinstance(block, Link)]
    bot.services.addresses.on_telegram(partial(link_to, "desk_bot"))
    reply = await bot.router.answer(replace(bot.inbound("/link", external_id="7"), platform="discord"))
    (link,) = [block for block in reply.blocks if isinstance(block, Link)]
    assert link.url.startswith("https://t.me/desk_bot?start=link_")
    code = deep_link("/start " + link.url.rpartition("=")[2]).removeprefix("/link ")
    assert f"/link {spelled(read_code(code))}" in texts(reply)
    assert "/start link_" not in texts(reply)
    (message,) = render_discord(reply, owner=7)
    assert f"[{link.label}]({link.url})" in "\n".join(card.description for card in message.cards)
    for shown in (render_telegram(reply), render_console(reply, 120, colour=False, say=CATALOGS[language].text)):
        assert f"{link.label}: {link.url}" in repr(shown)


@pytest.mark.parametrize("language", list(Language))
async def test_on_telegram_a_code_names_the_bot_on_discord(language: Language) -> None:
    bot = FakeDeskBot(language)
    bot.services.addresses.on_telegram(partial(link_to, "desk_bot"))
    bot.services.addresses.on_discord("Paperdesk#1234")
    telegram = await bot.router.answer(replace(bot.inbound("/link", external_id="7"), platform="telegram"))
    assert "Paperdesk#1234" in texts(telegram)
    assert "t.me" not in texts(telegram)
    assert not [block for block in telegram.blocks if isinstance(block, Link)]
    discord = await bot.router.answer(replace(bot.inbound("/link", external_id="8"), platform="discord"))
    assert "Paperdesk#1234" not in texts(discord)


async def test_the_line_and_the_link_of_a_code_lead_to_it() -> None:
    bot = FakeDeskBot()
    reply = await ask(bot, "/link")
    said = texts(reply)
    line = next(line for line in said.split("\n") if line.startswith("/link "))
    start = next(line for line in said.split("\n") if line.startswith("/start link_"))
    assert read_code(line.removeprefix("/link ")) == start.removeprefix("/start link_")
    assert reply.private
    assert buttons(reply) == []


@pytest.mark.parametrize("language", list(Language))
async def test_every_button_of_these_commands_fits_and_leads_somewhere(language: Language) -> None:
    bot = FakeDeskBot(language)
    await ask(bot, "/start")
    code = read_code(
        next(line for line in texts(await ask(bot, "/link")).split("\n") if line.count("-") == 3 and " " not in line)
    )
    joining = bot.inbound(f"/link {code}", external_id="8")
    preview = await bot.router.answer(joining)
    assert [b.press for b in buttons(preview)] == ["link_merge 1", "link_cancel 1"]
    for line in ("/privacy", "privacy_delete", "/watch BTC ETH", "/unwatch"):
        for button in buttons(await ask(bot, line, pressed=not line.startswith("/"))):
            assert len(button.press.encode()) <= PRESS_LIMIT
            reply = await ask(bot, button.press, pressed=True)
            assert reply.blocks
            await ask(bot, "/start")


async def test_the_export_is_a_document_for_one_pair_of_eyes() -> None:
    reply = await ask(FakeDeskBot(), "privacy_export", pressed=True)
    (document,) = reply.blocks
    assert isinstance(document, Document)
    assert document.name.endswith(".json")
    assert reply.private


async def test_hidden_commands_cannot_be_typed() -> None:
    bot = FakeDeskBot()
    for name in ("link_merge 1", "unlink_now 1", "forget_me 1", "privacy_export"):
        assert "There is no command" in texts(await ask(bot, f"/{name}"))


# -- the watchlist ---------------------------------------------------------------------------------


async def test_symbols_are_added_once_in_order_and_shown_with_price_and_change() -> None:
    bot = FakeDeskBot()
    assert "Your watchlist is empty" in texts(await ask(bot, "/watch"))
    reply = await ask(bot, "/watch eth btc ETH")
    assert "Added: ETH, BTC" in texts(reply)
    assert [row[0] for row in table(reply)] == ["ETH/USDC", "BTC/USDC"]
    assert table(reply)[1] == ("BTC/USDC", "58,000.00", "+1.75%")
    assert [b.press for b in buttons(reply)] == ["chart ETH", "chart BTC", "watch", "unwatch"]
    again = await ask(bot, "/watch BTC")
    assert "Already on your watchlist: BTC" in texts(again)
    assert [row[0] for row in table(again)] == ["ETH/USDC", "BTC/USDC"]


async def test_an_unknown_symbol_is_explained_and_nothing_is_added() -> None:
    bot = FakeDeskBot()
    reply = await ask(bot, "/watch BTC BTTC")
    assert "Did you mean BTC/USDC" in texts(reply)
    assert await bot.watchlists.watched(1) == []


async def test_a_symbol_of_another_market_is_shown_as_such_and_can_be_taken_off() -> None:
    bot = FakeDeskBot()
    await ask(bot, "/watch BTC")
    bot.watchlists.lists[1].append(Symbol("BTCUSDT"))
    reply = await ask(bot, "/watch")
    assert table(reply)[1] == ("BTCUSDT", "not in this market", "")
    assert "They stay on your watchlist" in texts(reply)
    assert "chart BTCUSDT" not in [b.press for b in buttons(reply)]
    assert "Removed: BTCUSDT" in texts(await ask(bot, "/unwatch btcusdt"))


async def test_what_is_watched_is_offered_for_removal() -> None:
    bot = FakeDeskBot()
    await ask(bot, "/watch BTC ETH")
    offered = await ask(bot, "/unwatch")
    assert [b.press for b in buttons(offered)] == ["unwatch BTC", "unwatch ETH", "watch"]
    assert "Removed: BTC" in texts(await ask(bot, "unwatch BTC", pressed=True))
    assert "is not on your watchlist" in texts(await ask(bot, "/unwatch BTC"))


async def test_a_list_has_room_for_fifty() -> None:
    bot = FakeDeskBot()
    await ask(bot, "/start")
    bot.watchlists.lists[1] = [Symbol(f"S{number}USDC") for number in range(49)]
    assert "Added: BTC" in texts(await ask(bot, "/watch BTC"))
    assert "up to 50" in texts(await ask(bot, "/watch ETH"))
    assert len(bot.watchlists.lists[1]) == 50


@pytest.mark.parametrize("name", ["<b>x</b>", "@everyone", "x" * 65, "A\u0301" * 30])
async def test_hostile_names_are_answered_in_words(name: str) -> None:
    bot = FakeDeskBot()
    reply = await ask(bot, f"/unwatch {name}")
    assert "incident" not in texts(reply)
    assert reply.blocks
