"""Errors that correspond to the ledger's constraints."""

from collections.abc import Callable
from decimal import Decimal
from types import MappingProxyType

import msgspec

from core.database import Refusals
from core.errors import DeskError
from trading.errors import (
    AccountReassigned,
    AmountTooLarge,
    CoinInQuestion,
    GrantChanged,
    LimitReached,
    MergeWaits,
    NoAccount,
    NotNextStep,
    OverBudget,
    PriceOfFormerUnit,
    ValuationNeeded,
    minutes_parted,
)
from trading.matching.market_orders import AMOUNT_LIMIT


class _ReachedLimit(msgspec.Struct, frozen=True):
    """Detail of the constraint `account_limit`."""

    kind: str
    limit: Decimal
    allowed: Decimal
    asset: str
    of_desk: bool
    minutes: int


def _too_large(_detail: str) -> AmountTooLarge:
    return AmountTooLarge(AMOUNT_LIMIT, "")


def _limit_reached(detail: str) -> LimitReached:
    found = msgspec.json.decode(detail, type=_ReachedLimit)
    left = minutes_parted(found.minutes)
    return LimitReached(found.kind, found.limit, found.allowed, found.asset, found.of_desk, *left)


def _plainly(refusal: type[DeskError]) -> Callable[[str], Exception]:
    return lambda _detail: refusal()


_BOUNDS: tuple[str, ...] = ("amount_bounds", "positive_amount_bounds", "signed_amount_bounds")
_RAISED: dict[str, Callable[[str], Exception]] = {
    **dict.fromkeys(_BOUNDS, _too_large),
    "account_open": _plainly(NoAccount),  # closed while the command was in progress
    "account_of_person": _plainly(AccountReassigned),
    "merge_after_action": _plainly(MergeWaits),
    "opening_grant_in_force": _plainly(GrantChanged),
    "price_of_this_unit": _plainly(PriceOfFormerUnit),
    "symbol_in_question": _plainly(CoinInQuestion),
    "account_limit": _limit_reached,
    "robot_budget": _plainly(OverBudget),
    "robot_step": _plainly(NotNextStep),
    "account_valued": lambda _detail: ValuationNeeded(),
}
LEDGER_REFUSALS: Refusals = MappingProxyType(_RAISED)
"""Refusals of every `Database` that writes to accounts, orders or recurring buys."""
