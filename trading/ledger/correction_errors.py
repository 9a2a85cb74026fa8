"""Refusals of reversals and adjustments, as data; the sentences are in the catalogs of `bot`."""

from dataclasses import dataclass
from decimal import Decimal

from core.errors import Refused


@dataclass(eq=False)
class UnknownEntry(Refused):
    """Nothing in the ledger matches `reference`."""

    reference: str


@dataclass(eq=False)
class NotReversible(Refused):
    """Entries of this `kind` are not reversed."""

    reference: str
    kind: str


@dataclass(eq=False)
class AlreadyReversed(Refused):
    """The entry was reversed before, by `reversal_id`."""

    reference: str
    reversal_id: int


@dataclass(eq=False)
class RoundEnded(Refused):
    """The account was reset after the entry, which changed nothing of what it has now."""

    reference: str
    account_id: int


@dataclass(eq=False)
class EntryOfFormerUnit(Refused):
    """The entry counts a coin in the unit that it had before the corporate action `action`."""

    reference: str
    action: str


@dataclass(eq=False)
class AccountEnded(Refused):
    """The account was closed or merged into another."""

    account_id: int


@dataclass(eq=False)
class UnknownAccount(Refused):
    """No account has this number."""

    account_id: int


@dataclass(eq=False)
class CorrectionShort(Refused):
    """The correction takes `missing` of `asset` more than is available; `held` of it is held for open orders."""

    account_id: int
    asset: str
    missing: Decimal
    held: Decimal


@dataclass(eq=False)
class GrantExhausted(Refused):
    """The debit would leave the account without a granted amount, which its profit is measured against."""

    account_id: int


@dataclass(eq=False)
class NoReason(Refused):
    """A correction needs a reason of 1 to `limit` characters."""

    limit: int


@dataclass(eq=False)
class NotAnEntry(Refused):
    """`text` is neither the number of an order, nor `entry:N`, nor `command:ID`."""

    text: str


@dataclass(eq=False)
class NotAnAdjustment(Refused):
    """`text` is no amount to credit or to debit, such as `+100` or `-25.50`."""

    text: str


@dataclass(eq=False)
class ActionRefused(Refused):
    """A corporate action cannot be begun. `why` is a word: reused, undone, not-held, fresh, busy, or unknown."""

    action: str
    why: str


@dataclass(eq=False)
class NotAnAction(Refused):
    """The action is not complete or possible. `what` is a word: id, ratio, into, price, market, or extra."""

    what: str
