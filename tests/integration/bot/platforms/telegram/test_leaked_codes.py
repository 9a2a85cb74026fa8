"""Link codes that are shown in a group: revoked when they arrive, whatever becomes of their line."""

import asyncio

import pytest

from people.identity.codes import code_from, spelled
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_chats import keys_of, said
from tests.fakes.telegram_desk import House, running
from tests.patience import PATIENCE_SECONDS


async def code_of(house: House) -> str:
    """A code of Ann's, as `/link` makes one."""
    return spelled(code_from(f"tok{house.router.bot.services.tokens.count:024d}"))  # type: ignore[attr-defined]


async def until_revoked(house: House) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while house.router.bot.identities.codes:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    "line",
    [
        "/link {}",
        "/link {} please",
        "/link my code is {}",
        "/unlink {}",
        "/start link_{}",
        "@paperdesk_bot connect {}",
        "/연결 {}",
        "／link {}",
        "/ link {}",
        "my code is {}",
    ],
)
@pytest.mark.parametrize("anonymous", [False, True])
async def test_a_code_is_revoked_in_every_line_that_arrives(
    house: House,
    fake: FakeTelegram,
    line: str,
    anonymous: bool,  # noqa: FBT001
) -> None:
    ann, group = fake.person("Ann"), fake.group(privacy=False)
    async with running(house.service()):
        ann.write("/link")
        await house.settled()
        assert house.router.bot.identities.codes
        ann.write(line.format(await code_of(house)), chat=group, anonymous=anonymous)
        await house.settled()
    assert not house.router.bot.identities.codes


async def test_a_code_in_a_reply_to_the_bot_is_revoked(house: House, fake: FakeTelegram) -> None:
    ann, group = fake.person("Ann"), fake.group()
    async with running(house.service()):
        ann.write("/link")
        ann.write("/price BTC", chat=group)
        await house.settled()
        ann.write(f"link {await code_of(house)}", chat=group, reply_to=group.sent[-1])
        await house.settled()
    assert not house.router.bot.identities.codes


async def test_a_code_in_a_late_line_is_revoked_and_not_offered_again(house: House, fake: FakeTelegram) -> None:
    ann, group = fake.person("Ann"), fake.group()
    async with running(house.service()):
        ann.write("/link")
        await house.settled()
        code, now = await code_of(house), fake.now
        fake.now = lambda: now() - 301  # type: ignore[method-assign]
        ann.write(f"/link {code}", chat=group)
        await house.settled()
    assert not house.router.bot.identities.codes
    assert not [key for message in group.sent for key in keys_of(message) if code in str(key)]
    assert not [message for message in group.sent if "min late" in said(message)]


@pytest.mark.parametrize("before", [3, 6])
async def test_a_code_is_revoked_before_its_line_waits_or_is_left_unheard(
    house: House, fake: FakeTelegram, before: int
) -> None:
    ann, group = fake.person("Ann"), fake.group()
    async with running(house.service(max_waiting=3)):
        ann.write("/link")
        await house.settled()
        house.router.gate = asyncio.Event()
        for _ in range(before):
            ann.write("/price BTC", chat=group)
        ann.write(f"/link {await code_of(house)}", chat=group)
        await until_revoked(house)
        house.router.gate.set()
        await house.settled()


async def test_ordinary_lines_ask_for_no_revocation(
    house: House, fake: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unexpected(codes: object) -> None:
        raise AssertionError(codes)

    ann, group = fake.person("Ann"), fake.group(privacy=False)
    monkeypatch.setattr(house.router, "revoke", unexpected)
    async with running(house.service()):
        for line in ("/price BTC", "that have been here when they said so", "/price DOGE SHIB PEPE BONK"):
            ann.write(line, chat=group)
        ann.write("/link 7K2M-9PQR-ST4V-WXYZ")
        await house.settled()
