"""What the pictures show: sizes, colours, places of labels, odd markets, odd names."""

import re
from decimal import Decimal
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from matplotlib import font_manager
from matplotlib.ft2font import FT2Font

from bot.ui.charts import specs
from bot.ui.charts.drawing import candle_arrays, style
from bot.ui.charts.drawing.canvas import Canvas
from bot.ui.charts.kinds import equity
from bot.ui.charts.renderer import _WORDS
from bot.ui.charts.specs import Spec
from bot.ui.charts.workers.draw import draw, render
from people.person import Language
from pipeline.market import Candle, Interval, Symbol
from tests.charts_ruler import Ruler, ruled
from tests.charts_samples import listing, samples
from tests.charts_specs import (
    CATALOGS,
    START,
    allocation_spec,
    candles_spec,
    equity_spec,
    equity_walk,
    pixels,
    position,
    walk,
    where,
)
from tests.charts_specs import style as looks
from trading.portfolio.equity_curve import EquityPoint

SAMPLES = samples()
DARK, LIGHT = style.PALETTES["dark"], style.PALETTES["light"]


@cache
def drawn(name: str) -> Ruler:
    """A sample, drawn once for all tests."""
    return ruled(SAMPLES[name])


@pytest.mark.parametrize("name", SAMPLES)
def test_no_label_meets_another_or_leaves_the_picture(name: str) -> None:
    assert drawn(name).outside() == []
    assert drawn(name).meeting() == []


@pytest.mark.parametrize("name", SAMPLES)
def test_every_grid_line_of_a_sample_has_its_number(name: str) -> None:
    assert drawn(name).unlabelled() == []


@pytest.mark.parametrize("name", SAMPLES)
def test_every_text_is_large_enough_for_a_phone(name: str) -> None:
    width, _ = drawn(name).size
    assert min(top - bottom for _, _, bottom, _, top in drawn(name).texts) / width >= 0.8 * 19 / 1000


@pytest.mark.parametrize("name", SAMPLES)
def test_the_picture_is_a_png_that_is_not_blank(name: str) -> None:
    image = pixels(drawn(name).png())
    assert image.shape[1] in (640, 1000)
    assert 160 <= image.shape[0] <= 1080
    assert np.unique(image.reshape(-1, 3) @ (1, 256, 65536)).size > 20


def test_candles_are_1000_by_600() -> None:
    assert pixels(render(candles_spec(walk()))).shape == (600, 1000, 3)


def two_candles() -> list[Candle]:
    low = Candle(Symbol("BTCUSDC"), START, 10.0, 12.0, 9.0, 11.0, 5.0)
    high = Candle(Symbol("BTCUSDC"), START + 3_600_000, 21.0, 22.0, 19.0, 20.0, 5.0)
    return [low, high]


def test_a_higher_price_stands_higher_and_a_later_candle_to_the_right() -> None:
    png = render(candles_spec(two_candles(), change=None, last=Decimal(16)))
    up, down = (where(png, colour) for colour in (DARK.up, DARK.down))
    pane = [(rows[columns < 800], columns[columns < 800]) for rows, columns in (up, down)]
    solid = [(np.median(rows[rows < 430]), np.median(columns[rows < 430])) for rows, columns in pane]
    assert solid[0][0] > solid[1][0], "the cheap candle must be lower"
    assert solid[0][1] < solid[1][1], "the first candle must be to the left"


def test_a_rising_market_shows_no_red_and_a_falling_one_no_green() -> None:
    rising = [
        Candle(Symbol("BTCUSDC"), START + n * 3_600_000, 10.0 + n, 11.5 + n, 9.5 + n, 11.0 + n, 5.0) for n in range(30)
    ]
    falling = [
        Candle(c.symbol, c.open_time, 60 - c.open, 60 - c.low, 60 - c.high, 60 - c.close, c.volume) for c in rising
    ]
    up = render(candles_spec(rising, change=Decimal("0.1"), last=Decimal(41)))
    down = render(candles_spec(falling, change=Decimal("-0.1"), last=Decimal(19)))
    assert where(up, DARK.up)[0].size > 500
    assert where(up, DARK.down)[0].size == 0
    assert where(down, DARK.down)[0].size > 500
    assert where(down, DARK.up)[0].size == 0


def test_the_theme_is_the_readers() -> None:
    dark, light = (pixels(render(candles_spec(walk(), looks=looks(theme)))) for theme in ("dark", "light"))
    assert tuple(dark[0, 0]) == (0x12, 0x16, 0x1F)
    assert tuple(light[0, 0]) == (0xFF, 0xFF, 0xFF)
    assert set(style.PALETTES) == {"dark", "light"}


