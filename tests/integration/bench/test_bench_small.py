"""Every bench at its small size: its code runs, and our side of every comparison is measured.

Peers that only the bench environment has (cryptofeed, mplfinance, orjson) are left out where they are missing: the
bench then measures ours alone and says so in a note. The figures themselves are not looked at here.
"""

import math
from pathlib import Path

import pytest

import bench
from bench.__main__ import BENCHES, measure
from bench.servers import RUNNING
from tests.fakes.kafka_server import Server
from tests.patience import PATIENCE_SECONDS

pytestmark = pytest.mark.long

_FOLDER = Path(bench.__file__).parent
_ON_KAFKA = ("bus", "stream", "roles")


@pytest.fixture
def calm(monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads that learn give way instead of spinning: the other tests want the cores."""
    monkeypatch.setenv("OMP_WAIT_POLICY", "PASSIVE")


@pytest.mark.parametrize("name", [name for name in BENCHES if name not in _ON_KAFKA])
def test_a_bench_runs_at_its_small_size(name: str, calm: None) -> None:
    _runs(name)


@pytest.mark.parametrize("name", _ON_KAFKA)
def test_a_bench_on_kafka_runs_at_its_small_size(name: str, kafka: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    kafka.needs_real("idempotent producers")
    monkeypatch.setenv(RUNNING, kafka.bootstrap)
    _runs(name)


def test_every_module_that_measures_is_a_bench() -> None:
    measuring = {path.stem for path in _FOLDER.glob("*.py") if "\ndef run(" in path.read_text("utf-8")}
    assert measuring == set(BENCHES)


def _runs(name: str) -> None:
    outcome = measure(name, limit_seconds=PATIENCE_SECONDS, small=True)
    assert not outcome.failure
    assert outcome.figures
    assert all(math.isfinite(figure.value) for figure in outcome.figures), outcome.figures
    assert all(figure.met is None for figure in outcome.figures), "a small size has no target"
