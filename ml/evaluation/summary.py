"""Sentences and table cells of an evaluation, shared by the table on the screen and the report."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

from ml.calibration.intervals import REGIMES
from ml.evaluation.backtest import Evaluation, ResultRow
from ml.evaluation.calibration_tables import coverage_sentence, reliability_sentence
from ml.evaluation.horizon_texts import horizon_text, length_text
from ml.forecast import MIN_BLOCKS, Estimate

LEVEL = 0.05
CHANCE = 0.5
_FAR_OFF = -1.0

COLUMNS = (
    "candles",
    "recipe",
    "RMSE skill % [95 %]",
    "p",
    "to rival %",
    "p",
    "MAE %",
    "hits % [95 %]",
    "p",
    "same %",
    "hits, close",
    *REGIMES,
    "pinball %",
    "P(up) off",
    "trades",
    "gross %",
    "net %",
)

LEGEND = (
    "* skill that holds after correcting for all comparisons (p, by Holm: of no RMSE skill beside naive, beside the "
    "best trivial rival of the fold before, and of a coin's hits); hits: of changed prices, from the next open; same: "
    "% unchanged; hits, close: from the last close, where no trade was possible; calm, usual, wild: % of moves inside "
    "the 80 % intervals; gross and net: per trade, before and after fees"
)


def cells(line: ResultRow) -> tuple[str, ...]:
    """Returns one row under `COLUMNS`; too few spans show neither skill nor hits nor gains."""
    score, trades = line.score, line.trades
    claims = line.recipe != "naive"
    if score.blocks < MIN_BLOCKS:
        filled = {"candles": str(line.horizon), "recipe": line.recipe, "RMSE skill % [95 %]": "too few spans"}
        covered = dict(zip(REGIMES, map(_covered, line.coverage), strict=True))
        return tuple((filled | covered).get(column, "") for column in COLUMNS)
    return (
        str(line.horizon),
        line.recipe,
        _with_interval(score.rmse_skill, "+.2f" if score.rmse_skill.low > _FAR_OFF else "+,.0f") if claims else "0",
        _p_text(line.skill_holm) if claims else "",
        _percent(score.rival_skill.value),
        _p_text(line.rival_holm) if claims else "",
        _percent(score.mae_skill) if claims else "0",
        "" if score.hits is None else _with_interval(score.hits, ".2f"),
        "" if score.hits is None else _p_text(line.hits_holm),
        f"{100 * score.unchanged:.1f}",
        "" if math.isnan(line.closing_hits) else f"{100 * line.closing_hits:.2f}",
        *map(_covered, line.coverage),
        _percent(line.pinball) if claims else "0",
        "" if line.odds is None else f"{100 * line.odds.error:.2f}",
        f"{trades.count:,}" if trades.count else "",
        f"{100 * trades.gross:+.3f}" if trades.count else "",
        f"{100 * trades.net:+.3f}" if trades.count else "",
    )


def _covered(share: float) -> str:
    return "–" if math.isnan(share) else f"{100 * share:.1f}"


def summary(evaluation: Evaluation) -> list[str]:
    """Returns plain sentences about the skill by horizon, the coverage of the intervals and the return of trades."""
    return [
        _short_sentence(evaluation),
        *(_skill_sentence(evaluation, horizon) for horizon in evaluation.horizons),
        _baseline_sentence(evaluation),
        coverage_sentence(evaluation),
        reliability_sentence(evaluation),
        _costs_sentence(evaluation),
        _symbols_sentence(evaluation),
    ]


def about(evaluation: Evaluation) -> str:
    """Returns a description of the data and of the period of the test."""
    times, symbols = evaluation.shape
    trainings = f"{evaluation.trainings} training{'s' if evaluation.trainings > 1 else ''}"
    return (
        f"{symbols} symbols x {times:,} candles; judged on the last quarter, {_day(evaluation.start_ms)} to "
        f"{_day(evaluation.end_ms)} UTC, which no choice was made on, with {trainings} (at midnight). Horizons count "
        f"candles, here of {length_text(evaluation.interval_ms)}."
    )


def shown(line: ResultRow) -> bool:
    """Returns whether skill in RMSE holds after correcting for all the comparisons made."""
    return line.score.rmse_skill.value > 0 and line.skill_holm <= LEVEL


def _short_sentence(evaluation: Evaluation) -> str:
    """Lists the horizons with skill and the horizons without."""
    found: dict[bool, list[str]] = {True: [], False: []}
    for horizon in evaluation.horizons:
        skilled = [line.recipe for line in _own(evaluation, horizon) if shown(line)]
        found[bool(skilled)].append(f"{horizon} ({', '.join(skilled)})" if skilled else str(horizon))
    parts = [f"skill that holds over {_listed(found[True])}"] if found[True] else []
    if found[False]:
        parts.append(f"none shown over {_listed(found[False])}: there only the interval is worth anything")
    return f"In short, over candles of {length_text(evaluation.interval_ms)}: {'; '.join(parts)}."


def _own(evaluation: Evaluation, horizon: int) -> list[ResultRow]:
    """Returns the results of the product's recipes at a horizon, or of the leading recipe if none was evaluated."""
    own = [name for name in ("xgb", "ensemble") if any(each.recipe == name for each in evaluation.lines)]
    return [evaluation.line(horizon, name) for name in own or [evaluation.leading]]


