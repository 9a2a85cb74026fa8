"""The bounds of training: memory, disk, what the two processes say to each other."""

import errno
import os
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import xgboost

from app.settings import Settings
from app.startup import Addresses
from app.training import launcher, worker
from app.training.protocol import (
    Errors,
    HorizonSkipped,
    ModelSaved,
    TrainingFailed,
    TrainingRequest,
    WindowShortened,
    read_line,
)
from app.training.threads import usable_threads
from core.errors import DeskError
from ml.data.features import features_of
from ml.data.training_universe import TrainingScope
from ml.errors import NoTrainingData, TrainingBusy, TrainingDiskFull, TrainingEnded, TrainingTooBig
from ml.models import samples
from ml.models.base import TrainingResources
from ml.settings import MlSettings
from ml.training.train import train as train_on
from pipeline.errors import MarketUnavailable
from pipeline.market import DAY_MS, Symbol
from tests.fakes.candles import walk_panel
from tests.fakes.models import small_trees

LESSON = TrainingRequest(
    dsn="",
    redis_url="",
    market="replay",
    horizons=(5,),
    symbols=tuple(f"S{number:03}" for number in range(250)),
    start=0,
    end=14 * DAY_MS,
    threads=1,
    memory_mib=8192,
    rows=400_000,
)


def lesson(**changed: Any) -> TrainingRequest:
    return msgspec.structs.replace(LESSON, **changed)


# -- memory ------------------------------------------------------------------------------------


def test_all_of_the_history_is_taken_where_it_fits(capfdbinary: Any) -> None:
    assert worker._start_that_fits(LESSON) == 0
    assert capfdbinary.readouterr().out == b""


def test_less_memory_means_fewer_of_the_newest_days(capfdbinary: Any) -> None:
    starts = [worker._start_that_fits(lesson(memory_mib=mib)) for mib in (2000, 1500, 1200)]
    assert 0 < starts[0] < starts[1] < starts[2] <= 13 * DAY_MS
    told = [read_line(line) for line in capfdbinary.readouterr().out.splitlines()]
    assert [line.days for line in told if isinstance(line, WindowShortened)] == [
        round((14 * DAY_MS - start) / DAY_MS, 1) for start in starts
    ]
    on_disk = worker._start_that_fits(lesson(memory_mib=1500, folder="/somewhere"))
    assert on_disk < starts[1]
    assert worker._start_that_fits(lesson(memory_mib=1500, flow=True)) > starts[1], "order flow takes memory too"


def test_less_than_a_day_is_refused() -> None:
    for mib in (0, 512, 600):
        with pytest.raises(TrainingTooBig) as refused:
            worker._start_that_fits(lesson(memory_mib=mib))
        assert refused.value.memory_mib == mib


@pytest.mark.parametrize(
    "error",
    [MemoryError(), RuntimeError("std::bad_alloc"), ValueError("Memory allocation of 8 bytes failed")],
)
def test_whatever_says_that_memory_is_out_is_one_error(error: Exception) -> None:
    with pytest.raises(TrainingTooBig), worker._heeding_memory(LESSON):
        raise error


def test_other_errors_stay_what_they_are() -> None:
    with pytest.raises(ValueError, match="something else"), worker._heeding_memory(LESSON):
        raise ValueError("something else")
    with pytest.raises(NoTrainingData), worker._heeding_memory(LESSON):
        raise NoTrainingData(1, 2)


# -- disk --------------------------------------------------------------------------------------


def test_a_full_disk_is_told_before_anything_is_learnt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_number: int, _offset: int, _size: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    room = worker._room_in(tmp_path)
    assert room is not None
    with pytest.raises(TrainingDiskFull) as refused:
        room((80, 2000, 250))
    assert (refused.value.folder, refused.value.needed_mib) == (str(tmp_path), 153)


def test_the_file_of_features_has_no_name_and_all_its_room(tmp_path: Path) -> None:
    room = worker._room_in(tmp_path)
    assert room is not None
    table = room((3, 4, 5))
    table[:] = 7
    assert (table.shape, table.dtype) == ((3, 4, 5), np.float32)
    assert list(tmp_path.iterdir()) == []
    assert worker._room_in(None) is None


def test_a_killed_trainings_files_go_with_the_next(tmp_path: Path) -> None:
    (tmp_path / "training" / "killed").mkdir(parents=True)
    (tmp_path / "training" / "killed" / "matrix.page").write_bytes(b"much")
    own = tmp_path / "training" / "own"
    with worker._folder(lesson(folder=str(own))) as folder:
        assert folder == own
        assert list((tmp_path / "training").iterdir()) == [own]
        (own / "matrix.page").write_bytes(b"much")
    assert list((tmp_path / "training").iterdir()) == []
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(TrainingDiskFull), worker._folder(lesson(folder=str(tmp_path / "file" / "own"))):
        pass


