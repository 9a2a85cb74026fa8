"""Order books by REST: few requests for many orders, a share of the limits, and one time for one display."""

import asyncio
import random
from collections.abc import AsyncIterator
from typing import Any

import pytest

from core.clock import wall_clock
from pipeline.binance import book_cache
from pipeline.binance.backoff import Backoff
from pipeline.binance.book_cache import FRESH_MS, BookCache
from pipeline.binance.request_weight import ASKED_SHARE
from pipeline.binance.rest import PRICES_WEIGHT, BinanceRest
from pipeline.errors import MarketUnavailable
from pipeline.market import MINUTE_MS, OrderBook, Symbol
from pipeline.settings import BinanceSettings
from tests.fakes.binance import FakeBinance
from tests.patience import PATIENCE_SECONDS

BTC, ETH = Symbol("BTCUSDC"), Symbol("ETHUSDC")
HURRIED = Backoff(first_seconds=0.01, cap_seconds=0.02, attempts=2)
MANY = [Symbol(f"C{number}USDC") for number in range(1_000)]


class House:
    """A cache on a fake Binance, whose clock the test sets."""

    def __init__(self, fake: FakeBinance) -> None:
        self.fake = fake
        self.time = wall_clock() // MINUTE_MS * MINUTE_MS + 1_000
        fake.clock = lambda: self.time
        rng = random.Random(1)  # noqa: S311 jitter
        settings = BinanceSettings(rest_url=fake.rest_url)
        self.rest = BinanceRest(settings, lambda: self.time, rng, HURRIED, steady=lambda: self.time)
        self.books = BookCache(self.rest, lambda: self.time)

    @property
    def asked(self) -> int:
        return sum(path.endswith("/depth") for path, *_ in self.fake.requests)

    def ahead_of_binance(self, ms: int) -> None:
        """Sets Binance's clock behind this one."""
        self.fake.clock = lambda: self.time - ms


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with FakeBinance([BTC, ETH, *MANY]) as fake:
        here = House(fake)
        async with here.rest:
            yield here
            await here.books.aclose()


async def test_many_orders_of_one_symbol_cost_one_request(house: House) -> None:
    books = await asyncio.gather(*(house.books.order_book(BTC) for _ in range(20)))
    assert (len(set(map(id, books))), house.asked) == (1, 1)
    house.time += FRESH_MS
    assert await house.books.order_book(BTC) is books[0]
    house.time += 1
    assert await house.books.order_book(BTC) is not books[0]
    assert house.asked == 2


async def test_who_stops_waiting_stops_no_one_else(house: House) -> None:
    first = asyncio.create_task(house.books.order_book(BTC))
    second = asyncio.create_task(house.books.order_book(BTC))
    await asyncio.sleep(0)
    first.cancel()
    assert await second is not None
    assert house.asked == 1


async def test_a_failure_is_told_to_all_and_not_remembered(house: House) -> None:
    house.fake.fail(400)
    answers = await asyncio.gather(*(house.books.order_book(BTC) for _ in range(3)), return_exceptions=True)
    assert [type(answer) for answer in answers] == [MarketUnavailable] * 3
    assert await house.books.order_book(BTC) is not None


async def test_books_leave_weight_for_prices_rules_and_the_time(house: House) -> None:
    """Accounts that ask for a book of another symbol each time, as fast as they may, for a minute."""
    had = [await house.books.order_book(symbol) for symbol in MANY]
    assert 0 < sum(book is not None for book in had) <= 6_000 * ASKED_SHARE / 5
    with pytest.raises(MarketUnavailable):
        await house.rest.depth(BTC)
    for _ in range(12):
        await house.rest.prices()
        await house.rest.book_tickers()
    await house.rest.server_time()
    await house.rest.exchange_info()
    assert house.rest.can_spend(PRICES_WEIGHT)
    house.time += MINUTE_MS
    assert await house.books.order_book(BTC) is not None


