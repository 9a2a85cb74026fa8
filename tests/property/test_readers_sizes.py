from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bot.arguments.amounts import DIGITS
from bot.arguments.sizes import read_size, typed_size
from bot.texts import clean
from pipeline.errors import DeskError
from trading.orders import BaseQuantity, QuoteAmount, Share, Size

AMOUNTS = st.decimals(Decimal("1E-18"), Decimal(10) ** DIGITS - 1, allow_nan=False, places=DIGITS)
PERCENTS = st.decimals(Decimal("0.0001"), Decimal(100), allow_nan=False, places=4)
SIZES: st.SearchStrategy[Size] = st.one_of(
    AMOUNTS.map(BaseQuantity), AMOUNTS.map(QuoteAmount), PERCENTS.map(lambda percent: Share(percent / 100))
)
NUMBER_LIKE = st.text("0123456789.,_-+eE^%$ usdcUSDCbtcNa１٣", max_size=40)


@given(SIZES)
def test_a_size_is_read_back_as_it_was_typed(size: Size) -> None:
    assert read_size(typed_size(size, "USDC"), "USDC", "BTC") == size


@given(st.text(max_size=60) | NUMBER_LIKE)
def test_any_text_is_a_positive_size_or_a_refusal(text: str) -> None:
    try:
        size = read_size(text, "USDC", "BTC")
    except DeskError:
        return
    amount = size.fraction if isinstance(size, Share) else size.amount
    assert 0 < amount < Decimal(10) ** DIGITS
    if isinstance(size, Share):
        assert amount <= 1


@given(st.text(max_size=400))
def test_cleaned_text_is_bounded_and_clean_already(text: str) -> None:
    cleaned = clean(text, 100)
    assert len(cleaned) <= 100
    assert clean(cleaned, 100) == cleaned
    assert cleaned.isprintable() or not cleaned.isascii()
