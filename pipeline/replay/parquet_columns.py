"""Columns of a parquet file of candles, read one by one into numpy."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from pipeline.binance.open_times import IMPOSSIBLE, floats_by_magnitude, integers_by_magnitude, of_unit
from pipeline.errors import BadRecording

MAX_ROWS = 50_000_000
MAX_BYTES = 6 << 30
"""Maximum decompressed size of the columns that are read: more than MAX_ROWS rows of 64-bit numbers take."""

NEEDED = ("symbol", "open_time", "open", "high", "low", "close", "volume")
_LONGEST_NAME = 100
"""Maximum characters of a name, and of a figure or a time that is stored as text."""

_DAMAGED = (OSError, pa.ArrowException, ValueError, KeyError, OverflowError)
"""Errors that pyarrow raises for a damaged file; UnicodeDecodeError is a ValueError."""

OPTIONAL = ("quote_volume", "trades", "taker_base")
"""Further columns of a recording that are read if it has them; `taker_base` is the part of the volume that takers
bought.
"""


def read_raw_columns(path: Path) -> dict[str, NDArray[Any]]:
    """Returns the columns of the file, neither sorted nor checked: prices, `volume`, `open_time` in UTC ms, and for the
    symbols `names` with the `name` number of every row. Raises BadRecording.
    """
    columns: dict[str, NDArray[Any]] = {}
    with open_columns(path) as file:
        for name in NEEDED:
            columns |= read_column(path, file, name)
    return columns


def open_columns(path: Path) -> pq.ParquetFile:
    """Opens the file and checks that it has all needed columns. Raises BadRecording."""
    try:
        metadata = pq.read_metadata(path, memory_map=True)
        # each text once, not in every row: a file of a few KB can name a long one a million times
        texts = [name for name in (*NEEDED, *OPTIONAL) if name in metadata.schema.names]
        file = pq.ParquetFile(path, metadata=metadata, read_dictionary=texts, memory_map=True)
    except FileNotFoundError:
        raise BadRecording(str(path), "missing") from None
    except _DAMAGED as error:
        raise BadRecording(str(path), "unreadable") from error
    try:
        names, rows = file.schema_arrow.names, file.metadata.num_rows
        odd = [each.name for each in file.schema_arrow if each.name in (*NEEDED, *OPTIONAL) and not _bounded(each.type)]
        big = rows > MAX_ROWS or _unpacked(file.metadata) > MAX_BYTES
    except _DAMAGED as error:
        file.close()
        raise BadRecording(str(path), "unreadable") from error
    absent = [name for name in NEEDED if name not in names]
    why = "columns" if absent or odd else "empty" if rows <= 0 else "too-big" if big else ""
    if why:
        file.close()
        raise BadRecording(str(path), why, ", ".join(absent or odd))
    return file


def _bounded(kind: pa.DataType) -> bool:
    """Returns whether the values of a column take a few bytes each: numbers, times, and texts in a dictionary."""
    if pa.types.is_dictionary(kind):
        return pa.types.is_string(kind.value_type) or _bounded(kind.value_type)
    return bool(pa.types.is_primitive(kind) or pa.types.is_decimal(kind) or pa.types.is_null(kind))


def _unpacked(metadata: pq.FileMetaData) -> int:
    """Returns the decompressed bytes of the columns that are read, as stated in the file."""
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    chunks = [group.column(number) for group in groups for number in range(group.num_columns)]
    read = (*NEEDED, *OPTIONAL)
    return sum(chunk.total_uncompressed_size for chunk in chunks if chunk.path_in_schema in read)


def read_column(path: Path, file: pq.ParquetFile, name: str) -> dict[str, NDArray[Any]]:
    """Returns the column as numpy arrays; the symbol as two arrays, `names` and the `name` number of every row.

    Times are UTC ms, negative if missing; a missing price or volume is NaN. Raises BadRecording.
    """
    try:
        column = file.read(columns=[name]).column(name)
        column.validate(full=True)  # invalid numbers of names, offsets beyond the data, invalid UTF-8
    except _DAMAGED as error:
        raise BadRecording(str(path), "unreadable", name) from error
    if len(column) != file.metadata.num_rows:
        raise BadRecording(str(path), "unreadable", name)
    try:
        if name == "symbol":
            return _symbols(path, column)
        return {name: read_numbers(column, name)}
    except _DAMAGED as error:
        raise BadRecording(
            str(path), "columns" if isinstance(error, pa.ArrowException) else "unreadable", name
        ) from error


def read_numbers(column: pa.ChunkedArray, name: str) -> NDArray[Any]:
    """Returns the times of `open_time` in UTC ms, or the figures of another column. Raises pyarrow.ArrowException for a
    column without them, and for a dictionary with a text that is too long.
    """
    read = to_milliseconds if name == "open_time" else partial(_figures, whole=name == "trades")
    return _by_dictionary(column, read) if pa.types.is_dictionary(column.type) else read(column)


def _symbols(path: Path, column: pa.ChunkedArray) -> dict[str, NDArray[Any]]:
    if not (pa.types.is_dictionary(column.type) and pa.types.is_string(column.type.value_type)) or column.null_count:
        raise BadRecording(str(path), "columns", "symbol")
    encoded = column.unify_dictionaries().combine_chunks()
    names = encoded.dictionary.to_pylist()
    if any(name is None or len(name) > _LONGEST_NAME for name in names):
        raise BadRecording(str(path), "columns", "symbol")
    # a name that is stored with and without blanks around it is one symbol
    trimmed, rank = np.unique(np.array([name.strip() for name in names]), return_inverse=True)
    return {"names": trimmed, "name": rank[np.from_dlpack(encoded.indices)]}


def _by_dictionary(column: pa.ChunkedArray, read: Callable[[pa.ChunkedArray], NDArray[Any]]) -> NDArray[Any]:
    """Returns the values of a column, each of which is read once. Raises ArrowInvalid for a text that is too long."""
    encoded = column.unify_dictionaries().combine_chunks()
    known = encoded.dictionary
    if pa.types.is_string(known.type) and any(len(text or "") > _LONGEST_NAME for text in known.to_pylist()):
        raise pa.ArrowInvalid("a text is too long")
    values = read(pa.chunked_array([known, pa.nulls(1, known.type)]))
    found: NDArray[Any] = values[np.from_dlpack(encoded.indices.fill_null(len(known)))]
    return found


def _figures(column: pa.ChunkedArray, *, whole: bool) -> NDArray[Any]:
    if pa.types.is_float32(column.type) or pa.types.is_float16(column.type):
        column = column.cast(pa.string())  # 0.00000123 and not 0.0000012299999525566818
    column = column.cast(pa.float64())
    if column.null_count:
        column = column.fill_null(0.0 if whole else float("nan"))
    figures = _concatenated(column, np.float64)
    return np.nan_to_num(figures, nan=0.0, posinf=-1.0, neginf=-1.0).astype(np.int64) if whole else figures


def to_milliseconds(column: pa.ChunkedArray) -> NDArray[np.int64]:
    """Returns the times of `column` in UTC ms, IMPOSSIBLE for missing ones.

    Numbers are seconds, milliseconds, microseconds or nanoseconds, depending on the magnitude of each: Binance's public
    files have microseconds since 2025 and milliseconds before. Timestamps and dates have a unit; without a time zone
    they are UTC. Raises pyarrow.ArrowException for a column that holds no times.
    """
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        column = _parsed(column)
    if pa.types.is_date(column.type):
        column = column.cast(pa.timestamp("ms"))
    if pa.types.is_timestamp(column.type):
        return of_unit(_integers(column.cast(pa.int64())), column.type.unit)
    if pa.types.is_integer(column.type):
        return integers_by_magnitude(_integers(column.cast(pa.int64(), safe=False)))
    numbers = column.cast(pa.float64(), safe=False)
    return floats_by_magnitude(_concatenated(numbers.fill_null(float(IMPOSSIBLE)), np.float64))


def _parsed(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Parses texts as numbers, or else as ISO 8601 with or without a time zone."""
    for kind in (pa.int64(), pa.timestamp("us")):
        try:
            return column.cast(kind)
        except pa.ArrowInvalid:
            continue
    return column.cast(pa.timestamp("us", tz="UTC"))


def _integers(column: pa.ChunkedArray) -> NDArray[np.int64]:
    filled = column.fill_null(IMPOSSIBLE) if column.null_count else column
    return _concatenated(filled, np.int64)


def _concatenated(column: pa.ChunkedArray, kind: type[Any]) -> NDArray[Any]:
    # not to_numpy, which imports pandas for nothing: a quarter of a second and 45 MB
    return np.concatenate([np.empty(0, kind), *(np.from_dlpack(chunk) for chunk in column.chunks)])
