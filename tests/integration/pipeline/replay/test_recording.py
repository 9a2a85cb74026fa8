import asyncio
import gzip
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from core.clock import wall_clock
from pipeline.errors import BadRecording, BadReplayStart
from pipeline.market import Candle, Interval, SourceKind, Symbol, Tick
from pipeline.replay.frame_source import RecordingSource
from pipeline.replay.recording_report import RecordingReport
from pipeline.settings import ReplaySettings

ZIL, MANA = Symbol("ZILUSDT"), Symbol("MANAUSDT")
MINUTE_1834 = 1_617_647_640_000
START = 1_617_647_603_424


def book_line(time: float, symbol: str = "BTCUSDC", bid: str = "10", ask: str = "12") -> str:
    data = f'{{"u":1,"s":"{symbol}","b":"{bid}","B":"1","a":"{ask}","A":"2"}}'
    return f'{time}: {{"stream":"{symbol.lower()}@bookTicker","data":{data}}}\n'


def trade_line(time: float, price: str, number: int, symbol: str = "BTCUSDC") -> str:
    ms = int(time * 1000)
    data = f'{{"e":"aggTrade","E":{ms},"s":"{symbol}","a":{number},"p":"{price}","q":"1","T":{ms}}}'
    return f'{time}: {{"stream":"{symbol.lower()}@aggTrade","data":{data}}}\n'


@pytest.fixture
def recording(shared_dir: Path) -> Path:
    return shared_dir / "data" / "raw" / "binance_ws_rest_20210405.txt.gz"


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = tmp_path / "recording.txt"
        path.write_text(text)
        return path

    return write


async def test_the_recorded_minute_gives_the_official_candles(recording: Path, shared_dir: Path) -> None:
    candles: dict[Symbol, Candle] = {}
    async with RecordingSource(recording, ReplaySettings(speed=1000), wall_clock) as source:
        async for frame in source.frames():
            candles |= {c.symbol: c for c in frame.candles if c.open_time == MINUTE_1834}
    stated = {
        ZIL: (0.21414, 0.21464, 0.21414, 0.21455, 187575.7),
        MANA: (0.99114, 0.993, 0.99073, 0.99231, 40222.8),
    }
    klines = shared_dir / "data" / "klines_1m_spot_64sym_20210402_20210420.parquet"
    for symbol, figures in stated.items():
        candle = candles[symbol]
        assert (candle.open, candle.high, candle.low, candle.close, candle.volume) == figures
        filters = [("symbol", "==", symbol), ("open_time", "==", MINUTE_1834)]
        (row,) = pd.read_parquet(klines, filters=filters).itertuples()
        assert (row.open, row.high, row.low, row.close, row.volume) == figures


async def test_a_replay_lives_on_the_recording_s_clock_in_its_quote_asset(recording: Path) -> None:
    async with RecordingSource(recording, ReplaySettings(), wall_clock) as source:
        info = source.info()
        assert (info.source, info.quote_asset, info.label) == (SourceKind.REPLAY, "USDT", "replay")
        assert START <= info.source_ms < START + 2000
        assert [rules.symbol for rules in await source.rules()] == ["BTCSTUSDT", "DENTUSDT", MANA, ZIL]
        assert {rules.quote for rules in await source.rules()} == {"USDT"}


async def test_the_local_book_agrees_with_the_recorded_best_prices(recording: Path) -> None:
    async with RecordingSource(recording, ReplaySettings(speed=1000), wall_clock) as source:
        ticks = [tick async for frame in source.frames() for tick in frame.ticks if tick.symbol == ZIL]
        tick, book = ticks[-1], await source.order_book(ZIL)
        assert book is not None
        assert (book.bids[0].price, book.asks[0].price) == (Decimal(tick.bid), Decimal(tick.ask))
        assert len(book.bids) == len(book.asks) == 100
        assert await source.order_book(Symbol("NOSUCHUSDT")) is None


