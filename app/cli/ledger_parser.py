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
