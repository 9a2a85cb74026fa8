"""Every number of a stored model at its extremes: the model is refused, or it predicts."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from core.system.child_env import python_env
from ml.models import catalogue as recipes
from ml.models.artifact import pack
from ml.models.xgboost import Boosted
from ml.training.train import train
from tests.fakes.candles import walk_panel
from tests.fakes.models import MEANS
from tests.paths import PROJECT

_FEW = Boosted(rounds=2, parameters={**Boosted().parameters, "min_child_weight": 50, "max_depth": 2})


@pytest.mark.long
def test_no_number_of_a_model_ends_the_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(recipes.RECIPES, "xgb", _FEW)
    model = train(walk_panel(2400, 4, seed=1, echo=-0.3), 1, MEANS, lambda *_: None)
    doing = tmp_path / "doing"
    done = subprocess.run(  # noqa: S603 - this interpreter
        [sys.executable, "-m", "tests.fakes.mutated_models", str(doing)],
        input=pack(model.parts()),
        capture_output=True,
        cwd=PROJECT,
        env=python_env(),
        check=False,
    )
    assert done.returncode == 0, (doing.read_text().strip(), done.stderr[-2000:])
    counts = json.loads(done.stdout)
    assert counts["refused"] > 5_000
    assert counts["used"] > 500
