"""`python -m bench [name ...]`: runs the benches, each in a process of its own so that its memory figures are its own.

Prints a line for every figure as it comes and writes bench/latest.json. A missed target is printed; only a bench that
crashed makes the exit code 1.

A bench is a module of this package with `run(size)` and two sizes: `FULL`, whose figures count, and `SMALL`, which runs
the same code within seconds. `--small` runs the latter, shows its figures without targets and records nothing: the
test suite does that with every bench.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from bench.figure import Figure

BENCHES = (
    "orders",
    "open_orders",
    "price_index",
    "matching",
    "resting_orders",
    "fills",
    "nightly_risk",
    "allocation",
    "market_store",
    "parse",
    "archive",
    "bus",
    "stream",
    "roles",
    "indicators",
    "backtest",
    "robots",
    "charts",
    "performance",
    "scan",
    "startup",
    "discord",
    "telegram",
    "push",
    "forecasts",
    "serving",
    "forecast_command",
    "mixed",
)
LATEST = Path(__file__).parent / "latest.json"
LIMIT_SECONDS = 900

_ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a bench measured; `failure` says how it crashed, '' when it did not."""

    bench: str
    figures: tuple[Figure, ...]
    failure: str = ""


def measure(
    bench: str, limit_seconds: float = LIMIT_SECONDS, package: str = "bench", *, small: bool = False
) -> Outcome:
    """Runs one bench in a new process; what it prints is shown as it comes."""
    with tempfile.TemporaryDirectory(prefix="paperdesk-bench-") as folder:
        figures = Path(folder) / "figures.json"
        command = [sys.executable, "-m", "bench", "--into", str(figures), "--package", package, bench]
        command += ["--small"] if small else []
        try:
            code = subprocess.run(command, cwd=_ROOT, check=False, timeout=limit_seconds).returncode
        except subprocess.TimeoutExpired:
            return Outcome(bench, (), f"took longer than {limit_seconds:g} s")
        if code != 0:
            return Outcome(bench, (), f"ended with exit code {code}")
        rows: list[dict[str, Any]] = json.loads(figures.read_text("utf-8"))
        return Outcome(bench, tuple(Figure(**row) for row in rows))


def line(figure: Figure) -> str:
    """Name, value, unit, target, met or missed."""
    target = ""
    if figure.at_least is not None:
        target = f"at least {figure.at_least:g}"
    elif figure.at_most is not None:
        target = f"at most {figure.at_most:g}"
    verdict = {True: "met", False: "MISSED", None: ""}[figure.met]
    value = f"{figure.value:,.0f}" if abs(figure.value) >= 1_000 else f"{figure.value:.4g}"
    text = f"{figure.name:<64} {value:>12} {figure.unit:<12} {target:<14} {verdict:<6}"
    return f"{text} {figure.note}".rstrip()


def record(outcomes: Sequence[Outcome], day: date) -> dict[str, Any]:
    """What goes to latest.json."""
    figures = [
        {"bench": outcome.bench, **asdict(figure), "met": figure.met}
        for outcome in outcomes
        for figure in outcome.figures
    ]
    failures = {outcome.bench: outcome.failure for outcome in outcomes if outcome.failure}
    return {
        "date": day.isoformat(),
        "machine": machine(),
        "python": platform.python_version(),
        "figures": figures,
        "crashed": failures,
    }


def machine() -> dict[str, str | int | float]:
    """What the figures were measured on; without the machine's name."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "system": f"{platform.system()} {platform.release()}",
        "processor": _processor(),
        "cores": os.cpu_count() or 0,
        "memory_gib": round(memory / 2**30, 1),
    }


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    rows = cpuinfo.read_text("utf-8").splitlines() if cpuinfo.exists() else []
    named = (row.partition(":")[2].strip() for row in rows if row.startswith("model name"))
    return next(named, platform.processor() or platform.machine())


def figures_of(bench: str, package: str = "bench", *, small: bool = False) -> list[Figure]:
    """Runs one bench in this process; the figures of its small size have no targets."""
    module = import_module(f"{package}.{bench}")
    figures: list[Figure] = module.run(module.SMALL if small else module.FULL)
    return [replace(figure, at_least=None, at_most=None) for figure in figures] if small else figures


def run_all(
    benches: Sequence[str], day: date, latest: Path | None, package: str = "bench", *, small: bool = False
) -> int:
    """Measures and prints, and records where `latest` is given; the exit code."""
    outcomes: list[Outcome] = []
    for bench in benches:
        print(f"-- {bench}", flush=True)
        outcome = measure(bench, package=package, small=small)
        outcomes.append(outcome)
        for figure in outcome.figures:
            print(line(figure), flush=True)
        if outcome.failure:
            print(f"{bench} CRASHED: it {outcome.failure}", flush=True)
    where = "not recorded"
    if latest:
        latest.write_text(json.dumps(record(outcomes, day), indent=2, ensure_ascii=False) + "\n", "utf-8")
        where = f"in {latest}"
    missed = sum(figure.met is False for outcome in outcomes for figure in outcome.figures)
    crashed = sum(bool(outcome.failure) for outcome in outcomes)
    print(f"-- {missed} targets missed, {crashed} benches crashed; figures {where}", flush=True)
    return 1 if crashed else 0


def main(argv: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measures speed and memory.")
    parser.add_argument("bench", nargs="*", help=f"which benches; all when none is named: {', '.join(BENCHES)}")
    parser.add_argument("--date", type=date.fromisoformat, help="the day to record; today when not given")
    parser.add_argument("--output", type=Path, help=f"where to record the figures; {LATEST.name} when not given")
    parser.add_argument("--small", action="store_true", help="try the code only; the figures mean nothing")
    parser.add_argument("--package", default="bench", help=argparse.SUPPRESS)
    parser.add_argument("--into", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.into:
        (bench,) = options.bench
        figures = figures_of(bench, options.package, small=options.small)
        options.into.write_text(json.dumps([asdict(figure) for figure in figures]), "utf-8")
        return 0
    benches = options.bench or list(BENCHES)
    if options.package == "bench" and (unknown := sorted(set(benches) - set(BENCHES))):
        parser.error(f"no bench is called {', '.join(unknown)}; there are {', '.join(BENCHES)}")
    output = options.output or (None if options.small else LATEST)
    day = options.date or datetime.now(UTC).date()
    return run_all(benches, day, output, options.package, small=options.small)


if __name__ == "__main__":
    sys.exit(main())
