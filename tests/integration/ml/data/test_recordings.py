"""Recordings of the exchange: listings, dead contracts, gaps; and the command line on a part of one."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from app.cli.evaluate import usable_threads
from app.cli.main import main
from app.sentences import start_sentence
from bot.ui.texts import load_catalogs
from core.errors import DeskError
from ml import errors
from ml.data.features import features_of
from ml.data.panel import Panel, panel_of, read_candles
from people.person import Language
from tests.fakes.candles import frame_of, walk_closes

_MINUTES = "klines_1m_spot_64sym_20210402_20210420.parquet"
_HOUR = 3_600_000


def _part(shared_dir: Path, file: str, symbols: list[str], start: int = 0, end: int = 2**53) -> Panel:
    wanted = [("symbol", "in", symbols), ("open_time", ">=", start), ("open_time", "<", end)]
    return panel_of(pd.read_parquet(shared_dir / "data" / file, filters=wanted))


def test_the_candle_of_a_real_listing_is_left_out(shared_dir: Path) -> None:
    listed = int(pd.Timestamp("2021-04-07 13:00", tz="UTC").timestamp() * 1000)
    panel = _part(shared_dir, _MINUTES, ["BTCUSDT", "TKOUSDT"], listed - _HOUR, listed + 24 * _HOUR)
    there = np.flatnonzero(~np.isnan(panel.close[:, 1]))
    assert there[0] == 60 + 5
    returns = np.diff(np.log(panel.close[:, 1]))
    assert np.nanmax(np.abs(returns)) < 0.2
    assert panel.usable[:, 0].all()


def test_a_dead_contract_is_never_learnt_from(shared_dir: Path) -> None:
    panel = _part(shared_dir, "klines_1h_68sym_20251001_20251231.parquet", ["FTTUSDT", "BTCUSDT"])
    assert panel.interval_ms == _HOUR
    dead = panel.symbols.index("FTTUSDT")
    assert not panel.usable[60:, dead].any()
    assert panel.usable[:, 1 - dead].all()
    assert not features_of(panel).ready[:, dead].any()


def test_a_gap_of_the_exchange_gives_no_outcomes_and_no_leaps(shared_dir: Path) -> None:
    begun = int(pd.Timestamp("2021-04-20 02:00", tz="UTC").timestamp() * 1000)
    panel = _part(shared_dir, _MINUTES, ["BTCUSDT", "ETHUSDT"], begun - 10 * _HOUR, begun + 6 * _HOUR)
    features = features_of(panel)
    assert not features.ready[600:750].any()
    assert features.ready[750:].all()
    assert np.isnan(features.named("return_0")[750]).all()
    assert np.isnan(features.named("momentum_30")[750:780]).all()


def test_an_absurd_low_of_one_day_is_a_candle_and_breaks_nothing(shared_dir: Path) -> None:
    panel = read_candles(shared_dir / "data" / "klines_1d_spot_10sym_20170817_20251231.parquet")
    assert panel.interval_ms == 24 * _HOUR
    assert panel.shape == (3059, 10)
    link = panel.symbols.index("LINKUSDT")
    day = int(np.nanargmax(panel.high[:, link] / panel.low[:, link]))
    assert panel.usable[day, link]
    features = features_of(panel)
    assert not np.isinf(features.table).any()
    assert np.isfinite(features.named("lower_wick")[day, link])


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("candles") / "hours.parquet"
    closes = walk_closes(3000, 3, seed=1, echo=-0.3)
    frame_of(closes, ("BTCUSDT", "ETHUSDT", "XRPUSDT"), interval_ms=_HOUR, wiggle=0.001).to_parquet(path)
    return path


@pytest.mark.long
def test_the_command_prints_a_table_and_writes_a_report(recorded: Path, tmp_path: Path) -> None:
    folder = tmp_path / "report"
    command = [sys.executable, "-m", "app.cli.main", "evaluate", str(recorded), "--horizons", "1", "--out", str(folder)]
    command += ["--keep", str(tmp_path / "forecasts.parquet")]
    done = subprocess.run(  # noqa: S603 - our own command
        [*command, "--recipes", "ridge", "ewma"], capture_output=True, text=True, check=False, timeout=100
    )
    assert done.returncode == 0, done.stderr
    assert "3 symbols x 3,000 candles" in done.stdout
    assert "ridge *" in done.stdout
    assert "here of 1 h" in done.stdout
    assert "horizon 1: ridge, fold 33" in done.stderr, "a training at the midnights of a month"
    assert "with 32 trainings" in done.stdout
    for head in ("ranges as served", "P(up) of all outcomes", "to rival %"):
        assert head in done.stdout
    kept = pd.read_parquet(tmp_path / "forecasts.parquet", columns=["recipe", "fold", "symbol"])
    assert set(kept.recipe) == {"naive", "ewma", "ridge"}
    assert set(kept.fold) == set(range(33))
    assert set(kept.symbol) == {"BTCUSDT", "ETHUSDT", "XRPUSDT"}
    assert {path.name for path in folder.iterdir()} == {
        "report.md",
        "report.html",
        "skill.png",
        "calibration.png",
        "coverage.png",
    }


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--recipes", "xbg"], "no recipe “xbg”"),
        (["--horizons", "5000"], "Choose a horizon from 1 to"),
        (["--recipes", "naive", "--horizons", "1", "--out", "/dev/null/x"], "cannot be written to /dev/null/x"),
        (["--recipes", "naive", "--horizons", "1", "--keep", "/dev/null/y"], "cannot be written to /dev/null/y"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    recorded: Path, options: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", str(recorded), *options]) == 1
    last = capsys.readouterr().err.strip().splitlines()[-1]
    assert words in last


def test_a_file_that_is_not_there_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "/nowhere/candles.parquet"]) == 1
    assert capsys.readouterr().err.startswith("/nowhere/candles.parquet is not a parquet file")


@pytest.mark.parametrize("language", list(Language))
def test_every_refusal_of_forecasts_has_a_sentence(language: Language) -> None:
    catalog = load_catalogs()[language]
    refusals: list[DeskError] = [
        errors.UnreadableCandles("/x.parquet", "a, b"),
        errors.IrregularCandles(5, 5000),
        errors.UnknownRecipe("xbg", "xgb, ridge"),
        errors.ExtraMissing("gru", "deep"),
        errors.BadHorizon(7, 10, 2),
        errors.NoTrainingData(5, 2000),
        errors.ReportUnwritable("/x", "full"),
    ]
    for refusal in refusals:
        sentence = start_sentence(refusal, catalog)
        assert "\n" not in sentence
        for value in refusal.details().values():
            assert (f"{value:,}" if isinstance(value, int) else str(value)) in sentence


@pytest.mark.parametrize(("text", "threads"), [("max 100000", None), ("100000 100000", 1), ("150000 100000", 1)])
def test_threads_are_those_the_cgroup_grants(tmp_path: Path, text: str, threads: int | None) -> None:
    limit = tmp_path / "cpu.max"
    everything = usable_threads(tmp_path / "none")
    limit.write_text(text)
    assert usable_threads(limit) == (threads or everything)
