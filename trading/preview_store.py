"""Store of previews in Redis, until they are confirmed or expire. The only module of `trading` that uses Redis.

Each preview is a hash: `body` is the preview as JSON (Decimals as text) after its authentication code, `claimed` is set
once it is being confirmed. A list of each user names the tokens of the newest. A preview that another program changed,
or moved to another user or token, counts as expired.
"""

import logging
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Literal

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from core.security.entry_codes import EntryCodes
from pipeline.errors import MarketUnavailable
from pipeline.market import Symbol
from trading.dust import DustPosition
from trading.order_groups.types import OrderGroup
from trading.order_previews import StoredRequest, restored, stored
from trading.orders.types import Balance, BaseQuantity, Execution, Preview, QuoteAmount, Side
from trading.previews import Previewed
from trading.strategies.robots import RobotWish

_SAVE = """
redis.call('HSET', KEYS[1], 'body', ARGV[1])
redis.call('LPUSH', KEYS[2], ARGV[3])
redis.call('LTRIM', KEYS[2], 0, ARGV[4] - 1)
redis.call('PEXPIRE', KEYS[2], ARGV[2])
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
"""

# A body that is too long for a preview is not sent to the client.
_FIND = """
if redis.call('HSTRLEN', KEYS[1], 'body') > tonumber(ARGV[1]) then return '' end
return redis.call('HGET', KEYS[1], 'body')
"""

# An expired preview must not be created again as a hash that contains nothing but its mark.
_CLAIM = """
if redis.call('HSTRLEN', KEYS[1], 'body') > tonumber(ARGV[1]) then return '' end
local body = redis.call('HGET', KEYS[1], 'body')
if body then redis.call('HSET', KEYS[1], 'claimed', '1') end
return body
"""

_DROP = """
local open = redis.call('EXISTS', KEYS[1]) - redis.call('HEXISTS', KEYS[1], 'claimed')
redis.call('DEL', KEYS[1])
return open
"""

# One that is being confirmed stays: a press that is delivered twice finds the same order.
_DROP_OPEN = """
local open = redis.call('EXISTS', KEYS[1]) - redis.call('HEXISTS', KEYS[1], 'claimed')
if open == 1 then redis.call('DEL', KEYS[1]) end
return open
"""

_LISTED = 32
"""Most tokens listed for a user. Older previews are left to expire."""

_LARGEST = 1_000_000
"""Maximum bytes of an entry. A sale of the dust of a thousand symbols takes a fifth of it."""

_log = logging.getLogger(__name__)


class _StoredPreview(msgspec.Struct, frozen=True, tag="order"):
    """Preview in its JSON form. A union of two dataclasses needs its kind stored with it."""

    side: Side
    symbol: Symbol
    unit: Literal["base", "quote"]
    amount: Decimal
    whole_balance: bool
    execution: Execution
    balances_after: tuple[Balance, Balance]


class _StoredDust(msgspec.Struct, frozen=True, tag="dust"):
    crumbs: tuple[DustPosition, ...]


class _StoredRobot(msgspec.Struct, frozen=True, tag="robot"):
    wish: RobotWish


class _StoredGroup(msgspec.Struct, frozen=True, tag="group"):
    group: OrderGroup


def encode(preview: Previewed) -> bytes:
    """Returns the preview as JSON."""
    if isinstance(preview, RobotWish):
        return msgspec.json.encode(_StoredRobot(preview))
    if isinstance(preview, tuple):
        return msgspec.json.encode(_StoredDust(preview))
    if isinstance(preview, OrderGroup):
        return msgspec.json.encode(_StoredGroup(preview))
    if not isinstance(preview, Preview):
        return msgspec.json.encode(stored(preview))
    unit: Literal["base", "quote"] = "base" if isinstance(preview.size, BaseQuantity) else "quote"
    kept = _StoredPreview(
        preview.side,
        preview.symbol,
        unit,
        preview.size.amount,
        preview.whole_balance,
        preview.execution,
        preview.balances_after,
    )
    return msgspec.json.encode(kept)


