"""The message on Kafka: what it looks like, and what of other people's bytes is refused."""

import json

import msgspec
import pytest

from pipeline.bus.message import MAX_BYTES, Flaw, UnreadableMessage, decode, encode
from pipeline.bus.partitions import murmur2
from pipeline.market import Candle, Frame, Tick, Trade
from tests.fakes.scripted_market import BTC, COIN, minute, tick, trade

FRAME = Frame(
    1000, (tick(BTC, 1000), Tick(COIN, 999, "0.5")), (minute(COIN, 0, 0.1 + 0.2),), (trade(BTC, 998, "100.4", 7),)
)


def flaw_of(data: bytes | None) -> Flaw:
    with pytest.raises(UnreadableMessage) as refused:
        decode(data)
    return refused.value.flaw


def test_a_message_is_a_json_array_that_people_can_read() -> None:
    assert json.loads(encode("binance", FRAME)) == [
        1,
        "binance",
        1000,
        [
            ["BTCUSDC", 1000, "100.5", "100.4", "2", "100.6", "3", "99", "101", "98", "1234.5", ""],
            ["币安人生USDC", 999, "0.5", "", "", "", "", "", "", "", "", ""],
        ],
        [
            [
                "币安人生USDC",
                0,
                0.30000000000000004,
                1.3,
                -0.7,
                0.30000000000000004,
                1.5,
                0.45000000000000007,
                3,
                None,
                None,
            ]
        ],
        [["BTCUSDC", 998, "100.4", "0.5", 7, ""]],
    ]


def test_what_is_read_is_what_was_written() -> None:
    message = decode(encode("binance", FRAME))
    assert (message.market, message.frame) == ("binance", FRAME)


def test_fields_that_a_later_writer_adds_at_the_end_are_passed_over() -> None:
    fields = json.loads(encode("binance", FRAME))
    for row in fields[3] + fields[4] + fields[5]:
        row.append({"new": [1]})
    assert decode(json.dumps([*fields, "new", 7]).encode()).frame == FRAME


def test_fields_that_an_earlier_writer_did_not_know_have_their_defaults() -> None:
    message = decode(b'[1,"binance",5,[["BTCUSDC",5,"1"]]]')
    assert message.frame == Frame(5, (Tick(BTC, 5, "1"),))


def test_a_reader_from_before_trades_reads_the_rest_of_the_message() -> None:
    class OlderMessage(msgspec.Struct, array_like=True):
        version: int
        market: str
        time: int
        ticks: tuple[Tick, ...] = ()
        candles: tuple[Candle, ...] = ()

    older = msgspec.json.decode(encode("binance", FRAME), type=OlderMessage)
    assert (older.ticks, older.candles) == (FRAME.ticks, FRAME.candles)
    assert decode(msgspec.json.encode(older)).frame == Frame(1000, FRAME.ticks, FRAME.candles)


def test_a_process_of_before_order_flow_and_one_of_now_read_each_other() -> None:
    older = msgspec.defstruct(
        "OlderCandle", [(field.name, field.type, field.default) for field in msgspec.structs.fields(Candle)[:9]],
        array_like=True, frozen=True,
    )  # fmt: skip
    candle = Candle(BTC, 60_000, 2.0, 4.0, 1.0, 3.0, 9.5, 20.0, 7, 3.25, -0.5)
    message = encode("binance", Frame(1000, candles=(candle,)))
    assert decode(message).frame.candles == (candle,)
    read = msgspec.json.decode(msgspec.json.encode(json.loads(message)[4][0]), type=older)
    assert msgspec.structs.astuple(read) == msgspec.structs.astuple(candle)[:9]
    written = json.dumps([1, "binance", 1000, [], [list(msgspec.structs.astuple(read))]]).encode()
    unknown = msgspec.structs.replace(candle, taker_volume=None, quote_imbalance=None)
    assert decode(written).frame.candles == (unknown,)
    assert decode(encode("binance", Frame(1000, candles=(unknown,)))).frame.candles == (unknown,)


def test_a_frame_without_trades_is_three_bytes_longer_than_before_trades() -> None:
    assert encode("binance", Frame(5)) == b'[1,"binance",5,[],[],[]]'


