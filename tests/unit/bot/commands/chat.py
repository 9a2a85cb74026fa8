"""A private chat with a desk in memory."""

from bot.reply import Reply
from tests.fakes.bot import FakeDeskBot
from tests.fakes.transcript import press_of, transcript


class Chat:
    """One person's session, with the last reply at hand."""

    def __init__(self, bot: FakeDeskBot | None = None) -> None:
        self.bot = bot or FakeDeskBot()
        self.last = Reply(())

    async def type(self, text: str) -> str:
        self.last = await self.bot.router.answer(self.bot.inbound(text))
        return transcript(self.last)

    async def press(self, prefix: str) -> str:
        return await self.press_text(press_of(self.last, prefix))

    async def press_text(self, text: str, *, external_id: str | None = None) -> str:
        inbound = self.bot.inbound(text, pressed=True, external_id=external_id)
        self.last = await self.bot.router.answer(inbound)
        return transcript(self.last)
