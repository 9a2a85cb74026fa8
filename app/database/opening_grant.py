"""The grant that accounts open with: the setting says it, and the owner's login tells the database."""

from decimal import Decimal

import asyncpg

from app.database.queries import fetch
from app.errors import GrantDiffers

_IN_FORCE = "SELECT current_opening_grant() AS amount"
_SET = "SELECT set_opening_grant($1)"


def set_opening_grant(owner: str, amount: Decimal) -> None:
    """Lets accounts open with `amount` (quote asset) and with nothing else; `owner` is the address to do it under.

    Raises GrantDiffers where another grant is in force and that login does not own the database, DatabaseUnreachable.
    """
    in_force: Decimal = fetch(owner, _IN_FORCE)[0]["amount"]
    if in_force == amount:
        return
    try:
        fetch(owner, _SET, amount)
    except asyncpg.InsufficientPrivilegeError as error:
        raise GrantDiffers(amount, in_force) from error
