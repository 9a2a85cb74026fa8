"""An update that ended the desk each time it was tried."""

from bot.platforms.telegram.inbound.workers import ATTEMPTS
from core.database import Pool
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_desk import House, keep_words, running


async def test_it_is_not_tried_again_and_the_person_is_told(pool: Pool, dsn: str) -> None:
    async with FakeTelegram() as fake:
        house, ann = House(pool, dsn, fake), fake.person("Ann")
        await keep_words(dsn)
        async with running(house.service()):
            ann.write("/price BTC")
            await fake.message()
            assert await house.settled() == {"done": 1}
        await pool.execute("UPDATE inbox SET state = 'pending', attempts = $1, finished_at = NULL", ATTEMPTS)
        asked = len(house.router.seen)
        async with running(house.service()):
            told = await fake.message()
            assert await house.settled() == {"dead": 1}
        assert told["text"].startswith("This request was interrupted")
        assert len(house.router.seen) == asked
        assert fake.violations == []
