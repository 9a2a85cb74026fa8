"""Bans of persons and groups: what the banned can do, and how soon a ban holds."""

import pytest

from bot.commands import COMMANDS
from bot.middleware.bans import FRESH_SECONDS, Bans
from core.errors import DatabaseUnavailable
from people.person import Language
from tests.fakes.bot import FakeDeskBot
from tests.fakes.operations import OPERATOR
from tests.fakes.transcript import buttons
from tests.unit.people.operators.asking import ask, bodies, said

BANNED = (
    "You have been banned from Paperdesk (reason: flooding). You can still export or delete your data with /privacy."
)


async def test_a_banned_person_can_export_and_delete_their_data() -> None:
    bot = FakeDeskBot()
    await ask(bot, "/balance", who="7")
    person = bot.people.identities["fake", "7"]
    await ask(bot, f"/ban {person} flooding")
    presses = [each.press for each in buttons(await ask(bot, "/privacy", who="7"))]
    assert presses == ["privacy_export", "privacy_delete"]
    for press in (*presses, "alerts_cancel", f"forget_me {person}"):
        answer = await bot.router.answer(bot.inbound(press, pressed=True, external_id="7"))
        assert (bodies(answer) == [BANNED]) is (press == "alerts_cancel")


async def test_a_banned_person_gets_one_sentence_at_once_and_keeps_everything() -> None:
    bot = FakeDeskBot()
    await ask(bot, "/settings confirm off", who="7")
    await ask(bot, "/buy BTC 1000usdc", who="7")
    before = said(await ask(bot, "/balance", who="7"))
    person = str(bot.people.identities["fake", "7"])
    await ask(bot, f"/ban {person} flooding")
    for line in ("/balance", "/start", "/price BTC", "/help"):
        reply = await ask(bot, line, who="7")
        assert bodies(reply) == [BANNED]
        assert buttons(reply) == []
    await ask(bot, f"/unban {person}")
    assert said(await ask(bot, "/balance", who="7")) == before


@pytest.mark.parametrize("name", ["telegram:5", "TELEGRAM:5", "discord:5", "console:local", "1"])
async def test_a_person_can_be_named_in_several_ways(name: str) -> None:
    bot = FakeDeskBot()
    await ask(bot, "/start", who="7")
    bot.people.identities.update({("telegram", "5"): 1, ("discord", "5"): 1})
    reply = await ask(bot, f"/ban {name}")
    if name.startswith("console"):
        assert "There is no user" in said(reply)
        assert "Enter telegram:123" in said(reply)
    else:
        assert "User 1 is banned" in said(reply)


@pytest.mark.parametrize("name", ["ann", "telegram:", "telegram:x", "telegram:1.5", "irc:5", ":5", "-1", "9" * 30, "²"])
async def test_what_names_nobody_is_refused(name: str) -> None:
    bot = FakeDeskBot()
    assert "is not a user" in said(await ask(bot, f"/ban {name}"))


async def test_operators_cannot_be_banned() -> None:
    bot = FakeDeskBot()
    await ask(bot, "/status")
    person = bot.people.identities["fake", OPERATOR]
    assert "cannot be banned" in said(await ask(bot, f"/ban {person}"))
    bot.operators.operations.bans[person] = "by hand"
    bot.operators.bans.forget()
    assert "1.2.3" in said(await ask(bot, "/status"))


async def test_an_operator_bans_a_group_by_its_number() -> None:
    bot = FakeDeskBot()
    group = await bot.people.meet("telegram", "-100123", Language.ENGLISH, "UTC")
    await ask(bot, "/ban telegram:-100123 spam")
    assert bot.operators.operations.bans == {group.person_id: "spam"}
    for other in ("discord:-1", "telegram:--1", "-1"):
        assert "is not a user" in said(await ask(bot, f"/ban {other}"))


class Kept:
    def __init__(self) -> None:
        self.reads = 0
        self.bans: dict[int, str] = {}
        self.down = False

    async def banned(self) -> dict[int, str]:
        self.reads += 1
        if self.down:
            raise DatabaseUnavailable
        return dict(self.bans)


async def test_bans_are_read_every_two_seconds_at_most_and_outlive_an_outage() -> None:
    kept, now = Kept(), [100.0]
    bans = Bans(kept, now=lambda: now[0])
    bot = FakeDeskBot()
    ctx = bot.router._context(bot.inbound("/price BTC"), await bot.people.meet("fake", "7", Language.ENGLISH, "UTC"))
    command = COMMANDS[0]
    for _ in range(100):
        await bans(command, ctx)
    assert kept.reads == 1
    kept.bans[ctx.person.person_id] = "why"
    now[0] += FRESH_SECONDS
    with pytest.raises(Exception, match="banned"):
        await bans(command, ctx)
    kept.down = True
    now[0] += FRESH_SECONDS
    with pytest.raises(Exception, match="banned"):
        await bans(command, ctx)
    assert kept.reads == 3


async def test_a_later_person_is_looked_up_at_once() -> None:
    kept = Kept()
    bans = Bans(kept, now=lambda: 100.0)
    bot = FakeDeskBot()
    command = COMMANDS[0]
    first, second = [
        bot.router._context(bot.inbound("/price BTC"), await bot.people.meet("fake", who, Language.ENGLISH, "UTC"))
        for who in ("7", "8")
    ]
    await bans(command, first)
    kept.bans[second.person.person_id] = "came back"
    with pytest.raises(Exception, match="banned"):
        await bans(command, second)
    await bans(command, first)
    assert kept.reads == 2
