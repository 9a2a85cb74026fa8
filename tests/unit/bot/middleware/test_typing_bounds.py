"""What clients ask while a person types: bounded by itself, met by nobody, drawn by nobody."""

from dataclasses import replace
from typing import Any

import pytest

from bot.inbound import Inbound
from bot.middleware.rate_limit import TYPED, Cooldown, Rate
from bot.router import Router
from people.operators.errors import Banned
from tests.fakes.bot import CATALOGS, NOW, FakeDeskBot
from tests.fakes.transcript import transcript


class Typist:
    """A person on Telegram whose desk has a cool-down and a clock that is moved by hand."""

    def __init__(self, **router: Any) -> None:
        self.bot = FakeDeskBot()
        self.now = NOW
        self.bot.services = replace(self.bot.services, clock=lambda: self.now)
        cooldown = Cooldown(Rate(2, 1.0), Rate(5, 1.0))
        self.bot.router = Router(self.bot.services, catalogs=CATALOGS, cooldown=cooldown, **router)

    async def cards(self, text: str) -> list[str]:
        found = await self.bot.router.cards(self.inbound(text), 5)
        return [card.symbol.text for card in found]

    async def suggested(self, who: str = "7") -> bool:
        return bool(await self.bot.router.suggest(self.inbound("/price B", who)))

    def inbound(self, text: str, who: str = "7") -> Inbound:
        return self.bot.inbound(text, external_id=who)


@pytest.fixture
def typist() -> Typist:
    return Typist()


async def test_letters_of_a_search_cost_no_command(typist: Typist) -> None:
    for letters in ("B", "BT", "BTC", "BTCU", "BTCUS"):
        assert "BTC" in await typist.cards(letters)
        typist.now += 250
    answer = await typist.bot.router.answer(typist.inbound("/price BTC"))
    assert "58,000.00" in transcript(answer)


async def test_too_many_searches_give_nothing_until_later(typist: Typist) -> None:
    for _ in range(TYPED.burst):
        assert await typist.cards("BTC") == ["BTC"]
    assert await typist.cards("BTC") == []
    assert await typist.suggested(), "suggestions have a bucket of their own"
    typist.now += 1000
    assert await typist.cards("BTC") == ["BTC"]


async def test_too_many_suggestions_give_nothing_until_later(typist: Typist) -> None:
    for _ in range(TYPED.burst):
        assert await typist.suggested()
    assert not await typist.suggested()
    assert await typist.suggested("8"), "each person is bounded alone"
    typist.now += 1000
    assert await typist.suggested()


async def test_a_search_draws_nothing_and_meets_nobody(typist: Typist, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[object] = []

    async def draw(*_: object, **__: object) -> bytes:
        drawn.append(1)
        return b""

    monkeypatch.setattr(typist.bot.services.charts, "sparkline", draw)
    before = dict(typist.bot.people.identities)
    assert await typist.cards("BTC") == ["BTC"]
    assert drawn == []
    assert typist.bot.people.identities == before
    await typist.bot.router.answer(typist.inbound("/price BTC"))
    assert drawn, "a card in a chat of ours has its picture"
    assert typist.bot.people.identities != before


async def test_who_is_refused_is_offered_nothing() -> None:
    async def refuse(*_: object) -> None:
        raise Banned("spam")

    assert await Typist(checks=(refuse,)).cards("BTC") == []


async def test_a_symbol_in_two_words_is_found(typist: Typist) -> None:
    assert await typist.cards("BTC now") == await typist.cards("B TC") == ["BTC"]
