"""`paperdesk evaluate FILE --ranges`."""

from pathlib import Path

import pytest

from app.cli.evaluate_ranges import run_ranges, sentences
from app.cli.parser import argument_parser
from ml.evaluation.range_comparison import OURS, RangeLine
from ml.evaluation.range_scores import RangeScore
from tests.fakes.candles import frame_of, walk_closes


def _line(horizon: int, name: str, crps: float) -> RangeLine:
    return RangeLine(horizon, name, (RangeScore("all", 10, 5, 0.8, crps, crps, crps),))


def test_a_sentence_names_the_best_rival_and_says_who_wins() -> None:
    lines = [_line(5, OURS, 0.99), _line(5, "har", 1.0), _line(5, "garch", 1.1)]
    lines += [_line(60, OURS, 1.0), _line(60, "har", 0.8), _line(60, "garch", 0.5)]
    assert sentences(lines) == [
        "5 candles: CRPS at most that of the best rival, har (+1.00%)",
        "60 candles: CRPS WORSE than that of the best rival, garch (-100.00%)",
    ]


def test_the_table_has_every_model_and_regime(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "candles.parquet"
    frame_of(walk_closes(1600, 3, seed=3), ("BTCUSDT", "ETHUSDT", "XRPUSDT"), wiggle=0.0005).to_parquet(file)
    options = argument_parser().parse_args(["evaluate", str(file), "--ranges", "--horizons", "5"])
    assert options.ranges
    assert run_ranges(options.file, options.horizons) == 0
    rows = [line.split()[:3] for line in capsys.readouterr().out.splitlines() if line[:1].isdigit()]
    models = (OURS, "ewma", "har", "garch")
    for name in models:
        for regime in ("all", "calm", "usual", "wild"):
            assert ["5", name, regime] in rows
