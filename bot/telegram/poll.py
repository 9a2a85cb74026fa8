"""How updates get into the inbox: polled, or brought by a webhook. Written first, confirmed after."""

import asyncio
import hmac
import json
import logging
from collections.abc import Callable, Sequence
from typing import Any

from aiohttp import web
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.push.ports import NotNow
from bot.telegram.client import Client, judge
from bot.telegram.errors import TelegramTokenRefused
from bot.telegram.inbox import Arrival, Inbox
from bot.telegram.receive import KINDS, origin_and_lane
from pipeline.errors import Unavailable

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of the header
_BODY_LIMIT = 1 << 20
_PAUSE_SECONDS = 1.0
_LONGEST_PAUSE = 30.0
_log = logging.getLogger(__name__)


def arrivals_of(updates: Sequence[dict[str, Any]]) -> list[Arrival]:
    """Ready to be written. Halves of characters, which JSON can hold and a database cannot, become question marks."""
    return [Arrival(update["update_id"], *origin_and_lane(update), _body(update)) for update in updates]


def _body(update: dict[str, Any]) -> str:
    return json.dumps(update, ensure_ascii=False).encode("utf-8", "replace").decode()


class Poller:
    """Asks for updates, writes them down, and only then asks for the next: that is what confirms them.

    It begins without an offset: Telegram knows what was confirmed, and the inbox what was written.
    """

    def __init__(self, client: Client, inbox: Inbox, *, seconds: int, arrived: Callable[[], None]) -> None:
        """`arrived` is called after something was written: who polls also answers, and need not hear it elsewhere."""
        self._client = client
        self._arrived = arrived
        self._inbox = inbox
        self._seconds = seconds

    async def run(self) -> None:
        """Never ends. Raises TelegramTokenRefused."""
        offset, pause = 0, _PAUSE_SECONDS
        while True:
            try:
                updates = await self._client.raw_updates(offset, self._seconds, KINDS)
                if updates:
                    await self._inbox.write(arrivals_of(updates), tell=False)
                    self._arrived()
                    offset = max(update["update_id"] for update in updates) + 1
                pause = _PAUSE_SECONDS
            except InvalidToken:
                raise TelegramTokenRefused from None  # the original holds the token
            except Unavailable as error:
                _log.warning("updates wait at Telegram: %s", type(error).__name__)
                pause = await _rest(pause)
            except Conflict:
                _log.warning("someone else polls with this token")
                pause = await _rest(pause)
            except RetryAfter as error:
                verdict = judge(error)
                await asyncio.sleep(verdict.retry_seconds if isinstance(verdict, NotNow) else pause)
            except TelegramError as error:
                _log.warning("no updates: %s", type(error).__name__)
                pause = await _rest(pause)


async def _rest(seconds: float) -> float:
    """The next pause is twice as long."""
    await asyncio.sleep(seconds)
    return min(2 * seconds, _LONGEST_PAUSE)


def webhook(inbox: Inbox, secret: str, path: str = "/") -> web.Application:
    """Takes updates from Telegram: 200 only after they are written, so that it brings them again otherwise."""
    wanted = secret.encode()

    async def take(request: web.Request) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "replace")
        if not wanted or not hmac.compare_digest(given, wanted):
            return web.Response(status=403)
        try:
            arrivals = arrivals_of([json.loads(await request.read())])
        except (ValueError, KeyError, TypeError, AttributeError):
            return web.Response(status=400)
        try:
            await inbox.write(arrivals)
        except Unavailable:
            return web.Response(status=503)
        return web.Response()

    application = web.Application(client_max_size=_BODY_LIMIT)
    application.router.add_post(path, take)
    return application
