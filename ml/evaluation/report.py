"""Report of an evaluation: Markdown next to its pictures, and one HTML page with the pictures embedded."""

import base64
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from core.system.atomic_files import made_folder, write_in
from ml.evaluation.backtest import Evaluation
from ml.evaluation.calibration_tables import (
    COVERAGE_COLUMNS,
    COVERAGE_LEGEND,
    RELIABILITY_COLUMNS,
    RELIABILITY_LEGEND,
    coverage_rows,
    reliability_rows,
)
from ml.evaluation.horizon_texts import horizon_text
from ml.evaluation.plots import calibration_plot, coverage_plot, skill_plot
from ml.evaluation.summary import COLUMNS, about, cells, summary
from ml.models.ensemble import MEMBERS

_TITLE = "How good the forecasts are"
_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:80rem;padding:0 1rem}"
    "table{border-collapse:collapse;font-size:13px}th,td{border:1px solid #ccc;padding:.25rem .5rem;text-align:right}"
    "td:nth-child(2){text-align:left}img{max-width:100%;margin:1rem 0;display:block}.table{overflow-x:auto}"
)
_METHOD = """\
Walk-forward: recipes learn at 60 and 75 % of the rows and then at each midnight (UTC), as in the desk, and forecast \
what follows; the first of these folds is for choices, the others are the test. An outcome over h candles is learnt \
from only when they are over (purge). Recipes that do not serve (baseline, gru, arima) learn three times.
Outcomes are measured from the next open, the first price that could be had after a forecast: the open of the next \
candle with volume. An unchanged outcome is neither right nor wrong: hits are of the others, and "same" is the share \
of unchanged ones. "hits, close" are the same directions measured from the last close, at which no trade was possible.
Ranges are about the price that is shown, so they are judged by the move from the last close.
Skill is 1 minus the error over that of the naive forecast, which expects no move; "to rival" is 1 minus the error \
over that of the best trivial rival of the fold before: naive, the opposite of the last return (reversal), the \
market's last move (market), the market's minus the own (catch-up), least squares on both (own-market). Brackets are \
95 % intervals from resampling blocks of time (60 candles, or four horizons), since symbols and overlapping outcomes \
move together. \
p-values come from the same draws, or from the t-test of the blocks if that is larger, and are corrected by Holm \
over all recipes and horizons.
80 % intervals are the expectation plus and minus a multiple of the usual size of a move; the multiple goes on \
learning in each regime as outcomes become known; until then they count as far as the price on its way tells. \
Regimes are thirds of the market's volatility beside its last 1,200 candles, known when a forecast is made.
P(up) is that of all outcomes; it is off by the mean distance between what was said and what share rose, over tenths \
of the forecasts. Its slope is shrunk by its uncertainty over blocks of time.
Trades: the tenth of forecasts that promised most (by the threshold of the fold for choices), held to the horizon, \
with a fee on both fills.
Recipes learn from at most two million forecasts for the next candle and 400,000 for longer horizons, evenly spread."""


def write_report(evaluation: Evaluation, folder: Path, name: str) -> tuple[Path, Path]:
    """Writes the report and returns the paths of the Markdown and the HTML file.

    `name` is the evaluated data, as shown in the heading. Raises OSError.
    """
    pictures = {
        "skill.png": skill_plot(evaluation),
        "calibration.png": calibration_plot(evaluation),
        "coverage.png": coverage_plot(evaluation),
    }
    pages = {
        "report.md": as_markdown(evaluation, name, list(pictures)).encode("utf-8"),
        "report.html": as_html(evaluation, name, pictures).encode("utf-8"),
    }
    with made_folder(folder) as descriptor:
        for file, content in (pictures | pages).items():
            write_in(descriptor, file, content)
    return folder / "report.md", folder / "report.html"


def as_markdown(evaluation: Evaluation, name: str, pictures: Sequence[str]) -> str:
    """Returns the whole report; pictures are linked, not embedded."""
    parts = [
        f"# {_TITLE}: {_escaped(name)}",
        about(evaluation),
        _table(COLUMNS, [cells(line) for line in evaluation.lines]),
        "\n".join(f"- {_escaped(sentence)}" for sentence in [*summary(evaluation), *_weights(evaluation)]),
        "## Ranges as served",
        _table(COVERAGE_COLUMNS, coverage_rows(evaluation)),
        COVERAGE_LEGEND,
        "## Probabilities",
        _table(RELIABILITY_COLUMNS, reliability_rows(evaluation)),
        RELIABILITY_LEGEND,
        *(f"![{file.removesuffix('.png')}]({file})" for file in pictures),
        "## How it was measured",
        "\n".join(f"- {sentence}" for sentence in _METHOD.splitlines()),
    ]
    return "\n\n".join(parts) + "\n"


def as_html(evaluation: Evaluation, name: str, pictures: Mapping[str, bytes]) -> str:
    """Returns one page that needs no other file."""
    return "\n".join(
        [
            f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(_TITLE)}</title>',
            f"<style>{_STYLE}</style></head>",
            f"<body><h1>{escape(_TITLE)}: {escape(name)}</h1><p>{escape(about(evaluation))}</p>",
            _html_table(COLUMNS, [cells(line) for line in evaluation.lines]),
            _list([*summary(evaluation), *_weights(evaluation)]),
            "<h2>Ranges as served</h2>",
            _html_table(COVERAGE_COLUMNS, coverage_rows(evaluation)),
            f"<p>{escape(COVERAGE_LEGEND)}</p><h2>Probabilities</h2>",
            _html_table(RELIABILITY_COLUMNS, reliability_rows(evaluation)),
            f"<p>{escape(RELIABILITY_LEGEND)}</p>",
            *(_image(file, data) for file, data in pictures.items()),
            f"<h2>How it was measured</h2>{_list(_METHOD.splitlines())}</body></html>\n",
        ]
    )


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join([_row(columns), _row(["---"] * len(columns)), *(_row(row) for row in rows)])


def _html_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(column)}</th>" for column in columns)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>\n" for row in rows)
    return f'<div class="table"><table><tr>{head}</tr>\n{body}</table></div>'


def _image(file: str, data: bytes) -> str:
    encoded = base64.b64encode(data).decode()
    return f'<img alt="{escape(file.removesuffix(".png"))}" src="data:image/png;base64,{encoded}">'


def _weights(evaluation: Evaluation) -> list[str]:
    said = [
        f"{horizon_text(horizon, evaluation.interval_ms)}: "
        + ", ".join(f"{member} {weight:.2f}" for member, weight in zip(MEMBERS, weights, strict=True))
        for horizon, weights in evaluation.weights.items()
    ]
    return [f"Last weights of the ensemble (the rest is naive): {'; '.join(said)}."] if said else []


def _list(sentences: Sequence[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences) + "</ul>"


def _row(texts: Sequence[str]) -> str:
    return "| " + " | ".join(_escaped(text) for text in texts) + " |"


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")
