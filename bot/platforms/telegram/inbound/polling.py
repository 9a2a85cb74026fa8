"""Polling of updates into the inbox. Updates are written first and confirmed afterwards."""

import asyncio
import json
import logging
from collections.abc import Callable, Sequence
from typing import Any

from telegram.error import Conflict, RetryAfter, TelegramError

from bot.notifications.courier import RetryLater
from bot.platforms.telegram.client import Client, judge, token_refused
from bot.platforms.telegram.errors import TelegramTokenRefused
from bot.platforms.telegram.inbound.inbox import Inbox, IncomingUpdate
from bot.platforms.telegram.inbound.origins import origin_and_lane, public_codes, sender_of
from bot.platforms.telegram.inbound.receive import KINDS
from core.errors import Unavailable

_NUMBERS = 1 << 63
_PAUSE_SECONDS = 1.0
_LONGEST_PAUSE = 30.0
_log = logging.getLogger(__name__)


def arrivals_of(updates: Sequence[Any]) -> list[IncomingUpdate]:
    """Converts updates to rows of the inbox. Updates without a valid id are left out, since they cannot be confirmed.

    Unpaired surrogates, which JSON can hold and a database cannot, become question marks.
    """
    found = []
    for update in updates:
        number = number_of(update)
        if number is None:
            _log.warning("an update without a valid id was left out")
        else:
            origin, lane = origin_and_lane(update)
            sender, codes = sender_of(update), public_codes(update)
            found.append(IncomingUpdate(number, origin, lane, _body(update), sender, codes))
    return found


def number_of(update: Any) -> int | None:
    """Returns the update's id. None if it has none that a database can hold."""
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if isinstance(number, int) and not isinstance(number, bool) and 0 <= number < _NUMBERS else None


def _body(update: dict[str, Any]) -> str:
    return json.dumps(update, ensure_ascii=False).encode("utf-8", "replace").decode()


class Poller:
    """Poller of updates. It writes updates before it requests the next ones, which confirms them.

    It starts without an offset: Telegram knows which updates were confirmed, and the inbox which were written.
    """

    def __init__(self, client: Client, inbox: Inbox, *, seconds: int, arrived: Callable[[], None]) -> None:
        """`arrived` is called after a write. The polling process also answers, so it needs no database notification."""
        self._client = client
        self._arrived = arrived
        self._inbox = inbox
        self._seconds = seconds

    async def run(self) -> None:
        """Polls until cancelled. Raises TelegramTokenRefused."""
        offset, pause = 0, _PAUSE_SECONDS
        while True:
            try:
                updates = await self._client.raw_updates(offset, self._seconds, KINDS)
                if arrivals := arrivals_of(updates):
                    await self._inbox.write(arrivals, notify=False)
                    self._arrived()
                    offset = max(arrival.update_id for arrival in arrivals) + 1
                elif updates:
                    pause = await _rest(pause)
                    continue
                pause = _PAUSE_SECONDS
            except Unavailable as error:
                _log.warning("updates cannot be stored and wait at Telegram: %s", type(error).__name__)
                pause = await _rest(pause)
            except Conflict:
                _log.warning("another process polls with this token")
                pause = await _rest(pause)
            except RetryAfter as error:
                verdict = judge(error)
                await asyncio.sleep(verdict.retry_seconds if isinstance(verdict, RetryLater) else pause)
            except TelegramError as error:
                if token_refused(error):
                    raise TelegramTokenRefused from None  # the original error contains the token
                _log.warning("no updates: %s", type(error).__name__)
                pause = await _rest(pause)


async def _rest(seconds: float) -> float:
    """Sleeps and returns the next pause, which is twice as long up to a limit."""
    await asyncio.sleep(seconds)
    return min(2 * seconds, _LONGEST_PAUSE)
