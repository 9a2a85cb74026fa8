"""`paperdesk reverse` and `paperdesk adjust`: corrections of the ledger by the operator of the machine.

They need the owner's login, because the application may not make money.
"""

import random
import secrets
import shlex
import sys
from collections.abc import Sequence
from decimal import Decimal

from app.connections.stores import open_pool
from app.database.queries import where
from app.errors import DatabaseUnreachable
from bot.platforms.console.sanitize import many_lines
from bot.ui.texts import Catalog
from core.clock import wall_clock
from core.database import Pool
from core.decimals import is_plain
from core.errors import DatabaseUnavailable
from people.operators.corrections import Corrections
from people.operators.members import CONSOLE
from people.operators.ports import OperatorAction
from trading.ledger.correction_errors import NotAnAdjustment
from trading.ledger.corrections import Correction

_BY = "cli"
_TOKEN_BYTES = 9
_LINE_LIMIT = 1000
_SCALE = 8


async def run_reverse(dsn: str, texts: Catalog, reference: str, reason: str) -> int:
    """Reverses an entry and prints what this moved. Raises its refusals and DatabaseUnreachable."""
    use = operator_use("reverse", reference, "--reason", reason)
    try:
        async with open_pool(dsn, role=None) as pool:
            done = await _corrections(pool).reverse(use, reference, reason)
    except DatabaseUnavailable as error:
        raise DatabaseUnreachable(where(dsn)) from error
    return _say("cli-reversed", done, texts)


async def run_adjust(
    dsn: str, texts: Catalog, account_id: int, amount: str, reason: str, *, command: str | None
) -> int:
    """Adjusts the cash of an account and prints what this moved. Raises its refusals and DatabaseUnreachable."""
    use = operator_use("adjust", str(account_id), amount, "--reason", reason)
    command_id = f"adjust:{command or secrets.token_urlsafe(_TOKEN_BYTES)}"
    try:
        async with open_pool(dsn, role=None) as pool:
            done = await _corrections(pool).adjust(use, account_id, _signed(amount), reason, command_id)
    except DatabaseUnavailable as error:
        raise DatabaseUnreachable(where(dsn)) from error
    return _say("cli-adjusted", done, texts)


def operator_use(*line: str) -> OperatorAction:
    """Returns the use of a command of the command line, for the operators' log."""
    written = shlex.join(("paperdesk", *line))[:_LINE_LIMIT]
    return OperatorAction(f"{_BY}:{secrets.token_urlsafe(_TOKEN_BYTES)}", CONSOLE, _BY, 0, written)


def _corrections(pool: Pool) -> Corrections:
    return Corrections(pool, wall_clock, jitter=random.Random())  # noqa: S311 - spreads retries, guards nothing


def _signed(text: str) -> Decimal:
    """Returns an amount with its sign. Raises NotAnAdjustment."""
    sign, digits = text[:1], text[1:]
    if sign not in ("+", "-") or not is_plain(digits) or not Decimal(digits) or len(digits.partition(".")[2]) > _SCALE:
        raise NotAnAdjustment(text)
    amount = Decimal(digits)
    return amount if sign == "+" else -amount


def _say(text: str, done: Correction | None, texts: Catalog) -> int:
    if done is None:  # the log knew the use, which cannot happen to one of a new id
        return 1
    line = texts.text(text, entry_id=str(done.entry_id), account_id=str(done.account_id), moved=_moved(done))
    sys.stdout.write(many_lines(line) + "\n")
    return 0


def _moved(done: Correction) -> str:
    parts: Sequence[str] = [f"{amount.normalize():+f} {asset}" for asset, amount in done.moved.items()]
    return ", ".join(parts)
