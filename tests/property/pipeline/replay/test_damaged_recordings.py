"""Recordings that another program changed: each is read or refused as one that cannot be played."""

import contextlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ml.data.panel import read_candles
from ml.errors import IrregularCandles, NoTrainingData, UnreadableCandles
from pipeline.errors import BadRecording
from pipeline.market import MINUTE_MS
from pipeline.replay.parquet_candles import read_candle_file
from pipeline.replay.parquet_columns import read_raw_columns

BEGINS = 1_700_000_040_000
MINUTES = 12
SYMBOLS = ("BTCUSDC", "ETHUSDC", "SOLUSDC")


def recording(path: Path, symbols: pa.Array | None = None) -> Path:
    prices = np.full(MINUTES * len(SYMBOLS), 100.0)
    table = {
        "symbol": pa.array(np.repeat(SYMBOLS, MINUTES)) if symbols is None else symbols,
        "open_time": np.tile(np.arange(MINUTES) * MINUTE_MS + BEGINS, len(SYMBOLS)),
        **dict.fromkeys(("open", "high", "low", "close", "volume"), prices),
    }
    pq.write_table(pa.table(table), path, compression="none", row_group_size=20)
    return path


def texts(*values: bytes) -> pa.Array:
    """Strings of any bytes, which pyarrow writes as they are."""
    return (
        pa.array([*values] * (MINUTES * len(SYMBOLS) // len(values)), pa.binary()).cast(pa.binary()).view(pa.string())
    )


async def read(path: Path) -> None:
    """Raises what is not foreseen."""
    with contextlib.suppress(BadRecording):
        await read_candle_file(path, lambda _: None)
    readers: tuple[Callable[[Path], object], ...] = (read_raw_columns, read_candles)
    for reader in readers:
        with contextlib.suppress(BadRecording, UnreadableCandles, IrregularCandles, NoTrainingData):
            reader(path)


async def test_any_byte_may_be_another(tmp_path: Path) -> None:
    sound = recording(tmp_path / "sound.parquet").read_bytes()
    damaged = tmp_path / "damaged.parquet"
    for place in range(4, len(sound) - 8, 6):
        damaged.write_bytes(sound[:place] + bytes((sound[place] ^ 0xFF,)) + sound[place + 1 :])
        await read(damaged)


@pytest.mark.parametrize("symbols", [(b"BTC\xff\xfe", b"ETHUSDC"), (b"B" * 1000, b"ETHUSDC")])
async def test_names_that_are_none_are_refused(tmp_path: Path, symbols: tuple[bytes, ...]) -> None:
    path = recording(tmp_path / "named.parquet", texts(*symbols))
    with pytest.raises(BadRecording):
        await read_candle_file(path, lambda _: None)
    await read(path)


async def test_a_sound_one_is_read(tmp_path: Path) -> None:
    file = await read_candle_file(recording(tmp_path / "sound.parquet"), lambda _: None)
    assert [str(symbol) for symbol in file.symbols] == list(SYMBOLS)
