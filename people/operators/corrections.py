"""Reversals and adjustments by operators: each is logged in the transaction of its effect."""

import random
from datetime import UTC, datetime
from decimal import Decimal

from core.clock import Clock
from core.database import Connection, Database, Pool
from people.operators.action_log import ActionLog
from people.operators.ports import OperatorAction
from trading.constraints import LEDGER_REFUSALS
from trading.ledger.corrections import Correction, adjust, reverse
from trading.ledger.ports import LedgerCommand, body_of


class Corrections:
    """Corrections of the ledger, on a pool whose login is the owner's. Methods raise DatabaseUnavailable, and the
    refusals of `trading.ledger.correction_errors`: then nothing was written.
    """

    def __init__(self, pool: Pool, clock: Clock, *, jitter: random.Random) -> None:
        """`clock` is the wall clock."""
        self._database = Database(pool, jitter=jitter, refusals=LEDGER_REFUSALS)
        self._log = ActionLog(self._database)
        self._clock = clock

    async def reverse(self, use: OperatorAction, reference: str, reason: str) -> Correction | None:
        """Reverses the entry that `reference` names. Returns None for a repeated command."""
        now = self._clock()

        async def work(connection: Connection) -> tuple[str, Correction | None]:
            done = await reverse(connection, reference, reason, datetime.fromtimestamp(now / 1000, UTC), now)
            return f"reversed by entry {done.entry_id}", done

        return await self._log.once(use, work, again=lambda _: None)

    async def adjust(
        self, use: OperatorAction, account_id: int, amount: Decimal, reason: str, command_id: str
    ) -> Correction | None:
        """Credits or debits the cash of an account, once for each command id. Returns None for a repeated command."""
        now = self._clock()
        body = body_of("adjust", account_id, f"{amount.normalize():f}", reason)
        command = LedgerCommand(command_id, body, datetime.fromtimestamp(now / 1000, UTC), now)

        async def work(connection: Connection) -> tuple[str, Correction | None]:
            done = await adjust(connection, account_id, amount, reason, command)
            return f"adjusted by entry {done.entry_id}", done

        return await self._log.once(use, work, again=lambda _: None)
