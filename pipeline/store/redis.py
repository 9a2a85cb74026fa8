"""Market store on a Redis or Valkey server: the only module that accesses it for the market."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from hashlib import sha1
from importlib import resources
from typing import Any, TypeVar

import msgspec
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import NoScriptError, OutOfMemoryError, ReadOnlyError, RedisError, ResponseError
from redis.exceptions import TimeoutError as NoAnswer

from pipeline.errors import MarketUnavailable
from pipeline.market import MarketInfo, Symbol, Tick
from pipeline.rules import SymbolRules
from pipeline.store import codec
from pipeline.store.bounded_parser import BoundedParser

T = TypeVar("T")

log = logging.getLogger(__name__)

SYMBOLS_A_CALL = 1000
"""Maximum number of symbols of one call, because Lua's stack limits the number of fields of a command in a script."""

ANSWER_SECONDS = 2.0

_KEYS_A_SWEEP = 500
_MANY = 50
"""Number of symbols above which the whole hash is read: writing their names into a command takes longer."""

_RINGS_BYTES = 48 << 20
"""Maximum bytes of histories in one answer."""

_OF_PIPELINE = "of pipeline caused error: "
_NOT_OUR_MISTAKE = ("WRONGTYPE", "MISCONF", "MASTERDOWN", "CLUSTERDOWN", "LOADING", "NOREPLICAS", "NOAUTH", "WRONGPASS")


@asynccontextmanager
async def answered() -> AsyncIterator[None]:
    """Waits at most ANSWER_SECONDS. Raises MarketUnavailable for errors of a server that does not answer, or of a value
    that another program wrote, and for an answer of another type (`checked`). Other errors of the server, which are
    bugs, are unchanged. Nothing but commands and `checked` belongs inside.
    """
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            yield
    except (ReadOnlyError, OutOfMemoryError) as error:
        raise MarketUnavailable from error
    except ResponseError as error:
        said = str(error).rpartition(_OF_PIPELINE)[2].lstrip("('\"")  # redis-py quotes it there
        if said.startswith(_NOT_OUR_MISTAKE):
            raise MarketUnavailable from error
        raise
    except (RedisError, OSError, TimeoutError) as error:
        raise MarketUnavailable from error
    except (TypeError, ValueError, AttributeError, LookupError, msgspec.ValidationError) as error:
        log.warning("Redis answers what no Redis does: %s", type(error).__name__)  # also where redis-py reads it
        raise MarketUnavailable from error


def checked(answer: object, shape: type[T]) -> T:
    """Returns an answer of the server if it has this type. Raises msgspec.ValidationError, for which `answered` raises
    MarketUnavailable. Bytes are not copied.
    """
    return msgspec.convert(answer, shape)


@contextmanager
def _sound(key: str) -> Iterator[None]:
    """Raises MarketUnavailable for a value of `key` that cannot be read because another program wrote it."""
    try:
        yield
    except (ValueError, msgspec.DecodeError) as error:  # UnicodeDecodeError is one
        log.warning("the value of %s in Redis is damaged: %s", key, type(error).__name__)
        raise MarketUnavailable from error


@dataclass(frozen=True, slots=True)
class _Script:
    """Lua script and its digest, under which the server keeps it."""

    text: str
    sha: str

    @classmethod
    def load(cls, name: str) -> "_Script":
        text = resources.files("pipeline.store").joinpath(name).read_text("utf-8")
        return cls(text, sha1(text.encode(), usedforsecurity=False).hexdigest())


_WRITE = _Script.load("write.lua")
_PREFILL = _Script.load("prefill.lua")
_FORGET = _Script.load("forget.lua")


