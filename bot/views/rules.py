"""Rules in plain words, and the place of an error in a rule."""

import unicodedata
from dataclasses import replace
from decimal import Decimal

from bot.context import Context
from bot.reply import Align, Block, Column, Table
from core.text import clean
from pipeline.market import Interval
from trading.indicators.registry import INDICATORS
from trading.rules.conditions import (
    And,
    Arithmetic,
    Comparator,
    Comparison,
    Condition,
    Crossing,
    Expression,
    NamedFigure,
    Negative,
    Not,
    Number,
    Or,
    Percent,
    Within,
)
from trading.rules.errors import RuleSyntaxError
from trading.rules.rule import Rule, Size, SizeKind
from trading.rules.text import figure_text

_COMPARATORS = {
    Comparator.BELOW: "below",
    Comparator.AT_MOST: "at-most",
    Comparator.ABOVE: "above",
    Comparator.AT_LEAST: "at-least",
}
_SIGNS = {"-": "−", "*": "×", "/": "÷", "+": "+"}
_SHORT_NAME = 5
_EXCERPT = 30
"""Most cells of the text that is shown before a mistake: a phone's width."""


def rule_words(rule: Rule, interval: Interval, ctx: Context) -> tuple[str, ...]:
    """Returns the sentences that say what a rule does."""
    leaves = () if rule.exit is None else (_action("sell", rule.exit, rule.exit_size, ctx),)
    stops = (("stop", rule.stop), ("target", rule.take_profit), ("trail", rule.trailing))
    told = [ctx.text(f"rule-{word}", share=ctx.format.percent(share)) for word, share in stops if share is not None]
    never = () if leaves or told else (ctx.text("rule-never-sells"),)
    decided = ctx.text("rule-decided", interval=interval.value)
    return (_action("buy", rule.entry, rule.entry_size, ctx), *leaves, *told, *never, decided)


def _action(side: str, condition: Condition, size: Size, ctx: Context) -> str:
    return ctx.text(f"rule-{side}", size=_size(side, size, ctx), condition=condition_words(condition, ctx))


def _size(side: str, size: Size, ctx: Context) -> str:
    amount = size.amount or Decimal(0)
    match size.kind:
        case SizeKind.SHARE:
            return ctx.text(f"rule-size-share-{side}", share=ctx.format.percent(amount))
        case SizeKind.QUOTE:
            return ctx.format.money(amount, ctx.quote_asset)
        case SizeKind.BASE:
            return ctx.text("rule-size-coins", amount=ctx.format.quantity(amount))
    return ctx.text(f"rule-size-max-{side}")


def condition_words(condition: Condition, ctx: Context) -> str:
    """Returns a condition in plain words."""
    match condition:
        case Comparison(comparator, left, right):
            key = f"rule-is-{_COMPARATORS[comparator]}"
            return ctx.text(key, left=_words(left, ctx), right=_words(right, ctx))
        case Crossing(above, left, right):
            key = "rule-crosses-above" if above else "rule-crosses-below"
            return ctx.text(key, left=_words(left, ctx), right=_words(right, ctx))
        case Not(of):
            return ctx.text("rule-not", condition=condition_words(of, ctx))
        case Within(of, bars):
            return ctx.text("rule-within", condition=_part(of, ctx), bars=bars)
        case And(parts) | Or(parts):
            key = "rule-and" if isinstance(condition, And) else "rule-or"
            first, *rest = [_part(each, ctx) for each in parts]
            for each in rest:
                first = ctx.text(key, one=first, other=each)
            return first


def _part(condition: Condition, ctx: Context) -> str:
    words = condition_words(condition, ctx)
    return f"({words})" if isinstance(condition, And | Or) else words


def _words(expression: Expression | Percent, ctx: Context) -> str:
    match expression:
        case Number(value):
            return ctx.format.quantity(value)
        case Percent(value):
            return ctx.format.percent(value / 100)
        case Negative(of):
            return f"−{_bracketed(of, ctx)}"
        case Arithmetic(sign, left, right):
            return f"{_bracketed(left, ctx)} {_SIGNS[sign]} {_bracketed(right, ctx)}"
        case NamedFigure():
            return _figure(expression, ctx)


def _bracketed(expression: Expression | Percent, ctx: Context) -> str:
    words = _words(expression, ctx)
    return f"({words})" if isinstance(expression, Arithmetic) else words


def _figure(figure: NamedFigure, ctx: Context) -> str:
    if figure.name in INDICATORS:
        typed = figure_text(replace(figure, interval=None, lag=0))
        short = len(figure.name) <= _SHORT_NAME
        shown = figure.name.upper() if short else figure.name.replace("_", " ").capitalize()
        words = shown + typed.removeprefix(figure.name)
    else:
        words = ctx.text(f"rule-price-{figure.name}")
    if figure.interval is not None:
        words = ctx.text("rule-figure-interval", figure=words, interval=figure.interval.value)
    return ctx.text("rule-figure-lag", figure=words, bars=figure.lag) if figure.lag else words


def marked_rule(error: RuleSyntaxError) -> tuple[Block, ...]:
    """Returns the rule up to the word of an error, with a line of carets under it."""
    before = clean(" ".join(error.text[: error.position].split("\n")), len(error.text) + 1)
    word = clean(error.word, _EXCERPT) or "…"
    shown = (before if error.word or before.endswith(" ") or not before else before + " ") + word
    while _cells(shown) > _EXCERPT:
        shown = shown[1:]
    return (Table((Column(shown, Align.RIGHT),), (("^" * max(1, _cells(word)),),)),)


def _cells(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)