async def trades_of(path: Path, start: str = "") -> list[tuple[int, str, int]]:
    async with RecordingSource(path, ReplaySettings(speed=10_000, start=start), wall_clock) as source:
        frames = [frame async for frame in source.frames()]
    return [(trade.time, trade.price, trade.trade_id) for frame in frames for trade in frame.trades]


async def test_recorded_trades_come_once_and_in_order_and_only_those_after_the_start(
    written: Callable[[str], Path],
) -> None:
    path = written(
        book_line(100)
        + trade_line(101, "10", 1)
        + trade_line(103, "11", 3)
        + trade_line(103, "10.5", 2)
        + trade_line(104, "11", 3)
        + trade_line(105, "12", 4)
    )
    whole = [(101_000, "10", 1), (103_000, "10.5", 2), (103_000, "11", 3), (105_000, "12", 4)]
    assert await trades_of(path) == whole
    assert await trades_of(path, "1970-01-01T00:01:43") == whole[3:]


async def test_a_symbol_without_recorded_trades_has_those_along_its_candles(written: Callable[[str], Path]) -> None:
    bar = '"t":60000,"i":"1m","o":"10","h":"12","l":"9","c":"11","v":"8","q":"80","n":5,"x":true'
    kline = f'120.1: {{"stream":"btcusdc@kline_1m","data":{{"e":"kline","s":"BTCUSDC","k":{{{bar}}}}}}}\n'
    path = [(60_000, "10", 60_000), (80_000, "9", 80_000), (100_000, "12", 100_000), (119_999, "11", 119_999)]
    assert await trades_of(written(book_line(50) + kline + kline + book_line(122))) == path
    traded = written(book_line(50) + trade_line(70, "10", 7) + kline + book_line(122))
    assert await trades_of(traded) == [(70_000, "10", 7)]


async def test_a_start_inside_the_recording_gives_what_came_before_at_once(recording: Path) -> None:
    settings = ReplaySettings(start="2021-04-05T18:35:10")
    async with RecordingSource(recording, settings, wall_clock) as source:
        assert await source.order_book(ZIL) is not None
        frame = await anext(aiter(source.frames()))
        assert {c.symbol for c in frame.candles if c.open_time == MINUTE_1834} >= {ZIL, MANA}
        assert len(await source.candles(ZIL, Interval.M1, MINUTE_1834, MINUTE_1834 + 60_000)) == 1
        assert await source.candles(ZIL, Interval.H1, 0, MINUTE_1834 * 2) == []


@pytest.mark.parametrize("start", ["yesterday", "2020-01-01", "2021-04-06"])
async def test_a_start_outside_the_recording_is_refused(recording: Path, start: str) -> None:
    with pytest.raises(BadReplayStart):
        await RecordingSource(recording, ReplaySettings(start=start), wall_clock).__aenter__()


async def test_rules_come_from_exchange_info_when_it_is_in_the_file(written: Callable[[str], Path]) -> None:
    info = (
        'https://api.binance.com/api/v3/exchangeInfo -> 99.5: {"symbols":[{"symbol":"BTCUSDC","status":"HALT",'
        '"baseAsset":"BT","quoteAsset":"CUSDC","filters":[]}]}\n'
    )
    async with RecordingSource(written(info + book_line(100)), ReplaySettings(), wall_clock) as source:
        (rules,) = await source.rules()
        assert (rules.base, rules.quote, rules.status, source.info().quote_asset) == ("BT", "CUSDC", "HALT", "CUSDC")


async def test_prices_are_the_last_trade_and_before_it_the_middle_of_the_book(written: Callable[[str], Path]) -> None:
    path = written(book_line(100) + trade_line(102, "11.5", 1) + book_line(103, bid="11"))
    ticks: list[Tick] = []
    async with RecordingSource(path, ReplaySettings(speed=20), wall_clock) as source:
        async for frame in source.frames():
            ticks += frame.ticks
    assert [(tick.price, tick.bid) for tick in (ticks[0], ticks[-1])] == [("11", "10"), ("11.5", "11")]


