"""`python -m bench`: what it prints, records, and calls a failure."""

import json
import os
from pathlib import Path

import pytest

from bench.__main__ import BENCHES, main, measure

FAKES = ["--package", "tests.fakes.benches", "--date", "2026-01-02"]


def test_a_crash_is_a_failure_but_a_missed_target_is_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    latest = tmp_path / "latest.json"
    assert main([*FAKES, "--output", str(latest), "good"]) == 0
    assert main([*FAKES, "--output", str(latest), "good", "crash", "missing"]) == 1
    out = capsys.readouterr().out
    assert "crash CRASHED" in out
    assert "missing CRASHED" in out
    assert "-- 1 targets missed, 2 benches crashed" in out


def test_every_figure_is_one_line_with_its_target(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([*FAKES, "--output", str(tmp_path / "latest.json"), "good"])
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.split("\n")]
    assert "orders 12,346 /s at least 10000 met a note" in lines
    assert "memory 30 B at most 24 MISSED" in lines


def test_the_record_says_what_was_measured_where_and_when(tmp_path: Path) -> None:
    latest = tmp_path / "latest.json"
    main([*FAKES, "--output", str(latest), "good", "crash"])
    record = json.loads(latest.read_text("utf-8"))
    assert record["date"] == "2026-01-02"
    assert record["machine"]["cores"] == os.cpu_count()
    assert list(record["crashed"]) == ["crash"]
    assert [(figure["bench"], figure["name"], figure["met"]) for figure in record["figures"]] == [
        ("good", "orders", True),
        ("good", "memory", False),
        ("good", "process", None),
    ]


def test_each_bench_has_a_process_of_its_own() -> None:
    outcomes = [measure("good", package="tests.fakes.benches") for _ in range(2)]
    pids = {outcome.figures[2].value for outcome in outcomes}
    assert len(pids) == 2
    assert os.getpid() not in pids


def test_a_bench_that_never_ends_is_ended() -> None:
    outcome = measure("endless", limit_seconds=1, package="tests.fakes.benches")
    assert outcome.failure == "took longer than 1 s"


def test_only_a_bench_that_exists_can_be_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exited:
        main(["order"])
    assert exited.value.code == 2
    complaint = capsys.readouterr().err
    assert all(bench in complaint for bench in BENCHES)
