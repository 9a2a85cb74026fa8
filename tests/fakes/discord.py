"""A fake Discord on 127.0.0.1: its REST API, which objects to every call the specification does not allow, its
gateway, and people who type, press and read."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from tests.fakes.discord_gateway import Gateway
from tests.fakes.discord_people import APPLICATION, BOT, Exchange, Person, Shown
from tests.fakes.discord_rest import ALL_PERMISSIONS, GUILD, GUILD_CHANNEL, MANAGING, TOKEN, DiscordRest, ids


class FakeDiscord(DiscordRest):
    """`violations` is what a test ends with: it must be empty."""

    def __init__(self) -> None:
        super().__init__()
        self.member = True
        self.gateway = Gateway(TOKEN, BOT, APPLICATION)
        self.api_url = ""
        self._people = itertools.count(900_000_000_000_000_000, 10)

    @classmethod
    @asynccontextmanager
    async def open(cls) -> AsyncIterator["FakeDiscord"]:
        fake = cls()
        app = web.Application(client_max_size=64 << 20)
        app.router.add_get("/gateway/", fake.gateway.serve)
        app.router.add_get("/gateway", fake.gateway.serve)
        app.router.add_route("*", "/api/v10{path:/.*}", fake._serve)
        runner = web.AppRunner(app, shutdown_timeout=0.2, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        fake.api_url = f"http://127.0.0.1:{port}/api/v10"
        fake.gateway_url = fake.gateway.url = f"ws://127.0.0.1:{port}/gateway"
        try:
            yield fake
        finally:
            await fake.gateway.close()
            await runner.cleanup()

    # -- people --------------------------------------------------------------------------------

    def person(self, locale: str = "en-US", *, manager: bool = False) -> Person:
        person = Person(self, next(self._people), locale, manager=manager)
        self.channels.add(person.dm_channel)
        return person

    async def interact(
        self,
        person: Person,
        kind: int,
        data: dict[str, Any],
        *,
        dm: bool,
        pressed: Shown | None = None,
        channel: str = "",
    ) -> Exchange:
        number = str(next(ids))
        channel = person.dm_channel if dm else channel or GUILD_CHANNEL
        now = asyncio.get_running_loop().time()
        exchange = Exchange(number, f"interaction-token-{number}", kind, now, channel, pressed)
        self.exchanges[exchange.token] = exchange
        payload: dict[str, Any] = {
            "id": number,
            "application_id": APPLICATION,
            "type": kind,
            "data": data,
            "channel_id": channel,
            "token": exchange.token,
            "version": 1,
            "locale": person.locale,
            "entitlements": [],
            "app_permissions": "0" if channel in self.muted else str(ALL_PERMISSIONS),
            "attachment_size_limit": 10 << 20,
            "authorizing_integration_owners": self._owners(person, dm=dm),
            "context": 1 if dm else 0,
        }
        if dm:
            payload |= {"user": person.told, "channel": {"id": channel, "type": 1, "recipients": [person.told]}}
        else:
            member = {
                "user": person.told,
                "roles": [],
                "joined_at": "2026-01-01T00:00:00+00:00",
                "deaf": False,
                "mute": False,
                "flags": 0,
                "permissions": str(ALL_PERMISSIONS if person.manager else ALL_PERMISSIONS & ~MANAGING),
            }
            payload |= {
                "guild_id": GUILD,
                "guild_locale": "en-US",
                "guild": {"id": GUILD, "locale": "en-US", "features": []},
                "member": member,
                "channel": self._channel(channel),
            }
        if pressed is not None:
            payload["message"] = pressed.told()
        await self.gateway.session.dispatch("INTERACTION_CREATE", payload)
        return exchange

    def _owners(self, person: Person, *, dm: bool) -> dict[str, str]:
        """Who installed the bot, as far as it matters here: the server, or only the person for themselves."""
        if not self.member:
            return {"1": person.user_id}
        return {"0": "0" if dm else GUILD}

    def thread(self, state: str = "open") -> str:
        """A thread or a post of a forum: `open`, `archived`, `stuck` (archived, and a message does not wake it) or
        `locked`."""
        channel = str(next(ids))
        self.channels.add(channel)
        self.threads[channel] = state
        return channel
