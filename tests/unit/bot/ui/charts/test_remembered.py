"""Pictures that many ask for at once: drawn once, given again for a while, never a failure remembered."""

import asyncio

import pytest

from bot.ui.charts.errors import ChartsBusy
from bot.ui.charts.picture_cache import PictureCache


class Drawn:
    """Counts; `gate` holds the drawing up, `error` makes it fail."""

    def __init__(self) -> None:
        self.count = 0
        self.now = 0.0
        self.most = 0
        self.at_once = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.error: Exception | None = None
        self.pictures = PictureCache(seconds=30, max_size=3, monotonic=lambda: self.now)

    async def draw(self) -> bytes:
        self.count += 1
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        try:
            await self.gate.wait()
        finally:
            self.at_once -= 1
        if self.error is not None:
            raise self.error
        return b"picture %d" % self.count

    async def get(self, key: str = "BTC") -> bytes:
        return await self.pictures.get(key, self.draw)


async def test_a_picture_is_given_again_for_half_a_minute() -> None:
    drawn = Drawn()
    assert await drawn.get() == b"picture 1"
    drawn.now = 29.9
    assert await drawn.get() == b"picture 1"
    drawn.now = 30.0
    assert await drawn.get() == b"picture 2"


async def test_many_at_once_are_one_drawing() -> None:
    drawn = Drawn()
    drawn.gate.clear()
    asking = [asyncio.create_task(drawn.get()) for _ in range(50)]
    await asyncio.sleep(0)
    drawn.gate.set()
    assert set(await asyncio.gather(*asking)) == {b"picture 1"}


async def test_a_failure_is_told_to_all_who_wait_and_not_remembered() -> None:
    drawn = Drawn()
    drawn.error = ChartsBusy()
    both = await asyncio.gather(drawn.get(), drawn.get(), return_exceptions=True)
    assert [type(each) for each in both] == [ChartsBusy, ChartsBusy]
    assert drawn.count == 1
    drawn.error = None
    assert await drawn.get() == b"picture 2"


async def test_one_who_gives_up_does_not_stop_the_drawing_for_others() -> None:
    drawn = Drawn()
    drawn.gate.clear()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await drawn.get()
    drawn.gate.set()
    assert await drawn.get() == b"picture 1"
    assert drawn.count == 1


async def test_few_are_drawn_at_once_and_few_are_kept() -> None:
    drawn = Drawn()
    drawn.gate.clear()
    asking = [asyncio.create_task(drawn.get(str(number))) for number in range(6)]
    await asyncio.sleep(0.01)
    drawn.gate.set()
    await asyncio.gather(*asking)
    assert drawn.most == 2
    assert drawn.count == 6
    await drawn.get("5")
    assert drawn.count == 6, "the newest are kept"
    await drawn.get("0")
    assert drawn.count == 7, "the oldest are not"
