"""Marks, tags and colours in the pictures: where they stand, and that eyes of every kind can tell them apart."""

import itertools
from decimal import Decimal

import numpy as np
import pytest

from bot.ui.charts.drawing import annotations, candle_arrays, legend, numbers, overlays
from bot.ui.charts.drawing.axes import TAG_HALF
from bot.ui.charts.drawing.canvas import Pane
from bot.ui.charts.drawing.header import HEADER
from bot.ui.charts.drawing.style import PALETTES
from bot.ui.charts.kinds import heatmap
from bot.ui.charts.kinds.heatmap import colour_of, ink_on, scale_of, signed
from bot.ui.charts.ports import ChartAnnotations, HeatmapTile, OrderLine, OrderLineKind
from bot.ui.charts.relative_performance import ways_of
from bot.ui.charts.renderer import spark_points
from bot.ui.charts.workers.draw import render
from bot.ui.format import Formatter
from people.person import Language
from pipeline.market import Candle, Interval, Symbol
from tests.charts_samples import marked, samples, trade
from tests.charts_specs import (
    BTC,
    START,
    candles_spec,
    colours,
    comparison_spec,
    heatmap_spec,
    pixels,
    spark_spec,
    spec_of,
    style,
    tiles,
    walk,
    where,
)
from trading.orders.types import Side
from trading.ports import OwnTrade

DARK = PALETTES["dark"]
HOUR_MS = Interval.H1.ms


# -- marks -------------------------------------------------------------------------------------


def triangle_of(market: list[Candle], mark: OwnTrade) -> tuple[float, int, int]:
    """The middle column, the top row and the bottom row of the one triangle in a chart."""
    colour = annotations.trade_colour(DARK, buy=mark.side is Side.BUY)
    rows, found = where(render(candles_spec(market, marks=ChartAnnotations((mark,)))), colour)
    below_legend = rows > HEADER + legend.ROW
    return float(np.median(found[below_legend])), rows[below_legend].min(), rows[below_legend].max()


@pytest.mark.parametrize("side", list(Side))
def test_a_trade_is_a_triangle_whose_tip_is_at_its_price(side: Side) -> None:
    """A purchase points up from below its price, a sale down from above it."""
    market = walk()
    spec = candles_spec(market, marks=ChartAnnotations((trade(market[60], side),)))
    shown = candle_arrays.price_range(candle_arrays.columns_of(spec), spec.last)
    pane = Pane(0, 48 + 84 + 34, 1, 600 - HEADER, shown.low, shown.high)
    tip = 600 + legend.ROW - float(pane.y(market[60].close))
    _, top, bottom = triangle_of(market, trade(market[60], side))
    assert (top if side is Side.BUY else bottom) == pytest.approx(tip, abs=3)
    assert 15 <= bottom - top <= 22


def test_trades_stand_in_the_columns_of_their_candles() -> None:
    market = walk()
    first, middle, last = (triangle_of(market, trade(market[index]))[0] for index in (0, 60, 119))
    assert (middle - first) / (last - first) == pytest.approx(60 / 119, abs=0.01)
    late = triangle_of(market, trade(market[60], later_ms=HOUR_MS - 1))[0]
    assert late == middle, "until the candle closes"
    assert triangle_of(market, trade(market[60], later_ms=HOUR_MS))[0] > middle
    assert triangle_of(market, trade(market[-1], later_ms=HOUR_MS + 5))[0] > last, "after the last closed candle"


def test_trades_before_the_candles_are_not_drawn() -> None:
    market = walk()
    before, there = trade(market[0], later_ms=-5), trade(market[0])
    assert [mark.time for mark in candles_spec(market, marks=ChartAnnotations((before, there))).trades] == [there.time]


def test_trades_during_the_warm_up_are_not_drawn() -> None:
    market = walk(200)
    spec = candles_spec(
        market, shown=120, options="ma", marks=ChartAnnotations((trade(market[60]), trade(market[100])))
    )
    assert (spec.lead, len(spec.times)) == (49, 169)
    assert [mark.time for mark in spec.trades] == [trade(market[100]).time]


def test_a_few_candles_more_or_less_do_not_matter() -> None:
    assert candles_spec(walk(130), shown=120, options="ema").lead == 10
    assert candles_spec(walk(80), shown=120, options="ema").lead == 0
    assert candles_spec(walk(300), shown=120).lead == 0
    assert len(candles_spec(walk(300), shown=120).times) == 120


@pytest.mark.parametrize("apart", ["0.00001", "0.0004", "0.002", "0.01", "3"])
def test_tags_never_overlap_and_the_last_price_stays_at_its_price(apart: str) -> None:
    market = walk()
    last = Decimal(f"{np.median([candle.close for candle in market]):.2f}")
    for sign in (1, -1):
        level, cost = last * (1 + sign * Decimal(apart)), last * (1 + sign * Decimal(apart) / 2)
        spec = candles_spec(market, last=last, marks=ChartAnnotations((), cost, level))
        shown = candle_arrays.extended(
            candle_arrays.price_range(candle_arrays.columns_of(spec), spec.last), annotations.prices(spec)
        )
        pane = Pane(28, 166, 850, 476, shown.low, shown.high)
        rows = annotations.tag_rows(spec, pane)
        for one, other in itertools.combinations(rows, 2):
            assert abs(one - other) >= 2 * TAG_HALF
        assert rows[0] == pytest.approx(float(pane.y(spec.last)), abs=1)


