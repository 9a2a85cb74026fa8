"""Conversion of rows to domain values and back."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import asyncpg
import msgspec

from pipeline.market import SourceKind, Symbol
from trading.ledger.ports import DisplayTaken, LedgerCommand, NewOrder
from trading.matching.liquidity import LiquidityReservation
from trading.orders.open_orders import EndReason
from trading.orders.types import Balance, Execution, Fill, HistoryLine, Receipt, Side
from trading.portfolio.positions import ZERO, Holding, average_cost
from trading.ports import Account, OwnTrade, SymbolActivity

CORRECTIONS = ("reversal", "adjustment", "action")
"""Kinds of entries that an operator makes."""

_encoder = msgspec.json.Encoder(decimal_format="string")


def account_of(row: asyncpg.Record) -> Account:
    """Converts a row of `account`."""
    return Account(
        row["id"], row["person_id"], row["market"], row["quote_asset"], row["round"], row["granted"], row["opened_at"]
    )


def balance_of(row: asyncpg.Record) -> Balance:
    """Converts a row of `balance`."""
    return Balance(row["asset"], row["available"], row["held"])


def order_json(order: NewOrder, command: LedgerCommand) -> str:
    """Returns the argument of place_order, one element of the array."""
    execution, rules = order.execution, order.rules
    return _encoder.encode(
        {
            "account_id": order.account_id,
            "person_id": command.person_id,
            "symbol": execution.symbol,
            "base": rules.base,
            "quote": rules.quote,
            "side": execution.side,
            "quantity": execution.quantity,
            "unfilled": execution.unfilled,
            "unfilled_reason": EndReason.PROTECTION if execution.protected else None,
            "quote_amount": execution.quote_amount,
            "average_price": execution.average_price,
            "mid_price": execution.mid_price,
            "slippage": execution.slippage,
            "fee_rate": order.fee_rate,
            "fee": execution.fee,
            "fee_asset": execution.fee_asset,
            "received": execution.received,
            "base_unit": f"1e-{rules.base_scale}",
            "quote_unit": f"1e-{rules.quote_scale}",
            "at": command.at,
            "source": execution.source,
            "from_book": execution.from_book,
            "price_time": execution.price_time,
            "price_age_ms": execution.price_age_ms,
            "latency_ms": execution.latency_ms,
            "fills": [(fill.price, fill.quantity) for fill in execution.fills],
            "command_id": command.command_id,
            "body": command.body.hex(),
            "market_time": command.market_time,
            "empties": order.closes_position,
        }
        | ({} if order.taken is None else {"display": display_json(order.taken)})
    ).decode()


def display_json(taken: LiquidityReservation) -> dict[str, Any]:
    """Returns a part of a display as claim_displays takes it."""
    return {
        "time": taken.time,
        "from_book": taken.from_book,
        "price": taken.price,
        "start": taken.start,
        "end": taken.end,
        "owner": taken.owner,
    }


def claims_json(account_id: int, taken: LiquidityReservation) -> str:
    """Returns the argument of claim_displays for one order."""
    claim = {
        "account_id": account_id,
        "symbol": taken.symbol,
        "side": taken.side,
        "display": display_json(taken),
    }
    return _encoder.encode([claim]).decode()


def display_taken(error: asyncpg.IntegrityConstraintViolationError) -> DisplayTaken | None:
    """Returns the refusal of claim_displays that an error tells of, or None for any other error."""
    if error.constraint_name != "display_untaken":
        return None
    return DisplayTaken(msgspec.json.decode(error.detail or "{}", type=dict[str, Decimal]))


def balances_after(row: asyncpg.Record, base: str, quote: str) -> tuple[Balance, Balance]:
    """Returns the balances of the base and the quote asset, from a row of `orders` or of place_order."""
    return (
        Balance(base, row["base_available"], row["base_held"]),
        Balance(quote, row["quote_available"], row["quote_held"]),
    )


def receipt_of(row: asyncpg.Record) -> Receipt:
    """Converts a row of the `receipt` query."""
    fills = zip(row["prices"], row["quantities"], strict=True)
    execution = Execution(
        symbol=Symbol(row["symbol"]),
        side=Side(row["side"]),
        fills=tuple(Fill(price, quantity) for price, quantity in fills),
        quantity=row["quantity"],
        unfilled=row["unfilled"],
        quote_amount=row["quote_amount"],
        average_price=row["average_price"],
        mid_price=row["mid_price"],
        slippage=row["slippage"],
        fee=row["fee"],
        fee_asset=row["fee_asset"],
        received=row["received"],
        source=SourceKind(row["source"]),
        from_book=row["from_book"],
        price_time=row["price_time"],
        price_age_ms=row["price_age_ms"],
        maker=row["maker"],
        rule=row["rule"],
        protected=row["unfilled_reason"] == EndReason.PROTECTION,
        latency_ms=row["latency_ms"] or 0,
    )
    balances = balances_after(row, row["base"], row["quote"])
    return Receipt(row["id"], row["recorded_at"], execution, balances, row["realised"], row["parent_id"])


def history_line(row: asyncpg.Record) -> HistoryLine:
    """Converts a row of the `history` query."""
    if row["order_id"] is None:
        granted = row["granted"]
        return HistoryLine(
            None,
            row["recorded_at"],
            row["kind"],
            None,
            granted,
            None,
            granted,
            ZERO,
            None,
            row["realised"] or None,
            reason=row["reason"] or "",
            undone=row["undone"],
        )
    line = replace(execution_line(row), reason=row["reason"] or "", reverses=row["reverses"])
    if row["kind"] not in CORRECTIONS:
        return line
    return replace(line, order_id=None, kind=row["kind"], quote_amount=row["granted"])


def execution_line(row: asyncpg.Record) -> HistoryLine:
    """Converts a row of an execution; `undone` is true if it was reversed."""
    return HistoryLine(
        order_id=row["order_id"],
        at=row["recorded_at"],
        kind=row["side"],
        symbol=Symbol(row["symbol"]),
        quantity=row["quantity"],
        price=row["average_price"],
        quote_amount=row["quote_amount"],
        fee=row["fee"],
        fee_asset=row["fee_asset"],
        realised=row["realised"],
        parent_id=row["parent_id"],
        maker=row["maker"],
        undone=row["undone"],
    )


def stake_of(rows: Sequence[asyncpg.Record]) -> SymbolActivity:
    """Converts the rows of `stake`, each of which repeats the holding."""
    if not rows:
        return SymbolActivity()
    held = rows[0]
    return SymbolActivity(
        average_cost=None if held["quantity"] is None else average_cost(Holding(held["quantity"], held["cost"])),
        trades=tuple(
            OwnTrade(row["order_id"], row["market_time_ms"], Side(row["side"]), row["average_price"])
            for row in rows
            if row["order_id"] is not None
        ),
    )
