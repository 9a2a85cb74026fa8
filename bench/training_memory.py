"""What training takes, with its features in memory and on disk: `python -m bench.training_memory [TIMES SYMBOLS]`.

Not among the figures of `make bench`, for it takes long. Each case has a process of its own. "own" is what it cannot
give back (anonymous memory), "bounded" what RLIMIT_DATA counts, which is what `PAPERDESK_ML__MEMORY_MIB` allows.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

from app.training.threads import usable_threads
from app.training.worker import _room_in
from ml.data.features import Features, features_of
from ml.data.panel import Panel, panel_of_grids
from ml.models.base import TrainingResources
from ml.models.samples import TrainingWindow
from ml.models.xgboost import Boosted
from ml.training.train import train

MINUTE_MS = 60_000
CASES = {"features": 0, "one horizon": 15, "all rows": 1}
ROWS = 400_000
ROUNDS = 30


class Peaks:
    """The largest of what the kernel says of this process, looked at ten times a second."""

    def __init__(self) -> None:
        self.found = {"RssAnon": 0, "VmData": 0, "VmHWM": 0}
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while True:
            self.look()
            time.sleep(0.1)

    def look(self) -> dict[str, int]:
        """In MiB."""
        for line in Path("/proc/self/status").read_text("ascii").splitlines():
            name, _, rest = line.partition(":")
            if name in self.found:
                self.found[name] = max(self.found[name], int(rest.split()[0]) >> 10)
        return self.found


def walk(times: int, symbols: int) -> Panel:
    chance = np.random.default_rng(1)
    close = 100 * np.exp(np.cumsum(0.001 * chance.standard_normal((times, symbols)), axis=0))
    opens = np.vstack([close[:1], close[:-1]])
    high, low = np.maximum(opens, close) * 1.0005, np.minimum(opens, close) * 0.9995
    names = ("BTCUSDT", *(f"S{number:04}" for number in range(1, symbols)))
    grids = [opens, high, low, close, np.full_like(close, 10.0)]
    return panel_of_grids(MINUTE_MS * np.arange(times, dtype=np.int64), names, MINUTE_MS, grids)


def learn(case: str, panel: Panel, features: Features, means: TrainingResources) -> None:
    horizon = CASES[case]
    if case == "one horizon":
        train(panel, horizon, means, lambda *_: None, features=features, max_rows=ROWS)
    if case == "all rows":
        ground, everything = TrainingWindow(panel, features, horizon), panel.shape[0]
        spread = ground.fit_volatility(everything, limit=ROWS)
        Boosted(rounds=ROUNDS).fit(ground.known_sample(everything, spread, limit=1 << 40), means)


def measure(case: str, times: int, symbols: int, *, disk: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) if disk else None
        panel, peaks = walk(times, symbols), Peaks()
        begun = time.monotonic()
        features = features_of(panel, _room_in(folder))
        learn(case, panel, features, TrainingResources(usable_threads(), 1, folder))
        seconds, found = time.monotonic() - begun, peaks.look()
    matrix = times * symbols * len(features.names) * 4 >> 20
    where = "disk" if disk else "memory"
    print(
        f"{case:12} {where:7} {times * symbols / 1e6:5.1f} M x {len(features.names)} ({matrix:5} MiB)  "
        f"{seconds:6.0f} s  own {found['RssAnon']:5} MiB  bounded {found['VmData']:5} MiB  "
        f"with pages {found['VmHWM']:5} MiB",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("times", nargs="?", type=int, default=20_000)
    parser.add_argument("symbols", nargs="?", type=int, default=250)
    parser.add_argument("--cases", nargs="+", choices=CASES, default=tuple(CASES))
    parser.add_argument("--where", choices=("memory", "disk"))
    given = parser.parse_args()
    if given.where:
        measure(given.cases[0], given.times, given.symbols, disk=given.where == "disk")
        return
    for case in given.cases:
        for where in ("memory", "disk"):
            panel = (str(given.times), str(given.symbols), "--where", where, "--cases", case)
            calm = {**os.environ, "OMP_WAIT_POLICY": "PASSIVE", "MALLOC_ARENA_MAX": "2"}
            subprocess.run([sys.executable, "-m", __spec__.name, *panel], check=True, env=calm)


if __name__ == "__main__":
    main()
