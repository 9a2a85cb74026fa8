"""Lines made to cost time: each is answered without more than a few comparisons with all names."""

import difflib
import unicodedata
from dataclasses import replace
from decimal import Decimal
from typing import Literal

import pytest

import bot.arguments.symbols
import bot.router
from bot.commands import COMMANDS
from bot.inbound import Inbound
from bot.middleware.rate_limit import Refusal
from pipeline.market import Symbol
from tests.fakes.bot import FakeDeskBot

TYPED = [command.name for command in COMMANDS if not command.hidden]
WORDS = ("the ", "ano ", "to ", "list ", "of ", "a ", "> ", "1h ")
BEGINNINGS = ("", "1 ", "btc ", "timezone ")
MAX_SEARCHES = 6
SUGGESTED = ("", "btc ", "timezone ", "feed ")
MAX_FOLDS = 20
MAX_FOLDS_A_WORD = 30
MANY = [Symbol(f"C{number}USDC") for number in range(100)]


class Searches:
    """Counts comparisons of a word with all names."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        real = difflib.get_close_matches

        def counted(*arguments: object, **options: object) -> list[str]:
            self.count += 1
            return real(*arguments, **options)  # type: ignore[arg-type, call-overload, no-any-return]

        monkeypatch.setattr(difflib, "get_close_matches", counted)
        monkeypatch.setattr(bot.arguments.symbols, "get_close_matches", counted)
        monkeypatch.setattr("tests.fakes.bot_market.get_close_matches", counted)


class Refusing:
    """A cool-down that refuses everything."""

    def refusal(self, _inbound: Inbound, _now: float) -> Refusal:
        return Refusal(2.0, repeated=False)


@pytest.mark.parametrize("slash", ["/", ""])
@pytest.mark.parametrize("name", TYPED)
async def test_a_line_costs_few_searches(name: str, slash: str, monkeypatch: pytest.MonkeyPatch) -> None:
    desk, searches = FakeDeskBot(), Searches(monkeypatch)
    for beginning in BEGINNINGS:
        for word in WORDS:
            searches.count = 0
            await desk.router.answer(desk.inbound(f"{slash}{name} {beginning}{word * 300}"[:990]))
            assert searches.count <= MAX_SEARCHES, (beginning, word)


async def test_a_refused_line_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    desk, searches = FakeDeskBot(), Searches(monkeypatch)
    monkeypatch.setattr(desk.router, "_cooldown", Refusing())
    monkeypatch.setattr(bot.router, "understand", None)
    reply = await desk.router.answer(replace(desk.inbound("btc"), open_question="buy"))
    assert (searches.count, reply.asks) == (0, "buy"), "and its question stays open"


@pytest.mark.parametrize(
    "line", ["/alert volume btc {}", "/rebalance mon,tue {}", "/dca btc 50usdc {}", "/chart btc {}", "/settings {}"]
)
async def test_a_correction_compares_each_word_few_times(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The wrong phrase does not stand in the line as it was read: it begins with a letter that folds to two."""
    desk, folds = FakeDeskBot(), Folds(monkeypatch)
    text = line.format("İ " + "é " * 600)[:990]
    await desk.router.answer(desk.inbound(text))
    assert folds.count <= MAX_FOLDS_A_WORD * len(text.split())


class Folds:
    """Counts normalisations, of typed text and of the names that it is compared with."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        real = unicodedata.normalize

        def counted(form: Literal["NFC", "NFD", "NFKC", "NFKD"], text: str) -> str:
            self.count += 1
            return real(form, text)

        monkeypatch.setattr(unicodedata, "normalize", counted)


@pytest.mark.parametrize("word", ["A\u0351\u0321", "a", "가", "\u1100\u1161"])
@pytest.mark.parametrize("name", TYPED)
async def test_a_suggestion_normalises_its_text_few_times(
    name: str, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long word, and one that is just short enough to be searched for."""
    desk = FakeDeskBot()
    desk.market.prices |= dict.fromkeys(MANY, Decimal(1))
    desk.market.opens |= dict.fromkeys(MANY, Decimal(1))
    for beginning in SUGGESTED:
        for length in (100, 950):
            text = f"/{name} {beginning}{word * length}"[: length + len(name) + len(beginning) + 2]
            await desk.router.suggest(desk.inbound(text))  # fills the caches
            folds, searches = Folds(monkeypatch), Searches(monkeypatch)
            await desk.router.suggest(desk.inbound(text))
            monkeypatch.undo()
            assert folds.count <= MAX_FOLDS, (beginning, length)
            assert searches.count <= 1, (beginning, length)
