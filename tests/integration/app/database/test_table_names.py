"""Tables with new names keep every row, and a process of the version before goes on beside them."""

import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import asyncpg
import pytest

from app.backups.backup_and_restore import find_program, restore
from app.database.migrate import MIGRATIONS, ROLE, migrate
from jobs.backups.backup import Backups
from tests.fakes.priced_market import NOON
from tests.support.trading_house import AT, command, findings, opened, order, owner_of
from trading.ledger.postgres import PostgresLedger
from trading.ledger.rows import order_json

if TYPE_CHECKING:
    from pathlib import Path

    Pool = asyncpg.Pool[asyncpg.Record]

NAMES = {
    "order": "orders",
    "watched": "watchlist_item",
    "question": "pending_prompt",
    "operation": "operator_action",
    "link_guess": "link_code_attempt",
    "push_chat": "notification_chat",
    "push_home": "notification_destination",
    "push_preference": "notification_preference",
    "push_quiet_hours": "notification_quiet_hours",
    "push_digest": "notification_digest",
    "feature_hour": "feature_histogram_hourly",
    "forecast_hour": "forecast_score_hourly",
    "described_model": "model_summary",
    "model_change": "model_event",
    "quality_day": "data_quality_daily",
}
ALERT = "INSERT INTO alert (command_id, person_id, platform, chat_id, market, symbol, direction, level, repeat, ready,"
MODEL = (
    "INSERT INTO model (market, horizon, recipe, state, trained_at, start_ms, end_ms, symbols, rows, features,"
    " parameters, code_version, metrics, sha256, size, artifact) VALUES ('binance', 60, 'gbm', 'champion', 3, 1, 2,"
    " '{BTCUSDC}', 1, '{momentum}', '{}', '0.1.0', '{}', repeat('a', 64), 1, '\\x01')"
)
ROWS = (
    "INSERT INTO watched (person_id, symbol, place) VALUES (1, 'BTCUSDC', 1), (1, 'ETHUSDC', 2)",
    "INSERT INTO question (platform, chat, external_id, message_id, line) VALUES ('telegram', '42', '42', 9, 'buy')",
    (
        "INSERT INTO operation (command_id, platform, external_id, person_id, line, result)"
        " VALUES ('op', 'telegram', '42', 1, '/halt', 'halted')"
    ),
    "INSERT INTO link_guess VALUES ('telegram', '42', 3, now())",
    (
        "INSERT INTO push_chat (person_id, platform, chat_id, public) VALUES (1, 'telegram', '42', false)"
        " ON CONFLICT (person_id, platform, chat_id) DO UPDATE SET public = excluded.public, seen_at = now()"
    ),
    "INSERT INTO push_home (person_id, platform, chat_id) VALUES (1, 'telegram', '42')",
    (
        "INSERT INTO push_preference (person_id, kind, mode) VALUES (1, 'fill', 'silent')"
        " ON CONFLICT (person_id, kind) DO UPDATE SET mode = excluded.mode"
    ),
    "INSERT INTO push_quiet_hours VALUES (1, 60, 120)",
    "INSERT INTO push_digest (person_id, every, hour) VALUES (1, 'daily', 8)",
    MODEL,
    "INSERT INTO model_change (version, change, state, who, reason) VALUES (1, 'added', 'champion', 'a job', '')",
    "INSERT INTO feature_hour VALUES (1, 3600000, '{1,2}') ON CONFLICT (version, hour) DO NOTHING",
    (
        "INSERT INTO forecast_hour AS kept VALUES ('binance', 60, 'champion', 1, 3600000, 9, 8, 7, 6, 0.5, 0.25)"
        " ON CONFLICT (market, horizon, role, hour, version) DO UPDATE SET count = kept.count + excluded.count"
    ),
    "INSERT INTO quality_day (market, day, body) VALUES ('binance', '2026-01-01', '{}')",
    f"{ALERT} market_time) VALUES ('al', 1, 'telegram', '42', 'binance', 'BTCUSDC', 'above', 5, false, true, 1700)",
)
"""As the version before writes them."""

ORDER_COLUMNS = (
    "id, account_id, symbol, base, quote, side, quantity, unfilled, quote_amount, average_price, mid_price, slippage,"
    " fee_rate, fee, fee_asset, received, base_unit, quote_unit, recorded_at, source, from_book, price_time,"
    " price_age_ms, realised, base_available, base_held, quote_available, quote_held"
)
NOW = NAMES | {"order": f"(SELECT {ORDER_COLUMNS} FROM orders)"}  # noqa: S608 - the columns above
"""As the version before knows them: `orders` has more columns since."""

LATER = "order_(answer|event|group|hold|list|outcome|record|terms|transition)"
"""Names that are no old ones."""

CONTENTS = "SELECT count(*) AS rows, md5(string_agg(kept::text, E'\\n' ORDER BY kept::text)) AS sum FROM {} AS kept"


@pytest.fixture
async def former(empty_dsn: str, tmp_path: "Path") -> str:
    """A database of the version before, with rows in every table that has another name now."""
    for file in MIGRATIONS.glob("*.sql"):
        if file.stem < "0042":
            shutil.copy(file, tmp_path)
    migrate(empty_dsn, folder=tmp_path)
    async with asyncpg.create_pool(empty_dsn, min_size=1, server_settings={"role": ROLE}) as pool:
        await fill(pool)
    return empty_dsn


