"""`paperdesk evaluate FILE --ranges`: compares the ranges with those of rivals on these candles."""

import time
from collections.abc import Sequence
from pathlib import Path

from app.cli.evaluate import say
from app.cli.tables import plain_console, plain_table
from ml.calibration.intervals import COVERAGE, REGIMES
from ml.data.panel import read_candles
from ml.evaluation.backtest import horizons_for
from ml.evaluation.range_comparison import OURS, RangeLine, compare_ranges

_BASIS_POINTS = 10_000
_WIDTH = 160


def run_ranges(file: Path, horizons: Sequence[int] | None) -> int:
    """Prints coverage and scores by horizon, model and regime, and a sentence for each horizon.

    `horizons` are in candles, by default 5, 15, 60 and 240 minutes. Raises UnreadableCandles, IrregularCandles and
    NoTrainingData.
    """
    begun = time.monotonic()
    panel = read_candles(file)
    lines = compare_ranges(
        panel,
        horizons_for(panel) if horizons is None else tuple(horizons),
        lambda horizon, name: say(f"horizon {horizon}: {name}", begun),
    )
    console = plain_console(_WIDTH)
    table = plain_table(
        "candles", "model", "regime", "forecasts", "spans", "covered %", "CRPS", "normal CRPS", "interval score"
    )
    for line in lines:
        for score in line.scores:
            if score.count:
                table.add_row(
                    str(line.horizon),
                    line.name,
                    score.regime,
                    f"{score.count:,}",
                    f"{score.spans:,}",
                    f"{100 * score.coverage:.1f}",
                    *(
                        f"{_BASIS_POINTS * found:.3f}"
                        for found in (score.crps, score.normal_crps, score.interval_score)
                    ),
                )
    console.print(table)
    console.print(
        f"{COVERAGE:.0%} ranges of the last quarter; scores in basis points of the price, lower is better; "
        f"{', '.join(REGIMES)}: thirds of the market's volatility; spans: of the horizon's length"
    )
    for sentence in sentences(lines):
        console.print(f"- {sentence}")
    return 0


def sentences(lines: Sequence[RangeLine]) -> list[str]:
    """Returns a sentence for each horizon: whether the CRPS is at most that of the best rival."""
    found = []
    for horizon in dict.fromkeys(line.horizon for line in lines):
        own = {line.name: line.scores[0].crps for line in lines if line.horizon == horizon}
        ours = own.pop(OURS)
        rival = min(own, key=lambda name: own[name])
        gain = 1 - ours / own[rival]
        said = "at most that of" if gain >= 0 else "WORSE than that of"
        found.append(f"{horizon} candles: CRPS {said} the best rival, {rival} ({gain:+.2%})")
    return found
