"""A chat over the fakes that keeps the charts it was shown."""

from dataclasses import replace

from bot.reply import Picture, Reply
from pipeline.market import Candle, Interval, Symbol
from tests.fakes.bot import FakeDeskBot
from tests.fakes.transcript import buttons, transcript

BTC = Symbol("BTCUSDC")


class Chat:
    """One person's lines, in private unless `public`."""

    def __init__(self, bot: FakeDeskBot | None = None) -> None:
        self.bot = bot or FakeDeskBot()
        self.last = Reply(())

    async def type(self, text: str, *, public: bool = False, pressed: bool = False) -> str:
        inbound = replace(self.bot.inbound(text, pressed=pressed), public=public)
        self.last = await self.bot.router.answer(inbound)
        return transcript(self.last)

    @property
    def pictures(self) -> list[Picture]:
        return [block for block in self.last.blocks if isinstance(block, Picture)]

    @property
    def presses(self) -> list[str]:
        return [entry.press for entry in buttons(self.last)]


def keep_candles(chat: Chat, since: int) -> None:
    """Leaves candles from `since` (UTC ms) on alone."""
    whole = chat.bot.market.candles

    async def candles(symbol: Symbol, interval: Interval, count: int) -> list[Candle]:
        return [candle for candle in await whole(symbol, interval, count) if candle.open_time >= since]

    chat.bot.market.candles = candles  # type: ignore[method-assign]
