"""Jepsen's bank test with resting orders. `PAPERDESK_BANK_SECONDS` sets how long the bank is open."""

import os

from tests.support.order_bank import Bank
from tests.support.resting_house import RestingHouse

SECONDS = float(os.environ.get("PAPERDESK_BANK_SECONDS", "3"))


async def test_no_reader_sees_a_wrong_total(house: RestingHouse, dsn: str) -> None:
    bank = Bank(house, dsn, seed=5)
    await bank.run(SECONDS)
    print(f"bank: {len(bank.wrong)} wrong totals; {dict(sorted(bank.done.items()))}")  # noqa: T201
    assert bank.wrong == []
    assert min(bank.done[each] for each in ("read", "_place", "filled", "cut")) > 0