def test_external_memory_changes_nothing_in_what_is_learnt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In pieces small enough that there are several of them."""
    monkeypatch.setattr(samples, "_PART", 1500)
    panel = walk_panel(2000, 4, seed=3, echo=-0.3)
    room = worker._room_in(tmp_path)
    inside, outside = features_of(panel), features_of(panel, room)
    assert isinstance(outside.table, np.memmap)
    np.testing.assert_array_equal(inside.table, outside.table)
    with small_trees():
        near = train_on(panel, 1, TrainingResources(1, 1), lambda *_: None, features=inside)
        made = _watched(monkeypatch, tmp_path)
        far = train_on(panel, 1, TrainingResources(1, 1, tmp_path), lambda *_: None, features=outside)
    assert made, "nothing was kept on disk"
    assert list(tmp_path.iterdir()) == [], "what was kept on disk is still there"
    assert near.skilled
    for row in (-1, 1000, 1500):
        a, b = near.outlook(inside, row), far.outlook(outside, row)
        size = float((a.high - a.low).mean())
        np.testing.assert_allclose(b.expected, a.expected, rtol=0, atol=0.01 * size)
        np.testing.assert_allclose(b.high - b.low, a.high - a.low, rtol=0.02)
    assert far.metrics["skill"] == pytest.approx(near.metrics["skill"], abs=0.003)


def _watched(monkeypatch: pytest.MonkeyPatch, folder: Path) -> list[str]:
    """The names of the files that were there when trees grew."""
    names: list[str] = []
    grow = xgboost.train

    def watch(*given: Any, **named: Any) -> Any:
        names.extend(path.name for path in folder.iterdir())
        return grow(*given, **named)

    monkeypatch.setattr(xgboost, "train", watch)
    return names


# -- what they say to each other ---------------------------------------------------------------


@pytest.mark.parametrize("error", [NoTrainingData(3, 2000), TrainingBusy(), TrainingTooBig(512), MarketUnavailable()])
def test_an_error_arrives_as_it_was_raised(error: DeskError) -> None:
    line = read_line(msgspec.json.encode(TrainingFailed(error.code(), error.details())))
    assert isinstance(line, TrainingFailed)
    arrived = Errors.of(line)
    assert (type(arrived), arrived.details()) == (type(error), error.details())


@pytest.mark.parametrize(
    "line", [b"", b"\n", b"[xgboost] warning\n", b"{}\n", b'{"type":"moon"}\n', b'{"type":"kept"}\n']
)
def test_what_a_library_writes_is_no_line(line: bytes) -> None:
    assert read_line(line) is None


@pytest.mark.parametrize(
    ("code", "complaints", "reason"),
    [
        (-9, b"", TrainingEnded("killed")),
        (-11, b"Segmentation fault", TrainingEnded("-11")),
        (1, b"Traceback ... ValueError", TrainingEnded("1")),
        (-6, b"terminate called after throwing an instance of 'std::bad_alloc'", TrainingTooBig(8192)),
        (1, b"OpenBLAS error: Memory allocation still failed after 10 retries", TrainingTooBig(8192)),
        (1, b"MemoryError", TrainingTooBig(8192)),
    ],
)
def test_a_process_that_says_nothing_ended_for_a_reason(code: int, complaints: bytes, reason: DeskError) -> None:
    kept = ModelSaved(5, 1, skilled=True, skill=0.1, seconds=1.0)
    found = launcher._reason([kept], complaints, code, LESSON)
    assert (type(found), found.details()) == (type(reason), reason.details())


def test_the_reason_it_gave_itself_comes_first() -> None:
    told = [TrainingFailed(TrainingBusy.code(), {})]
    assert isinstance(launcher._reason(told, b"bad_alloc", 1, LESSON), TrainingBusy)
    assert isinstance(launcher._reason([TrainingFailed("", {})], b"", 1, LESSON), TrainingEnded)


def test_what_was_learnt_is_one_line_in_a_history() -> None:
    kept = (
        ModelSaved(5, 3, skilled=True, skill=0.1, seconds=1.0),
        ModelSaved(15, 4, skilled=False, skill=0.0, seconds=1.0),
    )
    skipped = (HorizonSkipped(1440, "no-training-data", {"found": 1, "needed": 2}),)
    assert str(launcher.TrainingReport("sim", 9, kept, skipped)) == (
        "learnt 5 min v3, 15 min v4 (no skill); not learnt 1440 min (no-training-data)"
    )
    assert str(launcher.TrainingReport("sim", 9, (), skipped)) == "not learnt 1440 min (no-training-data)"


def test_the_lesson_is_what_is_set(tmp_path: Path) -> None:
    ground = TrainingScope("binance", 0, (Symbol("BTCUSDC"),))
    for external in (False, True):
        ml = MlSettings(threads=3, memory_mib=999, rows=77_777, horizons="60,5", external_memory=external)
        made = launcher.lesson_of(Settings(data_dir=tmp_path, ml=ml), Addresses("p", "r"), ground, (1, 2), ())
        assert (made.threads, made.memory_mib, made.rows, made.horizons) == (3, 999, 77_777, (5, 60))
        assert made.folder.startswith(str(tmp_path / "training")) == external
        environment = launcher._environment(made)
        assert {environment[name] for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")} == {"3"}
    plain = launcher.lesson_of(Settings(data_dir=tmp_path), Addresses("p", "r"), ground, (1, 2), (15,))
    assert (plain.threads, plain.horizons) == (usable_threads(), (15,))