def _skill_sentence(evaluation: Evaluation, horizon: int) -> str:
    said = "; ".join(_verdict(line) for line in _own(evaluation, horizon))
    return f"{horizon_text(horizon, evaluation.interval_ms)}: {said}."


def _listed(texts: Sequence[str]) -> str:
    """Joins texts, as in `1, 5 and 15`."""
    return " and ".join([", ".join(texts[:-1]), texts[-1]] if texts[1:] else texts)


def _verdict(line: ResultRow) -> str:
    skill = _share_with_interval(line.score.rmse_skill)
    if line.score.blocks < MIN_BLOCKS:
        return f"nothing can be said about {line.recipe}: the test holds only {line.score.blocks} blocks of time"
    if shown(line):
        verdict = f"{line.recipe} has skill, {skill} less error than the naive forecast"
    elif line.score.rmse_skill.value > 0:
        verdict = f"{line.recipe} erred less than the naive forecast ({skill}), but that may be chance"
    elif line.score.rmse_skill.high > 0:
        verdict = f"{line.recipe} shows no skill ({skill}): it may be as good as the naive forecast, not better"
    else:
        verdict = f"{line.recipe} has no skill ({skill}): the naive forecast is better"
    verdict += f", and {_beside_rival(line)}"
    hits = line.score.hits
    if hits is None:
        return verdict
    beats = "better than a coin" if line.hits_holm <= LEVEL and hits.value > CHANCE else "not shown to beat a coin"
    return f"{verdict}; directions right {_share_with_interval(hits, sign='')}, {beats}"


def _beside_rival(line: ResultRow) -> str:
    """Compares with the best trivial rival of the fold before."""
    skill = line.score.rival_skill
    if skill.value > 0 and line.rival_holm <= LEVEL:
        return f"{_share_with_interval(skill)} less than the best trivial rival"
    return f"is not shown to beat the best trivial rival ({_share_with_interval(skill)})"


def _baseline_sentence(evaluation: Evaluation) -> str:
    lines = [line for line in evaluation.lines if line.recipe == "baseline"]
    if not lines:
        return "The original's recipe (baseline) was not asked for."
    times = " / ".join(f"{1 - line.score.rmse_skill.value:.1f}" for line in lines)
    candles = " / ".join(str(line.horizon) for line in lines)
    return (
        f"The original's recipe (baseline) errs {times} times as much as the naive forecast at {candles} candles: it "
        "learns price levels, not returns."
    )


def _costs_sentence(evaluation: Evaluation) -> str:
    traded = [line for line in evaluation.lines if line.trades.count and line.score.blocks >= MIN_BLOCKS]
    if not traded:
        return "Trades cannot be judged: the test holds too few blocks of time."
    gains = [line for line in traded if line.trades.net > 0]
    round_trip = f"{2 * evaluation.fee:.2%}"
    if not gains:
        return (
            f"Trading the tenth of forecasts that promised most loses money after {round_trip} of fees with every "
            "recipe at every horizon: where there is skill, it is smaller than the fees."
        )
    named = ", ".join(
        f"{line.recipe} at {horizon_text(line.horizon, evaluation.interval_ms)} ({line.trades.net:+.3%})"
        for line in gains
    )
    return (
        f"Trading the tenth of forecasts that promised most would have earned after {round_trip} of fees only with "
        f"{named}; trades of one time move together, so that is few independent bets and no promise."
    )


def _symbols_sentence(evaluation: Evaluation) -> str:
    parts = []
    for horizon in evaluation.horizons:
        if evaluation.line(horizon, evaluation.leading).score.blocks < MIN_BLOCKS:
            continue
        candles = f"at {horizon} candle{'s' if horizon > 1 else ''}"
        skills = evaluation.line(horizon, evaluation.leading).symbols
        known = [place for place in np.argsort(-np.nan_to_num(skills, nan=-np.inf)) if np.isfinite(skills[place])]
        if known:
            best, worst = known[0], known[-1]
            positive = sum(bool(skills[place] > 0) for place in known)
            parts.append(
                f"{candles} {positive} of {len(known)} above naive, best {evaluation.symbols[best]} "
                f"{skills[best]:+.2%}, worst {evaluation.symbols[worst]} {skills[worst]:+.2%}"
            )
    return f"By symbol ({evaluation.leading}): " + ("; ".join(parts) or "too few forecasts of each") + "."


def _share_with_interval(found: Estimate, sign: str = "+") -> str:
    return f"{found.value:{sign}.2%} [{found.low:{sign}.2%}, {found.high:{sign}.2%}]"


def _percent(value: float) -> str:
    return f"{100 * value:+.2f}" if value > _FAR_OFF else f"{100 * value:+,.0f}"


def _with_interval(found: Estimate, form: str) -> str:
    """Returns the estimate with its interval, in percent as in the column's head."""
    return f"{100 * found.value:{form}} [{100 * found.low:{form}}, {100 * found.high:{form}}]"


def _p_text(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"{value:.3f}"  # noqa: PLR2004 - as many digits as are shown


def _day(time_ms: int) -> str:
    return datetime.fromtimestamp(time_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M")