def test_the_source_is_told_in_a_badge_and_only_when_it_has_a_name() -> None:
    with_badge, without = (render(candles_spec(walk(), label=label)) for label in ("SIMULATION", ""))
    assert where(with_badge, DARK.badge)[0].size > 1000
    assert where(without, DARK.badge)[0].size == 0


def texts_of(spec: Spec) -> list[str]:
    sheet = Ruler()
    draw(sheet, spec)
    return [entry[0] for entry in sheet.texts]


def test_title_last_price_and_change_are_told() -> None:
    texts = texts_of(candles_spec(walk(), last=Decimal("63875.12"), change=Decimal("-0.0523")))
    assert {"BTC/USDC", "1h", "63,875.12", "▼ −5.23%", "24 h", "Volume"} <= set(texts)
    assert texts.count("63,875.12") == 2, "in the title and on the axis"


def test_clean_leaves_the_volume_out() -> None:
    assert "Volume" not in texts_of(candles_spec(walk(), options="clean"))


def test_indicators_and_marks_are_named_where_they_have_a_value() -> None:
    named = set(texts_of(SAMPLES["every indicator in Korean"]))
    assert {"MA 20", "MA 50", "EMA 20", "EMA 50", "BB 20, 2σ", "RSI 14", "MACD 12, 26, 9"} <= named
    assert {"매수", "매도", "매수평균가", "알림 가격"} <= named
    assert "MA 50" not in texts_of(SAMPLES["indicators of few candles"])
    assert not {"Bought", "Sold", "Average cost", "Alert"} & set(texts_of(SAMPLES["averages"]))


def test_an_unknown_change_leaves_no_trace() -> None:
    assert not {"24 h", "0.00%"} & set(texts_of(candles_spec(walk(), change=None)))


def test_the_words_are_the_readers() -> None:
    korean = looks("dark", "ko", "Asia/Seoul")
    assert {"거래량", "24시간"} <= set(texts_of(candles_spec(walk(), looks=korean)))
    assert {"자산 구성", "현금 USDC"} <= set(texts_of(allocation_spec("100", looks=korean)))
    drawn = texts_of(equity_spec(equity_walk(300), looks=korean))
    assert "총자산" in drawn
    assert any(text.startswith("최고 1,0") for text in drawn)


def test_the_times_are_the_readers() -> None:
    candles_at_nine = walk(120, Interval.M1)  # 09:00 to 10:59 UTC
    assert "09:30" in texts_of(candles_spec(candles_at_nine, Interval.M1))
    assert "18:30" in texts_of(candles_spec(candles_at_nine, Interval.M1, looks=looks(zone="Asia/Seoul")))
    assert "Oct 9, 2025 · KST" in texts_of(candles_spec(candles_at_nine, Interval.M1, looks=looks(zone="Asia/Seoul")))


def test_a_huge_wick_is_cut_and_marked_with_its_price() -> None:
    spec = candles_spec(listing(), Interval.M1)
    shown = candle_arrays.price_range(candle_arrays.columns_of(spec), spec.last)
    bodies = [price for candle in listing()[1:] for price in (candle.open, candle.close)]
    assert (shown.cut_high, shown.cut_low) == ((0,), (0,))
    assert shown.low <= min(bodies) < max(bodies) <= shown.high
    assert (max(bodies) - min(bodies)) / (shown.high - shown.low) > 0.2, "the market fills the picture"
    assert {"130", "0.01"} <= set(texts_of(spec))
    assert where(render(spec), DARK.badge)[0].size > 50


def test_an_ordinary_market_is_never_cut() -> None:
    for seed in range(30):
        spec = candles_spec(walk(seed=seed))
        shown = candle_arrays.price_range(candle_arrays.columns_of(spec), spec.last)
        assert (shown.cut_high, shown.cut_low) == ((), ())
        assert shown.low < min(spec.low) < max(spec.high) < shown.high


def test_a_gap_is_one_to_three_slots_wide() -> None:
    market = walk(20, Interval.M15)
    spec = candles_spec(market[:5] + market[6:10] + market[18:], Interval.M15)
    slots = candle_arrays.columns_of(spec).slots.tolist()
    assert slots == [0, 1, 2, 3, 4, 6, 7, 8, 9, 13, 14]


def test_cash_and_the_ten_largest_come_in_order_and_the_rest_together() -> None:
    coins = [position(f"C{n}", str(100 * n)) for n in range(1, 15)]
    spec = allocation_spec("450", *coins)
    names = [row.name for row in spec.rows]
    assert names == ["C14", "C13", "C12", "C11", "C10", "C9", "C8", "C7", "C6", "C5", "5 others"]
    assert sum(row.share for row in spec.rows) == pytest.approx(1.0)
    assert spec.rows[-1].text == "1,450.00"