async def test_a_display_keeps_its_time_while_its_update_id_stays(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids, depth = iter([7, 7, 8]), house.fake.market.depth

    def answer(symbol: str, now: int, limit: int) -> dict[str, Any]:
        return depth(symbol, now, limit) | {"lastUpdateId": next(ids)}

    monkeypatch.setattr(house.fake.market, "depth", answer)
    times = []
    for _ in range(3):
        book = await house.books.order_book(BTC)
        assert book is not None
        times.append((book.time, book.since))
        house.time += FRESH_MS + 1
    began, later = times[0][0], FRESH_MS + 1
    assert times == [(began, began), (began + later, began), (began + 2 * later, began + 2 * later)]


async def test_memory_is_bounded(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book_cache, "MAX_BOOKS", 3)
    monkeypatch.setattr(book_cache, "MAX_DISPLAYS", 5)
    for symbol in MANY[:10]:
        await house.books.order_book(symbol)
    assert (len(house.books._books), len(house.books._displays), len(house.books._asked)) == (3, 5, 0)


async def test_a_newer_quote_asks_for_another_book(house: House) -> None:
    quote = house.time - 300
    first = await house.books.order_book(BTC, quote)
    house.time += 400
    assert await house.books.order_book(BTC, quote) is first, "no quote has come since it was asked for"
    newer = await house.books.order_book(BTC, quote + 100)
    assert newer is not first
    assert await house.books.order_book(BTC, quote) is newer
    assert house.asked == 2


async def test_orders_in_a_fast_market_cost_few_books(house: House) -> None:
    """Ten orders a second for ten seconds, and a quote each second."""
    for tenth in range(100):
        await house.books.order_book(BTC, house.time - tenth % 10 * 100)
        house.time += 100
    assert house.asked <= 2 * 10


async def test_a_request_before_the_quote_is_not_shared(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    await house.rest.keep_time()
    depth, released, waiting = house.rest.depth, asyncio.Event(), asyncio.Event()

    async def slow(symbol: Symbol) -> Any:
        answer = await depth(symbol)
        if not waiting.is_set():
            waiting.set()
            await released.wait()
        return answer

    monkeypatch.setattr(house.rest, "depth", slow)
    quote = house.time
    early = asyncio.create_task(house.books.order_book(BTC, quote))
    await waiting.wait()
    house.time += 200
    async with asyncio.timeout(PATIENCE_SECONDS):
        newer = await house.books.order_book(BTC, quote + 100)
    released.set()
    assert await early is not newer
    assert await house.books.order_book(BTC, quote + 100) is newer, "the late answer does not replace it"
    assert house.asked == 2


async def test_the_last_book_serves_only_while_it_is_newest(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book_cache, "MAX_BOOKS", len(MANY) + 1)
    quote = house.time - 1_000
    last = await house.books.order_book(BTC, quote)
    assert last is not None
    for symbol in MANY:
        await house.books.order_book(symbol)
    house.time += FRESH_MS + 1
    assert await house.books.order_book(BTC, quote) is last
    assert await house.books.order_book(BTC, last.time) is last, "the quote is not newer"
    assert await house.books.order_book(BTC, last.time + 1) is None
    house.time += book_cache.LAST_MS
    assert await house.books.order_book(BTC, quote) is None


@pytest.mark.parametrize("ahead", [-5_000, 5_000])
async def test_a_book_bears_the_time_of_binance(house: House, ahead: int) -> None:
    """A process that reads prices elsewhere compares its books with quotes of Binance's clock."""
    house.ahead_of_binance(ahead)
    book = await house.books.order_book(BTC)
    assert isinstance(book, OrderBook)
    assert book.time == house.time - ahead


async def test_a_book_is_not_older_than_the_quote_before_it(house: House) -> None:
    book = await house.books.order_book(BTC, house.time + 900)
    assert isinstance(book, OrderBook)
    assert book.time == house.time + 900