def decode(body: bytes) -> Previewed:
    """Returns the preview of `encode`. Raises msgspec.ValidationError."""
    kept = msgspec.json.decode(body, type=_StoredPreview | _StoredDust | _StoredRobot | _StoredGroup | StoredRequest)
    if isinstance(kept, _StoredRobot):
        return kept.wish
    if isinstance(kept, _StoredDust):
        return kept.crumbs
    if isinstance(kept, _StoredGroup):
        return kept.group
    if not isinstance(kept, _StoredPreview):
        return restored(kept)
    size = BaseQuantity(kept.amount) if kept.unit == "base" else QuoteAmount(kept.amount)
    return Preview(kept.side, kept.symbol, size, kept.whole_balance, kept.execution, kept.balances_after)


class RedisPreviews:
    """`trading.previews.Previews` on Redis or Valkey; raises MarketUnavailable if that does not answer."""

    def __init__(self, redis: Redis, codes: EntryCodes, *, seconds: int) -> None:
        """`redis` must return bytes; `seconds` is the lifetime of a preview."""
        self._redis = redis
        self._codes = codes
        self._milliseconds = seconds * 1000

    async def save(self, person_id: int, token: str, preview: Previewed) -> None:
        """Stores the preview for its lifetime."""
        entry = self._codes.seal(_place(person_id, token), encode(preview))
        keys = (_place(person_id, token), _list_of(person_id))
        await self._run(_SAVE, keys, entry, self._milliseconds, token, _LISTED)

    async def find(self, person_id: int, token: str) -> Previewed | None:
        """Returns the preview without marking it as being confirmed. None if it has expired."""
        return await self._opened(person_id, token, await self._eval(_FIND, person_id, token, _LARGEST))

    async def claim(self, person_id: int, token: str) -> Previewed | None:
        """Returns the preview and marks it as being confirmed. Repeated claims return it until it expires."""
        return await self._opened(person_id, token, await self._eval(_CLAIM, person_id, token, _LARGEST))

    async def drop(self, person_id: int, token: str) -> bool:
        """Removes the preview. Returns True if it was there and not claimed."""
        return bool(await self._eval(_DROP, person_id, token))

    async def drop_all(self, person_id: int) -> bool:
        """Removes the newest previews of the user that are not claimed. Returns True if there was one."""
        try:
            listed = await self._redis.lrange(_list_of(person_id), 0, _LISTED - 1)
        except (RedisError, OSError) as error:
            raise MarketUnavailable from error
        tokens = [token.decode(errors="replace") for token in listed if isinstance(token, bytes)]
        dropped = [await self._eval(_DROP_OPEN, person_id, token) for token in tokens]
        return any(dropped)

    async def _opened(self, person_id: int, token: str, entry: bytes | None) -> Previewed | None:
        """Returns the preview of an entry. An entry without a valid authentication code is dropped; returns None."""
        if entry is None:
            return None
        try:
            if (body := self._codes.open(_place(person_id, token), entry)) is not None:
                return decode(body)
        except msgspec.DecodeError:  # of another version
            pass
        _log.warning("a preview of person %d in Redis was not written by this desk; it counts as expired", person_id)
        await self.drop(person_id, token)
        return None

    async def _eval(self, script: str, person_id: int, token: str, *arguments: bytes | int) -> Any:
        return await self._run(script, (_place(person_id, token),), *arguments)

    async def _run(self, script: str, keys: Sequence[str], *arguments: bytes | int | str) -> Any:
        try:
            return await self._redis.eval(script, len(keys), *keys, *arguments)
        except (RedisError, OSError) as error:
            raise MarketUnavailable from error


def _place(person_id: int, token: str) -> str:
    return f"preview:{person_id}:{token}"


def _list_of(person_id: int) -> str:
    return f"previews:{person_id}"
