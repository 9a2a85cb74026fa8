"""Whatever bytes lie on the topic, reading them ends in a message or in a named flaw."""

from itertools import islice

from pipeline.bus.message import BusMessage, Flaw, UnreadableMessage, decode, encode
from pipeline.market import Frame, Symbol
from tests.fakes.mutations import mutations
from tests.fakes.scripted_market import BTC, COIN, minute, tick, trade

COUNT = 100_000
SOUND = [
    encode("binance", Frame(1_667_900_000_000, (tick(BTC, 1_667_900_000_000),))),
    encode("simulator:7", Frame(1, (tick(COIN, 1), tick(BTC, 2)), (minute(COIN, 0), minute(BTC, 60_000)))),
    encode("binance", Frame(9, (tick(BTC, 9),), (), (trade(BTC, 8), trade(COIN, 9)))),
    encode("replay", Frame(1, (), tuple(minute(Symbol(f"S{n}"), n * 60_000) for n in range(3)))),
]


def test_a_hundred_thousand_mutated_messages_are_read_or_refused_by_name() -> None:
    found: dict[str, int] = {}
    for data in islice(mutations(SOUND, seed=1), COUNT):
        try:
            message = decode(data)
        except UnreadableMessage as error:
            found[error.flaw] = found.get(error.flaw, 0) + 1
        else:
            found["read"] = found.get("read", 0) + 1
            check(message)
    assert sum(found.values()) == COUNT
    assert {Flaw.MALFORMED, Flaw.SHAPE, Flaw.NEWER_VERSION, "read"} <= found.keys()


def check(message: BusMessage) -> None:
    """What is read has the types it says, so that it can be written again."""
    assert decode(encode(message.market, message.frame)) == message
