"""Published figures that nobody in this project computed; absent in a clone."""

import json
from typing import Any

import numpy as np
import pytest

from pipeline.candles import Floats
from tests.paths import PROJECT

PUBLISHED = PROJECT.parent / "shared" / "golden"

needs_published = pytest.mark.skipif(not PUBLISHED.exists(), reason="the published figures are not part of a clone")


def published(topic: str) -> Any:
    """Returns the figures of a topic, each with its source."""
    return json.loads((PUBLISHED / "values.json").read_text())[topic]


def edhec() -> Floats:
    """Returns the monthly returns of 13 hedge fund indices (PerformanceAnalytics, `edhec`)."""
    return np.genfromtxt(PUBLISHED / "pa_edhec.csv", delimiter=",", skip_header=1)
