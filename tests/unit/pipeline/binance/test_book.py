from decimal import Decimal

from pipeline.binance.events import DepthDiff, DepthSnapshot
from pipeline.binance.local_order_book import LocalBook
from pipeline.market import Symbol

BTC = Symbol("BTCUSDC")
SNAPSHOT = DepthSnapshot(BTC, 10, (("9", "1"), ("8", "1")), (("11", "1"), ("12", "1")))


def diff(
    first: int, last: int, bids: tuple[tuple[str, str], ...] = (), asks: tuple[tuple[str, str], ...] = ()
) -> DepthDiff:
    return DepthDiff(BTC, 1, first, last, bids, asks)


def best(book: LocalBook) -> tuple[Decimal, Decimal] | None:
    seen = book.order_book(1)
    return None if seen is None else (seen.bids[0].price, seen.asks[0].price)


def test_a_book_without_a_snapshot_is_unknown() -> None:
    book = LocalBook(BTC)
    book.take_diff(diff(1, 2, bids=(("9", "1"),)))
    assert best(book) is None


def test_diffs_change_add_and_remove_levels() -> None:
    book = LocalBook(BTC)
    book.take_snapshot(SNAPSHOT)
    book.take_diff(diff(11, 12, bids=(("9", "0"), ("8.5", "3")), asks=(("11.0", "7"),)))
    seen = book.order_book(1)
    assert seen is not None
    assert [(level.price, level.quantity) for level in seen.bids] == [(Decimal("8.5"), 3), (8, 1)]
    assert [(level.price, level.quantity) for level in seen.asks] == [(11, 7), (12, 1)]


def test_diffs_older_than_the_snapshot_are_ignored_and_early_newer_ones_kept() -> None:
    book = LocalBook(BTC)
    book.take_diff(diff(5, 10, bids=(("10", "1"),)))
    book.take_diff(diff(9, 11, bids=(("9.5", "1"),)))
    book.take_snapshot(SNAPSHOT)
    assert best(book) == (Decimal("9.5"), 11)


def test_a_missed_update_makes_the_book_unknown_until_the_next_snapshot() -> None:
    book = LocalBook(BTC)
    book.take_snapshot(SNAPSHOT)
    book.take_diff(diff(12, 13, bids=(("9.5", "1"),)))
    assert best(book) is None
    book.take_snapshot(DepthSnapshot(BTC, 12, SNAPSHOT.bids, SNAPSHOT.asks))
    assert best(book) == (Decimal("9.5"), 11)


def test_a_crossed_or_one_sided_book_is_not_shown() -> None:
    book = LocalBook(BTC)
    book.take_snapshot(SNAPSHOT)
    book.take_diff(diff(11, 11, bids=(("11.5", "1"),)))
    assert best(book) is None
    book.take_snapshot(DepthSnapshot(BTC, 20, SNAPSHOT.bids, ()))
    assert best(book) is None
