"""The price index against a walk over all entries, with prices that only exact decimals tell apart."""

from decimal import Decimal
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trading.triggers import price_index
from trading.triggers.price_index import PriceIndex, Wait

PRICES = [
    Decimal(text)
    for text in (
        "0.1",
        "0.100000000000000001",
        "0.099999999999999999",
        "70000",
        "70000.00",
        "70000.000000000001",
        "69999.999999999999",
        "100000000000000001",
        "100000000000000002",
    )
] + [Decimal(number) for number in range(1, 4)]
steps = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(Wait), st.sampled_from(PRICES), st.integers(0, 15)),
        st.integers(0, 15),
        st.sampled_from(PRICES),
    ),
    max_size=120,
)


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets blocks split and end as they do with many thousands of entries."""
    monkeypatch.setattr(price_index, "_BLOCK", 3)


def reaches(wait: Wait, level: Decimal, price: Decimal) -> bool:
    match wait:
        case Wait.AT_OR_ABOVE:
            return price >= level
        case Wait.ABOVE:
            return price > level
        case Wait.AT_OR_BELOW:
            return price <= level
        case Wait.BELOW:
            return price < level


@given(steps)
def test_a_price_reaches_what_a_walk_over_all_entries_finds(
    script: list[tuple[Wait, Decimal, int] | int | Decimal],
) -> None:
    index = PriceIndex()
    naive: dict[int, tuple[Wait, Decimal]] = {}
    for step in script:
        match step:
            case (wait, price, key):
                if key in naive:
                    index.discard(*naive.pop(key), key)
                index.add(wait, price, key)
                naive[key] = (wait, price)
            case int():
                if step in naive:
                    index.discard(*naive.pop(step), step)
            case Decimal():
                expected = {key for key, (wait, level) in naive.items() if reaches(wait, level, step)}
                found = index.reached(step)
                assert set(found) == expected
                assert len(found) == len(expected)
        assert bool(index) == bool(naive)
        rising = [float(price) for wait, price in naive.values() if wait.rising]
        falling = [float(price) for wait, price in naive.values() if not wait.rising]
        assert (index.low, index.high) == (max(falling, default=-inf), min(rising, default=inf))


def test_a_key_that_does_not_wait_for_a_price_is_not_discarded() -> None:
    index = PriceIndex()
    index.add(Wait.ABOVE, Decimal(1), 1)
    with pytest.raises(KeyError):
        index.discard(Wait.ABOVE, Decimal(1), 0)


@pytest.mark.parametrize("wait", Wait)
@pytest.mark.parametrize("level", PRICES)
def test_equal_doubles_are_told_apart_by_their_exact_prices(wait: Wait, level: Decimal) -> None:
    index = PriceIndex()
    index.add(wait, level, 1)
    assert [bool(index.reached(price)) for price in PRICES] == [reaches(wait, level, price) for price in PRICES]
