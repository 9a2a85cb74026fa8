import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.commands import COMMANDS
from people.person import Language
from tests.fakes.bot import FakeDeskBot
from tests.fakes.transcript import buttons, transcript

WORDS = st.one_of(
    st.sampled_from(
        ["BTC", "eth", "max", "100usdc", "25%", "movers", "search", "theme", "dark", "1h", "buy", "-1", "0"]
    ),
    st.text(min_size=1, max_size=12),
)
LINES = st.builds(
    lambda name, words: " ".join((name, *words)),
    st.sampled_from([command.name for command in COMMANDS]) | st.text(max_size=12),
    st.lists(WORDS, max_size=5),
)


@settings(max_examples=300)
@given(LINES, st.booleans(), st.sampled_from(Language))
def test_any_line_and_any_press_has_an_answer_that_is_not_our_mistake(
    line: str,
    pressed: bool,  # noqa: FBT001 - Hypothesis hands it over
    language: Language,
) -> None:
    bot = FakeDeskBot(language)
    reply = asyncio.run(bot.router.answer(bot.inbound(line, pressed=pressed)))
    text = transcript(reply)
    assert text
    assert "Something went wrong" not in text
    assert "일시적인 오류" not in text
    assert all(len(entry.press.encode()) <= 64 for entry in buttons(reply))
    asyncio.run(bot.router.suggest(bot.inbound(line)))
