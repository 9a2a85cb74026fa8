"""Matching of open orders against a naive model, on random lives of up to 100 commands and events."""

from hypothesis import given

from tests.support.order_lives import ACTIONS, Action, Life


@given(ACTIONS)
def test_symbol_orders_match_naive_model(actions: list[Action]) -> None:
    Life().play(actions)
