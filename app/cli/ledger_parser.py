"""The grammar of the commands with which an operator corrects the ledger."""

import argparse
from datetime import UTC, datetime, timedelta

from app.cli import commands

_LARGEST = 2**63 - 1


def add_ledger_commands(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the commands that read an account or write entries, each with a reason that the user reads."""
    statement = verbs.add_parser("statement", help="print an account as it was at a moment")
    statement.add_argument("account", type=_whole, metavar="ACCOUNT", help="number of the account, as /audit shows it")
    statement.add_argument(
        "at", nargs="?", type=_moment, metavar="TIME", help='"2026-11-01" (its end) or "2026-11-01 12:00", UTC'
    )
    statement.set_defaults(run=commands.statement)
    reverse = verbs.add_parser("reverse", help="reverse an order or an adjustment by a linked entry, once")
    reverse.add_argument(
        "entry", metavar="ORDER", help="number of the order in /history, or entry:N, or command:ID of the ledger"
    )
    _add_reason(reverse)
    reverse.set_defaults(run=commands.reverse)
    adjust = verbs.add_parser("adjust", help="credit or debit the cash of an account; never counts as profit")
    adjust.add_argument("account", type=_whole, metavar="ACCOUNT", help="number of the account, as /audit shows it")
    adjust.add_argument("amount", metavar="AMOUNT", help="amount with its sign, such as +100 or -25.50")
    _add_reason(adjust)
    adjust.add_argument("--id", metavar="ID", help="name of this adjustment: repeated with it, it takes effect once")
    adjust.set_defaults(run=commands.adjust)

    _add_corporate_action(verbs)


def _add_corporate_action(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    action = verbs.add_parser("corporate-action", help="decide about a coin that was renamed, split or delisted")
    actions = action.add_subparsers(dest="verb", metavar="list|hold|apply|undo", required=True)
    actions.add_parser("list", help="list held symbols and the newest actions").set_defaults(reason="")
    hold = actions.add_parser("hold", help="hold a symbol: nothing of it is traded until an action on it is done")
    apply = actions.add_parser("apply", help="apply an action to all accounts; continues one that was interrupted")
    apply.add_argument("id", metavar="ID", help="name of the action, such as luna-2022")
    kinds = ("none", "rename", "redenomination", "conversion", "delisting")
    apply.add_argument("kind", choices=kinds, help="none: the price is right, and the symbol goes on")
    for verb in (hold, apply):
        verb.add_argument("symbol", metavar="SYMBOL", help="the symbol, such as LUNAUSDT")
        verb.add_argument("--market", metavar="NAME", help="required if the symbol is held in several markets or none")
    apply.add_argument("--ratio", metavar="N", help="units that one unit becomes, such as 1000 or 0.001")
    apply.add_argument("--into", metavar="SYMBOL", help="symbol that it becomes by a rename or conversion")
    apply.add_argument("--asset", metavar="ASSET", help="coin of that symbol, such as LUNC")
    apply.add_argument("--price", metavar="P", help="price at which a delisted coin is paid out")
    undo = actions.add_parser("undo", help="reverse the entries of an action")
    undo.add_argument("id", metavar="ID", help="name of the action")
    for verb in (apply, undo):
        verb.add_argument("--confirm", action="store_true", help="do it; without, only show what it would reach")
    for verb in (hold, apply, undo):
        _add_reason(verb)
    action.set_defaults(run=commands.corporate_action)


def _add_reason(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--reason", required=True, metavar="WORDS", help="reason, which the user reads")


def _moment(text: str) -> datetime:
    for form, more in (("%Y-%m-%d", timedelta(days=1, milliseconds=-1)), ("%Y-%m-%d %H:%M", timedelta())):
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC) + more
        except ValueError:
            continue
    raise argparse.ArgumentTypeError(f'a date such as 2026-11-01 or "2026-11-01 12:00", not {text}')


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:20]) <= _LARGEST):
        raise argparse.ArgumentTypeError(f"a whole number above zero, not {text}")
    return int(text)
