"""Findings of a checkup as blocks of a reply, with the buttons that mend them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from decimal import Decimal
from types import MappingProxyType

from bot.arguments.symbols import short_name
from bot.context import Context
from bot.reply import Block, Button, Text, Tone
from bot.views.buttons import button
from bot.views.limits import name_text, value_text
from pipeline.market import Symbol
from trading.checkup.types import (
    Checkup,
    CloseToLimit,
    Concentrated,
    Correlated,
    CostlySale,
    Finding,
    KeepsLosers,
    ManyTrades,
    NoLimits,
    PausedPurchases,
    SmallBalances,
    Unmeasured,
    WithoutStop,
)
from trading.limits.types import LimitKind
from trading.portfolio.positions import Portfolio

NAMES_SHOWN = 5


def checkup_blocks(found: Checkup, held: Portfolio, days: int, ctx: Context) -> tuple[Block, ...]:
    """Returns the findings with the reason of each, the checks that passed in one line, and those that lack data."""
    shown: list[Block] = [Text(ctx.text("checkup-title"), Tone.TITLE)]
    if not found.findings:
        shown.append(Text(ctx.text("checkup-nothing" if held.equity > 0 else "checkup-empty")))
    for number, finding in enumerate(found.findings, 1):
        said = ctx.text("checkup-finding", number=number, said=_figure(finding, days, ctx))
        shown += [Text(said, Tone.TITLE), Text(ctx.text(f"checkup-{_name(finding)}.why"))]
    if found.passed:
        names = ", ".join(ctx.text(f"checkup-check-{kind}") for kind in found.passed)
        shown.append(Text(ctx.text("checkup-passed", checks=names), Tone.NOTE))
    if found.unknown:
        lines = [_unmeasured(each, ctx) for each in found.unknown]
        shown.append(Text(ctx.text("checkup-unknown", checks=", ".join(lines)), Tone.NOTE))
    unpriced = [position.asset for position in held.positions if position.quantity > 0 and position.value is None]
    if unpriced:
        shown.append(Text(ctx.text("risk-unpriced", coins=", ".join(unpriced)), Tone.NOTE))
    shown.append(Text(ctx.text("checkup-about", days=days), Tone.NOTE))
    return tuple(shown)


def mending_buttons(found: Checkup, days: int, ctx: Context) -> list[Button]:
    """Returns a button for each finding, in their order, without repetitions."""
    buttons = [_mend(finding, days, ctx) for finding in found.findings]
    return list({each.press: each for each in buttons if each is not None}.values())


def _mend(finding: Finding, days: int, ctx: Context) -> Button | None:
    coin = "" if (symbol := _symbol(finding)) is None else short_name(symbol, ctx)
    label = "button-performance"
    words: tuple[str, ...] = ("performance", f"{days}d")
    match finding:
        case PausedPurchases() | CloseToLimit():
            label, words = "button-limits", ("limits",)
        case NoLimits():
            label, words = "button-checkup-limit", ("limits", LimitKind.DRAWDOWN)
        case WithoutStop() | KeepsLosers() if coin:
            label, words = "button-checkup-stop", ("stop", coin, "sell", "max")
        case Concentrated():
            label, words = "button-rebalance", ("rebalance",)
        case Correlated():
            label, words = "button-optimize", ("optimize",)
        case CostlySale():
            label, words = "button-checkup-sell", ("limit", coin, "sell")
        case ManyTrades():
            label, words = "button-checkup-pause", ("limits", LimitKind.STREAK)
        case SmallBalances():
            label, words = "button-dust", ("dust",)
    return button(ctx.text(label, coin=coin), *words)


def _symbol(finding: Finding) -> Symbol | None:
    """Returns the coin that the finding is about, the largest of several; None if it is about none."""
    if isinstance(finding, WithoutStop):
        return finding.symbols[0]
    return finding.symbol if isinstance(finding, CostlySale | KeepsLosers) else None


def _name(finding: Finding) -> str:
    """Returns the name of the finding's texts."""
    match finding:
        case PausedPurchases():
            return "paused"
        case NoLimits():
            return "no-limits"
        case _:
            return finding.kind.value


def _figure(finding: Finding, days: int, ctx: Context) -> str:
    """Returns the finding as a headline. The variables of its text are its fields, and the number of days."""
    values = {
        each.name: _value(each.name, getattr(finding, each.name), ctx)
        for each in fields(finding)
        if each.name != "severity"
    }
    if isinstance(finding, CloseToLimit):
        values["used"] = _limit_value(finding.limit, finding.used, ctx)
        values["value"] = _limit_value(finding.limit, finding.value, ctx)
    return ctx.text(f"checkup-{_name(finding)}", days=days, **values)


def _value(name: str, value: object, ctx: Context) -> str | int:
    """Returns a field as it is shown; an unknown one as "none", which texts can select."""
    if isinstance(value, float):
        write = _WRITERS.get(name, _percent)
        return write(value, ctx)
    match value:
        case LimitKind():
            return name_text(value, ctx)
        case tuple():
            return _names(value, ctx)
        case str():
            return short_name(Symbol(value), ctx)
        case _:
            return value if isinstance(value, int) else "none"


def _unmeasured(found: Unmeasured, ctx: Context) -> str:
    said = ctx.text(f"checkup-missing-{found.missing}", known=found.known, least=found.least)
    return ctx.text("checkup-unmeasured", check=ctx.text(f"checkup-check-{found.kind}"), missing=said)


def _limit_value(kind: LimitKind, value: float, ctx: Context) -> str:
    return value_text(kind, Decimal(f"{value:.3f}"), ctx)


def _names(symbols: Sequence[Symbol], ctx: Context) -> str:
    named = ", ".join(short_name(symbol, ctx) for symbol in symbols[:NAMES_SHOWN])
    return f"{named}, ..." if len(symbols) > NAMES_SHOWN else named


def _percent(fraction: float, ctx: Context) -> str:
    """Returns a fraction in percent, to a tenth."""
    return ctx.format.percent(Decimal(f"{fraction:.3f}"))


_WRITERS: Mapping[str, Callable[[float, Context], str]] = MappingProxyType(
    {
        "turnover": lambda value, ctx: ctx.format.tenths(value),
        "lowest": lambda value, ctx: ctx.format.score(value),
    }
)
"""Formats of fields that are no fractions of something."""
