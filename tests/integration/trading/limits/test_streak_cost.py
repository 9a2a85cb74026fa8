"""What limits on losing sales read: each execution of the newest sales once, and no more than a number.

The check runs while the account is locked, in a call that orders of all users share.
"""

import random
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tests.fakes.priced_market import BTC
from tests.support.limits_house import LimitsHouse
from tests.support.trading_house import AT, command, opened, order, owner_of
from trading.ledger.postgres import PostgresLedger
from trading.limits.types import LimitKind
from trading.orders.types import QuoteAmount, Side

if TYPE_CHECKING:
    import asyncpg

    Pool = asyncpg.Pool[asyncpg.Record]

_Part = tuple[int, int, Decimal]
"""Sale, place in time, profit."""

_COPIES = """
INSERT INTO orders SELECT (made.row).* FROM (
    SELECT jsonb_populate_record(NULL::orders, to_jsonb(o) || jsonb_build_object(
        'id', 1000000 + part.place, 'parent_id', 900000 + part.sale, 'side', 'sell', 'realised', part.profit::text,
        'recorded_at', $2::timestamptz + part.place * interval '1 second')) AS row
    FROM orders o, unnest($3::bigint[], $4::bigint[], $5::numeric[]) AS part (sale, place, profit)
    WHERE o.id = $1 OFFSET 0) AS made
"""


@pytest.fixture
async def account_id(pool: "Pool") -> int:
    ledger = PostgresLedger(pool)
    account = await opened(ledger)
    await ledger.place(order(account), command("bought"))
    return account.account_id


async def sold(dsn: str, parts: Sequence[_Part]) -> None:
    """Sales in parts as resting orders have them, without the rest of the ledger."""
    async with owner_of(dsn) as owner:
        bought = await owner.fetchval("SELECT min(id) FROM orders")
        await owner.execute("SET session_replication_role = replica")
        await owner.execute(_COPIES, bought, AT, *map(list, zip(*parts, strict=True)))
        await owner.execute("ANALYZE orders")


async def newest(pool: "Pool", account_id: int, most: int) -> tuple[list[tuple[int, datetime, Decimal]], int]:
    """The newest sales, and the number of rows that were read for them."""
    return await found_by(pool, "newest_sales", account_id, most)


async def found_by(
    pool: "Pool", function: str, account_id: int, bound: object
) -> tuple[list[tuple[int, datetime, Decimal]], int]:
    """Sales that a function of the database finds, and the number of rows that it read."""
    read = "SELECT coalesce(idx_tup_fetch, 0) + seq_tup_read FROM pg_stat_xact_user_tables WHERE relname = 'orders'"
    async with pool.acquire() as connection, connection.transaction():
        before = await connection.fetchval(read)
        rows = await connection.fetch(f"SELECT * FROM {function}($1, $2)", account_id, bound)  # noqa: S608
        count = await connection.fetchval(read) - before
    return [(row["sale"] - 900_000, row["at"].astimezone(UTC), row["realised"]) for row in rows], count


async def most_executions(dsn: str) -> int:
    async with owner_of(dsn) as owner:
        source = await owner.fetchval("SELECT prosrc FROM pg_proc WHERE proname = 'bounded_sales'")
    return int(re.findall(r"c_most +CONSTANT integer := (\d+)", source)[0])


def naively(parts: Sequence[_Part], most: int) -> list[tuple[int, datetime, Decimal]]:
    last: dict[int, int] = {}
    for sale, place, _ in parts:
        last[sale] = max(place, last.get(sale, place))
    found: list[tuple[int, datetime, Decimal]] = []
    for sale in sorted(last, key=lambda each: -last[each])[:most]:
        profit = sum((profit for other, _, profit in parts if other == sale), Decimal(0))
        found.append((sale, AT + timedelta(seconds=last[sale]), profit))
        if profit >= 0:
            break
    return found


