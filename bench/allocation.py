"""Allocation: five objectives of 30 coins and a year with their walk-forward tests, and single portfolios beside those
of PyPortfolioOpt and skfolio on the same returns, by the value of the objective and by CPU time.

Each peer runs with the Python of an environment of its own, which `make bench` installs (`bench/optimisers`); where one
is missing, its note says so. All have one thread.
"""

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from bench.figure import Figure
from bench.matching import PEERS
from pipeline.candles import Floats
from pipeline.market import Symbol
from trading.allocation.bounds import Bounds
from trading.allocation.objectives import (
    conditional_value_at_risk,
    equal_risk_contribution,
    hierarchical_risk_parity,
    maximum_sharpe,
    minimum_cvar,
    minimum_variance,
)
from trading.allocation.report import MAX_COINS, MAX_DAYS, allocation_report
from trading.allocation.rules import Objective
from trading.risk.covariance import sample_covariance

_SCRIPTS = Path(__file__).parent / "optimisers"
_CAP = 0.15
_UNCAPPED = frozenset(("parity", "hrp"))
_MISSING = "{} is not installed: `make bench` does it where Python 3.12 or newer is found"


@dataclass(frozen=True, slots=True)
class Size:
    """Coins, daily returns, and turns of which the fastest counts; without peers they are not asked."""

    coins: int
    days: int
    turns: int
    peers: bool


FULL = Size(coins=MAX_COINS, days=MAX_DAYS, turns=5, peers=True)
SMALL = Size(coins=8, days=120, turns=1, peers=False)

Solve = Callable[[], Floats]


def run(size: Size = FULL) -> list[Figure]:
    returns = _returns(size)
    figures = [_reports(returns, size)]
    solvers, values = _solvers(returns), _objectives(returns)
    mine = {name: _timed(solve, size.turns) for name, solve in solvers.items()}
    figures += [Figure(f"{name} of {size.coins} coins", seconds * 1000, "ms") for name, (_, seconds) in mine.items()]
    if size.peers:
        for name in ("pyportfolioopt", "skfolio"):
            figures += _beside(name, returns, mine, values, size)
    return figures


def _returns(size: Size) -> Floats:
    """Returns of a market with one common factor and fat tails, in which most coins rise a little."""
    random = np.random.default_rng(3)
    common = random.standard_t(5, size.days) * 0.02
    betas, own = random.uniform(0.6, 1.6, size.coins), random.uniform(0.01, 0.04, size.coins)
    drift = random.normal(0.001, 0.001, size.coins)
    return np.asarray(np.outer(common, betas) + random.standard_t(5, (size.days, size.coins)) * own + drift).clip(-0.6)


def _reports(returns: Floats, size: Size) -> Figure:
    closes = np.asarray(100.0 * np.cumprod(np.vstack([np.zeros(size.coins), returns]) + 1.0, axis=0), dtype=np.float64)
    symbols = [Symbol(f"C{coin}USDC") for coin in range(size.coins)]
    cap, fee = Decimal(str(max(_CAP, 2 / size.coins))), Decimal("0.001")
    allocation_report(Objective.MINIMUM_CVAR, symbols, closes, cap=cap, fee_rate=fee)  # loads scipy
    began = time.process_time()
    allocation_report(Objective.MINIMUM_CVAR, symbols, closes, cap=cap, fee_rate=fee)
    name = f"five allocations of {size.coins} coins and {size.days} days, with walk-forward tests"
    return Figure(name, time.process_time() - began, "s", at_most=2 if size is FULL else None, note="CPU time")


def _solvers(returns: Floats) -> Mapping[str, Solve]:
    covariance, mean, coins = sample_covariance(returns), returns.mean(axis=0), returns.shape[1]
    capped, free = Bounds.of(coins, cap=max(_CAP, 2 / coins)), Bounds.of(coins)
    return {
        "minvar": lambda: minimum_variance(covariance, capped),
        "sharpe": lambda: maximum_sharpe(mean, covariance, capped),
        "parity": lambda: equal_risk_contribution(covariance, free),
        "hrp": lambda: hierarchical_risk_parity(covariance, free),
        "cvar": lambda: minimum_cvar(returns, capped),
    }


def _objectives(returns: Floats) -> Mapping[str, Callable[[Floats], float]]:
    """Values of the objectives, each the smaller the better. For equal risk, the objective that its weights minimise up
    to their scale: the deviation over the geometric mean of the weights. For hierarchical parity, which has none, the
    variance.
    """
    covariance, mean = sample_covariance(returns), returns.mean(axis=0)

    def deviation(weights: Floats) -> float:
        return float(np.sqrt(weights @ covariance @ weights))

    return {
        "minvar": lambda weights: deviation(weights) ** 2,
        "sharpe": lambda weights: -float(mean @ weights) / deviation(weights),
        "parity": lambda weights: deviation(weights) / float(np.exp(np.log(weights).mean())),
        "hrp": lambda weights: deviation(weights) ** 2,
        "cvar": lambda weights: conditional_value_at_risk(weights, returns),
    }


def _timed(solve: Solve, turns: int) -> tuple[Floats, float]:
    weights, took = solve(), []
    for _ in range(turns):
        began = time.process_time()
        solve()
        took.append(time.process_time() - began)
    return weights, min(took)


def _beside(
    name: str,
    returns: Floats,
    mine: Mapping[str, tuple[Floats, float]],
    values: Mapping[str, Callable[[Floats], float]],
    size: Size,
) -> list[Figure]:
    told = _peer(name, returns, size)
    if told is None:
        return [Figure(f"allocations beside {name}", 0.0, "", note=_MISSING.format(name))]
    figures = []
    for objective, theirs in told.items():
        weights, seconds = mine[objective]
        others = _within(np.asarray(theirs["weights"]), 1.0 if objective in _UNCAPPED else _CAP)
        own, other = values[objective](weights), values[objective](others)
        apart = (own - other) / abs(other)
        note = f"{seconds * 1000:.1f} ms, {name} {theirs['seconds'] * 1000:.1f} ms; weights differ by at most "
        note += f"{np.abs(weights - others).max():.1e}"
        title = f"{objective} beside {name}"
        figures.append(Figure(f"{title}: objective worse by", max(apart, 0.0), "", at_most=1e-6, note=f"{apart:+.1e}"))
        figures.append(Figure(f"{title}: speed", theirs["seconds"] / seconds, "x", at_least=1, note=note))
    return figures


def _within(weights: Floats, cap: float) -> Floats:
    """Returns the weights with the sum of 1 that their solver reaches only nearly, and within their bounds."""
    return Bounds.of(len(weights), cap=cap).filled(weights.clip(0.0))


def _peer(name: str, returns: Floats, size: Size) -> dict[str, Any] | None:
    """Returns what the script prints, or None where its environment is missing."""
    python = PEERS / name / "bin" / "python"
    if not python.exists():
        return None
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"), "1")
    with tempfile.TemporaryDirectory(prefix="paperdesk-allocation-") as folder:
        path = Path(folder) / "returns.npy"
        np.save(path, returns)
        script = str(_SCRIPTS / f"with_{name}.py")
        command = [str(python), "-W", "ignore", script, str(path), str(_CAP), str(size.turns)]
        told = subprocess.run(
            command, check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL, env={**os.environ, **threads}
        )
    found: dict[str, Any] = json.loads(told.stdout.splitlines()[-1])
    return found
