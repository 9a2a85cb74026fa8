"""Traders that are killed: forks a trading process for every line it reads, prints its pid and what was acknowledged.

Arguments: the address of a migrated database. Printed: `pid N`, `done COMMAND ORDER`, `down COMMAND`.
"""

import asyncio
import itertools
import os
import random
import signal
import sys
import traceback
from decimal import Decimal

import asyncpg

from app.database.migrate import ROLE
from core.errors import DatabaseUnavailable, Refused
from tests.fakes.priced_market import BTC, ETH, PricedMarket
from trading.desk import Desk
from trading.ledger.postgres import PostgresLedger
from trading.orders.types import QuoteAmount, Share, Side
from trading.ports import Account
from trading.settings import TradingSettings

TRADERS = 6
ACCOUNTS = 2


def say(text: str) -> None:
    os.write(1, f"{text}\n".encode())  # one write: lines of several processes do not mix


async def trade(desk: Desk, market: PricedMarket, account: Account, name: str, chance: random.Random) -> None:
    for number in itertools.count():
        market.pass_time(1)
        command_id = f"{name}-{number}"
        symbol = chance.choice((BTC, ETH))
        side = Side.SELL if number % 3 == 2 else Side.BUY
        size = Share(Decimal("0.5")) if side is Side.SELL else QuoteAmount(Decimal(chance.randint(10, 500)))
        for attempt in range(200):
            try:
                receipt = await desk.place(account, command_id, side, symbol, size)
            except Refused:  # others sold it first
                break
            except DatabaseUnavailable:
                if not attempt:
                    say(f"down {command_id}")
                await asyncio.sleep(0.02)
                continue
            say(f"done {command_id} {receipt.order_id}")
            break


async def trade_until_killed(dsn: str, number: int) -> None:
    market = PricedMarket()
    async with asyncpg.create_pool(dsn, min_size=0, max_size=4, server_settings={"role": ROLE}) as pool:
        desk = Desk(market, PostgresLedger(pool), TradingSettings(), lambda: market.time)
        accounts = [await desk.open(person, f"start-{person}") for person in range(ACCOUNTS)]
        for account in accounts:
            await desk.place(account, f"stock-{account.person_id}", Side.BUY, BTC, QuoteAmount(Decimal(1000)))
            await desk.place(account, f"stock-2-{account.person_id}", Side.BUY, ETH, QuoteAmount(Decimal(1000)))
        await asyncio.gather(
            *(
                trade(desk, market, accounts[trader % ACCOUNTS], f"{number}-{trader}", random.Random(trader))  # noqa: S311
                for trader in range(TRADERS)
            )
        )


def main() -> None:
    """Ends with its input; its children are killed by whoever reads their pids."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for number, _ in enumerate(sys.stdin):
        pid = os.fork()
        if pid == 0:
            try:
                asyncio.run(trade_until_killed(sys.argv[1], number))
            except BaseException:
                traceback.print_exc()
                raise
            finally:
                os._exit(1)
        say(f"pid {pid}")


if __name__ == "__main__":
    main()
