"""`paperdesk evaluate FILE`: evaluates forecasts on these candles, as a table and a report."""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from app.training.threads import usable_threads
from ml.data.panel import read_candles
from ml.errors import ReportUnwritable
from ml.evaluation.backtest import Evaluation, EvaluationPlan, evaluate
from ml.evaluation.summary import COLUMNS, LEGEND, about, cells, shown, summary
from ml.evaluation.walk_forward import FOLDS
from ml.models.base import TrainingResources
from ml.training.hyperparameter_search import search

_SEED = 20210402
_WIDTH = 190


def run_evaluate(file: Path, *, horizons: Sequence[int], recipes: Sequence[str], folder: Path, trials: int) -> int:
    """Evaluates, prints the results to the standard output and progress to the standard error, and writes the report.

    With `trials` it searches hyper-parameters on the rows before the test instead. Raises the errors of `evaluate`,
    UnreadableCandles, IrregularCandles and ReportUnwritable.
    """
    begun = time.monotonic()
    means = TrainingResources(usable_threads(), _SEED)
    panel = read_candles(file)
    say(f"{file.name}: {panel.shape[1]} symbols x {panel.shape[0]} candles, {means.threads} threads", begun)
    if trials:
        for line in search(panel, horizons, means, trials, lambda text: say(text, begun)):
            sys.stdout.write(line + "\n")
        return 0
    plan = EvaluationPlan(tuple(horizons), tuple(recipes), means)

    def tell(horizon: int, recipe: str, fold: int) -> None:
        say(f"horizon {horizon}: {recipe}, fold {fold + 1} of {len(FOLDS) - 1}", begun)

    evaluation = evaluate(panel, plan, tell)
    from ml.evaluation.report import write_report  # noqa: PLC0415 - matplotlib, when the memory for learning is free again

    show(evaluation, Console() if sys.stdout.isatty() else Console(width=_WIDTH))
    try:
        written = write_report(evaluation, folder, file.name)
    except OSError as error:
        raise ReportUnwritable(str(folder), error.strerror or type(error).__name__) from error
    say(f"report in {written[0]} and {written[1]}", begun)
    return 0


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
    for sentence in summary(evaluation):
        console.print(f"- {sentence}", highlight=False, markup=False)


def say(text: str, begun: float) -> None:
    """Prints progress, with the seconds since the beginning."""
    sys.stderr.write(f"{time.monotonic() - begun:6.0f} s  {text}\n")
    sys.stderr.flush()
