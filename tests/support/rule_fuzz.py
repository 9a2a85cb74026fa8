"""Random lines of the rule language: rules, damaged rules and rubbish. `python -m tests.support.rule_fuzz N [SEED]`."""

import random
import sys
import time
from collections.abc import Callable
from typing import Any

from core.errors import DeskError
from pipeline.market import Interval
from trading.indicators.registry import INDICATORS
from trading.rules.errors import RuleSyntaxError
from trading.rules.grids import parse_grid
from trading.rules.lexicon import KOREAN_NAMES, TAGS
from trading.rules.names import PRICES, SHORT_NAMES
from trading.rules.rule import Rule, parse_condition, parse_rule
from trading.rules.signals import warm_up

_WORDS = (*TAGS, *KOREAN_NAMES, *INDICATORS, *SHORT_NAMES, *PRICES, "4h", "1d", "rsi(14)", "5..20", "sma(20", "step 5")
_SIGNS = "<>=()[],.@%+-*/|&!$; \n\t0123456789…가힣ä🙂\u0000\u202e\u00a0'\"`{}\\^~#?:"


def random_figure(draw: random.Random, intervals: tuple[str, ...] = ()) -> str:
    """Returns a price or an indicator."""
    name = draw.choice((*PRICES, "price") * 4 + tuple(INDICATORS))
    text = name
    if name in INDICATORS:
        indicator = INDICATORS[name]
        values: list[str] = []
        for each in indicator.parameters:
            if draw.random() < 0.4:
                break
            if each.choices:
                values.append(draw.choice(each.choices))
            elif isinstance(each.default, int):
                values.append(str(draw.randint(int(each.least), min(int(each.most), max(int(each.least), 20)))))
            else:
                values.append(str(each.default))
        text += f"({', '.join(values)})" if values else ""
        outputs = [out for out in indicator.outputs() if draw.random() < 0.3]
        text += f".{outputs[0]}" if outputs else ""
    if intervals and draw.random() < 0.2:
        text += f"@{draw.choice(intervals)}"
    return text + (f"[{draw.randint(1, 5)}]" if draw.random() < 0.15 else "")


def random_expression(draw: random.Random, depth: int, intervals: tuple[str, ...] = ()) -> str:
    """Returns an expression with a figure in it."""
    if depth <= 0 or draw.random() < 0.6:
        return random_figure(draw, intervals)
    one, other = (random_expression(draw, depth - 1, intervals) for _ in range(2))
    other = draw.choice((other, str(draw.randint(1, 100)), f"{draw.randint(1, 99)}.5", "-2"))
    share = f"({one}) {draw.choice('+-*')} {draw.randint(1, 9)}%"
    return draw.choice((f"{one} {draw.choice('+-*/')} {other}", f"({one} - {other}) * 2", f"-({one})", share))


def random_condition(draw: random.Random, depth: int = 3, intervals: tuple[str, ...] = ()) -> str:
    """Returns a condition."""
    kind = draw.random()
    if depth <= 0 or kind < 0.55:
        left, right = (random_expression(draw, 2, intervals) for _ in range(2))
        right = draw.choice((right, right, f"{draw.randint(0, 100)}"))
        return f"{left} {draw.choice(('<', '<=', '>', '>=', 'is above', 'crosses above', 'crosses below'))} {right}"
    if kind < 0.8:
        joint = draw.choice((" and ", " or "))
        return joint.join(f"({random_condition(draw, depth - 1, intervals)})" for _ in range(draw.randint(2, 3)))
    if kind < 0.9:
        return f"not ({random_condition(draw, depth - 1, intervals)})"
    return f"({random_condition(draw, depth - 1, intervals)}) within {draw.randint(1, 8)} bars"


def random_rule(draw: random.Random, intervals: tuple[str, ...] = ()) -> str:
    """Returns a rule; some are too long."""
    size = draw.choice(("25%", "max", "100 quote", "0.5 coins", ""))
    parts = [f"when {random_condition(draw, 2, intervals)} buy {size}"]
    if draw.random() < 0.7:
        parts.append(f"when {random_condition(draw, 1, intervals)} sell {draw.choice(('50%', 'max', ''))}")
    stops = [f"{word} {draw.randint(1, 50)}%" for word in ("stop", "tp", "trail") if draw.random() < 0.4]
    return " ".join(parts + stops)


def seeded_rule(seed: int, intervals: tuple[str, ...] = ()) -> Rule:
    """Returns a random rule that is within the bounds."""
    draw = random.Random(seed)  # noqa: S311 - repeatable
    while True:
        try:
            return parse_rule(random_rule(draw, intervals))
        except RuleSyntaxError:
            continue


def random_line(draw: random.Random) -> str:
    """Returns a rule, a damaged one, a row of words, or rubbish."""
    kind = draw.random()
    if kind < 0.3:
        return random_rule(draw, ("4h", "1d"))
    if kind < 0.6:
        text = random_rule(draw, ("4h", "1d"))
        for _ in range(draw.randint(1, 4)):
            at, until = draw.randrange(len(text) + 1), draw.randint(0, 6)
            text = text[:at] + draw.choice((draw.choice(_SIGNS), draw.choice(_WORDS), "")) + text[at + until :]
        return text
    if kind < 0.8:
        return " ".join(draw.choices(_WORDS, k=draw.randint(0, 40)))
    if kind < 0.9:
        return "".join(draw.choices(_SIGNS + "abc", k=draw.randint(0, 700)))
    return draw.choice(("(", "-", "not ", "rsi(", "[", "close>", "1..", "9", "매수")) * draw.randint(1, 700)


def _read(read: Callable[[str], Any], line: str) -> Any:
    try:
        return read(line)
    except RuleSyntaxError as error:
        if error.position > len(line) or not error.text[error.position :].startswith(error.word):
            raise AssertionError(line, error) from error
    return None


def try_line(line: str) -> bool:
    """Reads a line as a rule, a condition and a grid; returns whether it is a rule.

    Raises AssertionError where the canonical text means something else, or an error does not point into the line.
    """
    found = False
    for read in (parse_rule, parse_condition, parse_grid):
        rule = _read(read, line)
        if isinstance(rule, Rule):
            found = True
            assert parse_rule(rule.text) == rule, line
            try:
                warm_up(rule, Interval.H1)
            except DeskError:
                continue
    return found


def main(count: int, seed: int = 1) -> None:
    """Tries lines and prints how many are rules, and the longest time for one."""
    draw = random.Random(seed)  # noqa: S311 - repeatable
    rules, slowest, begin = 0, (0.0, ""), time.perf_counter()
    for _ in range(count):
        line = random_line(draw)
        start = time.perf_counter()
        rules += try_line(line)
        slowest = max(slowest, (time.perf_counter() - start, line))
    seconds = time.perf_counter() - begin
    print(  # noqa: T201 - a script
        f"{count} lines, {rules} rules, {seconds:.1f} s, slowest {slowest[0] * 1000:.1f} ms: {slowest[1][:80]!r}"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
