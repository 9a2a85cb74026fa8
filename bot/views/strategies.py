"""Cards of strategies, and their buttons."""

from bot.arguments.symbols import pair_of
from bot.context import Context
from bot.reply import Block, Button, Fields, Text, Tone
from bot.views.buttons import button
from bot.views.rules import rule_words
from trading.rules.history import history
from trading.rules.strategies import Strategy

_COMMANDS = ("backtest", "robot")
"""Commands that take the name of a strategy. Those that the desk has are offered with the card."""


def strategy_card(found: Strategy, ctx: Context) -> tuple[Block, ...]:
    """Returns the canonical text of a strategy, its coin and interval, and what the rule does in plain words."""
    fields = Fields(
        (
            (ctx.text("label-symbol"), pair_of(found.symbol, ctx)),
            (ctx.text("label-strategy-interval"), found.interval.value),
            (ctx.text("label-strategy-warm-up"), ctx.text("strategy-bars", bars=history(found.rule, found.interval))),
        )
    )
    words = "\n".join(f"• {each}" for each in rule_words(found.rule, found.interval, ctx))
    title = Text(ctx.text("strategy-title", name=found.name), Tone.TITLE)
    return (title, Text(found.rule.text), fields, Text(words))


def strategy_line(found: Strategy, ctx: Context) -> str:
    """Returns the line that saves the same strategy."""
    return f"/strategy save {found.name} {found.rule.text} on {pair_of(found.symbol, ctx)} {found.interval}"


def strategies_button(ctx: Context) -> Button | None:
    """Returns a button that lists the strategies."""
    return button(ctx.text("button-strategies"), "strategy")


def strategy_ways(found: Strategy, ctx: Context) -> list[Button | None]:
    """Returns buttons of what can be done with a strategy."""
    known = {command.name for command in ctx.commands}
    return [button(ctx.text(f"button-strategy-{each}"), each, found.name) for each in _COMMANDS if each in known]
