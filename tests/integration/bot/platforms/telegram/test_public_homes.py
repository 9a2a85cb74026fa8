"""The chat of a user's notifications, where others read it: chosen in that group alone."""

from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_chats import said
from tests.fakes.telegram_desk import House, running


async def test_a_group_is_chosen_by_a_button_in_the_group(house: House, fake: FakeTelegram) -> None:
    ann, group = fake.person("Ann"), fake.group()
    async with running(house.service()):
        ann.write("/start")
        ann.write("/notifications here", chat=group)
        await house.settled()
        assert "Others can read this chat" in said(group.sent[-1])
        ann.press(ann.chat.sent[-1], data=f"notifications_here telegram {group.chat_id}")
        await house.settled()
        assert "That chat is unknown" in said(ann.chat.sent[-1])
        assert (await house.router.bot.notices.choices(1)).home is None
        ann.press(group.sent[-1], "Yes")
        await house.settled()
        assert "From now on, this chat gets" in said(ann.chat.sent[-1])
    home = (await house.router.bot.notices.choices(1)).home
    assert home is not None
    assert home.chat_id == str(group.chat_id)
