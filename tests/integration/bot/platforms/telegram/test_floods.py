"""Floods in Telegram: limits kept, and nobody else kept waiting."""

import pytest

from bot.platforms.telegram.outbound.rate_limiter import RateLimiter
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_chats import keys_of
from tests.fakes.telegram_desk import House, running


async def test_one_persons_flood_does_not_keep_another_waiting(house: House, fake: FakeTelegram) -> None:
    ann, bob = fake.person("Ann"), fake.person("Bob")
    before_bob: list[int] = []
    service = house.service()
    async with running(service):
        for _ in range(1000):
            ann.write("/price ETH")
        for _ in range(20):
            bob.write("/price BTC")
            others = 0
            while bob.chat.chat_id != (await fake.message())["chat"]["id"]:
                others += 1
            before_bob.append(others)
    assert sorted(before_bob)[18] < 50, before_bob


async def test_the_limits_of_telegram_are_never_broken(house: House, fake: FakeTelegram) -> None:
    fake.strict_rates = True
    people = [fake.person(str(number)) for number in range(45)]
    async with running(house.service(pace=RateLimiter())):
        for ann in people:
            ann.write("/price BTC")
        assert await house.settled() == {"done": 45}
    assert not [call for call in fake.calls if call.status == 429]


async def test_a_flood_of_one_person_is_refused_with_one_sentence(house: House, fake: FakeTelegram) -> None:
    ann, bob = fake.person("Ann"), fake.person("Bob")
    for number in range(30):
        ann.write(f"/price BTC {number}")
    bob.write("/help")
    async with running(house.service(max_waiting=5)):
        states = await house.settled()
    assert set(states) == {"done", "dead"}
    said = [message["text"] for message in ann.chat.sent]
    assert sum("Too many of your messages are waiting" in text for text in said) == 1
    assert len(said) == 6
    assert len(bob.chat.sent) == 1


@pytest.mark.parametrize("data", ["", "nothing of the kind"])
async def test_presses_that_do_nothing_cost_nothing_after_some(house: House, fake: FakeTelegram, data: str) -> None:
    ann, mallory, group = fake.person("Ann"), fake.person("Mallory"), fake.group()
    looked_up: list[str] = []
    people = house.router.bot.people
    find = people.find

    async def counted(platform: str, external_id: str) -> object:
        looked_up.append(external_id)
        return await find(platform, external_id)

    async with running(house.service()):
        ann.write("/market", chat=group)
        await house.settled()
        people.find = counted  # type: ignore[method-assign, assignment]
        shown = group.sent[-1]
        owned = next(key["callback_data"] for key in keys_of(shown) if "callback_data" in key)
        for _ in range(50):
            mallory.press(shown, data=data or owned)
        await house.settled()
    answered = [call for call in fake.calls if call.method == "answerCallbackQuery"]
    assert len(answered) == looked_up.count(str(mallory.user_id)) <= 10
    assert answered
