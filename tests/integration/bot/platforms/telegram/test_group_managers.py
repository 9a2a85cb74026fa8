"""Managers of a group in Telegram, and administrators who are anonymous."""

from tests.fakes.telegram import Chat, FakeTelegram, Member
from tests.fakes.telegram_chats import said
from tests.fakes.telegram_desk import House, running


async def managed(house: House, member: Member, text: str, chat: Chat | None) -> bool:
    """Whether the desk took her for who manages the group."""
    before = len(house.router.seen)
    member.write(text, chat=chat)
    await house.settled()
    return house.router.seen[before].manager


async def test_only_who_manages_a_group_is_taken_for_it_and_telegram_is_asked_seldom(
    house: House, fake: FakeTelegram
) -> None:
    ann, bob, group = fake.person("Ann"), fake.person("Bob"), fake.group()
    group.managers.add(ann.user_id)
    async with running(house.service()):
        assert await managed(house, ann, "/group", group)
        assert await managed(house, ann, "/group", group)
        assert not await managed(house, bob, "/group", group)
        assert not await managed(house, ann, "/market", group)
        assert not await managed(house, ann, "/group", None)
        assert len(await fake.called("getChatMember")) == 2
        fake.fail("getChatMember", status=500, times=2)
        assert not await managed(house, fake.person("Eve"), "/group", group)
    assert [inbound.group for inbound in house.router.seen][:1] == [str(group.chat_id)]


async def test_an_anonymous_administrator_manages_but_has_no_account(house: House, fake: FakeTelegram) -> None:
    ann, group = fake.person("Ann"), fake.group()
    async with running(house.service()):
        ann.write("/group", chat=group, anonymous=True)
        await house.settled()
        assert house.router.seen[0].manager
        assert house.router.seen[0].external_id == str(group.chat_id)
        ann.write("/buy BTC 100usdc", chat=group, anonymous=True)
        await house.settled()
    assert len(house.router.seen) == 1
    assert "as yourself" in said(group.sent[-1])


async def test_anonymous_administrators_run_no_rules_commands(house: House, fake: FakeTelegram) -> None:
    ann, group = fake.person("Ann"), fake.group()
    group.managers.add(ann.user_id)
    async with running(house.service()):
        ann.write("/group allow prices managers", chat=group, anonymous=True)
        await house.settled()
        assert "as yourself" not in said(group.sent[-1])
        for line in ("/price BTC", "/chart BTC"):
            ann.write(line, chat=group, anonymous=True)
        await house.settled()
        assert "as yourself" in said(group.sent[-1])
        assert [inbound.text for inbound in house.router.seen] == ["/group allow prices managers"]
        ann.write("/price BTC", chat=group)
        await house.settled()
    assert "58,000" in said(group.sent[-1]), "as herself she is admitted"
