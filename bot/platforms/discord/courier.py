"""Delivery of notifications to Discord channels."""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace

import aiohttp
import discord

from bot.notifications.courier import Delivered, Outcome, OutcomeUnknown, PermanentFailure, RetryLater
from bot.platforms.discord.errors import judge
from bot.platforms.discord.inbound.receive import PRIVATE
from bot.platforms.discord.outbound.custom_id import ANYONE
from bot.platforms.discord.outbound.markdown import cut
from bot.platforms.discord.outbound.messages import CONTENT_LIMIT, DiscordMessage, words
from bot.platforms.discord.outbound.render import render
from bot.platforms.discord.outbound.send import edited, sent
from bot.platforms.discord.ports import PLATFORM
from bot.platforms.discord.rate_limit import waiting_at_most
from bot.reply import Reply

SEND_SECONDS = 60.0
PUSHES_A_SECOND = 40.0
"""Rate limit of notifications. Discord allows a bot 50 requests a second; answers to commands do not count."""

EDITS_A_SECOND = 10.0
"""Rate limit of edits, which are part of the notifications. A slightly delayed feed is acceptable."""

NONCE_LIMIT = 25
NONCE_SECONDS = 60.0
"""Seconds for which Discord reliably remembers a nonce; its documentation says "the past few minutes"."""

_ATTEMPTS = 3
_NOT_CONNECTED_SECONDS = 5.0
_ID_DIGITS = 20
_PRIVATE_KNOWN = 10_000
_PARTS_KNOWN = 1_000
_THREAD_ARCHIVED, _NOTHING_TO_SHOW = 50083, 50006
_EDIT_AGAIN_SECONDS = 5.0
_NO_FILES = frozenset((50001, 50013, 40005))


