"""Refusals of `TradingDesk`, as data; the sentences are in the catalogs of `bot`."""

from dataclasses import dataclass, field
from decimal import Decimal

from core.errors import Refused, Unavailable


@dataclass(eq=False)
class InsufficientFunds(Refused):
    """The order needs `needed` of `asset`, of which `available` is available; `missing` is the difference."""

    asset: str
    needed: Decimal
    available: Decimal
    missing: Decimal


@dataclass(eq=False)
class UnsupportedQuoteAsset(Refused):
    """The symbol is quoted in `quote`, but orders are placed in `asset` only: the symbol is priced and not traded."""

    symbol: str
    quote: str
    asset: str


@dataclass(eq=False)
class NothingToSell(Refused):
    """The account holds none of `asset`."""

    asset: str


@dataclass(eq=False)
class BelowMinimumQuantity(Refused):
    """The size rounds to nothing at the symbol's step; `step` is the smallest tradable quantity of `asset`."""

    asset: str
    step: Decimal


@dataclass(eq=False)
class SaleTooSmall(Refused):
    """A part of a holding is below the minimum: at least `smallest` of `asset` can be sold at this price. The
    whole holding can be sold, however little it is."""

    symbol: str
    asset: str
    smallest: Decimal


@dataclass(eq=False)
class NothingToSpend(Refused):
    """The order spends a share of the free balance of `asset`, and that share is zero."""

    asset: str


@dataclass(eq=False)
class BalanceChanged(Refused):
    """Another order changed the balance of `asset` after it was priced; nothing of it was sold."""

    asset: str


@dataclass(eq=False)
class NoDust(Refused):
    """The account holds nothing that is below the exchange's minimum."""


@dataclass(eq=False)
class AmountTooLarge(Refused):
    """The amount exceeds Paperdesk's own limit."""

    limit: Decimal
    asset: str


@dataclass(eq=False)
class AmbiguousShare(Refused):
    """A share below 1 without a unit, a fraction or a percentage; `choices` are both."""

    text: str
    choices: tuple[str, ...]


@dataclass(eq=False)
class ShareOutOfRange(Refused):
    """The share is not above 0 % and at most 100 %."""

    text: str


@dataclass(eq=False)
class NoLiquidity(Unavailable):
    """Nothing is displayed on the side that the order needs, or all of it was already used at this price."""

    symbol: str


@dataclass(eq=False)
class BookDisagrees(Unavailable):
    """The order book's best price `shown` is too far from the `quoted` one: one of them is wrong or of another time."""

    symbol: str
    shown: Decimal
    quoted: Decimal


@dataclass(eq=False)
class PriceMoved(Refused):
    """The price moved against the user by more than `tolerance` (a fraction) since the preview."""

    symbol: str
    previewed: Decimal
    now: Decimal
    tolerance: Decimal


@dataclass(eq=False)
class IdempotencyKeyReused(Refused):
    """The same command id was sent with another body."""

    command_id: str


@dataclass(eq=False)
class NoAccount(Refused):
    """The user has not opened an account yet (/start does)."""


@dataclass(eq=False)
class AccountReassigned(Refused):
    """The account came to belong to another user while the command was on its way. Nothing was written."""


@dataclass(eq=False)
class CoinInQuestion(Refused):
    """The symbol of the order is held until an operator decides, or a corporate action is being applied to it. Nothing
    was written.
    """


@dataclass(eq=False)
class NotNextStep(Refused):
    """The order is not what its robot does next: the robot was paused, stopped or changed meanwhile. Nothing was
    written.
    """


@dataclass(eq=False)
class OverBudget(Refused):
    """The order of a robot costs more than the robot may spend. Nothing was written."""


@dataclass(eq=False)
class PriceOfFormerUnit(Refused):
    """The only price is from before the coin was redenominated. Nothing was written."""


@dataclass(eq=False)
class MergeWaits(Unavailable):
    """Accounts with coins that a corporate action is changing are merged after it. Nothing was written."""


@dataclass(eq=False)
class TradingHalted(Unavailable):
    """The operator halted trading for all users; `reason` may be ''. Nothing was written."""

    reason: str


@dataclass(eq=False)
class GrantChanged(Unavailable):
    """The owner set another opening grant while this process runs: no account can be opened or
    reset until it restarts.
    """


def minutes_parted(minutes: int) -> tuple[int, int]:
    """Returns minutes as hours and minutes."""
    return divmod(max(minutes, 0), 60)


@dataclass(eq=False)
class LimitReached(Refused):
    """The order would pass a limit of the user, or of the desk (`of_desk`). `kind` is a
    `trading.limits.types.LimitKind`, and `limit` its value. `allowed` is what the limit leaves: the amount of `asset`
    that could be bought, or for `orders` how many may be open. The limit ends after `hours` and `minutes`; both are 0
    where it does not end by itself. Nothing was written.
    """

    kind: str
    limit: Decimal
    allowed: Decimal
    asset: str
    of_desk: bool
    hours: int = 0
    minutes: int = 0
    share: Decimal = field(init=False)

    def __post_init__(self) -> None:
        """Repeats the limit as a share, for the kinds that are one."""
        self.share = self.limit


class ValuationNeeded(Exception):
    """A limit depends on what the account is worth, which is not known at current prices. Nothing was written; the
    order may be repeated once the account is valued.
    """
