"""Writing of the answer to an interaction, possible for 15 minutes: its original message and follow-ups."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

import aiohttp
import discord

from bot.platforms.discord.errors import expired, retry_seconds
from bot.platforms.discord.interaction_store import InteractionStore, PendingInteraction
from bot.platforms.discord.outbound.custom_id import ReplyTarget
from bot.platforms.discord.outbound.messages import Colour, DiscordMessage, Embed
from bot.platforms.discord.outbound.send import edited, sent

_ORIGINAL = "@original"
_ATTEMPTS = 3
_PAUSE_SECONDS = 0.5
_NOT_FOUND, _TOO_MANY, _SERVER_ERROR = 404, 429, 500
_UNKNOWN_MESSAGE = 10008
_LONGEST_WAIT = 60.0
_NO_FILES = frozenset((50001, 50013, 40005))  # no access, lacking permissions, request too large
_log = logging.getLogger(__name__)


class InteractionExpired(Exception):
    """The interaction can no longer be answered."""


class InteractionResponse:
    """Writer of one answer.

    A message that cannot be edited into its place is sent once, even if the process ends repeatedly.
    """

    def __init__(self, client: discord.Client, question: PendingInteraction, memory: InteractionStore) -> None:
        """`memory` stores each step before it is performed."""
        self._question = question
        self._memory = memory
        self._left_out, self._doubtful, self._shown, self._step = False, False, False, 0
        self._interrupted_at = question.begun
        self._webhook = discord.Webhook.partial(question.application_id, question.token, client=client)
        # The library makes every partial webhook an incoming one; only application webhooks may be ephemeral.
        self._webhook.type = discord.WebhookType.application

    async def waits(self) -> bool:
        """False if Discord awaits no answer: the interaction was never acknowledged, or it expired."""
        if self._question.begun:
            return True  # the placeholder may be gone, and follow-ups do not need it
        try:
            await self._webhook.fetch_message(_ORIGINAL)  # type: ignore[arg-type]
        except discord.HTTPException as error:
            return not (expired(error) or error.status == _NOT_FOUND)
        except (TimeoutError, aiohttp.ClientError, OSError):
            return True
        return True

    async def write(
        self, messages: Sequence[DiscordMessage], *, private: bool, no_files: str = "", interrupted: str = ""
    ) -> None:
        """Shows the messages as promised by the acknowledgement. `private` ones are never shown publicly.

        The user receives `no_files` if a file could not be attached, and `interrupted` if a message may be missing: the
        process ended while it was sent, or its sending failed after others were shown. Raises InteractionExpired, and,
        if nothing was shown, what the library and the network raise after several attempts.
        """
        question = self._question
        self._left_out, self._doubtful, self._shown, self._step = False, False, False, 0
        hidden = question.ephemeral or (private and question.inbound.public)
        first, *others = messages
        if question.place == ReplyTarget.UPDATE and not messages[-1].rows:
            # An answer without buttons must not replace a page with buttons.
            await self._add(first, ephemeral=question.inbound.public)
        elif hidden and not question.ephemeral:
            if question.place == ReplyTarget.NEW:
                await self._withdraw()
            await self._add(first, ephemeral=True)
        else:
            await self._replace(first, ephemeral=hidden)
        for message in others:
            await self._add(message, ephemeral=hidden)
        for note in (no_files if self._left_out else "", interrupted if self._doubtful else ""):
            if note:
                card = Embed(description=note, colour=Colour.WARNING)
                await self._add(DiscordMessage((card,)), ephemeral=question.inbound.public)

    async def _begin(self) -> bool:
        """Records that the next step was begun. False if it had been begun before."""
        self._step += 1
        if self._step <= self._question.begun:
            return False
        self._question = replace(self._question, begun=self._step)
        await self._memory.save_progress(self._question)
        return True

    async def _replace(self, message: DiscordMessage, *, ephemeral: bool) -> None:
        """Edits the original message; an edit is safe to repeat. One that was deleted is replaced by a follow-up."""
        try:
            await self._insist(
                lambda form: self._webhook.edit_message(_ORIGINAL, **edited(form)),  # type: ignore[call-overload]
                message,
                repeatable=True,
            )
        except discord.NotFound as error:
            if error.code != _UNKNOWN_MESSAGE:
                raise
            await self._add(message, ephemeral=ephemeral)
        self._shown = True

    async def _add(self, message: DiscordMessage, *, ephemeral: bool) -> None:
        """Sends a follow-up message, once. One that fails after others were shown, or may have arrived, is doubtful."""
        if await self._begin():
            try:
                await self._insist(
                    lambda form: self._webhook.send(**sent(form), ephemeral=ephemeral, wait=True),
                    message,
                    repeatable=False,
                )
            except (discord.HTTPException, TimeoutError, aiohttp.ClientError, OSError) as error:
                refused = isinstance(error, discord.HTTPException) and error.status < _SERVER_ERROR
                if refused and not self._shown:
                    raise
                _log.warning("interaction %s: a message may be missing: %r", self._question.interaction_id, error)
                self._doubtful = True
            self._shown = True
        elif self._step == self._interrupted_at:
            self._doubtful = True

    async def _insist(
        self, call: Callable[[DiscordMessage], Awaitable[object]], message: DiscordMessage, *, repeatable: bool
    ) -> None:
        """Performs the call with retries. Raises the error of the last attempt."""
        attempt = 0
        while True:
            attempt += 1
            try:
                await call(message)
            except discord.HTTPException as error:
                if error.status == _TOO_MANY and attempt < _ATTEMPTS:
                    await asyncio.sleep(min(retry_seconds(error), _LONGEST_WAIT))
                else:
                    message = self._without_files(message, error)
            except (TimeoutError, aiohttp.ClientError, OSError):
                if not repeatable or attempt >= _ATTEMPTS:
                    raise
                await asyncio.sleep(_PAUSE_SECONDS * 2 ** (attempt - 1))
            else:
                return

    async def _withdraw(self) -> None:
        """Deletes the placeholder. This may be repeated until the next step is begun."""
        if not await self._begin() and self._step < self._question.begun:
            return
        try:
            await self._webhook.delete_message(_ORIGINAL)  # type: ignore[arg-type]
        except discord.HTTPException as error:
            if expired(error):
                raise InteractionExpired from error
            _log.warning("a public placeholder stays: %s", error.code)

    def _without_files(self, message: DiscordMessage, error: discord.HTTPException) -> DiscordMessage:
        """Returns the message without its files if they caused the error.

        Raises InteractionExpired if the interaction expired, and otherwise the error itself.
        """
        if expired(error):
            raise InteractionExpired from error
        if error.code not in _NO_FILES or not message.files():
            raise error
        self._left_out = True
        return message.without_files()