@pytest.fixture
async def older(dsn: str) -> AsyncIterator["Pool"]:
    """Connections of a process of the version before to a database of this one."""
    async with asyncpg.create_pool(dsn, min_size=1, server_settings={"role": ROLE}) as pool:
        yield pool


async def fill(pool: "Pool") -> None:
    """Gives one person something of everything; places orders too."""
    await pool.execute("INSERT INTO person (id, language, timezone) VALUES (1, 'en', 'UTC')")
    await pool.execute("INSERT INTO identity VALUES ('telegram', '42', 1)")
    ledger = PostgresLedger(pool)
    account = await opened(ledger)
    for name in ("one", "two"):
        # As the versions before place it: they know no displays.
        await pool.execute("SELECT place_order($1::text::jsonb)", order_json(order(account), command(name)))
    for statement in ROWS:
        await pool.execute(statement)


async def contents(dsn: str, tables: "dict[str, str]") -> dict[str, tuple[int, str]]:
    async with owner_of(dsn) as owner:
        read = {name: await owner.fetchrow(CONTENTS.format(source)) for name, source in tables.items()}
    return {name: (row["rows"], row["sum"]) for name, row in read.items() if row}


async def test_every_row_survives_the_new_names(former: str) -> None:
    entry = "(SELECT id, command_id, body, kind, account_id, round, order_id, {} FROM entry)"
    alert = "(SELECT id, command_id, changed, {} FROM alert)"
    before = await contents(
        former,
        {was: f'"{was}"' for was in NAMES}
        | {"entry": entry.format("at, market_time"), "alert": alert.format("market_time")},
    )
    migrate(former)
    entry, alert = entry.format("recorded_at, market_time_ms"), alert.format("market_time_ms")
    assert await contents(former, NOW | {"entry": entry, "alert": alert}) == before
    assert all(rows for rows, _ in before.values())


async def test_a_backup_of_old_names_is_restored(former: str, dsn: str, tmp_path: "Path") -> None:
    before = await contents(former, {was: f'"{was}"' for was in NAMES})
    made = await Backups(former, tmp_path / "backups", find_program, lambda: NOON, keep=1, key=b"key").run()
    restore(made.path, dsn, force=True)
    assert await contents(dsn, NOW) == before
    assert await findings(dsn) == []


async def test_older_processes_read_and_write_old_names(older: "Pool", dsn: str) -> None:
    await fill(older)
    assert await contents(dsn, NOW) == await contents(dsn, {was: f'"{was}"' for was in NAMES})
    assert all(rows for rows, _ in (await contents(dsn, NAMES)).values())
    placed = await older.fetch(
        'SELECT "order".at AS one, entry.at AS other FROM "order" JOIN entry ON order_id = "order".id'
    )
    assert [tuple(row) for row in placed] == [(AT, AT)] * 2
    assert await older.fetchval("SELECT count(*) FROM entry WHERE market_time = market_time_ms") == 3
    assert await older.fetchval("UPDATE push_chat SET public = true WHERE person_id = 1 RETURNING chat_id") == "42"
    assert await older.fetchval("""SELECT sender_of('{"message": {"from": {"id": 42}}}')""") == "42"
    assert await older.fetchval("SELECT forget_person(1, $1, 1)", datetime(2026, 1, 1, tzinfo=UTC))
    kept = {name for name, (rows, _) in (await contents(dsn, NAMES)).items() if rows}
    assert kept == {
        *("order", "operation", "described_model", "model_change", "feature_hour", "forecast_hour", "quality_day")
    }


async def test_alerts_have_one_time_whoever_writes(older: "Pool") -> None:
    await fill(older)
    for change, time in (
        ("market_time = 5", 5),
        ("market_time_ms = 7", 7),
        ("state = 'muted'", 7),
        ("market_time = 0", 0),
    ):
        await older.execute(f"UPDATE alert SET {change}")  # noqa: S608 - the changes above
        assert tuple(await older.fetchrow("SELECT market_time, market_time_ms FROM alert") or ()) == (time, time)
    await older.execute(
        f"{ALERT} market_time_ms) VALUES ('new', 1, 'telegram', '42', 'binance', 'BTCUSDC', 'above', 5, false, true, 9)"
    )
    assert await older.fetchval("SELECT market_time FROM alert WHERE command_id = 'new'") == 9


@pytest.mark.parametrize("was", NAMES)
async def test_old_names_give_the_rights_of_new(was: str, pool: "Pool") -> None:
    asked = "SELECT array_agg(has_table_privilege($1, right_to)) FROM unnest($2::text[]) AS right_to"
    rights = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"]
    assert await pool.fetchval(asked, f'"{was}"', rights) == await pool.fetchval(asked, NAMES[was], rights)


async def test_nothing_else_bears_an_old_name(dsn: str) -> None:
    speaks = rf"\m(FROM|INTO|JOIN|UPDATE|PERFORM) +\"?({'|'.join((*NAMES, 'hand_over', 'drop_person'))})\M"
    async with owner_of(dsn) as owner:
        found = await owner.fetch(
            "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosrc ~ $1"
            " UNION ALL SELECT conname FROM pg_constraint WHERE conrelid > 0 AND conname ~ $2"
            " UNION ALL SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname ~ $2",
            *(speaks, f"^(?!{LATER})({'|'.join(NAMES)})_"),
        )
    assert [row[0] for row in found] == []