class BoundedRedis(Redis):
    """Client whose commands wait ANSWER_SECONDS at most, then raise redis' TimeoutError.

    Its sockets have no time-out of their own: for that redis-py uses `asyncio.wait_for`, which before Python 3.12 loses
    a cancellation that arrives together with the answer. Pipelines are bounded by their callers.
    """

    async def execute_command(self, *args: Any, **options: Any) -> Any:
        """Executes a command as the base class does, within ANSWER_SECONDS."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await super().execute_command(*args, **options)  # type: ignore[no-untyped-call]
        except TimeoutError as error:
            raise NoAnswer from error


@asynccontextmanager
async def open_redis(url: str, *, connections: int = 8) -> AsyncIterator[Redis]:
    """Opens a client of the server at `url` for as long as the context lasts. The first command connects."""
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=connections,
        timeout=ANSWER_SECONDS,
        socket_timeout=None,
        parser_class=BoundedParser,
        socket_connect_timeout=ANSWER_SECONDS,
        retry=Retry(ExponentialBackoff(cap=0.2, base=0.02), 2),
    )
    async with BoundedRedis(connection_pool=pool) as client:
        try:
            yield client
        finally:
            await pool.aclose()


@asynccontextmanager
async def open_store(url: str, history_points: int, *, connections: int = 8) -> AsyncIterator["RedisStore"]:
    """Opens the store on a client of its own."""
    async with open_redis(url, connections=connections) as client:
        yield RedisStore(client, history_points)


class RedisStore:
    """Market store: reads and writes the keys of `pipeline.store.codec`. Every method raises MarketUnavailable if the
    server does not answer; all of them may be repeated without harm.
    """

    def __init__(self, client: Redis, history_points: int) -> None:
        self._redis = client
        self._history_points = history_points

    # -- writing -----------------------------------------------------------------------------------

    async def start(self, info: MarketInfo) -> bool:
        """Continues the stored run if it is this market's and not from later; otherwise empties the store first.

        Returns True if the store was emptied.
        """
        run = codec.StoreRun.of(info, self._history_points)
        old, old_info = await self._mget(codec.RUN, codec.INFO)
        if codec.continues(old, old_info, run, info):
            return False
        async with answered():
            await self._clear()
            await self._redis.mset({codec.RUN: codec.encode(run), codec.INFO: codec.encode(info)})
        return True

    async def _clear(self) -> None:
        known = (codec.RUN, codec.INFO, codec.RULES, codec.RULES_VERSION, codec.TRADED)
        prices = (codec.CURRENT_PRICES, codec.LAST_UPDATE, codec.QUOTES, codec.HISTORY_COUNTS)
        await self._redis.unlink(*known, *prices)
        keys: list[bytes] = []
        async for key in self._redis.scan_iter(f"{codec.HISTORY_PREFIX}*", count=_KEYS_A_SWEEP):
            keys.append(key)
            if len(keys) >= _KEYS_A_SWEEP:
                await self._redis.unlink(*keys)
                keys.clear()
        if keys:
            await self._redis.unlink(*keys)

    async def write(self, ticks: Sequence[Tick]) -> list[Symbol]:
        """Stores ticks that are newer than the stored ones; returns the symbols that had no history before.

        Takes one round trip for up to SYMBOLS_A_CALL symbols, however many ticks each has: every point is kept, and of
        the prices the last.
        """
        fresh: list[Symbol] = []
        for call in codec.calls(ticks, SYMBOLS_A_CALL):
            arguments = (codec.encode_ticks(call.newest), self._history_points, call.counts, call.points)
            fresh += [Symbol(raw.decode(errors="replace")) for raw in await self._call(list[bytes], _WRITE, *arguments)]
        return fresh

    async def prefill(self, symbol: Symbol, times: Sequence[int], prices: Sequence[float]) -> int:
        """Inserts older points (UTC ms, oldest first) before the symbol's history. Returns the number of inserted
        points.
        """
        points = codec.encode_points(times, prices)
        return await self._call(int, _PREFILL, symbol, points, self._history_points)

    async def forget(self, symbol: Symbol, time: int) -> bool:
        """Removes the symbol's prices and its history. Returns False if it was confirmed since `time`, its last known
        update.
        """
        return bool(await self._call(int, _FORGET, symbol, time))

    async def publish_info(self, info: MarketInfo) -> bytes | None:
        """Stores the running market; returns the version of the stored rules."""
        run = codec.StoreRun.of(info, self._history_points)
        async with answered(), self._redis.pipeline(transaction=False) as pipe:
            pipe.mset({codec.INFO: codec.encode(info), codec.RUN: codec.encode(run)})
            pipe.get(codec.RULES_VERSION)
            _, version = checked(await pipe.execute(), tuple[object, bytes | None])
        return version

    async def publish_rules(self, raw: bytes, version: bytes) -> None:
        """Stores the result of `codec.encode_rules`."""
        async with answered():
            await self._redis.mset({codec.RULES: raw, codec.RULES_VERSION: version})

    async def _call(self, shape: type[T], script: _Script, *arguments: bytes | str | int) -> T:
        async with answered():
            try:
                return checked(await self._redis.evalsha(script.sha, 0, *arguments), shape)
            except NoScriptError:
                return checked(await self._redis.eval(script.text, 0, *arguments), shape)

    # -- reading -----------------------------------------------------------------------------------

    async def head(self) -> tuple[MarketInfo | None, bytes | None]:
        """Returns the running market and the version of its rules."""
        info, version = await self._mget(codec.INFO, codec.RULES_VERSION)
        return _info(info), version

    async def rules(self) -> tuple[list[SymbolRules], bytes | None]:
        """Returns the rules of every symbol and their version; empty before they are published."""
        raw, version = await self._mget(codec.RULES, codec.RULES_VERSION)
        with _sound(codec.RULES):
            return (codec.decode_rules(raw) if raw else []), version

    async def sound_rules(self) -> list[SymbolRules]:
        """Returns the rules of every symbol; empty if they are damaged. For the process that publishes them again."""
        (raw,) = await self._mget(codec.RULES)
        try:
            with _sound(codec.RULES):
                return codec.decode_rules(raw) if raw else []
        except MarketUnavailable:
            return []

    async def quote(self, symbol: Symbol) -> tuple[MarketInfo | None, bytes | None]:
        """Returns the running market and the symbol's value of `quotes`, in one round trip."""
        async with answered(), self._redis.pipeline(transaction=False) as pipe:
            pipe.get(codec.INFO)
            pipe.hget(codec.QUOTES, symbol)
            info, raw = checked(await pipe.execute(), tuple[bytes | None, bytes | None])
        return _info(info), raw

    async def quotes(self, symbols: Sequence[Symbol]) -> tuple[MarketInfo | None, list[bytes | None]]:
        """Returns the running market and the values of `quotes` of these symbols, in one round trip."""
        async with answered(), self._redis.pipeline(transaction=False) as pipe:
            pipe.get(codec.INFO)
            if len(symbols) > _MANY:
                pipe.hgetall(codec.QUOTES)
            elif symbols:
                pipe.hmget(codec.QUOTES, list(symbols))
            answers = await pipe.execute()
            raws: list[bytes | None] = []
            if len(symbols) > _MANY:
                info, every = checked(answers, tuple[bytes | None, dict[bytes, bytes]])
                raws = [every.get(symbol.encode()) for symbol in symbols]
            elif symbols:
                info, raws = checked(answers, tuple[bytes | None, list[bytes | None]])
                _check_length(raws, symbols)
            else:
                (info,) = checked(answers, tuple[bytes | None])
        return _info(info), raws

    async def without_price(self, symbols: Sequence[Symbol]) -> list[Symbol]:
        """Returns those of the symbols that have no price in the store. One round trip."""
        if not symbols:
            return []
        async with answered():
            times = checked(await self._redis.hmget(codec.LAST_UPDATE, list(symbols)), list[bytes | None])
            _check_length(times, symbols)
        return [symbol for symbol, time in zip(symbols, times, strict=True) if time is None]

    async def last_updates(self) -> dict[Symbol, int]:
        """Returns the time of the last confirmation of each symbol that has a history (UTC ms of the source's clock; 0
        if none).
        """
        async with answered(), self._redis.pipeline(transaction=False) as pipe:
            pipe.hkeys(codec.HISTORY_COUNTS)
            pipe.hgetall(codec.LAST_UPDATE)
            kept, times = checked(await pipe.execute(), tuple[list[bytes], dict[bytes, bytes]])
        with _sound(codec.LAST_UPDATE):
            return {Symbol(raw.decode()): codec.decode_time(times.get(raw, b"0")) for raw in kept}

    async def histories(self, symbols: Sequence[Symbol]) -> dict[Symbol, codec.Points]:
        """Returns the recent points of each symbol, oldest first; an empty array if there are none.

        Takes one round trip for as many symbols as fit into one answer.
        """
        most = max(1, _RINGS_BYTES // (self._history_points * codec.POINT.itemsize))
        found: dict[Symbol, codec.Points] = {}
        for start in range(0, len(symbols), most):
            part = symbols[start : start + most]
            rings = await self._mget(*(codec.HISTORY_PREFIX + symbol for symbol in part))
            for number, (symbol, ring) in enumerate(zip(part, rings, strict=True), start=1):
                found[symbol] = codec.decode_history(ring)
                if number % _KEYS_A_SWEEP == 0:
                    await asyncio.sleep(0)
        return found

    async def _mget(self, *keys: str) -> list[bytes | None]:
        async with answered():
            found = checked(await self._redis.mget(*keys), list[bytes | None])
            _check_length(found, keys)
            return found

    async def count(self, symbol: Symbol) -> int:
        """Returns the number of points ever written to the symbol's history since it began."""
        async with answered():
            (raw,) = checked([await self._redis.hget(codec.HISTORY_COUNTS, symbol)], tuple[bytes | None])
        with _sound(codec.HISTORY_COUNTS):
            return codec.decode_time(raw) if raw else 0


def _check_length(found: Sequence[object], asked: Sequence[object]) -> None:
    if len(found) != len(asked):
        raise ValueError("an answer has another length than its question")


def _info(raw: bytes | None) -> MarketInfo | None:
    with _sound(codec.INFO):
        return codec.decode_info(raw) if raw else None
