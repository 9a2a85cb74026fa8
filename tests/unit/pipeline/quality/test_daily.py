"""The day's data quality in words."""

import numpy as np
import pytest

from bot.reply import Text
from bot.ui.texts import load_catalog
from bot.views.quality import quality_reply
from people.person import Language
from pipeline.candles import CandleColumns
from pipeline.market import DAY_MS, MINUTE_MS, Symbol
from pipeline.quality.candle_audit import examine
from pipeline.quality.daily_summary import DailyQuality, summarise
from pipeline.quality.publisher import QualitySnapshot
from pipeline.quality.report import Report, build_report

DAY = 1_618_704_000_000
MINUTES = 1440


def candles(keep: slice = slice(None), *, volume: float = 1.0, moving: bool = True) -> CandleColumns:
    times = DAY + np.arange(MINUTES, dtype=np.int64)[keep] * MINUTE_MS
    close = 100 + 0.01 * (np.arange(len(times)) % 2 if moving else np.zeros(len(times)))
    volumes = np.full(len(times), volume)
    return CandleColumns(times, close, close, close, close, volumes, volumes * 100, np.ones(len(times), np.int64))


def report(**symbols: CandleColumns) -> Report:
    examined = [examine(Symbol(name), columns, MINUTE_MS, DAY) for name, columns in symbols.items()]
    return build_report("binance", MINUTE_MS, (DAY, DAY + DAY_MS), examined)


def counted(**reasons: int) -> dict[str, QualitySnapshot]:
    days = {
        "2021-04-18": {name.replace("_", "-"): times for name, times in reasons.items()},
        "2021-04-17": {"spike": 9},
    }
    return {"produce": QualitySnapshot("binance", 0, 0, 0, 0, 0, 0, {"spike": 99}, days, {}, {}, {}, ())}


def words(day: DailyQuality, language: Language) -> list[str]:
    blocks = quality_reply(day, load_catalog(language)).blocks
    assert all(isinstance(block, Text) for block in blocks)
    return [line for block in blocks if isinstance(block, Text) for line in block.body.splitlines()]


def test_a_day_without_flaws_is_one_line() -> None:
    day = summarise(report(BTCUSDC=candles(), ETHUSDC=candles()), counted())
    assert day.fine
    assert words(day, Language.ENGLISH) == [
        "Data quality, Apr 18, 2021",
        "Nothing to report: 2 symbols, 2,880 candles, none missing.",
    ]


@pytest.mark.parametrize("language", list(Language))
def test_everything_that_is_wrong_is_named(language: Language) -> None:
    whole = candles()
    holes = whole.take(np.concatenate([np.arange(600), np.arange(630, MINUTES)]))
    found = report(
        AUSDC=whole,
        BUSDC=holes,
        CUSDC=candles(slice(0, 900)),
        DUSDC=candles(volume=0.0, moving=False),
        EUSDC=candles(moving=False),
    )
    day = summarise(found, counted(spike=3, book_spike=2, refuted=4, crossed=7, zero_price=8))
    assert not day.fine
    assert (day.missing, day.quiet, day.untraded) == ((("BUSDC", 30),), ("CUSDC",), ("DUSDC",))
    assert day.frozen == ("EUSDC",)
    assert (day.held, day.refuted, day.dropped) == (5, 4, (("zero-price", 8), ("crossed", 7)))
    text = "\n".join(words(day, language))
    for word in ("BUSDC", "CUSDC", "DUSDC", "EUSDC", "30", "5", "4", "zero-price 8, crossed 7"):
        assert word in text
    if language is Language.ENGLISH:
        assert "6,630 candles of 5 symbols; 30 missing, most in BUSDC." in text


def test_long_lists_are_cut() -> None:
    dead = {f"S{number:02d}USDC": candles(volume=0.0) for number in range(9)}
    text = words(summarise(report(**dead), {}), Language.ENGLISH)
    assert text[-1] == "No trades all day: S00USDC, S01USDC, S02USDC, S03USDC, S04USDC and 4 more."
