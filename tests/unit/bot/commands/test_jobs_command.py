"""/jobs: what operators see of the schedule, and what they may ask of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.reply import Reply, Table, Text, Tone
from bot.views.drift import drift_reply
from core.outbox import encode
from ml.monitoring.notices import DriftFound
from people.notifications.notices import decode
from people.person import Language
from pipeline.quality.daily_summary import DailyQuality
from pipeline.quality.notices import QualityFound
from tests.fakes.bot import CATALOGS, FakeDeskBot
from tests.fakes.operations import OPERATOR
from tests.fakes.transcript import press_of, transcript


async def ask(bot: FakeDeskBot, line: str, *, pressed: bool = False) -> Reply:
    return await bot.router.answer(bot.inbound(line, pressed=pressed, external_id=OPERATOR))


def rows(reply: Reply) -> list[tuple[str, ...]]:
    return [row for block in reply.blocks if isinstance(block, Table) for row in block.rows]


@pytest.fixture
def bot() -> FakeDeskBot:
    return FakeDeskBot()


async def test_every_job_is_there_with_its_times_in_the_operators_zone(bot: FakeDeskBot) -> None:
    await ask(bot, "/settings timezone Europe/Berlin")
    listed = rows(await ask(bot, "/jobs"))
    assert listed == [
        ("training", "Apr 2, 20:00", "Apr 1, 20:00", "done"),
        ("quality", "Apr 2, 20:00", "Apr 1, 20:00", "failed"),
        ("expire", "Apr 2, 20:00", "–", "never"),
    ]


async def test_the_last_errors_are_told_while_they_are_fresh(bot: FakeDeskBot) -> None:
    assert "MarketUnavailable: <b>no</b> answer" in transcript(await ask(bot, "/jobs"))
    bot.operators.jobs.failed_at -= timedelta(days=8)
    assert "MarketUnavailable" not in transcript(await ask(bot, "/jobs"))
    assert "MarketUnavailable" in transcript(await ask(bot, "/jobs quality"))


async def test_a_schedule_without_a_scheduler_says_so(bot: FakeDeskBot) -> None:
    bot.operators.jobs.attended = False
    assert {row[1] for row in rows(await ask(bot, "/jobs"))} == {"–"}
    assert "No scheduler is running right now." in transcript(await ask(bot, "/jobs training"))
    assert "when one starts" in transcript(await ask(bot, "jobs_run training", pressed=True))


async def test_a_job_is_asked_for_by_its_button_and_that_is_logged(bot: FakeDeskBot) -> None:
    reply = await ask(bot, "/jobs Training")
    assert rows(reply) == [("Apr 2, 03:00", "3 min", "done", "champion 3")]
    asked = await ask(bot, press_of(reply, "jobs_run"), pressed=True)
    assert "within seconds" in transcript(asked)
    assert bot.operators.jobs.asked == [("training", f"fake:{OPERATOR}")]
    assert [result for _, result in bot.operators.operations.uses.values()][-1] == "asked"


@pytest.mark.parametrize("language", list(Language))
async def test_an_unknown_job_is_refused_with_the_names_of_those_there_are(language: Language) -> None:
    bot = FakeDeskBot(language)
    for line, pressed in (("/jobs tidy<b>", False), ("jobs_run tidy<b>", True)):
        reply = await ask(bot, line, pressed=pressed)
        assert any(block.tone is Tone.WARNING for block in reply.blocks if isinstance(block, Text))
    assert "expire, quality, training" in transcript(await ask(bot, "/jobs tidy"))
    assert bot.operators.jobs.asked == []


async def test_everybody_else_does_not_know_of_it(bot: FakeDeskBot) -> None:
    inbound = bot.inbound("/jobs", external_id="7")
    assert not rows(await bot.router.answer(inbound))
    assert not rows(await bot.router.answer(replace(inbound, text="jobs_run training", pressed=True)))
    assert bot.operators.jobs.asked == []


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("sign", ["features", "errors"])
def test_a_drift_is_told_in_words(sign: str, language: Language) -> None:
    found = DriftFound("binance", 12, 60, sign, "volatility_60", 0.734, 0.25, 0)
    assert decode(encode(found)) == found
    told = transcript(drift_reply(found, CATALOGS[language]))
    for detail in ("12", "60", "volatility_60", "0.734", "0.25"):
        assert detail in told


def test_a_days_quality_comes_back_as_it_was_told() -> None:
    day = DailyQuality("2021-04-18", 2, 2880, (("BTC", 3),), (), ("ETH",), (), 4, 1, (("spike", 2),))  # type: ignore[arg-type]
    assert decode(encode(QualityFound(day))) == QualityFound(day)
