"""A process that loads models with changed numbers and lets those that are not refused predict.

Reads a packed model on its standard input. Writes what it does next to the file that it is given, so that a crash can
be named, and how many models it refused and used as one line of JSON.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from ml.data.features import features_of
from ml.errors import ModelUnusable
from ml.models.artifact import ModelParts, digest, unpack
from ml.models.forecast_model import ForecastModel
from tests.fakes.boosters import mutated
from tests.fakes.candles import walk_panel

EXTREMES = (float("nan"), 1e308, -1e308, 10**400, 0, -1, float("inf"), 2**63, 1e-300, True, "1", None)
FEW = 6
"""Numbers of a list that are each given every extreme. Those of a longer one are given one each, by turns."""


def main() -> None:
    blob = sys.stdin.buffer.read()
    parts = unpack(blob, digest(blob), 1)
    features = features_of(walk_panel(1500, 4, seed=1, echo=-0.3))
    counts = {"refused": 0, "used": 0}
    with Path(sys.argv[1]).open("w", encoding="utf-8") as doing:
        for what, changed in _models(parts):
            doing.seek(0)
            doing.write(what.ljust(120))
            doing.flush()
            try:
                model = ForecastModel.from_parts(changed, 1)
            except ModelUnusable:
                counts["refused"] += 1
                continue
            outlook = model.outlook(features)
            for values in (outlook.expected, outlook.low, outlook.high, outlook.prob_up):
                assert np.isfinite(values[outlook.ready]).all(), what
            drivers = model.drivers(features, 0)
            assert all(np.isfinite(driver.share) for driver in drivers), what
            counts["used"] += 1
    sys.stdout.write(json.dumps(counts))


def _models(parts: ModelParts) -> Iterator[tuple[str, ModelParts]]:
    for what, raw in mutated(parts.blobs["xgb"]):
        trees: Any = parts.state["trees"]
        yield what, ModelParts({**parts.state, "trees": {**trees, "sha256": digest(raw)}}, {"xgb": raw})
    turn = 0
    for holder, key, path in list(_numbers(parts.state, "")):
        kept = holder[key]
        many = 1 if isinstance(holder, list) and len(holder) > FEW else len(EXTREMES)
        for _ in range(many):
            turn += 1
            holder[key] = EXTREMES[turn % len(EXTREMES)]
            yield f"{path}: {str(holder[key])[:20]}", parts
        holder[key] = kept


def _numbers(value: Any, path: str) -> Iterator[tuple[Any, Any, str]]:
    """The container, the key and the path of every number."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in items:
        if isinstance(each, int | float):
            yield value, key, f"{path}.{key}"
        yield from _numbers(each, f"{path}.{key}")


if __name__ == "__main__":
    main()
