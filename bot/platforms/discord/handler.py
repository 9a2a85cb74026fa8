"""Discord adapter: acknowledges interactions in time, calls the router, and shows the answers."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import discord
from discord import app_commands

from bot.command import FORMER_NAMES, Command
from bot.inbound import Inbound
from bot.platforms.discord.inbound.interactions import (
    Failures,
    SeenInteractions,
    acknowledge,
    asked_of,
    data_of,
    revoke_leaked,
)
from bot.platforms.discord.inbound.modals import ModalField, blank_of, modal, value_of
from bot.platforms.discord.inbound.receive import (
    CHOICES,
    Invocation,
    choices,
    command_of,
    inbound,
    language_of,
    line,
    unfinished,
)
from bot.platforms.discord.interaction_store import InteractionStore, PendingInteraction
from bot.platforms.discord.outbound.custom_id import ANYONE, PressedButton, ReplyTarget, unpack
from bot.platforms.discord.outbound.interaction_response import InteractionExpired, InteractionResponse
from bot.platforms.discord.outbound.render import render
from bot.platforms.discord.outbound.send import sent
from bot.platforms.discord.ports import PLATFORM, DiscordRouter, Recall, no_recall
from bot.platforms.discord.user_queue import PerUserQueue
from bot.reply import Reply, Text, Tone
from bot.ui.texts import Catalog
from core.clock import Clock
from people.person import Language

SUGGEST_SECONDS = 2.0
"""Time limit of suggestions, out of the three seconds that Discord waits."""

TOKEN_MS = 14 * 60 * 1000
"""Time limit of late answers, out of the 15 minutes for which an interaction can be answered."""

OPENING_SECONDS = 3.0
REFUSED_AT_ONCE = 2
"""Maximum number of concurrent refusals, so that a flood does not delay other users."""

_log = logging.getLogger(__name__)


class InteractionHandler:
    """Receiver of interactions and sender of answers. It does not access the gateway itself."""

    def __init__(
        self,
        router: DiscordRouter,
        catalogs: Mapping[Language, Catalog],
        commands: tuple[Command, ...],
        memory: InteractionStore,
        clock: Clock,
        *,
        language: Language,
        timezone: str,
        unit: str = "",
        recall: Recall = no_recall,
    ) -> None:
        """`language` and `timezone` apply if the client names none that is supported; `unit` is the asset of prices in
        examples; `recall` returns a cached user without a query.
        """
        self._router = router
        self._catalogs = catalogs
        self._commands = {command.name: command for command in commands}
        self._recall = recall
        self._unit = unit
        self._memory = memory
        self._clock = clock
        self._language = language
        self._timezone = timezone
        self._turns = PerUserQueue()
        self._refusing = asyncio.Semaphore(REFUSED_AT_ONCE)
        self._seen = SeenInteractions()
        self._tasks: set[asyncio.Task[Any] | None] = set()
        self._opening: set[asyncio.Task[Any]] = set()
        self._looking: asyncio.Task[None] | None = None
        self._closed = False

    # -- incoming interactions -----------------------------------------------------------------

    async def run(self, interaction: discord.Interaction, command: Command, values: dict[str, str]) -> None:
        """Handles a slash command."""
        await self._take(interaction, asked_of(interaction), line(command, values), None)

    async def press(self, interaction: discord.Interaction) -> None:
        """Handles a button or a menu choice of any message, however old it is."""
        data = data_of(interaction)
        chosen = data.get("values") or [data.get("custom_id", "")]
        pressed = await self._allowed(interaction, str(chosen[0]))
        if pressed is None:
            return
        blank = blank_of(pressed, self._commands)
        if blank is None:
            await self._take(interaction, asked_of(interaction), pressed.press, pressed)
        else:
            await self._ask(interaction, pressed, blank)

    async def submit(self, interaction: discord.Interaction) -> None:
        """Handles a submitted form: its text is appended to the press that opened it."""
        data = data_of(interaction)
        pressed = await self._allowed(interaction, str(data.get("custom_id", "")))
        if pressed is not None:
            await self._take(interaction, asked_of(interaction), f"{pressed.press} {value_of(data)}", pressed)

    async def _allowed(self, interaction: discord.Interaction, packed: str) -> PressedButton | None:
        """Returns the press if it is valid and the user may make it. Otherwise reports why and returns None."""
        pressed = unpack(packed)
        if pressed is not None and pressed.owner in (ANYONE, interaction.user.id):
            return pressed
        command = self._commands.get(command_of(pressed.press)) if pressed is not None else None
        if pressed is None:
            await self._tell(interaction, "discord-button-old")
        elif command is not None and not command.hidden:
            await self._tell(interaction, "discord-not-yours", command=f"/{command.name}")
        else:
            await self._tell(interaction, "discord-not-yours-plain")
        return None

    async def _ask(self, interaction: discord.Interaction, pressed: PressedButton, blank: ModalField) -> None:
        """Shows the form for the word that a press lacks."""
        try:
            await interaction.response.send_modal(modal(pressed, blank, self._catalog(interaction), self._unit))
        except Failures as error:
            _log.warning("interaction %s: no form could be shown: %r", interaction.id, error)

    async def suggest(
        self, interaction: discord.Interaction, command: Command, focused: str
    ) -> list[app_commands.Choice[str]]:
        """Returns choices for the option that is being typed, or none if they are late."""
        values = {entry["name"]: str(entry.get("value", "")) for entry in data_of(interaction).get("options", [])}
        asked = inbound(
            asked_of(interaction),
            unfinished(command, values, focused),
            pressed=False,
            otherwise=self._language,
            timezone=self._timezone,
        )
        try:
            async with asyncio.timeout(SUGGEST_SECONDS):
                found = await self._router.suggest(asked, CHOICES)
        except TimeoutError:
            return []
        return [app_commands.Choice(name=name, value=value) for name, value in choices(values.get(focused, ""), found)]

    async def gone(self, interaction: discord.Interaction) -> None:
        """Runs a slash command that a client caches under its former name; reports others that the bot lacks."""
        if interaction.type is not discord.InteractionType.application_command:
            return
        data = data_of(interaction)
        command = self._commands.get(FORMER_NAMES.get(str(data.get("name", "")), ""))
        if command is None:
            await self._tell(interaction, "discord-command-gone")
            return
        values = {entry["name"]: str(entry["value"]) for entry in data.get("options", []) if entry.get("value")}
        await self.run(interaction, command, values)

    def resume(self, client: discord.Client) -> None:
        """Starts answering interactions acknowledged by ended processes. Effects have ids, so none is repeated."""
        self._closed = False
        self._looking = asyncio.create_task(self._look(client))

    async def _look(self, client: discord.Client) -> None:
        while not self._closed:
            for question in await self._memory.unanswered():
                task = asyncio.create_task(self._answer_late_safely(client, question))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
            await asyncio.sleep(self._memory.look_seconds)

    async def _answer_late_safely(self, client: discord.Client, question: PendingInteraction) -> None:
        try:
            await self._answer_late(client, question)
        except Exception:  # noqa: BLE001 - one interaction must not prevent the others from being answered
            _log.exception("interaction %s cannot be answered any more", question.interaction_id)
            await self._memory.answered(question)

    async def _answer_late(self, client: discord.Client, question: PendingInteraction) -> None:
        self._seen.first(question.interaction_id)
        fresh = self._clock() - question.asked_at < TOKEN_MS
        if fresh and await InteractionResponse(client, question, self._memory).waits():
            await self._answer(client, question)
        else:
            _log.warning("interaction %s can no longer be answered", question.interaction_id)
            await self._memory.answered(question)

    async def close(self) -> None:
        """Cancels running answers. Acknowledged interactions are answered after the next start."""
        self._closed = True
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)
        if self._opening:
            await asyncio.wait(self._opening, timeout=OPENING_SECONDS)
        running = [task for task in self._tasks if task is not None]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await self._memory.leave()

    # -- from the question to the answer -------------------------------------------------------

    async def _take(
        self, interaction: discord.Interaction, asked: Invocation, text: str, pressed: PressedButton | None
    ) -> None:
        if asked.public:
            self._until_closed(asyncio.create_task(revoke_leaked(self._router, text)))
        if self._closed or not self._seen.first(interaction.id):
            return
        if not self._turns.enter(asked.user_id):
            async with self._refusing:
                await self._tell(interaction, "discord-busy")
            return
        task = asyncio.current_task()
        self._tasks.add(task)
        try:
            question = self._question(interaction, asked, text, pressed)
            opening = asyncio.create_task(self._open(interaction, question))
            self._until_closed(opening)
            if await asyncio.shield(opening):
                await self._answer(interaction.client, question)
        finally:
            self._tasks.discard(task)
            self._turns.leave(asked.user_id)

    def _until_closed(self, task: asyncio.Task[Any]) -> None:
        """Keeps a task that `close` waits for."""
        self._opening.add(task)
        task.add_done_callback(self._opening.discard)

    async def _open(self, interaction: discord.Interaction, question: PendingInteraction) -> bool:
        """Stores the question before it acknowledges it. Returns whether this process answers it."""
        if not await self._memory.ask(question):
            return False  # another process received it as well and answers it
        acknowledged = await acknowledge(interaction, question)
        if not acknowledged:
            await self._memory.answered(question)
        return acknowledged

    async def _answer(self, client: discord.Client, question: PendingInteraction) -> None:
        try:
            await self._show(client, question)
        except Exception as error:  # noqa: BLE001 - the outermost seam: an acknowledged interaction must be answered
            # The placeholder must get an answer; completed actions are listed in the user's history.
            kind = type(error).__name__
            _log.error("interaction %s: %s", question.interaction_id, kind, exc_info=error)
            await self._apologise(client, question)
        await self._memory.answered(question)

    async def _show(self, client: discord.Client, question: PendingInteraction) -> None:
        user_id = int(question.inbound.external_id)
        async with self._turns.of(user_id):
            reply = await self._router.answer(question.inbound)
        say = self._words_for(question.inbound).text
        messages = render(reply, owner=user_id, page=command_of(question.inbound.text), ask=say("discord-write"))
        try:
            await InteractionResponse(client, question, self._memory).write(
                messages,
                private=reply.private or reply.aside,
                no_files=say("discord-no-files"),
                interrupted=say("discord-interrupted"),
            )
        except InteractionExpired:
            await self._too_late(client, question, reply)

    def _question(
        self, interaction: discord.Interaction, asked: Invocation, text: str, pressed: PressedButton | None
    ) -> PendingInteraction:
        secret = asked.public and self._secret(command_of(text), asked.user_id)
        beneath = interaction.message is not None and interaction.message.flags.ephemeral
        place = ReplyTarget.NEW if pressed is None else pressed.place
        if (secret and not beneath) or interaction.message is None:
            place = ReplyTarget.NEW
        told = inbound(asked, text, pressed=pressed is not None, otherwise=self._language, timezone=self._timezone)
        completed = "" if pressed is None or text == pressed.press else pressed.press
        return PendingInteraction(
            inbound=replace(told, question=completed),
            interaction_id=interaction.id,
            application_id=interaction.application_id,
            token=interaction.token,
            asked_at=self._clock(),
            place=place.value,
            ephemeral=beneath or secret,
        )

    async def _too_late(self, client: discord.Client, question: PendingInteraction, reply: Reply) -> None:
        """Sends a private answer as a direct message. Other answers, such as an old price, are dropped."""
        _log.warning("interaction %s expired before its answer", question.interaction_id)
        name = command_of(question.inbound.text)
        if not reply.private:
            return
        catalog = self._words_for(question.inbound)
        late = Text(catalog.text("discord-late", command=f"/{name}"), Tone.NOTE)
        user_id = int(question.inbound.external_id)
        try:
            channel = await client.create_dm(discord.Object(user_id))
            for message in render(Reply((late, *reply.blocks)), owner=user_id, page=name):
                await channel.send(**sent(message))
        except Failures as error:
            _log.error("interaction %s: no private message either: %r", question.interaction_id, error)

    async def _apologise(self, client: discord.Client, question: PendingInteraction) -> None:
        sheet = InteractionResponse(client, replace(question, begun=0), self._memory)
        sentence = self._words_for(question.inbound).text("incident", id=str(question.interaction_id))
        try:
            await sheet.write(render(Reply((Text(sentence, Tone.WARNING),)), owner=ANYONE), private=False)
        except (*Failures, InteractionExpired) as error:
            _log.error("interaction %s: the error could not be reported: %r", question.interaction_id, error)

    async def _tell(self, interaction: discord.Interaction, text_id: str, **variables: str) -> None:
        """Sends one of the adapter's own texts as an ephemeral response."""
        say = self._catalog(interaction).text
        (message,) = render(Reply((Text(say(text_id, **variables), Tone.WARNING),)), owner=ANYONE)
        try:
            await interaction.response.send_message(**sent(message), ephemeral=True)
        except Failures as error:
            _log.warning("interaction %s: the text %s could not be sent: %r", interaction.id, text_id, error)

    def _secret(self, name: str, user_id: int) -> bool:
        """True if the answer is known to be private in advance. Answers found private later are also never public."""
        command = self._commands.get(name)
        if command is None or not command.private:
            return False
        person = self._recall(PLATFORM, str(user_id))
        return not (command.shareable and person is not None and person.public)

    def _catalog(self, interaction: discord.Interaction) -> Catalog:
        """Returns the catalog of the user's language, or of their client's language."""
        person = self._recall(PLATFORM, str(interaction.user.id))
        hint = language_of(interaction.locale.value, self._language)
        return self._catalogs[hint if person is None else person.language]

    def _words_for(self, asked: Inbound) -> Catalog:
        person = self._recall(asked.platform, asked.external_id)
        return self._catalogs[asked.language if person is None else person.language]
