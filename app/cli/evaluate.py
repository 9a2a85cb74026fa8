"""`paperdesk evaluate FILE`: evaluates forecasts on these candles, as a table and a report."""

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from app.training.threads import usable_threads
from ml.data.panel import read_candles
from ml.errors import ReportUnwritable
from ml.evaluation.backtest import Evaluation, EvaluationPlan, evaluate, horizons_for
from ml.evaluation.calibration_tables import (
    COVERAGE_COLUMNS,
    COVERAGE_LEGEND,
    RELIABILITY_COLUMNS,
    RELIABILITY_LEGEND,
    coverage_rows,
    reliability_rows,
)
from ml.evaluation.forecast_file import ForecastFile
from ml.evaluation.summary import COLUMNS, LEGEND, about, cells, shown, summary
from ml.models.base import TrainingResources
from ml.training.hyperparameter_search import search

_SEED = 20210402
_WIDTH = 210


def run_evaluate(
    file: Path,
    *,
    horizons: Sequence[int],
    recipes: Sequence[str],
    folder: Path,
    keep: Path | None,
    trials: int,
    flow: bool = False,
) -> int:
    """Evaluates, prints the results to the standard output and progress to the standard error, and writes the report.

    Without `horizons`, those of the desk up to four hours are evaluated. `keep` is the file to which every forecast is
    written. `flow` adds the features of the order flow. With `trials` it searches hyper-parameters on the rows before
    the test instead. Raises the errors of `evaluate`, UnreadableCandles, IrregularCandles and ReportUnwritable.
    """
    begun = time.monotonic()
    means = TrainingResources(usable_threads(), _SEED)
    panel = read_candles(file, flow=flow)
    say(f"{file.name}: {panel.shape[1]} symbols x {panel.shape[0]} candles, {means.threads} threads", begun)
    horizons = horizons or horizons_for(panel)
    if trials:
        for line in search(panel, horizons, means, trials, lambda text: say(text, begun)):
            sys.stdout.write(line + "\n")
        return 0
    plan = EvaluationPlan(tuple(horizons), tuple(recipes), means)

    def tell(horizon: int, recipe: str, fold: int) -> None:
        say(f"horizon {horizon}: {recipe}, fold {fold + 1}", begun)

    if keep is None:
        evaluation = evaluate(panel, plan, tell)
    else:
        with _writable(keep), ForecastFile(keep, panel) as kept:
            evaluation = evaluate(panel, plan, tell, kept.write)
    from ml.evaluation.report import write_report  # noqa: PLC0415 - matplotlib, when the memory for learning is free again

    show(evaluation, Console() if sys.stdout.isatty() else Console(width=_WIDTH))
    with _writable(folder):
        written = write_report(evaluation, folder, file.name)
    say(f"report in {written[0]} and {written[1]}" + (f", forecasts in {keep}" if keep else ""), begun)
    return 0


@contextmanager
def _writable(path: Path) -> Iterator[None]:
    """Raises ReportUnwritable for an OSError."""
    try:
        yield
    except OSError as error:
        raise ReportUnwritable(str(path), error.strerror or type(error).__name__) from error


def show(evaluation: Evaluation, console: Console) -> None:
    """Prints the table and its legend; a line with skill that holds is in bold and has an asterisk."""
    console.print(about(evaluation), highlight=False, markup=False)
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1))
    for column in COLUMNS:
        table.add_column(column, no_wrap=console.width >= _WIDTH, justify="left" if column == "recipe" else "right")
    last = None
    for line in evaluation.lines:
        if last not in {None, line.horizon}:
            table.add_section()
        last = line.horizon
        row = cells(line)
        skilled = shown(line)
        table.add_row(row[0], row[1] + (" *" if skilled else ""), *row[2:], style="bold" if skilled else "")
    console.print(table)
    console.print(LEGEND + "\n", highlight=False, markup=False)
    _show_table(console, COVERAGE_COLUMNS, coverage_rows(evaluation), COVERAGE_LEGEND)
    _show_table(console, RELIABILITY_COLUMNS, reliability_rows(evaluation), RELIABILITY_LEGEND)
    for sentence in summary(evaluation):
        console.print(f"- {sentence}", highlight=False, markup=False)


def _show_table(console: Console, columns: Sequence[str], rows: Sequence[Sequence[str]], legend: str) -> None:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1))
    for column in columns:
        table.add_column(column, no_wrap=console.width >= _WIDTH, justify="right")
    for row in rows:
        table.add_row(*row)
    console.print(table)
    console.print(legend + "\n", highlight=False, markup=False)


def say(text: str, begun: float) -> None:
    """Prints progress, with the seconds since the beginning."""
    sys.stderr.write(f"{time.monotonic() - begun:6.0f} s  {text}\n")
    sys.stderr.flush()
