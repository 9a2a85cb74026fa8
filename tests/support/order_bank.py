"""A bank of accounts with resting orders: workers place, amend, cancel, fill and reset beside readers, while
connections are cut. Every reader sees the same totals as the ledger's own history.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

import asyncpg

from core.errors import DatabaseUnavailable, Refused
from core.postgres.errors import CUT_OFF
from tests.support.resting_house import GRANT, MARKET, NOON, D, RestingHouse, limit, stop
from trading.ledger.ports import BalanceConflict
from trading.orders.bookings import Amendment, BookedEffect
from trading.orders.effects import Activated, Expired, Triggered
from trading.orders.holds import hold_price_of
from trading.orders.open_orders import EndReason, ListKind, ListRole, OpenOrder, OrderStatus
from trading.orders.terms import OrderTerms
from trading.orders.types import Side
from trading.ports import Account

T = TypeVar("T")
ACCOUNTS, WORKERS, READERS = 8, 20, 3

WRONG = """
WITH moved AS (
    SELECT target AS code, asset, amount FROM posting
    UNION ALL SELECT source, asset, -amount FROM posting
), booked AS (
    SELECT code, asset, sum(amount) AS amount FROM moved GROUP BY code, asset
), owned AS (
    SELECT 'available/' || account_id AS code, asset, available AS amount FROM balance
    UNION ALL SELECT 'held/' || account_id, asset, held FROM balance
), holds AS (
    SELECT 'held/' || account_id AS code, asset, sum(amount) AS amount FROM order_hold GROUP BY account_id, asset
)
SELECT 'booked' AS what, code, asset, booked.amount AS is, owned.amount AS must
FROM booked FULL JOIN owned USING (code, asset)
WHERE (code LIKE 'available/%' OR code LIKE 'held/%') AND coalesce(booked.amount, 0) <> coalesce(owned.amount, 0)
UNION ALL
SELECT 'held', code, asset, holds.amount, owned.amount FROM holds FULL JOIN owned USING (code, asset)
WHERE code LIKE 'held/%' AND coalesce(holds.amount, 0) <> coalesce(owned.amount, 0)
UNION ALL
SELECT 'negative', code, asset, amount, 0 FROM owned WHERE amount < 0
UNION ALL
SELECT 'short', 'held/' || h.account_id, h.asset, h.amount, hold.need FROM order_hold h CROSS JOIN LATERAL (
    SELECT max((o.quantity - o.filled) * CASE t.side WHEN 'buy' THEN o.hold_price ELSE 1 END) AS need
    FROM open_order o JOIN order_terms t ON t.id = o.order_id WHERE o.hold_id = h.id) AS hold
