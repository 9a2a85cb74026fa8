"""Opening grant of accounts: the setting determines it, and the owner's login writes it to the database."""

from decimal import Decimal

import asyncpg

from app.database.queries import fetch
from app.errors import GrantDiffers

_IN_FORCE = "SELECT current_opening_grant() AS amount"
_SET = "SELECT set_opening_grant($1)"


def set_opening_grant(owner: str, amount: Decimal) -> None:
    """Lets accounts open with `amount` (quote asset) and with no other grant; `owner` is the owner's address.

    Raises GrantDiffers if another grant is in force and that login does not own the database, DatabaseUnreachable.
    """
    in_force: Decimal = fetch(owner, _IN_FORCE)[0]["amount"]
    if in_force == amount:
        return
    try:
        fetch(owner, _SET, amount)
    except asyncpg.InsufficientPrivilegeError as error:
        raise GrantDiffers(amount, in_force) from error
