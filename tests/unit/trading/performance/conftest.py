"""Published numbers that nobody here wrote."""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from trading.performance.returns import Floats


@pytest.fixture(scope="session")
def published(shared_dir: Path) -> dict[str, Any]:
    path = shared_dir / "golden" / "values.json"
    if not path.exists():
        pytest.skip("the published numbers of ../shared are not here")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="session")
def bacon(shared_dir: Path) -> tuple[Floats, Floats]:
    """24 months of a portfolio and its benchmark (Bacon, Practical Portfolio Performance Measurement)."""
    path = shared_dir / "golden" / "pa_portfolio_bacon.csv"
    if not path.exists():
        pytest.skip("the published numbers of ../shared are not here")
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))[1:]
    table = np.array([[float(cell) for cell in row[:2]] for row in rows])
    return table[:, 0], table[:, 1]