def test_labels_of_orders_stand_apart_within_the_pane() -> None:
    market = walk()
    last = Decimal(f"{market[-1].close:.2f}")
    lines = tuple(
        OrderLine(number, kind, last * (1 + Decimal(number) / 10_000))
        for number, kind in enumerate((*OrderLineKind, OrderLineKind.STOP))
    )
    far = OrderLine(9, OrderLineKind.BUY, last / 3)
    spec = candles_spec(market, last=last, marks=ChartAnnotations(orders=(*lines, far)))
    assert [line.label for line in spec.lines][:2] == ["Buy 0", "Sell 1"]
    assert annotations.entries(spec, DARK) == [], "a labelled line needs no legend"
    shown = candle_arrays.price_range(candle_arrays.columns_of(spec), spec.last)
    pane = Pane(28, 166, 850, 476, shown.low, shown.high)
    placed = annotations.label_rows(spec, pane)
    assert len(placed) == len(lines), "a line outside the axis has a tag alone"
    rows = [row for _, row in placed]
    for one, other in itertools.combinations(rows, 2):
        assert abs(one - other) >= 2 * annotations.LABEL_HALF
    assert pane.bottom <= min(rows) - annotations.LABEL_HALF
    assert max(rows) + annotations.LABEL_HALF <= pane.top


def test_a_level_near_the_candles_widens_the_axis_and_one_far_away_does_not() -> None:
    market = walk()
    plain = candle_arrays.price_range(candle_arrays.columns_of(candles_spec(market)), market[-1].close)
    height = plain.high - plain.low
    assert candle_arrays.extended(plain, [plain.high + 0.2 * height]).high > plain.high + 0.2 * height
    assert candle_arrays.extended(plain, [plain.high + height, 0.0]) == plain


def test_averages_begin_at_the_left_edge_where_there_is_history() -> None:
    for options in ("ma", "ema", "bb"):
        known = overlays.of(candles_spec(walk(320), shown=120, options=options))
        for line in known:
            arrays = (line.values,) if isinstance(line, overlays.AverageLine) else (line.upper, line.lower)
            assert all(not np.isnan(array).any() and len(array) == 120 for array in arrays)


def test_a_chart_without_options_and_marks_is_as_high_as_ever() -> None:
    assert pixels(render(candles_spec(walk()))).shape == (600, 1000, 3)
    assert pixels(render(candles_spec(walk(), options="clean"))).shape == (600, 1000, 3)
    assert (
        pixels(render(candles_spec(walk(320), shown=120, options="ma bb rsi macd", marks=marked(walk(320))))).shape[0]
        <= 1000
    )


# -- the other pictures ------------------------------------------------------------------------


def test_a_day_in_a_line_is_small() -> None:
    """How quickly it is drawn is a figure of the bench `charts`."""
    spec = spark_spec(walk(96, Interval.M15), label="SIMULATION")
    assert len(render(spec)) < 20_000
    assert len(spec.times) <= 96 + 2, "its closes, its high and its low"


def test_a_day_reaches_its_high_and_its_low() -> None:
    market = walk(96, Interval.M15)
    times, values = spark_points(market)
    assert max(values) == max(candle.high for candle in market)
    assert min(values) == min(candle.low for candle in market)
    assert list(times) == sorted(times)
    assert values[-1] == market[-1].close or values[-1] in (max(values), min(values))


def test_ways_begin_together_at_zero_and_end_at_the_price_of_now() -> None:
    long, short = walk(100), walk(100, price=10.0, seed=2)[40:]
    now = long[-1].open_time + HOUR_MS + 5
    ways = {way.name: way for way in ways_of({"A": long, "B": short, "C": []}, {"A": 2 * long[40].open}, now)}
    assert set(ways) == {"A", "B"}
    assert ways["A"].times == ways["B"].times == (*(candle.open_time for candle in short), now)
    assert ways["A"].values[0] == ways["B"].values[0] == 0
    assert ways["A"].values[-1] == pytest.approx(1.0)
    assert ways["B"].values[-1] == pytest.approx(short[-1].close / short[0].open - 1)


def test_a_symbol_that_ended_before_the_common_start_is_left_out() -> None:
    old = walk(10)
    young = [Candle(c.symbol, c.open_time + 100 * HOUR_MS, c.open, c.high, c.low, c.close, 1.0) for c in walk(10)]
    assert [way.name for way in ways_of({"OLD": old, "NEW": young}, {}, START)] == ["NEW"]
    assert ways_of({}, {}, START) == []


def test_gaps_in_one_symbol_leave_the_others_alone() -> None:
    whole, torn = walk(50), walk(50, seed=3)
    ways = ways_of({"A": whole, "B": torn[:10] + torn[30:]}, {}, whole[-1].open_time + HOUR_MS)
    assert [len(way.times) for way in ways] == [51, 31]
    render(comparison_spec({"A": whole, "B": torn[:10] + torn[30:]}))