class DiscordCourier:
    """`bot.notifications.courier.Courier` over channel messages.

    Discord rejects a repeated nonce for a few minutes and returns the existing message. An attempt with an unknown
    outcome is therefore repeated at once with the same nonce. Only an outcome that stays unknown is `OutcomeUnknown`.
    """

    platform = PLATFORM

    def __init__(
        self,
        client: Callable[[], discord.Client | None],
        *,
        seconds: float = SEND_SECONDS,
        pause_seconds: float = 1.0,
    ) -> None:
        """`client` returns the client that is logged in. `pause_seconds` is the pause between attempts."""
        self._client = client
        self._seconds = seconds
        self._pause = pause_seconds
        self._pace = _Pace(PUSHES_A_SECOND)
        self._edits = _Pace(EDITS_A_SECOND)
        self._private: OrderedDict[str, int] = OrderedDict()
        self._arrived: OrderedDict[tuple[str, str], dict[int, str]] = OrderedDict()

    async def deliver(self, chat_id: str, reply: Reply, *, nonce: str, silent: bool) -> Outcome:
        """Sends the whole reply to the channel of this id. The parts of a long reply have separate nonces."""
        client = self._client()
        if client is None:
            return RetryLater("not connected", _NOT_CONNECTED_SECONDS)
        with waiting_at_most(self._seconds / 2):
            channel = await self._channel(client, chat_id)
            if not isinstance(channel, discord.PartialMessageable):
                return channel
            first = ""
            arrived = self._arrived.pop((chat_id, nonce), {})
            for number, message in enumerate(render(reply, owner=ANYONE)):
                outcome: Outcome
                if number in arrived:
                    outcome = Delivered(arrived[number])
                else:
                    outcome = await self._send(channel, message, _nonce(nonce, number), silent=silent)
                if first and isinstance(outcome, RetryLater) and outcome.retry_seconds > NONCE_SECONDS:
                    # The parts that arrived would be sent again: Discord no longer remembers their nonces by then.
                    return OutcomeUnknown(f"message {number + 1}: {outcome.reason}")
                if not isinstance(outcome, Delivered):
                    if first and isinstance(outcome, RetryLater):
                        self._keep(chat_id, nonce, arrived)
                    return outcome
                arrived[number] = outcome.message_id
                first = first or outcome.message_id
            return Delivered(first)

    def _keep(self, chat_id: str, nonce: str, arrived: dict[int, str]) -> None:
        """Remembers the parts that arrived: several short waits may outlast Discord's memory of their nonces."""
        self._arrived[chat_id, nonce] = arrived
        if len(self._arrived) > _PARTS_KNOWN:
            self._arrived.popitem(last=False)

    async def _channel(self, client: discord.Client, chat_id: str) -> discord.PartialMessageable | Outcome:
        """Returns the channel of this id, or a user's direct-message channel, which is opened if necessary."""
        number = chat_id.removeprefix(PRIVATE)
        if not _is_id(number):
            return PermanentFailure("not a channel", chat_gone=True)
        if number == chat_id:
            return client.get_partial_messageable(int(chat_id))
        if number not in self._private:
            await self._pace.turn()
            try:
                async with asyncio.timeout(self._seconds):
                    opened = await client.create_dm(discord.Object(int(number)))
            except (TimeoutError, discord.DiscordException, aiohttp.ClientError, OSError) as error:
                outcome = judge(error)
                return (
                    RetryLater(outcome.reason, _NOT_CONNECTED_SECONDS)
                    if isinstance(outcome, OutcomeUnknown)
                    else outcome
                )
            self._private[number] = opened.id
            if len(self._private) > _PRIVATE_KNOWN:
                self._private.popitem(last=False)
        return client.get_partial_messageable(self._private[number])

    async def edit(self, chat_id: str, message_id: str, reply: Reply) -> Outcome:
        """Replaces a message of the bot by the reply. Edits have lower priority than deliveries.

        An edit may be repeated, so an unknown outcome counts as not done.
        """
        client = self._client()
        if client is None:
            return RetryLater("not connected", _NOT_CONNECTED_SECONDS)
        if not (_is_id(chat_id) and _is_id(message_id)):
            return PermanentFailure("not a message", chat_gone=False)
        channel = client.get_partial_messageable(int(chat_id))
        first, *others = render(reply, owner=ANYONE)
        message = replace(first, rows=others[-1].rows) if others else first
        await self._edits.turn()
        with waiting_at_most(self._seconds / 2):
            outcome = await self._change(channel, int(message_id), message)
        return RetryLater(outcome.reason, _EDIT_AGAIN_SECONDS) if isinstance(outcome, OutcomeUnknown) else outcome

    async def _change(
        self, channel: discord.PartialMessageable, message_id: int, message: DiscordMessage, *, may_wake: bool = True
    ) -> Outcome:
        await self._pace.turn()
        try:
            async with asyncio.timeout(self._seconds):
                await channel.get_partial_message(message_id).edit(**edited(message))
        except discord.HTTPException as error:
            if error.code in _NO_FILES and message.files():
                return await self._change(channel, message_id, message.without_files())
            if error.code == _THREAD_ARCHIVED and may_wake and await self._woken(channel):
                return await self._change(channel, message_id, message, may_wake=False)
            return judge(error)
        except (TimeoutError, discord.DiscordException, aiohttp.ClientError, OSError) as error:
            return judge(error)
        return Delivered(str(message_id))

    async def _send(
        self, channel: discord.PartialMessageable, message: DiscordMessage, nonce: str, *, silent: bool
    ) -> Outcome:
        outcome = await self._attempt(channel, message, nonce, silent=silent)
        for attempt in range(1, _ATTEMPTS):
            if not isinstance(outcome, OutcomeUnknown):
                break
            await asyncio.sleep(self._pause * attempt)
            again = await self._attempt(channel, message, nonce, silent=silent)
            # An outcome that does not prove that the first attempt failed stays uncertain.
            outcome = again if isinstance(again, Delivered) else outcome
        return outcome

    async def _attempt(
        self,
        channel: discord.PartialMessageable,
        message: DiscordMessage,
        nonce: str,
        *,
        silent: bool,
        may_wake: bool = True,
    ) -> Outcome:
        await self._pace.turn()
        try:
            async with asyncio.timeout(self._seconds):
                done = await channel.send(**sent(message), nonce=nonce, silent=silent)
        except discord.HTTPException as error:
            if error.code in _NO_FILES and message.files():
                return await self._attempt(channel, message.without_files(), nonce, silent=silent)
            if error.code == _NOTHING_TO_SHOW and message.cards:
                # Channels where the bot may not embed links show no cards.
                plain = DiscordMessage(rows=message.rows, content=cut(words(message), CONTENT_LIMIT))
                return await self._attempt(channel, plain, nonce, silent=silent)
            if error.code == _THREAD_ARCHIVED and may_wake and await self._woken(channel):
                return await self._attempt(channel, message, nonce, silent=silent, may_wake=False)
            return judge(error)
        except (TimeoutError, discord.DiscordException, aiohttp.ClientError, OSError) as error:
            return judge(error)
        return Delivered(str(done.id))

    async def _woken(self, channel: discord.PartialMessageable) -> bool:
        """Unarchives a thread that was archived for inactivity. Returns whether that succeeded."""
        client = self._client()
        if client is None:
            return False
        try:
            async with asyncio.timeout(self._seconds):
                thread = await client.fetch_channel(channel.id)
                if isinstance(thread, discord.Thread):
                    await thread.edit(archived=False)
        except (TimeoutError, discord.DiscordException, aiohttp.ClientError, OSError):
            return False
        return True


class _Pace:
    """Rate limiter that admits callers at fixed intervals."""

    def __init__(self, a_second: float) -> None:
        self._gap = 1 / a_second
        self._next = 0.0

    async def turn(self) -> None:
        now = asyncio.get_running_loop().time()
        at = max(self._next, now)
        self._next = at + self._gap
        if at > now:
            await asyncio.sleep(at - now)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _ID_DIGITS


def _nonce(nonce: str, number: int) -> str:
    if number == 0:
        return nonce[:NONCE_LIMIT]
    return hashlib.sha256(f"{nonce}:{number}".encode()).hexdigest()[:NONCE_LIMIT]
