"""Cold rules are filled in turns, the cheapest first, and a filled one waits for no other."""

import pytest

from pipeline.market import MINUTE_MS, Candle, Interval, Symbol
from trading.strategies.read_rules import ReadRule, read_rule
from trading.strategies.rule_feeds import TURN_SECONDS, RuleFeed, RuleStream, Signal, run

BTC = Symbol("BTCUSDC")
DEAR = ["when ema(900) > hma(900) buy 50%", "when ema(901) > hma(901) buy 50%"]
CHEAP = ["when close > 0 buy 50%", "when close > 1 buy 50%"]
NOW = 1_700_000_040_000 // MINUTE_MS * MINUTE_MS


def feed() -> RuleFeed:
    found = RuleFeed(BTC, Interval.M1)
    for text in DEAR + CHEAP:
        found.follow(text, read_rule(text, Interval.M1))
    return found


def test_the_cheapest_rules_have_the_first_turn() -> None:
    assert all(read_rule(text, Interval.M1).seconds > TURN_SECONDS for text in DEAR)
    assert list(feed().turn()) == CHEAP


def test_filled_rules_signal_while_dear_ones_wait() -> None:
    cold, minutes = feed(), [Candle(BTC, NOW - at * MINUTE_MS, 9, 9, 9, 9, 1) for at in (3, 2, 1)]
    turns = []
    while cold.cold:
        rules = cold.turn()
        turns.append(list(rules))
        assert all(isinstance(each, ReadRule) for each in rules.values())
        (last,) = cold.fill(rules, (minutes, []), run(rules, minutes), NOW)
        assert list(last.signals) == list(rules)
        if len(turns) == 1:
            closed = cold.take(Candle(BTC, NOW, 9, 9, 9, 9, 1))
            assert closed is not None
            assert closed.signals == dict.fromkeys(CHEAP, (True, False))
            minutes.append(closed.candle)
    assert turns == [CHEAP, DEAR[:1], DEAR[1:]]


class Broken:
    """Signals of a rule that fails on a candle above a price."""

    def update(self, candle: Candle) -> Signal:
        if candle.close > 10:
            raise OverflowError("intermediate overflow in fsum")
        return True, False


@pytest.mark.parametrize("archived", [True, False])
def test_a_rule_that_failed_gives_no_signals_until_it_is_computed_again(*, archived: bool) -> None:
    found, source = RuleFeed(BTC, Interval.M1), read_rule(CHEAP[0], Interval.M1)
    found.follow(CHEAP[0], source)
    high = Candle(BTC, NOW - MINUTE_MS, 11, 11, 11, 11, 1)
    before = [Candle(BTC, NOW - 2 * MINUTE_MS, 9, 9, 9, 9, 1), *([high] * archived)]
    streams = {CHEAP[0]: (stream := RuleStream(CHEAP[0], Broken()), [stream.update(each) for each in before][-1])}
    last = found.fill({CHEAP[0]: source}, (before, []), streams, NOW)[0]
    if not archived:
        assert last.signals == {CHEAP[0]: (True, False)}
        last = found.take(high) or last
    assert last.candle == high
    assert last.signals == {}
    after = found.take(Candle(BTC, NOW, 9, 9, 9, 9, 1))
    assert after is not None
    assert after.signals == {}
    assert found.failed(CHEAP[0])
    found.retry(CHEAP[0])
    assert list(found.missing()) == CHEAP[:1]