async def test_the_newest_sales_are_those_of_a_naive_reading(pool: "Pool", dsn: str, account_id: int) -> None:
    chance = random.Random(7)  # noqa: S311
    places = chance.sample(range(400), 400)
    sales = [min(place // 12 + chance.randrange(4), 33) for place in places]
    parts = [(sale, place, Decimal(9 if sale == 20 else -1)) for sale, place in zip(sales, places, strict=True)]
    await sold(dsn, parts)
    for most in (0, 1, 2, 5, 100):
        found, _ = await newest(pool, account_id, most)
        assert found == naively(parts, most), most
    assert len(found) == 14, "until the first that was none at a loss"


async def test_each_execution_is_read_once_however_many_sales_are_asked_for(
    pool: "Pool", dsn: str, account_id: int
) -> None:
    many = [(99, 10_000 + place, Decimal(-1)) for place in range(1_000)]
    parts = [*many, *((place // 10, place, Decimal(-1)) for place in range(500))]
    await sold(dsn, parts)
    found, read = await newest(pool, account_id, 100)
    assert found == naively(parts, 100)
    assert len(found) == 51
    assert read < 3 * len(parts)


async def test_no_more_than_a_number_of_executions_is_looked_through(pool: "Pool", dsn: str, account_id: int) -> None:
    most = await most_executions(dsn)
    # Two sales, the second of them behind more executions than are read.
    await sold(dsn, [(1, 50_000, Decimal(-1)), *((0, place, Decimal(-1)) for place in range(most + 1))])
    found, read = await newest(pool, account_id, 100)
    assert [sale for sale, _, _ in found] == [1]
    assert read < 2 * most + 100


async def test_executions_of_merged_accounts_count_too(pool: "Pool", dsn: str, account_id: int) -> None:
    most = await most_executions(dsn)
    merged, each = 50, 1_000
    parts = [(number, 10_000 * number + place, Decimal(-1)) for number in range(merged) for place in range(each)]
    await sold(dsn, parts)
    async with owner_of(dsn) as owner:
        await owner.execute("SET session_replication_role = replica")
        await owner.execute(
            "INSERT INTO account_merge (source_id, target_id, granted, out_entry, in_entry) "
            "SELECT 5000 + made, $2, 1, 2 * made, 2 * made + 1 FROM generate_series(1, $1::integer - 1) AS made",
            merged,
            account_id,
        )
        await owner.execute(
            "UPDATE orders SET account_id = 5000 + parent_id - 900000 WHERE parent_id - 900000 BETWEEN 1 AND $1", merged
        )
        await owner.execute("ANALYZE orders")
    found, read = await newest(pool, account_id, 100)
    assert found == naively(parts, 100)[: len(found)]
    assert 0 < len(found) < merged
    assert read < 3 * most


async def test_the_sales_of_a_cool_down_are_those_of_a_naive_reading(pool: "Pool", dsn: str, account_id: int) -> None:
    chance = random.Random(8)  # noqa: S311
    parts = [(chance.randrange(60), place, Decimal(chance.randint(-9, 9))) for place in range(200)]
    await sold(dsn, parts)
    for after in (-1, 100, 180, 199, 200):
        found, _ = await found_by(pool, "sales_since", account_id, AT + timedelta(seconds=after))
        within = [each for sale in {sale for sale, place, _ in parts if place > after} for each in all_of(sale, parts)]
        assert sorted(found) == sorted(within), after


def all_of(sale: int, parts: Sequence[_Part]) -> list[tuple[int, datetime, Decimal]]:
    return naively([part for part in parts if part[0] == sale], 1)


async def test_a_cool_down_reads_no_more_than_a_number_of_executions(pool: "Pool", dsn: str, account_id: int) -> None:
    most = await most_executions(dsn)
    sales, each = 40, most // 20
    # The last execution of each sale is within the cool-down; of the last sale, at a loss too, there is nothing else.
    old = [(sale, sale * each + part, Decimal(-1)) for sale in range(sales) for part in range(each)]
    late = [(sale, sales * each + sale, Decimal(-1)) for sale in range(sales)]
    await sold(dsn, [*old, *late, (sales, sales * each + sales, Decimal(-5))])
    found, read = await found_by(pool, "sales_since", account_id, AT + timedelta(seconds=sales * each - 1))
    assert found[0] == (sales, AT + timedelta(seconds=sales * each + sales), Decimal(-5))
    assert 15 < len(found) <= 20
    assert read < 2 * most + 100


async def test_a_cool_down_finds_no_more_than_a_number_of_sales(pool: "Pool", dsn: str, account_id: int) -> None:
    """Each execution is looked for among the sales that were met."""
    await sold(dsn, [(place // 2, place, Decimal(-1)) for place in range(2 * 1_100)])
    found, read = await found_by(pool, "sales_since", account_id, AT - timedelta(seconds=1))
    assert [sale for sale, _, _ in found] == list(range(1_099, 99, -1))
    assert read < 4 * 2 * 1_100


async def test_sales_are_read_only_for_limits_that_depend_on_them(
    pool: "Pool", monkeypatch: pytest.MonkeyPatch
) -> None:
    house = LimitsHouse(pool)
    account = await house.open()
    store, asked = house.limits._store, list[tuple[int, timedelta]]()
    standing = store.standing

    async def noted(account: Any, symbol: Any, price: Any, newest: int, since: datetime) -> Any:
        asked.append((newest, house.at - since))
        return await standing(account, symbol, price, newest, since)

    monkeypatch.setattr(store, "standing", noted)
    for kind, value in ((LimitKind.ORDER, "50000"), (LimitKind.STREAK, "3"), (LimitKind.LOSS, "0.1")):
        await house.limit(account, kind, value)
        await house.desk.preview(account, Side.BUY, BTC, QuoteAmount(Decimal(1000)))
    assert asked == [(0, timedelta(0)), (3, timedelta(0)), (3, timedelta(minutes=60))]
