"""Numbers of a recording as text, and candles against a naive reference."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from pipeline.candles import aggregate
from pipeline.market import MINUTE_MS, Candle, Interval, Symbol
from pipeline.replay.path_trades import plain_text
from pipeline.simulator.seconds import decimal_text

ETH = Symbol("ETHUSDC")


@given(st.floats(min_value=1e-12, max_value=1e15))
def test_plain_text_reads_back_as_the_same_number_and_has_no_exponent(number: float) -> None:
    text = plain_text(number)
    assert len(text.partition(".")[2]) <= 18
    assert float(text) == number or abs(Decimal(text) - Decimal(repr(number))) <= Decimal("5e-19")
    assert set(text) <= set("0123456789.")
    assert not text.endswith((".", ".0"))


@given(st.integers(min_value=0, max_value=10**15), st.integers(min_value=0, max_value=12))
def test_units_and_scale_become_the_exact_decimal(units: int, scale: int) -> None:
    assert Decimal(decimal_text(units, scale)) == Decimal(units).scaleb(-scale)


@st.composite
def minutes(draw: st.DrawFn) -> list[Candle]:
    times = sorted(draw(st.sets(st.integers(min_value=0, max_value=400), max_size=60)))
    price = st.integers(min_value=1, max_value=1000)
    made = []
    for time in times:
        low, one, other, high = sorted(draw(price) for _ in range(4))
        volume = draw(st.integers(min_value=0, max_value=50))
        taken = draw(st.none() | st.integers(min_value=0, max_value=volume))
        made.append(Candle(ETH, time * MINUTE_MS, one, high, low, other, volume, volume * 3.0, volume // 2, taken))
    return made


@given(minutes(), st.sampled_from(list(Interval)), st.integers(min_value=0, max_value=420 * MINUTE_MS))
def test_wide_candles_are_those_of_a_naive_loop(candles: list[Candle], interval: Interval, until: int) -> None:
    expected = []
    for begins in range(0, until - interval.ms + 1, interval.ms):
        inside = [candle for candle in candles if begins <= candle.open_time < begins + interval.ms]
        if inside:
            expected.append(
                Candle(
                    ETH,
                    begins,
                    inside[0].open,
                    max(candle.high for candle in inside),
                    min(candle.low for candle in inside),
                    inside[-1].close,
                    sum(candle.volume for candle in inside),
                    sum(candle.quote_volume for candle in inside),
                    sum(candle.trades for candle in inside),
                    None
                    if any(candle.taker_volume is None for candle in inside)
                    else sum(candle.taker_volume or 0 for candle in inside),
                )
            )
    assert aggregate(candles, interval, until) == expected
