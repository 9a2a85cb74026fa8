"""Replay of the ledger's whole history through the pure functions, to compute every balance, cost and receipt."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from core.decimals import EXACT
from trading.orders.types import Side
from trading.portfolio.positions import ZERO, Holding, after_buy, after_sale, combined, reversed_change


@dataclass(frozen=True, slots=True)
class BookedMove:
    """One posting."""

    source: str
    target: str
    asset: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class BookedOrder:
    """Order as stored in the ledger; `after` is (base available, base held, quote available, quote held)."""

    side: Side
    base: str
    quote: str
    quantity: Decimal
    quote_amount: Decimal
    received: Decimal
    quote_unit: Decimal
    realised: Decimal | None
    after: tuple[Decimal, Decimal, Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class BookedHolding:
    """Holding of one asset that a merge carried over; of the quote asset only the quantity counts."""

    asset: str
    holding: Holding


@dataclass(frozen=True, slots=True)
class BookedChange:
    """Change of a holding's cost and realised profit by an entry that is no trade. For a reversal, `undone` is what
    the entry that it reverses had changed.
    """

    asset: str
    symbol: str
    cost: Decimal
    realised: Decimal
    undone: tuple[Decimal, Decimal] | None = None


@dataclass(frozen=True, slots=True)
class BookedEntry:
    """Entry with its postings, for a trade with its order, for both sides of a merge with what was carried over, and
    for a reversal with its changes of holdings. `kept_grant` is the part of a merged account's grant that did not go
    back.
    """

    entry_id: int
    kind: str
    account_id: int
    round: int
    quote_asset: str
    moves: Sequence[BookedMove]
    order: BookedOrder | None
    carried: Sequence[BookedHolding] = ()
    changes: Sequence[BookedChange] = ()
    kept_grant: Decimal = ZERO


@dataclass(slots=True)
class _Book:
    """One account during the replay of its history."""

    round: int = 0
    closed: bool = False
    granted: Decimal = ZERO
    amounts: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    holdings: dict[str, Holding] = field(default_factory=dict)

    def amount(self, code: str, asset: str) -> Decimal:
        return self.amounts.get((code, asset), ZERO)


@dataclass(frozen=True, slots=True)
class Booked:
    """Values that a balance row must have."""

    available: Decimal
    held: Decimal
    holding: Holding


class Replay:
    """Replay of every entry in order of id; `complaints` lists entries that contradict the entries before them."""

    def __init__(self) -> None:
        self.complaints: list[str] = []
        self._books: dict[int, _Book] = {}

    def run(self, entries: Iterable[BookedEntry]) -> None:
        """Replays the next entries."""
        for entry in entries:
            book = self._books.setdefault(entry.account_id, _Book())
            if book.closed:
                self._complain(entry, "comes after the account was closed")
            self._move(entry, book)
            match entry.kind:
                case "trade":
                    self._trade(entry, book)
                case "hold" | "release":
                    pass  # moves within the account: the audit's queries compare what is held with the orders
                case "adjustment":
                    book.granted = EXACT.add(book.granted, _issued(entry))
                case "reversal" | "action":
                    self._change(entry, book)
                case "merge":
                    self._take_over(entry, book)
                case "merged" | "close":
                    self._end(entry, book)
                case _:
                    self._begin_round(entry, book)
            if entry.round != book.round:
                self._complain(entry, f"is of round {entry.round}, the account was in round {book.round}")

    def booked(self, account_id: int, asset: str) -> Booked:
        """Returns the values that the account's balance row must have at the end."""
        book = self._books.get(account_id, _Book())
        available = book.amount(f"available/{account_id}", asset)
        held = book.amount(f"held/{account_id}", asset)
        holding = book.holdings.get(asset, Holding())
        return Booked(available, held, holding)

    def granted(self, account_id: int) -> Decimal:
        """Returns the amount that the account's profit is measured against at the end."""
        return self._books.get(account_id, _Book()).granted

    def round(self, account_id: int) -> int:
        """Returns the account's round at the end; 0 before its first entry."""
        return self._books.get(account_id, _Book()).round

    def assets(self, account_id: int) -> list[str]:
        """Returns the assets that the account ever had, sorted."""
        return sorted({asset for _, asset in self._books.get(account_id, _Book()).amounts})

    def _move(self, entry: BookedEntry, book: _Book) -> None:
        touched: dict[tuple[str, str], None] = {}
        for move in entry.moves:
            for code, amount in ((move.source, -move.amount), (move.target, move.amount)):
                if "/" in code:
                    book.amounts[code, move.asset] = EXACT.add(book.amount(code, move.asset), amount)
                    touched[code, move.asset] = None
        for code, asset in touched:
            if (amount := book.amount(code, asset)) < 0:
                self._complain(entry, f"leaves {amount} {asset} on {code}")

    def _trade(self, entry: BookedEntry, book: _Book) -> None:
        order = entry.order
        if order is None:  # reported by the audit's queries
            return
        if order.quote != entry.quote_asset or order.base == order.quote:
            self._complain(entry, f"trades {order.base} for {order.quote}, the account's asset is {entry.quote_asset}")
        before = book.holdings.get(order.base, Holding())
        try:
            after = (
                after_buy(before, order.received, order.quote_amount)
                if order.side is Side.BUY
                else after_sale(before, order.quantity, order.received, order.quote_unit)
            )
        except ValueError:
            self._complain(entry, f"sells {order.quantity} {order.base} of {before.quantity}")
            return
        book.holdings[order.base] = after
        realised = None if order.side is Side.BUY else EXACT.subtract(after.realised, before.realised)
        if realised != order.realised:
            self._complain(entry, f"realised {realised}, its receipt says {order.realised}")
        account = entry.account_id
        told = tuple(
            book.amount(f"{code}/{account}", asset)
            for asset in (order.base, order.quote)
            for code in ("available", "held")
        )
        if told != order.after:
            self._complain(entry, f"left {told}, its receipt says {order.after}")

    def _change(self, entry: BookedEntry, book: _Book) -> None:
        """Applies a reversal or a corporate action. Its profit is the cash that it moved, at the cost that it moved."""
        account, quote = entry.account_id, entry.quote_asset
        issued = _issued(entry)
        book.granted = EXACT.add(book.granted, issued)
        gained = EXACT.subtract(_net(entry, quote), issued)
        for change in entry.changes:
            before = book.holdings.get(change.asset, Holding())
            owned = EXACT.add(
                book.amount(f"available/{account}", change.asset), book.amount(f"held/{account}", change.asset)
            )
            must = (
                None
                if change.undone is None
                else reversed_change(before, EXACT.subtract(owned, before.quantity), *change.undone)
            )
            after = Holding(owned, EXACT.add(before.cost, change.cost), EXACT.add(before.realised, change.realised))
            if after.cost < 0 or (after.cost and not owned) or must not in (None, (change.cost, change.realised)):
                self._complain(entry, f"changes {change.asset} to {after}, by {change} instead of {must}")
            book.holdings[change.asset] = after
            gained = EXACT.subtract(EXACT.add(gained, change.cost), change.realised)
        moved = {move.asset for move in entry.moves} - {quote}
        if gained or moved != {change.asset for change in entry.changes}:
            self._complain(entry, f"gains {gained} that its holdings do not explain, or moves {moved} without a cost")

    def _take_over(self, entry: BookedEntry, book: _Book) -> None:
        """Takes over the other account, whose own replay verifies the amounts. Its grant returns to issuance."""
        for carried in entry.carried:
            if carried.asset != entry.quote_asset:
                before = book.holdings.get(carried.asset, Holding())
                book.holdings[carried.asset] = combined(before, carried.holding)
        book.granted = EXACT.add(book.granted, entry.kept_grant)
        brought = {move.asset: move.amount for move in entry.moves if move.target != "issuance"}
        self._check_carried(entry, brought)

    def _end(self, entry: BookedEntry, book: _Book) -> None:
        if left := {key: amount for key, amount in book.amounts.items() if amount}:
            self._complain(entry, f"closes the account and leaves {left}")
        if entry.kind == "merged":
            given: dict[str, Decimal] = {}
            for move in entry.moves:
                given[move.asset] = EXACT.add(given.get(move.asset, ZERO), move.amount)
            self._check_carried(entry, given)
            told = {each.asset: each.holding for each in entry.carried if each.asset != entry.quote_asset}
            held = {asset: holding for asset, holding in book.holdings.items() if holding != Holding()}
            if told != held:
                self._complain(entry, f"carries {told}, the account held {held}")
        book.holdings.clear()
        book.closed = True

    def _check_carried(self, entry: BookedEntry, moved: dict[str, Decimal]) -> None:
        told = {each.asset: each.holding.quantity for each in entry.carried if each.holding.quantity}
        if told != moved:
            self._complain(entry, f"moves {moved}, what was carried over is {told}")

    def _begin_round(self, entry: BookedEntry, book: _Book) -> None:
        book.round += 1
        book.holdings.clear()
        book.granted = sum((move.amount for move in entry.moves if move.source == "issuance"), ZERO)
        left = {key: amount for key, amount in book.amounts.items() if amount}
        if set(left) != {(f"available/{entry.account_id}", entry.quote_asset)}:
            self._complain(entry, f"begins a round with more, or other, than its grant: {left}")

    def _complain(self, entry: BookedEntry, what: str) -> None:
        self.complaints.append(f"entry {entry.entry_id} of account {entry.account_id} {what}")


def _net(entry: BookedEntry, asset: str) -> Decimal:
    """Returns what the entry's postings add to the available amount of an asset."""
    code, net = f"available/{entry.account_id}", ZERO
    for move in entry.moves:
        if move.asset == asset:
            net = EXACT.add(net, move.amount if move.target == code else -move.amount)
    return net


def _issued(entry: BookedEntry) -> Decimal:
    """Returns what the entry's postings add to the amount that was granted."""
    issued = ZERO
    for move in entry.moves:
        if "issuance" in (move.source, move.target):
            issued = EXACT.add(issued, move.amount if move.source == "issuance" else -move.amount)
    return issued