@pytest.mark.parametrize(
    ("data", "flaw"),
    [
        (None, Flaw.EMPTY),
        (b"", Flaw.EMPTY),
        (b"[" + b" " * MAX_BYTES + b"]", Flaw.TOO_LONG),
        (encode("binance", FRAME)[:-1], Flaw.MALFORMED),
        (b"prices", Flaw.MALFORMED),
        (b'[1,"\xff",5]', Flaw.MALFORMED),
        (b'[1,"binance",5,[],[],[],' + b"[" * 100_000, Flaw.MALFORMED),
        (b"{}", Flaw.SHAPE),
        (b"[]", Flaw.SHAPE),
        (b'["1","binance",5]', Flaw.SHAPE),
        (b'[1,"binance",5,[["BTCUSDC",5,1]]]', Flaw.SHAPE),
        (b'[1,"binance",5,[["BTCUSDC","5","1"]]]', Flaw.SHAPE),
        (b'[1,"binance",5,[["BTCUSDC",5,""]]]', Flaw.SHAPE),
        (b'[1,"binance",5,[["",5,"1"]]]', Flaw.SHAPE),
        (b'[1,"binance",5,[["BTCUSDC",5,"' + b"1" * 65 + b'"]]]', Flaw.SHAPE),
        (b'[1,"binance",5,[["BTCUSDC",-5,"1"]]]', Flaw.SHAPE),
        (b'[1,"binance",5,[["BTCUSDC",' + b"9" * 400 + b',"1"]]]', Flaw.SHAPE),
        (b'[1,"",5]', Flaw.SHAPE),
        (b'[1,"binance",5,[],[["BTCUSDC",0,1,1,1,null,1]]]', Flaw.SHAPE),
        (b'[1,"binance",5,[],[],[["BTCUSDC",5,"1","1"]]]', Flaw.SHAPE),
        (b'[1,"binance",5,[],[],[["BTCUSDC",5,"1","",1]]]', Flaw.SHAPE),
        (b'[1,"binance",5,[],[],[["BTCUSDC",5,"1","' + b"1" * 65 + b'",1]]]', Flaw.SHAPE),
        (b'[1,"binance",5,[],[],[["BTCUSDC",5,1,"1",1]]]', Flaw.SHAPE),
        (b'[1,"binance",5,[],[],[["BTCUSDC",-5,"1","1",1]]]', Flaw.SHAPE),
        (b'[1,"binance",5,[],[],[["BTCUSDC",5,"1","1",-1]]]', Flaw.SHAPE),
        (b'[1,"binance",5,[],[],[["BTCUSDC",5,"1","1",9223372036854775808]]]', Flaw.SHAPE),
        (b'[1,"binance",5,[],[],[["' + b"B" * 65 + b'",5,"1","1",1]]]', Flaw.SHAPE),
        (b'[2,"binance",5]', Flaw.NEWER_VERSION),
        (b'[2,{"quite":"different"}]', Flaw.NEWER_VERSION),
        (b'[0,"binance",5]', Flaw.UNKNOWN_VERSION),
    ],
)
def test_what_is_no_message_is_refused_by_what_is_wrong_with_it(data: bytes | None, flaw: Flaw) -> None:
    assert flaw_of(data) is flaw


def test_the_order_of_the_vocabularys_fields_is_the_messages() -> None:
    """A field that moves, or is added anywhere but at the end, changes what every message means."""
    names = [[field.encode_name for field in msgspec.structs.fields(kind)] for kind in (Tick, Candle, Trade)]
    assert names[0][:11] == [
        *("symbol", "time", "price", "bid", "bid_size", "ask", "ask_size"),
        *("open_24h", "high_24h", "low_24h", "volume_24h"),
    ]
    assert names[1][:11] == [
        *("symbol", "open_time", "open", "high", "low", "close", "volume", "quote_volume", "trades"),
        *("taker_volume", "quote_imbalance"),
    ]
    assert names[2][:5] == ["symbol", "time", "price", "quantity", "trade_id"]


def test_the_hash_is_the_one_of_kafkas_own_clients() -> None:
    """The values of Apache Kafka's UtilsTest.testMurmur2."""
    known = {
        b"21": -973932308,
        b"foobar": -790332482,
        b"a-little-bit-long-string": -985981536,
        b"a-little-bit-longer-string": -1486304829,
        b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8": -58897971,
        b"abc": 479470107,
    }
    assert {key: murmur2(key) for key in known} == {key: value & 0xFFFFFFFF for key, value in known.items()}


@pytest.mark.parametrize("market", ["", "x\\u0000y", "m" * 101])
def test_a_market_that_no_archive_could_name_is_refused(market: str) -> None:
    assert flaw_of(f'[1,"{market}",5,[["BTCUSDC",5,"1"]]]'.encode()) is Flaw.SHAPE
