"""/performance reads periods as people write them, in UTC days, and sends figures, a file and a sheet that is safe."""

import csv
import io
import re
from datetime import date
from html.parser import HTMLParser

import pytest

from bot.arguments.performance_terms import TERM_GROUPS, Term
from bot.reply import Document, Picture, Reply, Text
from bot.ui.charts.errors import ChartsBusy
from people.person import Language
from pipeline.market import Symbol
from tests.fakes.bot import CATALOGS, FakeDeskBot
from tests.fakes.performance import sample_report
from trading.reports.performance import PerformancePeriod


async def answer(bot: FakeDeskBot, line: str) -> Reply:
    return await bot.router.answer(bot.inbound(line))


@pytest.mark.parametrize(
    ("line", "period"),
    [
        ("", PerformancePeriod()),
        ("all", PerformancePeriod()),
        ("today", PerformancePeriod(days=1)),
        ("7d", PerformancePeriod(days=7)),
        ("2 weeks", PerformancePeriod(days=14)),
        ("since reset", PerformancePeriod(since_reset=True)),
        ("초기화 이후", PerformancePeriod(since_reset=True)),
        ("csv 30d", PerformancePeriod(days=30)),
        ("30d report", PerformancePeriod(days=30)),
        ("2021-03-01", PerformancePeriod(first=date(2021, 3, 1))),
        ("2021-03-01 2021-03-31", PerformancePeriod(first=date(2021, 3, 1), last=date(2021, 3, 31))),
        ("2021-03-01 to yesterday", PerformancePeriod(first=date(2021, 3, 1), last=date(2021, 3, 31))),
        ("2021년 3월 1일 ~ 2021년 3월 31일", PerformancePeriod(first=date(2021, 3, 1), last=date(2021, 3, 31))),
    ],
)
async def test_periods_as_people_write_them(line: str, period: PerformancePeriod) -> None:
    bot = FakeDeskBot()
    await answer(bot, f"/performance {line}")
    assert bot.performance.asked == [period]


@pytest.mark.parametrize(
    "line", ["soon", "5m", "0d", "99999d", "csv report", "2021-03-01 2021-02-01", "2999-01-01", "2021-03-01 x", "-7d"]
)
@pytest.mark.parametrize("language", list(Language))
async def test_what_is_no_period_is_refused_with_what_to_write(line: str, language: Language) -> None:
    bot = FakeDeskBot(language)
    said = str((await answer(bot, f"/performance {line}")).blocks)
    assert bot.performance.asked == []
    assert any(form in said for form in ("30d", "2026-11-01", "earlier date", "이른 날짜", "up to today", "오늘까지"))


async def test_files_are_of_the_period_that_is_shown() -> None:
    bot = FakeDeskBot()
    said = str((await answer(bot, "/performance since reset")).blocks)
    assert "performance csv reset" in said
    assert "performance report reset" in said


async def test_under_30_days_a_sentence_stands_for_the_ratios() -> None:
    bot = FakeDeskBot()
    few, many = [str((await answer(bot, f"/performance {line}")).blocks) for line in ("7d", "all")]
    assert "this period has 6" in few
    assert "Sharpe ratio'" not in few
    assert "Sharpe ratio'" in many
    assert "rounds)" in many


async def test_a_picture_that_cannot_be_drawn_is_a_sentence() -> None:
    bot = FakeDeskBot()
    bot.charts.down = ChartsBusy()
    reply = await answer(bot, "/performance")
    assert not [block for block in reply.blocks if isinstance(block, Picture)]
    document = next(block for block in (await answer(bot, "/performance report")).blocks if isinstance(block, Document))
    assert b"<img" not in document.data


async def test_the_csv_has_a_row_for_each_day() -> None:
    bot = FakeDeskBot()
    document = next(block for block in (await answer(bot, "/performance csv")).blocks if isinstance(block, Document))
    lines = list(csv.DictReader(io.StringIO(document.data.decode("utf-8-sig"))))
    report = sample_report(60, 60)
    assert [line["date"] for line in lines] == [row.day.isoformat() for row in report.days]
    assert [line["return"] == "" for line in lines] == [row.returned is None for row in report.days]
    assert float(lines[-1]["index"]) == pytest.approx(1 + (report.time_weighted or 0))


class _Sheet(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in {"src", "href", "action", "data"}]

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("language", list(Language))
async def test_the_tear_sheet_is_one_file_that_loads_and_runs_nothing(
    language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot, evil = FakeDeskBot(language), Symbol("<script>alert(1)</script>USDC")
    monkeypatch.setattr(
        "tests.fakes.performance.sample_report",
        lambda days, trades: sample_report(days, trades, coins=(Symbol("BTCUSDC"), evil)),
    )
    document = next(block for block in (await answer(bot, "/performance report")).blocks if isinstance(block, Document))
    sheet = _Sheet()
    sheet.feed(document.data.decode())
    assert evil.removesuffix("USDC") in sheet.text
    assert not {"script", "link", "iframe", "object"} & set(sheet.tags)
    assert [re.match("data:image/png;base64,", each) is not None for each in sheet.addresses] == [True]
    assert b"default-src 'none'" in document.data
    assert b"url(" not in document.data
    for term in (Term.RETURN, Term.SHARPE, Term.SKEWNESS, Term.CAPTURE):
        assert CATALOGS[language].text(f"term-{term}.about") in sheet.text


@pytest.mark.parametrize("language", list(Language))
async def test_every_figure_is_explained_in_one_sentence(language: Language) -> None:
    bot, catalog = FakeDeskBot(language), CATALOGS[language]
    for term in Term:
        for typed in (term.value, catalog.text(f"term-{term}"), catalog.text(f"term-{term}.words").split(",")[0]):
            reply = await answer(bot, f"/explain {typed}")
            assert Text(catalog.text(f"term-{term}.about")) in reply.blocks, typed
        assert "\n" not in catalog.text(f"term-{term}.about")


def test_every_figure_is_listed_once() -> None:
    assert [term for terms in TERM_GROUPS.values() for term in terms] == list(Term)


async def test_without_a_sale_a_sentence_stands_for_the_figures_of_trades(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.fakes.performance.sample_report", lambda days, trades: sample_report(days, 0 * trades))
    said = str((await answer(FakeDeskBot(), "/performance 7d")).blocks)
    assert "Nothing was sold" in said
    assert "Fees paid" in said
    assert not [name for name in ("Win rate'", "Payoff ratio", "Average trade'", "Holding time") if name in said]


@pytest.mark.parametrize("language", list(Language))
async def test_a_name_like_no_figure_leads_to_the_list(language: Language) -> None:
    said = str((await answer(FakeDeskBot(language), "/explain foo")).blocks)
    assert "press='explain'" in said
    assert "flows" not in said


async def test_a_figure_that_is_unknown_is_answered_with_the_nearest() -> None:
    said = str((await answer(FakeDeskBot(), "/explain sharp")).blocks)
    assert "explain sharpe" in said
    assert len(re.findall("explain ", said)) <= 6
