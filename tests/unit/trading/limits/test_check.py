"""Rules of limits: which orders pass, what is allowed, and when a change applies."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trading.limits.check import changed, check_order, cooldown_end, in_force
from trading.limits.types import Limit, LimitKind, OwnLimit, Pause, ProposedOrder, Sale, Standing

D = Decimal
AT = datetime(2026, 11, 30, 9, 30, tzinfo=UTC)
DAY = timedelta(hours=24)
STANDING = Standing(
    asset="USDC",
    equity=D(1000),
    coin=D(100),
    day_start=D(1000),
    day_ends=AT + timedelta(hours=14, minutes=30),
    peak=D(1000),
    open_orders=2,
)
BUY = ProposedOrder(adds=True, amount=D(100))
SELL = ProposedOrder(adds=False, amount=D(0))


def limit(kind: LimitKind, value: str) -> Limit:
    return Limit(kind, D(value), 60)


@pytest.mark.parametrize(
    ("kind", "value", "passes"),
    [
        (LimitKind.ORDER, "100", True),
        (LimitKind.ORDER, "99.99", False),
        (LimitKind.COIN, "0.2", True),
        (LimitKind.COIN, "0.199", False),
        (LimitKind.DAY, "0.1", True),
        (LimitKind.DRAWDOWN, "0.1", True),
        (LimitKind.ORDERS, "2", True),
        (LimitKind.STREAK, "1", True),
        (LimitKind.LOSS, "0.01", True),
    ],
)
def test_an_order_passes_up_to_the_limit_itself(kind: LimitKind, value: str, *, passes: bool) -> None:
    assert (check_order(BUY, [limit(kind, value)], STANDING, AT) is None) is passes


@pytest.mark.parametrize("kind", [LimitKind.DAY, LimitKind.DRAWDOWN])
def test_a_loss_of_exactly_the_limit_refuses(kind: LimitKind) -> None:
    at_limit = replace(STANDING, equity=D(900))
    found = check_order(BUY, [limit(kind, "0.1")], at_limit, AT)
    assert found is not None
    assert (found.kind, found.hours, found.minutes) == (kind, *((14, 30) if kind is LimitKind.DAY else (0, 0)))
    assert check_order(BUY, [limit(kind, "0.1")], replace(STANDING, equity=D("900.01")), AT) is None


def test_what_a_purchase_costs_at_once_counts_as_a_loss() -> None:
    dear = ProposedOrder(adds=True, amount=D(100), bought=D(99))
    assert check_order(dear, [limit(LimitKind.DAY, "0.001")], STANDING, AT) is not None
    assert check_order(dear, [limit(LimitKind.DAY, "0.0011")], STANDING, AT) is None


def test_the_refusal_of_a_coin_says_how_much_may_still_be_bought() -> None:
    found = check_order(BUY, [limit(LimitKind.COIN, "0.15")], STANDING, AT)
    assert found is not None
    assert found.allowed == D(50)
    assert check_order(replace(BUY, amount=found.allowed), [limit(LimitKind.COIN, "0.15")], STANDING, AT) is None


def test_a_pause_refuses_purchases_until_it_ends_and_never_sales() -> None:
    pause = Pause(LimitKind.DRAWDOWN, D("0.1"), of_desk=True, at=AT)
    paused = replace(STANDING, pause=pause)
    found = check_order(BUY, [], paused, AT)
    assert found is not None
    assert (found.kind, found.of_desk) == ("drawdown", True)
    assert check_order(SELL, [], paused, AT) is None
    until = replace(STANDING, pause=replace(pause, until=AT))
    assert check_order(BUY, [], until, AT) is None


def test_a_cool_down_ends_an_hour_after_the_last_loss() -> None:
    losing = (Sale(AT, D(-1), D(100)), Sale(AT - DAY, D(-1), D(100)), Sale(AT - DAY, D(5), D(100)))
    standing = replace(STANDING, sales=losing)
    assert cooldown_end(limit(LimitKind.STREAK, "2"), standing) == AT + timedelta(hours=1)
    assert cooldown_end(limit(LimitKind.STREAK, "3"), standing) is None
    assert cooldown_end(limit(LimitKind.LOSS, "0.01"), standing) == AT + timedelta(hours=1)
    assert cooldown_end(limit(LimitKind.LOSS, "0.011"), standing) is None
    assert check_order(BUY, [limit(LimitKind.STREAK, "2")], standing, AT + timedelta(minutes=59)) is not None
    assert check_order(BUY, [limit(LimitKind.STREAK, "2")], standing, AT + timedelta(minutes=60)) is None


amounts = st.decimals("0.01", "10000", places=2)


@given(value=amounts, wish=amounts | st.none(), hours=st.integers(0, 48))
def test_only_a_weaker_limit_waits(value: D, wish: D | None, hours: int) -> None:
    own, delay = OwnLimit(LimitKind.ORDER, value), timedelta(hours=hours)
    change = changed(LimitKind.ORDER, own, wish, AT, delay)
    weaker = wish is None or wish > value
    assert (change.at is not None) is (weaker and bool(delay))
    later = in_force(change.after, AT + delay)
    assert (None if later is None else later.value) == wish
    just_before = in_force(change.after, AT + delay - timedelta(microseconds=1))
    if change.at is not None:
        assert just_before is not None
        assert just_before.value == value


def test_asking_for_the_same_again_does_not_begin_the_delay_anew() -> None:
    own = OwnLimit(LimitKind.ORDER, D(10))
    first = changed(LimitKind.ORDER, own, D(20), AT, DAY)
    again = changed(LimitKind.ORDER, first.after, D(20), AT + timedelta(hours=3), DAY)
    assert again.at == AT + DAY
    other = changed(LimitKind.ORDER, first.after, D(30), AT + timedelta(hours=3), DAY)
    assert other.at == AT + timedelta(hours=3) + DAY
    stricter = changed(LimitKind.ORDER, first.after, D(5), AT, DAY)
    assert stricter.after == OwnLimit(LimitKind.ORDER, D(5))