def test_the_map_is_ranked_and_leaves_out_what_was_not_traded() -> None:
    shuffled = [*tiles(9)[::-1], HeatmapTile("IDLE", Decimal(0), None)]
    spec = heatmap_spec(shuffled)
    assert [tile.name for tile in spec.tiles] == [tile.name for tile in tiles(9)]


def test_colours_of_the_map_follow_the_change() -> None:
    assert colour_of(DARK, None, 0.03) == colour_of(DARK, 0.0, 0.03) == DARK.neutral
    assert colour_of(DARK, 0.03, 0.03) == colour_of(DARK, 5.0, 0.03) == DARK.up
    assert colour_of(DARK, -0.03, 0.03) == DARK.down
    assert colour_of(DARK, 0.015, 0.03) not in (DARK.up, DARK.neutral)
    assert (scale_of([]), scale_of([None, 0.001]), scale_of([0.02] * 9 + [4.0]), scale_of([99.0])) == (
        0.015,
        0.015,
        0.03,
        6.0,
    )
    assert [signed(change) for change in (0.028, -0.0004, 0.0, -0.5, 12.3)] == [
        "+2.8%",
        "0.0%",
        "0.0%",
        "−50.0%",
        "+1,230%",
    ]


# -- eyes --------------------------------------------------------------------------------------

# G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, "A Physiologically-based Model for Simulation of Color Vision
# Deficiency", 2009, severity 1.0, on linear RGB.
SIGHTS = {
    "usual": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def linear(colour: str) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    share = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def seen(colour: str, sight: str) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """CIE L*a*b* as that sight sees it."""
    xyz = TO_XYZ @ np.clip(SIGHTS[sight] @ linear(colour), 0, 1) / np.array([0.9505, 1.0, 1.089])
    root = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted(float(linear(colour) @ TO_XYZ[1]) for colour in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("theme", PALETTES)
def test_lines_can_be_told_apart_by_every_sight(theme: str, sight: str) -> None:
    for one, other in itertools.combinations(PALETTES[theme].lines, 2):
        assert np.linalg.norm(seen(one, sight) - seen(other, sight)) > 20, (one, other)


@pytest.mark.parametrize("theme", PALETTES)
def test_lines_stand_out_from_the_background_and_texts_from_their_tags(theme: str) -> None:
    palette = PALETTES[theme]
    assert min(contrast(line, palette.background) for line in palette.lines) >= 3
    for fill in (palette.up, palette.down, palette.accent, palette.lines[1]):
        assert contrast(palette.on_fill, fill) >= 4
    for strength in np.linspace(-1, 1, 21):
        colour = colour_of(palette, float(strength), 1.0)
        assert contrast(ink_on(colour), colour) >= 4


def test_every_new_picture_is_drawn_in_both_themes_and_both_languages() -> None:
    found = {(type(spec).__name__, spec.appearance.theme, spec.appearance.language) for spec in samples().values()}
    for kind in ("CandlesSpec", "SparkSpec", "ComparisonSpec", "HeatmapSpec"):
        assert {(kind, "dark", "en"), (kind, "light", "ko")} <= found


def test_names_are_never_trusted() -> None:
    hostile = Symbol("\u202eUSDC$\x00" + "x" * 300)
    for spec in (
        spark_spec(walk(5, symbol=hostile)),
        comparison_spec({hostile: walk(9), "b": walk(9, seed=2)}),
        heatmap_spec([HeatmapTile(hostile, Decimal(5), Decimal("0.1")), HeatmapTile("", Decimal(2), None)]),
    ):
        picture = pixels(render(spec))
        assert max(picture.shape[:2]) <= heatmap.HEIGHT, "a name does not stretch its picture"
        assert colours(picture) > 2, "more is drawn than a background"


# -- figures ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["0.00000123", "0.165", "1.23456789", "64123.4", "987654.32"])
def test_pictures_write_figures_as_captions_do(value: str) -> None:
    tick, price, write = Decimal("0.00000001"), Decimal(value), Formatter(Language.ENGLISH, "UTC")
    market = walk(30, price=float(value))
    spec = spec_of(
        lambda renderer: renderer.candles(
            BTC,
            Interval.H1,
            market,
            last=price,
            change_24h=Decimal("0.02345"),
            label="",
            style=style(),
            tick=tick,
            marks=ChartAnnotations(average_cost=price, level=price * 2),
        )
    )
    assert [spec.last_text, *(line.text for line in spec.lines)] == [
        write.price(each, tick) for each in (price, price * 2, price)
    ]
    assert numbers.change(spec.change)[0] == f"▲ {write.percent(Decimal('0.02345'), signed=True)}"


def test_a_comparison_names_changes_as_its_caption_does() -> None:
    spec = comparison_spec({"BTC": walk(40), "ETH": walk(40, seed=3)})
    write = Formatter(Language.ENGLISH, "UTC")
    assert list(spec.labels) == [
        f"{way.name} {write.percent(Decimal(str(way.values[-1])), signed=True)}" for way in spec.ways
    ]
