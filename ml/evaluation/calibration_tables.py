"""Tables of an evaluation beside the one of the recipes: coverage of the ranges as served, and reliability of P(up)."""

import math
from dataclasses import dataclass

import numpy as np

from ml.calibration.intervals import COVERAGE, REGIMES
from ml.evaluation.backtest import Evaluation
from ml.evaluation.horizon_texts import horizon_text

TOLERANCE = 0.02
"""Distance from 80 % that the coverage of all forecasts may have."""

REGIME_TOLERANCE = 0.05
"""Distance from 80 % that the coverage in one regime may have."""

MIN_SPANS = 200
"""Independent spans (of the length of the horizon) that are needed to judge a coverage."""

_POINTS = 0.02
_ROUNDING = 1e-9

COVERAGE_COLUMNS = ("horizon", "all", *REGIMES)
COVERAGE_LEGEND = (
    "% of the moves inside the 80 % ranges as served, trained at each midnight (independent spans in brackets); "
    "! outside 78 to 82 % (75 to 85 % in a regime) with at least 200 spans"
)
_TENTHS = 10
RELIABILITY_COLUMNS = ("horizon", "off", *(str(tenth) for tenth in range(1, _TENTHS + 1)))
RELIABILITY_LEGEND = (
    "P(up) of all outcomes, unchanged ones included: what was said → what share rose, in %, by tenths of the "
    "forecasts; off: their mean distance in points"
)


@dataclass(frozen=True, slots=True)
class RangeCell:
    """Coverage of the ranges over one horizon; `regime` is None for all forecasts, `spans` are those of its length."""

    horizon: int
    regime: str | None
    covered: float
    spans: int

    @property
    def judged(self) -> bool:
        """True if there are enough spans to judge the coverage."""
        return self.spans >= MIN_SPANS and not math.isnan(self.covered)

    @property
    def holds(self) -> bool:
        """True if the coverage is as near to 80 % as promised."""
        tolerance = TOLERANCE if self.regime is None else REGIME_TOLERANCE
        return abs(self.covered - COVERAGE) <= tolerance + _ROUNDING

    def __str__(self) -> str:
        if math.isnan(self.covered):
            return "–"
        mark = " !" if self.judged and not self.holds else ""
        return f"{100 * self.covered:.1f}{mark} ({self.spans:,})"


def range_cells(evaluation: Evaluation) -> list[tuple[RangeCell, ...]]:
    """Returns the coverage of the leading recipe at each horizon: of all forecasts, then in each regime."""
    found = []
    for horizon in evaluation.horizons:
        line, regimes = evaluation.line(horizon, evaluation.leading), evaluation.courses[horizon].regimes
        every = RangeCell(horizon, None, line.covered, len(regimes) // horizon)
        own = (
            RangeCell(horizon, name, line.coverage[number], int(np.count_nonzero(regimes == number)) // horizon)
            for number, name in enumerate(REGIMES)
        )
        found.append((every, *own))
    return found


def coverage_rows(evaluation: Evaluation) -> list[tuple[str, ...]]:
    """Returns the rows under `COVERAGE_COLUMNS`."""
    return [
        (horizon_text(cells[0].horizon, evaluation.interval_ms), *map(str, cells)) for cells in range_cells(evaluation)
    ]


def reliability_rows(evaluation: Evaluation) -> list[tuple[str, ...]]:
    """Returns the rows under `RELIABILITY_COLUMNS`; equal probabilities share a cell, so there may be fewer of them."""
    rows = []
    for horizon in evaluation.horizons:
        odds = evaluation.line(horizon, evaluation.leading).odds
        if odds is not None:
            pairs = zip(odds.predicted, odds.observed, strict=True)
            cells = [f"{100 * said:.1f} → {100 * rose:.1f}" for said, rose in pairs]
            cells += [""] * (_TENTHS - len(cells))
            rows.append((horizon_text(horizon, evaluation.interval_ms), f"{100 * odds.error:.2f}", *cells))
    return rows


def coverage_sentence(evaluation: Evaluation) -> str:
    """States whether the ranges keep their promise. What has too few spans is not judged."""
    every = [cell for cells in range_cells(evaluation) for cell in cells if not math.isnan(cell.covered)]
    judged = [cell for cell in every if cell.judged]
    off = [cell for cell in judged if not cell.holds]
    if off:
        said = f"miss their promise: {'; '.join(_place(cell, evaluation) for cell in off)}"
    elif judged:
        covered = [cell.covered for cell in judged]
        said = f"keep their promise: they covered {min(covered):.1%} to {max(covered):.1%} where it can be judged"
    else:
        said = "cannot be judged"
    few = len(every) - len(judged)
    unsure = f" Not judged, with fewer than {MIN_SPANS} spans of their length: {few} of {len(every)}." if few else ""
    return f"The 80 % ranges of {evaluation.leading} {said}.{unsure}"


def _place(cell: RangeCell, evaluation: Evaluation) -> str:
    where = "" if cell.regime is None else f" in {cell.regime} markets"
    return f"{cell.covered:.1%} at {horizon_text(cell.horizon, evaluation.interval_ms)}{where} ({cell.spans} spans)"


def reliability_sentence(evaluation: Evaluation) -> str:
    """States how far the probabilities of rising were off."""
    known = [
        (horizon, odds.error)
        for horizon in evaluation.horizons
        if (odds := evaluation.line(horizon, evaluation.leading).odds) is not None
    ]
    if not known:
        return "There were too few forecasts to check the probabilities of rising."
    said = "; ".join(f"{100 * error:.1f} points at {horizon_text(h, evaluation.interval_ms)}" for h, error in known)
    far = [horizon for horizon, error in known if error > _POINTS]
    verdict = "more than 2 somewhere" if far else "at most 2 everywhere"
    return f"The probabilities of rising were off by {said} on average: {verdict}."
