"""Statements in memory: what the desk says now, on the date that is asked for."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from pipeline.market import Symbol
from tests.fakes.bot_desk import FakeDesk
from tests.fakes.bot_market import NOW
from trading.orders.open_orders import OrderStatus
from trading.orders.terms import OrderType
from trading.orders.types import Side
from trading.ports import Account
from trading.reports.statement import StatedOrder, Statement

ORDER = StatedOrder(
    7, Symbol("BTCUSDC"), Side.BUY, OrderType.LIMIT, OrderStatus.NEW, Decimal("0.5"), Decimal("0.1"), Decimal(50000)
)


@dataclass
class MemoryStatements:
    """`asked` are the moments that were asked for."""

    desk: FakeDesk
    asked: list[datetime | None] = field(default_factory=list)

    async def statement(self, account: Account, at: datetime | None = None) -> Statement:
        self.asked.append(at)
        moment = at or datetime.fromtimestamp(NOW / 1000, UTC)
        held = await self.desk.portfolio(account)
        return Statement(account, moment, held, await self.desk.balances(account), [ORDER])
