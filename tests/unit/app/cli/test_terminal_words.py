"""What the command line prints of a database or of Redis cannot steer the terminal, whoever wrote it."""

from datetime import UTC, datetime
from io import StringIO
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from app.cli import jobs, quality_table, reports
from core.job_status import JobRun, RunRequest, RunState
from pipeline.quality.publisher import QualitySnapshot
from pipeline.quality.report import Report
from trading.ledger import audit

STEERS = "\x1b]52;c;Y3VybA==\x07\x1b[2J\x9b31m\u202e"
NOW = datetime(2026, 4, 1, tzinfo=UTC)


def is_harmless(text: str) -> bool:
    return text.replace("\n", "").isprintable()


async def test_a_run_of_a_job(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    class Runs:
        async def ask(self, name: str, _who: str) -> RunRequest:
            return RunRequest(name, NOW, attended=True)

        async def answer(self, wish: RunRequest) -> JobRun:
            return JobRun(wish.name, NOW, True, RunState.DONE, NOW, NOW, f"worker{STEERS}", f"told{STEERS}", 1)  # noqa: FBT003

    runs: Any = Runs()
    assert await jobs._run(runs, f"training{STEERS}") == 0
    out = capsys.readouterr().out
    assert is_harmless(out)
    assert "worker" in out
    assert "told" in out


async def test_an_audit(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    async def found(_: str) -> tuple[int, str]:
        return 1, f"one\ntwo{STEERS}"

    monkeypatch.setattr(audit, "run_audit", found)
    assert await reports.run_audit("postgresql://none") == 1
    out = capsys.readouterr().out
    assert out.startswith("one\ntwo")
    assert is_harmless(out)


def test_a_report_of_quality() -> None:
    snapshot = QualitySnapshot("sim", 0, 0, 0, 0, 0, 0, {}, {STEERS: {STEERS: 1}}, {STEERS: 1}, {}, {}, ())
    report = Report(f"sim{STEERS}", 60_000, 0, 60_000, 60_000, (), np.zeros((0, 1)), None, {f"[red]{STEERS}": snapshot})
    out = StringIO()
    console = Console(file=out, width=200)
    quality_table.print_report(report, console)
    assert is_harmless(out.getvalue())
    assert "[red]" in out.getvalue()
