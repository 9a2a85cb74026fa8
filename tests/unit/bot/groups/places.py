"""Groups and private chats where persons write to a desk in memory."""

from dataclasses import replace

import pytest

from bot.groups.ports import Group
from bot.groups.settings import GroupSettings
from bot.inbound import Inbound
from bot.reply import Reply
from people.person import Language
from tests.fakes.bot import CATALOGS, FakeDeskBot
from tests.fakes.transcript import transcript

HERE = Group("fake", "g1")


class Place:
    """A group with a desk in it."""

    def __init__(self, language: Language = Language.ENGLISH) -> None:
        self.bot = FakeDeskBot(language)

    def inbound(
        self, text: str, *, who: str = "7", chat: str = "c1", manager: bool = False, pressed: bool = False
    ) -> Inbound:
        plain = self.bot.inbound(text, external_id=who, pressed=pressed)
        return replace(plain, chat_id=chat, public=True, group="g1", manager=manager, chat_name=f"#{chat}")

    async def said(self, text: str, **more: object) -> Reply:
        return await self.bot.router.answer(self.inbound(text, **more))  # type: ignore[arg-type]

    async def text(self, text: str, **more: object) -> str:
        return transcript(await self.said(text, **more))

    async def managed(self, text: str, **more: object) -> str:
        return await self.text(text, manager=True, **more)

    @property
    def settings(self) -> GroupSettings:
        return self.bot.groups.kept.get(HERE, GroupSettings())


def say(tongue: Language, text_id: str, **variables: str | int) -> str:
    return CATALOGS[tongue].text(text_id, **variables)


LANGUAGES = pytest.mark.parametrize("language", list(Language))
