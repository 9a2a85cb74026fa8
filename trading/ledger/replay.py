"""Replay of the ledger's whole history through the pure functions, to compute every balance, cost and receipt."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from core.decimals import EXACT
from trading.orders.types import Side
from trading.portfolio.positions import ZERO, Holding, after_buy, after_sale, combined


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
class BookedEntry:
    """Entry with its postings, for a trade with its order, and for both sides of a merge with what was carried over."""

    entry_id: int
    kind: str
    account_id: int
    round: int
    quote_asset: str
    moves: Sequence[BookedMove]
    order: BookedOrder | None
    carried: Sequence[BookedHolding] = ()


@dataclass(slots=True)
class _Book:
    """One account during the replay of its history."""

    round: int = 0
    closed: bool = False
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

    def _take_over(self, entry: BookedEntry, book: _Book) -> None:
        """Takes over the other account, whose own replay verifies the amounts. Its grant returns to issuance."""
        for carried in entry.carried:
            if carried.asset != entry.quote_asset:
                before = book.holdings.get(carried.asset, Holding())
                book.holdings[carried.asset] = combined(before, carried.holding)
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
        left = {key: amount for key, amount in book.amounts.items() if amount}
        if set(left) != {(f"available/{entry.account_id}", entry.quote_asset)}:
            self._complain(entry, f"begins a round with more, or other, than its grant: {left}")

    def _complain(self, entry: BookedEntry, what: str) -> None:
        self.complaints.append(f"entry {entry.entry_id} of account {entry.account_id} {what}")
