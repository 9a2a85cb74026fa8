"""`paperdesk statement ACCOUNT [DATE [TIME]]`: an account at a past moment, for the operator of the machine."""

from datetime import UTC, datetime

from app.cli.tables import plain_console, plain_table
from app.connections.stores import open_pool
from app.database.queries import where
from app.errors import DatabaseUnreachable
from core.clock import wall_clock
from core.errors import DatabaseUnavailable
from core.text import clean
from pipeline.archive.postgres import CandleArchive
from trading.ledger.statements import PostgresStatements
from trading.reports.statement import Statement

_SECONDS = 600.0
_MOST_ENTRIES = 2**31
_WIDTH = 160


async def run_statement(dsn: str, account_id: int, at: datetime | None) -> int:
    """Prints the statement. Raises UnknownAccount, BeforeAccount and DatabaseUnreachable."""
    try:
        async with open_pool(dsn) as pool:
            statements = PostgresStatements(
                pool, None, CandleArchive(pool), wall_clock, call_seconds=_SECONDS, max_entries=_MOST_ENTRIES
            )
            found = await statements.statement(await statements.account(account_id), at)
    except DatabaseUnavailable as error:
        raise DatabaseUnreachable(where(dsn)) from error
    _print(found)
    return 0


def _print(found: Statement) -> None:
    account, portfolio = found.account, found.portfolio
    console = plain_console(_WIDTH)
    console.print(
        f"account {account.account_id}, {clean(account.market)}, round {account.round}, "
        f"on {found.at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    )
    figures = {
        name: getattr(portfolio, name) for name in ("equity", "cash", "profit", "realised", "unrealised", "granted")
    }
    console.print("  ".join(f"{name} {amount:f}" for name, amount in figures.items()), account.quote_asset)
    held = {each.asset: each for each in found.balances}
    positions = plain_table("asset", "available", "held", "average cost", "price", "priced at", "value", "realised")
    for each in portfolio.positions:
        balance, known_at = held[each.asset], found.priced_at.get(each.symbol)
        price = "no price known" if each.price is None else f"{each.price:f}"
        value = "-" if each.value is None else f"{each.value:f}"
        cells = (f"{balance.available:f}", f"{balance.held:f}", f"{each.average_cost:f}", price, _time(known_at), value)
        positions.add_row(clean(each.asset), *cells, f"{each.realised:f}")
    console.print(positions if portfolio.positions else "no positions")
    orders = plain_table("order", "symbol", "side", "type", "status", "quantity", "filled", "price")
    for order in found.orders:
        price = "-" if order.price is None else f"{order.price:f}"
        told = (
            order.side.value,
            order.type.value,
            order.status.value,
            f"{order.quantity:f}",
            f"{order.filled:f}",
            price,
        )
        orders.add_row(str(order.order_id), clean(order.symbol), *told)
    console.print(orders if found.orders else "no open orders")


def _time(at: int | None) -> str:
    return "-" if at is None else f"{datetime.fromtimestamp(at / 1000, UTC):%Y-%m-%d %H:%M}"
