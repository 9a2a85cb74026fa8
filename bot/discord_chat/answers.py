"""Where the answer to an interaction is written, for 15 minutes: its original message and others after it."""

import asyncio
import logging
from collections.abc import Sequence

import aiohttp
import discord

from bot.discord_chat.buttons import Place
from bot.discord_chat.cards import Card, Colour, Message
from bot.discord_chat.errors import expired
from bot.discord_chat.memory import Question
from bot.discord_chat.send import edited, sent

_ORIGINAL = "@original"
_ATTEMPTS = 3
_PAUSE_SECONDS = 0.5
_NOT_FOUND = 404
_NO_FILES = frozenset((50001, 50013, 40005))  # no access, lacking permissions, request too large
_log = logging.getLogger(__name__)


class TooLate(Exception):
    """The interaction can no longer be answered."""


class AnswerSheet:
    """Writes one answer."""

    def __init__(self, client: discord.Client, question: Question) -> None:
        self._question = question
        self._left_out = False
        self._webhook = discord.Webhook.partial(question.application_id, question.token, client=client)
        # The library makes every partial webhook an incoming one; only those of applications may be ephemeral.
        self._webhook.type = discord.WebhookType.application

    async def waits(self) -> bool:
        """False where Discord knows of no answer that is awaited: it was never acknowledged, or it is too late."""
        try:
            await self._webhook.fetch_message(_ORIGINAL)  # type: ignore[arg-type]
        except discord.HTTPException as error:
            return not (expired(error) or error.status == _NOT_FOUND)
        except (TimeoutError, aiohttp.ClientError, OSError):
            return True
        return True

    async def write(self, messages: Sequence[Message], *, private: bool, no_files: str) -> None:
        """Shows the messages as the acknowledgement promised; `private` ones never where others read.

        `no_files` is what the person is told where a file could not be attached. Raises TooLate, and what the library
        and the network raise after some attempts.
        """
        question = self._question
        self._left_out = False
        hidden = question.ephemeral or (private and question.inbound.public)
        first, *others = messages
        if question.place == Place.UPDATE and not messages[-1].rows:
            # An answer without buttons must not take the place of a page that has some.
            await self._add(first, ephemeral=question.inbound.public)
        elif hidden and not question.ephemeral:
            if question.place == Place.NEW:
                await self._withdraw()
            await self._add(first, ephemeral=True)
        else:
            await self._replace(first)
        for message in others:
            await self._add(message, ephemeral=hidden)
        if self._left_out:
            note = Card(description=no_files, colour=Colour.WARNING)
            await self._add(Message((note,)), ephemeral=question.inbound.public)

    async def _replace(self, message: Message) -> None:
        """Edits are harmless to repeat."""
        for attempt in range(_ATTEMPTS):
            try:
                await self._webhook.edit_message(_ORIGINAL, **edited(message))  # type: ignore[call-overload]
            except discord.HTTPException as error:
                message = self._without_files(message, error)
            except (TimeoutError, aiohttp.ClientError, OSError):
                if attempt == _ATTEMPTS - 1:
                    raise
                await asyncio.sleep(_PAUSE_SECONDS * 2**attempt)
            else:
                return

    async def _add(self, message: Message, *, ephemeral: bool) -> None:
        for _ in range(2):
            try:
                await self._webhook.send(**sent(message), ephemeral=ephemeral, wait=True)
            except discord.HTTPException as error:
                message = self._without_files(message, error)
            else:
                return

    async def _withdraw(self) -> None:
        try:
            await self._webhook.delete_message(_ORIGINAL)  # type: ignore[arg-type]
        except discord.HTTPException as error:
            if expired(error):
                raise TooLate from error
            _log.warning("a public placeholder stays: %s", error.code)

    def _without_files(self, message: Message, error: discord.HTTPException) -> Message:
        """What may go where the message was refused; raises what it was refused for where nothing may."""
        if expired(error):
            raise TooLate from error
        if error.code not in _NO_FILES or not message.files():
            raise error
        self._left_out = True
        return message.without_files()
