"""Cold rules are filled in turns, the cheapest first, and a filled one waits for no other."""

from pipeline.market import MINUTE_MS, Candle, Interval, Symbol
from trading.strategies.read_rules import ReadRule, read_rule
from trading.strategies.rule_feeds import TURN_SECONDS, RuleFeed, run

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
