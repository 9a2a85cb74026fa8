"""Floods in Telegram: limits kept, and nobody else kept waiting."""

from bot.platforms.telegram.outbound.rate_limiter import RateLimiter
from tests.fakes.telegram import FakeTelegram
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
