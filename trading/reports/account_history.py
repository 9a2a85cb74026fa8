"""History of an account as moments at which it is valued: closes of days, flows of money, and both ends. Pure.

An account and those that were merged into it are one: what a merge moves between them is no flow. Flows are what comes
from or goes back to the house: grants, resets, adjustments, and the grant that a merge gives back.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from core.decimals import EXACT
from pipeline.market import DAY_MS, Symbol
from trading.orders.types import Side

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class AssetMove:
    """Change of one asset by an entry: `net` from and to everything outside of the account, of which `granted` is from
    and to the house.
    """

    asset: str
    net: Decimal
    granted: Decimal


@dataclass(frozen=True, slots=True)
class HistoryTrade:
    """Execution of an order. `order_id` is the resting order's, or its own; `type` is a name of OrderType, or MARKET.
    `undone` ones were reversed later.
    """

    order_id: int
    symbol: Symbol
    base: str
    side: Side
    quantity: Decimal
    price: Decimal
    amount: Decimal
    received: Decimal
    fee: Decimal
    mid_price: Decimal
    realised: Decimal
    type: str
    undone: bool = False

    @property
    def fee_value(self) -> Decimal:
        """Fee in the quote asset: that of a buy is paid in coins, and valued at the price of the trade."""
        return EXACT.multiply(self.fee, self.price) if self.side is Side.BUY else self.fee

    @property
    def slippage_value(self) -> Decimal:
        """Cost of the distance from the mid price, in the quote asset; negative if the price was better."""
        against = EXACT.subtract(self.price, self.mid_price)
        return EXACT.multiply(against if self.side is Side.BUY else -against, self.quantity)


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """Entry of the ledger at `time` (UTC ms of the market's clock). `realised` is the profit of an entry that is no
    trade, such as a reversal.
    """

    entry_id: int
    time: int
    kind: str
    account_id: int
    moves: tuple[AssetMove, ...]
    trade: HistoryTrade | None = None
    realised: Decimal = ZERO

    @property
    def flows(self) -> bool:
        """True if money comes from the house or goes back to it."""
        return any(move.granted for move in self.moves)


@dataclass(frozen=True, slots=True)
class AccountHistory:
    """Entries in their order, those of merged accounts too. `symbols` names the symbol under which an asset is priced,
    `snapshots` the equity stored just after midnights (UTC ms), and whether a price was stale.
    """

    account_id: int
    quote_asset: str
    entries: Sequence[HistoryEntry]
    symbols: Mapping[str, Symbol]
    snapshots: Mapping[int, tuple[Decimal, bool]] = field(default_factory=dict)

    @property
    def opened(self) -> int:
        """Time of the first entry."""
        return self.entries[0].time

    @property
    def latest(self) -> int:
        """Latest time of an entry. The clock of a recording that began again is behind it."""
        return max(entry.time for entry in self.entries)

    @property
    def last_reset(self) -> int:
        """Time of the last grant or reset of the account itself."""
        begun = [entry.time for entry in self.entries if entry.account_id == self.account_id and begins_round(entry)]
        return begun[-1] if begun else self.opened

    @property
    def rounds(self) -> int:
        """Number of grants and resets: each is an attempt."""
        return sum(1 for entry in self.entries if begins_round(entry))


def begins_round(entry: HistoryEntry) -> bool:
    """True for the grant of a new account, and for a reset."""
    return entry.kind in {"grant", "reset"}


@dataclass(frozen=True, slots=True)
class Holdings:
    """Cash, and quantities by symbol, without zeros."""

    cash: Decimal
    coins: Mapping[Symbol, Decimal]


@dataclass(frozen=True, slots=True)
class Moment:
    """Point at which the account is valued, `before` and `after` what flows there. `close` is True at a midnight (UTC).

    `spent` is the cash that was paid for each coin since the moment before, less what its sales raised; `traded` the
    last price at which each coin was traded.
    """

    time: int
    close: bool
    before: Holdings
    after: Holdings
    spent: Mapping[Symbol, Decimal]
    traded: Mapping[Symbol, Decimal]

    @property
    def day(self) -> int:
        """Number of the UTC day in which the growth up to this moment lies: a close ends its day."""
        return (self.time - 1) // DAY_MS if self.close else self.time // DAY_MS


def ordered(entries: Sequence[HistoryEntry]) -> list[HistoryEntry]:
    """Returns the entries with times that never fall, as those of a market whose clock began again do."""
    found: list[HistoryEntry] = []
    latest = -(1 << 62)
    for entry in entries:
        latest = max(latest, entry.time)
        found.append(entry if entry.time == latest else replace(entry, time=latest))
    return found


class _Book:
    """State of the account while its entries are read."""

    def __init__(self, history: AccountHistory) -> None:
        self._history = history
        self._cash = ZERO
        self._coins: defaultdict[Symbol, Decimal] = defaultdict(lambda: ZERO)
        self._spent: defaultdict[Symbol, Decimal] = defaultdict(lambda: ZERO)
        self._traded: dict[Symbol, Decimal] = {}

    def holdings(self) -> Holdings:
        return Holdings(self._cash, {symbol: quantity for symbol, quantity in self._coins.items() if quantity})

    def apply(self, entry: HistoryEntry) -> None:
        """Books an entry, and what it paid for a coin."""
        about: Symbol | None = None
        paid = ZERO
        for move in entry.moves:
            if move.asset == self._history.quote_asset:
                self._cash = EXACT.add(self._cash, move.net)
                paid = EXACT.add(paid, EXACT.subtract(move.granted, move.net))
                continue
            symbol = self._history.symbols.get(move.asset, Symbol(move.asset + self._history.quote_asset))
            self._coins[symbol] = EXACT.add(self._coins[symbol], move.net)
            about = symbol
        if entry.trade is not None:
            about = entry.trade.symbol
            self._traded[about] = entry.trade.price
        if about is not None:
            self._spent[about] = EXACT.add(self._spent[about], paid)

    def moment(self, time: int, before: Holdings, *, close: bool = False) -> Moment:
        """Returns the moment, and begins a new count of what is spent."""
        made = Moment(time, close, before, self.holdings(), dict(self._spent), dict(self._traded))
        self._spent.clear()
        return made


def entries_within(history: AccountHistory, start: int, end: int, *, closed: bool = False) -> list[HistoryEntry]:
    """Returns the entries of a period, as `moments_of` counts them."""
    return [each for each in ordered(history.entries) if start <= each.time < end + (0 if closed else 1)]


def moments_of(history: AccountHistory, start: int, end: int, *, closed: bool = False) -> list[Moment]:
    """Returns the moments from `start` to `end` (UTC ms), both included, in order of time.

    An entry at a midnight comes after the close, so one at `end` counts unless `end` is `closed`, a midnight that ends
    the last day. If the account was opened at `start` or later, its first moment is the first grant; if it was reset
    at `start`, its first moment is that reset. Empty if there was no account by `end`.
    """
    book, found = _Book(history), list[Moment]()
    entries = [entry for entry in ordered(history.entries) if entry.time < end + (0 if closed else 1)]
    at = 0
    while at < len(entries) and entries[at].time < start:
        book.apply(entries[at])
        at += 1
    resets_here = at < len(entries) and entries[at].time == start and begins_round(entries[at])
    if at and not resets_here:
        found.append(book.moment(start, book.holdings(), close=start % DAY_MS == 0))
    midnight = (start // DAY_MS + 1) * DAY_MS
    while at < len(entries) or midnight < end:
        entry = entries[at] if at < len(entries) else None
        if entry is None or entry.time >= midnight:
            if midnight < end and found:
                found.append(book.moment(midnight, book.holdings(), close=True))
            midnight += DAY_MS
            continue
        before = book.holdings()
        book.apply(entry)
        at += 1
        if entry.flows:
            found.append(book.moment(entry.time, before))
    if found:
        found.append(book.moment(end, book.holdings(), close=end % DAY_MS == 0))
    return found