async def test_after_the_end_frames_stop_and_the_clock_goes_on(written: Callable[[str], Path]) -> None:
    async with RecordingSource(written(book_line(100)), ReplaySettings(speed=100), wall_clock) as source:
        assert len([frame async for frame in source.frames()]) == 1
        ended = source.info().source_ms
        await asyncio.sleep(0.05)
        assert source.info().source_ms >= ended + 4_000


async def test_a_silent_recording_confirms_nothing(written: Callable[[str], Path]) -> None:
    path = written(book_line(100) + book_line(130))
    async with RecordingSource(path, ReplaySettings(speed=200), wall_clock) as source:
        assert [tick.time async for frame in source.frames() for tick in frame.ticks] == [100_000, 130_000]


async def test_raw_names_are_split_by_the_quote_asset_of_most(written: Callable[[str], Path]) -> None:
    reports: list[RecordingReport] = []
    lines = "".join(book_line(100, symbol) for symbol in ("BTCUSD", "BNBUSD", "DOTUSD", "ETHUSDT"))
    path = written(lines + "nonsense\n")
    async with RecordingSource(path, ReplaySettings(), wall_clock, report=reports.append) as source:
        assert [(rules.base, rules.quote) for rules in await source.rules()] == [
            ("BNB", "USD"),
            ("BTC", "USD"),
            ("DOT", "USD"),
        ]
    assert (reports[0].left_out, reports[0].malformed) == (("ETHUSDT",), 1)


async def test_stamps_of_any_unit_play_in_their_year(written: Callable[[str], Path]) -> None:
    text = book_line(1_617_647_603) + book_line(1_617_647_604_000) + book_line(1_617_647_605_000_000)
    async with RecordingSource(written(text), ReplaySettings(speed=1000), wall_clock) as source:
        times = [tick.time async for frame in source.frames() for tick in frame.ticks]
    assert times[-1] == 1_617_647_605_000


async def test_a_broken_line_costs_only_itself(written: Callable[[str], Path]) -> None:
    broken = 'nonsense\n\x00\ninf: {}\n1e400: {}\n100: {"stream":\nhttps://x/depth?symbol=BTCUSDC -> 7: {}\n'
    async with RecordingSource(written(broken + book_line(101)), ReplaySettings(), wall_clock) as source:
        assert [rules.symbol for rules in await source.rules()] == ["BTCUSDC"]


@pytest.mark.parametrize(("name", "data", "why"), [
    ("none.txt", None, "missing"),
    ("empty.txt", b"", "empty"),
    ("noise.txt.gz", b"no gzip", "unreadable"),
    ("cut.txt.gz", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", "truncated"),
    ("half.txt.gz", gzip.compress(book_line(100).encode() * 100, mtime=0)[:60], "truncated"),
    ("rotten.txt.gz", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03" + b"\x07" * 20, "unreadable"),
    ("unnamed.txt", book_line(100, "FOOBAR").encode(), "quote"),
])  # fmt: skip
async def test_a_file_that_is_no_recording_is_refused(tmp_path: Path, name: str, data: bytes | None, why: str) -> None:
    path = tmp_path / name
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(BadRecording) as refused:
        await RecordingSource(path, ReplaySettings(), wall_clock).__aenter__()
    assert refused.value.why == why


@pytest.mark.parametrize("bound", ["MAX_BYTES", "MAX_LINES", "_LONGEST_LINE"])
async def test_a_recording_that_is_too_long_in_any_way_is_refused(
    written: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch, bound: str
) -> None:
    path = written(book_line(1_617_647_603) + "\n" * 10 + book_line(1_617_647_604))
    async with RecordingSource(path, ReplaySettings(), wall_clock):
        pass
    monkeypatch.setattr(f"pipeline.replay.frame_source.{bound}", 10)
    with pytest.raises(BadRecording) as refused:
        async with RecordingSource(path, ReplaySettings(), wall_clock):
            pass
    assert refused.value.why == "too-big"