def test_a_position_without_a_price_is_named_without_a_share() -> None:
    row = allocation_spec("100", position("OLD", None)).rows[-1]
    assert (row.name, row.text, row.share) == ("OLD", "3 OLD", None)


def test_the_longest_bar_is_the_largest_holding() -> None:
    png = render(allocation_spec("300", position("BTC", "700")))
    blue, grey = where(png, DARK.accent), where(png, DARK.muted)
    assert np.ptp(blue[1]) > 1.5 * np.ptp(grey[1][grey[1] < 600])


def test_gains_are_green_and_losses_red_under_the_curve() -> None:
    start = EquityPoint(START, Decimal(1_000_000))
    gain, loss = (
        equity_spec([start, EquityPoint(START + 3_600_000, equity)])
        for equity in (Decimal(1_100_000), Decimal(900_000))
    )
    middle = [pixels(render(spec))[300:330, 500].astype(int).mean(axis=0) for spec in (gain, loss)]
    assert middle[0][1] > middle[0][0], "green"
    assert middle[1][0] > middle[1][1], "red"


def test_an_equity_that_crosses_the_grant_gets_a_corner_there() -> None:
    xs, ys = equity.with_crossings(np.array([0.0, 10.0, 20.0]), np.array([5.0, -5.0, -10.0]), 0.0)
    assert xs.tolist() == [0, 5, 10, 20]
    assert ys.tolist() == [5, 0, -5, -10]


def test_the_same_spec_gives_the_same_bytes_whatever_was_drawn_between() -> None:
    spec = SAMPLES["a listing"]
    first = render(spec)
    for other in ("cash only", "equity in Korean", "500 candles"):
        render(SAMPLES[other])
    assert render(spec) == first


def test_a_spec_survives_the_pipe() -> None:
    for spec in SAMPLES.values():
        assert specs.decode(specs.encode(spec)) == spec


# -- names and glyphs --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hostile", "drawn"),
    [
        ("BTC\u202eCDSU", "BTCCDSU"),
        ("\u200bBTC\u2066USDC\u2069", "BTCUSDC"),
        ("BTC\x00\x1b[31m", "BTC[31m"),
        ("two\nlines\tand  spaces", "two lines and spaces"),
        ("Z\u0351\u0352\u0353algo", "Zalgo"),
        ("\ue000private", "private"),
        ("\U0001f680moon", "□moon"),
        ("币安人生USDC", "币安人生USDC"),
        ("A$B$USDC", "A$B$USDC"),
        ("x" * 5000, "x" * 39 + "…"),
        ("\u202e" * 5000, ""),
        ("", ""),
    ],
)
def test_a_hostile_name_is_drawn_as_harmless_text(hostile: str, drawn: str) -> None:
    assert style.clean(hostile) == drawn
    render(candles_spec(walk(5, symbol=Symbol(hostile)), label=hostile))
    render(allocation_spec("5", position(hostile, "7")))


def test_dollar_signs_are_not_mathematics() -> None:
    sheet = Canvas()
    plain = sheet.width_of("AB", 30) + 2 * sheet.width_of("$", 30)
    assert sheet.width_of("A$B$", 30) == pytest.approx(plain, abs=3)
    sheet.start(400, 60, "light")
    sheet.text(10, 30, "A$B$H", size=30, colour="#000000")
    ink = np.flatnonzero((pixels(sheet.png()) < 128).all(axis=2).any(axis=0))
    assert np.ptp(ink) == pytest.approx(sheet.width_of("A$B$H", 30), abs=6)


def test_the_fonts_hold_every_character_we_draw() -> None:
    texts = "".join(text for name in SAMPLES for text, *_ in drawn(name).texts)
    files = [
        font_manager.findfont(font_manager.FontProperties(family=name), fallback_to_default=False)
        for name in ("DejaVu Sans", "Noto Sans CJK JP")
    ]
    covered = {chr(code) for file in files for code in FT2Font(file).get_charmap()}
    for catalog in CATALOGS.values():
        for entry in (*_WORDS, "cash"):
            texts += catalog.text(f"chart-{entry}")
        texts += catalog.text("chart-others", count=12)
    assert set(texts) - covered == set()


def test_both_languages_have_the_same_texts_for_charts() -> None:
    folder = Path(style.__file__).parents[2] / "texts"
    for name in ("charts", "pictures"):
        ids = [
            re.findall(r"^([a-z0-9-]+) =", (folder / language.value / f"{name}.ftl").read_text("utf-8"), re.MULTILINE)
            for language in Language
        ]
        assert ids[0] == ids[1]
        assert len(ids[0]) > 10
