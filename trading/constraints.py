"""Errors that correspond to the ledger's constraints."""

from collections.abc import Callable
from types import MappingProxyType

from core.database import Refusals
from trading.errors import (
    AccountReassigned,
    AmountTooLarge,
    CoinInQuestion,
    GrantChanged,
    MergeWaits,
    NoAccount,
    PriceOfFormerUnit,
)
from trading.matching.market_orders import AMOUNT_LIMIT


def _too_large() -> AmountTooLarge:
    return AmountTooLarge(AMOUNT_LIMIT, "")


_BOUNDS: tuple[str, ...] = ("amount_bounds", "positive_amount_bounds", "signed_amount_bounds")
_RAISED: dict[str, Callable[[], Exception]] = {
    **dict.fromkeys(_BOUNDS, _too_large),
    "account_open": NoAccount,  # closed while the command was in progress
    "account_of_person": AccountReassigned,
    "merge_after_action": MergeWaits,
    "opening_grant_in_force": GrantChanged,
    "price_of_this_unit": PriceOfFormerUnit,
    "symbol_in_question": CoinInQuestion,
}
LEDGER_REFUSALS: Refusals = MappingProxyType(_RAISED)
"""Refusals of every `Database` that writes to accounts, orders or recurring buys."""
