"""/mood, /scan and what /market shows of the reports: with and without one, in both languages."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.arguments.plain_words import SearchText
from bot.context import Context
from bot.notifications.composer import Composer
from bot.reply import Buttons, Picture, Reply, Text
from bot.views.buttons import PRESS_LIMIT
from bot.views.scan import ENTRY_RULES
from core.errors import DatabaseUnavailable
from core.outbox import Chat, encode, kind_of
from people.notifications.outbox import Delivery, OutboxMessage
from people.notifications.quiet_hours import SoundPolicy
from people.person import Language, Person
from tests.fakes.bot import CATALOGS, NOW, FakeDeskBot
from tests.fakes.market_reports import BTC, HOUR, sample_mood, sample_record, sample_scan
from tests.fakes.transcript import buttons, transcript
from trading.mood.record import Edge
from trading.rules.rule import parse_rule
from trading.scan.notices import ScanTold, ToldSignal
from trading.scan.record import SignalEdge
from trading.scan.signals import SignalKind

LANGUAGES = pytest.mark.parametrize("language", list(Language))


async def ask(bot: FakeDeskBot, line: str) -> Reply:
    return await bot.router.answer(bot.inbound(line))


async def told(bot: FakeDeskBot, line: str) -> str:
    return transcript(await ask(bot, line))


@LANGUAGES
async def test_before_the_first_reports_the_commands_say_when_to_come_back(language: Language) -> None:
    bot = FakeDeskBot(language)
    for reports in (bot.market_reports.moods, bot.market_reports.scans, bot.market_reports.records):
        reports.clear()
    for line in ("/mood", "/scan", "/market correlations"):
        reply = await ask(bot, line)
        assert any(isinstance(block, Buttons) for block in reply.blocks)
        assert not any(isinstance(block, Picture) for block in reply.blocks)
    assert "58,000.00" in await told(bot, "/market")


async def test_a_short_history_is_said_and_no_picture_is_drawn() -> None:
    bot = FakeDeskBot()
    known = sample_mood()
    bot.market_reports.moods = [
        replace(known, days=31, history=(), record=replace(known.record, weeks=0, mean=None, up=None))
    ]
    said = await told(bot, "/mood")
    assert "Only 31 days of this market are known." in said
    assert "[picture" not in said
    assert "the next 7 days brought" not in said


async def test_a_record_without_an_edge_says_so() -> None:
    bot = FakeDeskBot()
    known = sample_mood()
    bands = tuple(
        replace(each, edge=Edge.NONE if each.edge is Edge.HIGHER else each.edge) for each in known.record.bands
    )
    bot.market_reports.moods = [replace(known, record=replace(known.record, bands=bands))]
    assert "No edge found" in await told(bot, "/mood")
    few = tuple(replace(each, edge=Edge.FEW) for each in bands)
    bot.market_reports.moods = [replace(known, record=replace(known.record, weeks=9, bands=few))]
    assert "9 weeks are too few to judge any band." in await told(bot, "/mood")


async def test_the_market_shows_its_regime_and_what_moves_together() -> None:
    bot = FakeDeskBot()
    assert "The market is: usual volatility, in a range." in await told(bot, "/market")
    said = await told(bot, "/market correlations")
    assert "Mean correlation 0.72. Highest: BTC, ETH (0.83). Lowest: BTC, SOL (0.61)." in said
    assert "[picture correlation" in said


async def test_prices_are_shown_while_the_database_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    bot = FakeDeskBot()

    async def away(market: str, quote_asset: str) -> None:
        raise DatabaseUnavailable

    monkeypatch.setattr(bot.market_reports, "mood", away)
    said = await told(bot, "/market")
    assert "58,000.00" in said
    assert "The market is" not in said


@LANGUAGES
async def test_nothing_stands_out_is_an_answer(language: Language) -> None:
    bot = FakeDeskBot(language)
    bot.market_reports.scans = [replace(sample_scan(), findings=())]
    said = await told(bot, "/scan")
    assert CATALOGS[language].text("scan-nothing", coins=5) in said
    assert "1,204" in said


async def test_a_scan_that_was_not_measured_yet_says_so() -> None:
    bot = FakeDeskBot()
    bot.market_reports.records.clear()
    said = await told(bot, "/scan")
    assert "| BTC | Breakout 1h | – | –" in said
    assert "not known yet" in said


async def test_signals_without_an_edge_are_no_reason_to_buy() -> None:
    bot = FakeDeskBot()
    record = sample_record()
    signals = tuple(replace(each, edge=SignalEdge.NONE) for each in record.signals)
    bot.market_reports.records = [replace(record, signals=signals)]
    assert "None of these is a reason to buy." in await told(bot, "/scan")
    few = tuple(replace(each, edge=SignalEdge.FEW) for each in record.signals)
    bot.market_reports.records = [replace(record, signals=few)]
    assert "too few past signals" in await told(bot, "/scan")


async def test_many_findings_are_cut() -> None:
    bot = FakeDeskBot()
    one = sample_scan().findings[0]
    bot.market_reports.scans = [replace(sample_scan(), findings=(one,) * 20)]
    said = await told(bot, "/scan")
    assert said.count("| BTC | Breakout 1h") == 12
    assert "8 weaker signals are not listed." in said


async def test_the_digest_is_offered_until_it_is_on() -> None:
    bot = FakeDeskBot()
    assert "notifications scan on" in await told(bot, "/scan")
    await told(bot, "/notifications scan silent")
    assert "notifications scan on" not in await told(bot, "/scan")


def parcel(notice: ScanTold, language: Language) -> Delivery:
    letter = OutboxMessage(1, kind_of(notice), encode(notice), 1, datetime(2021, 4, 1, tzinfo=UTC))
    return Delivery(Chat("fake", "home"), Person(1, language, "Asia/Seoul"), (letter,), SoundPolicy(), retired=False)


@LANGUAGES
async def test_the_digest_reads_in_every_language(language: Language) -> None:
    bot = FakeDeskBot(language)
    market = bot.market.info().market
    signals = (
        ToldSignal(BTC, sample_scan().findings[0].interval, SignalKind.BREAKOUT, 0.51, 0.49, SignalEdge.NONE),
        ToldSignal(BTC, sample_scan().findings[1].interval, SignalKind.VOLUME, None, None, None),
    )
    composer = Composer(bot.services, CATALOGS)
    said = transcript(await composer.compose(parcel(ScanTold(market, HOUR, 5, 10, signals), language)))
    assert "51% / 49%" in said
    assert "notifications scan off" in said
    assert "| – | –" in said
    said = transcript(await composer.compose(parcel(ScanTold("elsewhere", NOW, 5, 0, ()), language)))
    assert CATALOGS[language].text("scan-nothing", coins=5) in said
    assert "SIMULATION" not in said


async def backtest(ctx: Context, text: SearchText) -> Reply:
    """Stands for the command that tests rules."""
    return Reply((Text(f"{text} of {ctx.person.person_id}"),))


async def test_the_rule_of_the_first_signal_can_be_tested() -> None:
    bot = FakeDeskBot()
    found = buttons(await ask(bot, "/scan breakout"))
    (tested,) = [each for each in found if each.press.startswith("backtest")]
    assert tested.press == "backtest BTC 1h when close > donchian buy max trail 5%"
    assert tested.label == "Back-test BTC Breakout"
    bot.market_reports.scans = [replace(sample_scan(), findings=())]
    assert not [each for each in buttons(await ask(bot, "/scan")) if "when" in each.press]


@pytest.mark.parametrize("kind", ENTRY_RULES)
def test_rules_of_signals_fit_a_button_and_can_be_read(kind: SignalKind) -> None:
    assert len(f"backtest DOGE 1h {ENTRY_RULES[kind]}".encode()) <= PRESS_LIMIT
    assert parse_rule(ENTRY_RULES[kind]).exit is None