WHERE h.amount < hold.need
"""
"""Rows of one snapshot that do not agree: none is the only good answer."""


@dataclass
class Bank:
    """`wrong` are the rows that readers found; `done` counts what workers did."""

    house: RestingHouse
    dsn: str
    seed: int
    wrong: list[object] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    accounts: list[Account] = field(default_factory=list)

    async def run(self, seconds: float) -> None:
        """Lets everybody work for so long."""
        self.accounts = [await self.house.account(person) for person in range(1, ACCOUNTS + 1)]
        for account in self.accounts:
            await self.house.coins(account, "20")
        self._end = asyncio.get_running_loop().time() + seconds
        async with asyncio.TaskGroup() as group:
            for number in range(WORKERS):
                group.create_task(self._work(random.Random(self.seed * 100 + number)))  # noqa: S311
            for _ in range(READERS):
                group.create_task(self._read())
            group.create_task(self._cut())

    @property
    def _open(self) -> bool:
        return asyncio.get_running_loop().time() < self._end

    async def _read(self) -> None:
        while self._open:
            connection = await asyncpg.connect(self.dsn)
            try:
                for _ in range(20):
                    self.wrong += await connection.fetch(WRONG)
                    self.done["read"] += 1
            except CUT_OFF:
                self.done["reader cut"] += 1
            finally:
                connection.terminate()

    async def _cut(self) -> None:
        """Terminates connections of the workers and readers."""
        owner = await asyncpg.connect(self.dsn, server_settings={"application_name": "cutter"})
        try:
            while self._open:
                await asyncio.sleep(0.15)
                self.done["cut"] += await owner.fetchval(
                    "SELECT count(pg_terminate_backend(pid)) FROM (SELECT pid FROM pg_stat_activity"
                    " WHERE datname = current_database() AND application_name <> 'cutter' AND state IS NOT NULL"
                    " ORDER BY random() LIMIT 1) AS victim"
                )
        finally:
            await owner.close()

    async def _work(self, chance: random.Random) -> None:
        steps = {self._place: 5, self._cancel: 2, self._amend: 3, self._fill: 6, self._reset: 0.1}
        while self._open:
            (step,) = chance.choices(list(steps), list(steps.values()))
            try:
                await step(chance)
                self.done[step.__name__] += 1
            except (Refused, BalanceConflict) as refusal:
                self.done[type(refusal).__name__] += 1

    async def _answered(self, call: Callable[[], Awaitable[T]]) -> T:
        """Repeats a command, with its id, until it is answered."""
        while True:
            try:
                return await call()
            except DatabaseUnavailable:
                self.done["unavailable"] += 1

    async def _place(self, chance: random.Random) -> None:
        account, size = chance.choice(self.accounts), f"{chance.randint(1, 40) / 10}"
        sale = limit(Side.SELL, size, str(chance.randint(101, 120))), stop(Side.SELL, size, str(chance.randint(80, 99)))
        wishes: list[tuple[tuple[OrderTerms, ...], ListKind | None]] = [
            ((limit(chance.choice(list(Side)), size, str(chance.randint(80, 120))),), None),
            ((stop(Side.SELL, size),), None),
            (sale, ListKind.OCO),
            ((limit(Side.BUY, size, "100"), *sale), ListKind.OTOCO),
        ]
        terms, kind = chance.choice(wishes)
        new, command = self.house.new(account, *terms, kind=kind), self.house.command()
        await self._answered(lambda: self.house.store.accept(new, command))

    async def _chosen(self, chance: random.Random) -> OpenOrder | None:
        found = (await self._answered(lambda: self.house.store.changes(MARKET, ""))).orders
        return chance.choice(sorted(found, key=lambda each: each.order_id)) if found else None

    async def _cancel(self, chance: random.Random) -> None:
        order, command = await self._chosen(chance), self.house.command()
        if order is not None:
            numbers = None if chance.random() < 0.1 else [order.order_id]
            await self._answered(lambda: self.house.store.cancel(order.account_id, numbers, None, command))

    async def _amend(self, chance: random.Random) -> None:
        order, command = await self._chosen(chance), self.house.command()
        if order is None:
            return
        quantity = order.quantity * D(chance.choice(["0.5", "1", "1.5"]))
        price = None if order.limit_price is None else D(chance.randint(80, 120))
        trigger = None if order.stop_price is None else D(chance.randint(80, 99))
        bound = hold_price_of(order.terms, D(100)) if price is None or order.terms.side is Side.SELL else price
        change = Amendment(
            order.order_id, order.version, quantity, price, trigger, bound, D(0), D(1), chance.random() < 0.5
        )
        await self._answered(lambda: self.house.store.amend(order.account_id, change, command))

    async def _reset(self, chance: random.Random) -> None:
        account, command = chance.choice(self.accounts), self.house.command()
        await self._answered(lambda: self.house.ledger.reset(account, GRANT, command))
        await self._answered(lambda: self.house.coins(account, "20"))

    async def _fill(self, chance: random.Random) -> None:
        """What a matching worker writes: a fill with all that follows from it, twice with the same command."""
        everything = (await self._answered(lambda: self.house.store.changes(MARKET, ""))).orders
        live = [order for order in everything if order.status is not OrderStatus.PENDING_NEW]
        if not live:
            return
        order = chance.choice(sorted(live, key=lambda each: each.order_id))
        effects, command = self.effects(order, everything, chance), self.house.command()
        for _ in range(chance.choice((1, 1, 2))):
            applied = await self._answered(lambda: self.house.store.apply(MARKET, effects, [], None, command))
        self.done["gone" if applied.gone else "filled"] += 1

    def effects(self, order: OpenOrder, everything: tuple[OpenOrder, ...], chance: random.Random) -> list[BookedEffect]:
        """A fill of the order, in part or whole, and what it means for its list."""
        quantity = order.remaining if chance.random() < 0.5 else order.remaining / 2
        price, version = order.limit_price or D(95), order.version
        effects: list[BookedEffect] = []
        if order.terms.type.waits and not order.triggered:
            effects.append(BookedEffect(Triggered(order.order_id, NOON, price), version=version))
            version += 1
        effects.append(self.house.booked(order, str(quantity), str(price), version))
        if order.place is None:
            return effects
        mates = [
            each for each in everything
            if each.place and each.place.list_id == order.place.list_id and each.order_id != order.order_id
        ]  # fmt: skip
        if order.place.role is not ListRole.WORKING:
            ends = [Expired(each.order_id, NOON, EndReason.LIST) for each in mates]
            return effects + [BookedEffect(end, version=each.version) for end, each in zip(ends, mates, strict=True)]
        if quantity == order.remaining:
            got = order.filled + quantity
            live = min([got - (got * D("0.001") + D("1e-7")), *(each.quantity for each in mates)])
            live = live.quantize(D("0.00001"), rounding="ROUND_DOWN")
            effects += [BookedEffect(Activated(each.order_id, NOON, live), version=each.version) for each in mates]
        return effects
