"""One process leads: leases on a real PostgreSQL, behind a wire that can break, refuse and fall silent."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any
from urllib.parse import unquote, urlsplit

import asyncpg
import pytest

from core.leader_election import key_of, run_as_leader
from tests.patience import PATIENCE_SECONDS


class Wire:
    """Stands between a process and PostgreSQL."""

    def __init__(self, dsn: str) -> None:
        self._to = urlsplit(dsn)
        folder, _, port = self._to.netloc.rpartition("@")[2].partition(":")
        self._socket = f"{unquote(folder)}/.s.PGSQL.{port}"
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self.silent = False
        self.port = 0

    @property
    def dsn(self) -> str:
        login = self._to.netloc.rpartition("@")[0]
        return self._to._replace(netloc=f"{login}@127.0.0.1:{self.port}").geturl()

    async def listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def refuse(self) -> None:
        """As a server that was stopped."""
        assert self._server
        self._server.close()
        for writer in self._open:
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_unix_connection(self._socket)
        self._open |= {writer, back}
        await asyncio.gather(self._pass(reader, back), self._pass(there, writer), return_exceptions=True)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(1 << 16):
                while self.silent:  # noqa: ASYNC110 - set by the test
                    await asyncio.sleep(0.05)
                writer.write(data)
                await writer.drain()
        writer.close()


class Member:
    """A process that would lead."""

    def __init__(self, dsn: str, lapse_seconds: float = 10.0) -> None:
        self.leads = asyncio.Event()
        self.times = 0
        self.task = asyncio.create_task(run_as_leader(dsn, "test", self._work, lapse_seconds=lapse_seconds))

    async def _work(self) -> None:
        self.times += 1
        self.leads.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.leads.clear()

    async def within(self, seconds: float) -> None:
        async with asyncio.timeout(seconds):
            await self.leads.wait()

    async def stands_down(self, seconds: float) -> None:
        async with asyncio.timeout(seconds):
            while self.leads.is_set():  # noqa: ASYNC110 - the work clears it
                await asyncio.sleep(0.02)

    async def end(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)


@pytest.fixture
async def wire(dsn: str) -> AsyncIterator[Wire]:
    wire = Wire(dsn)
    await wire.listen()
    yield wire
    wire.silent = False
    await wire.refuse()


async def test_one_leads_and_the_other_follows_at_once_when_it_ends(dsn: str) -> None:
    first = Member(dsn)
    await first.within(60)
    second = Member(dsn)
    with pytest.raises(TimeoutError):
        await second.within(1.2)
    await first.end()
    await second.within(60)
    await second.end()


async def test_who_is_cut_off_while_taking_the_place_gives_it_back(dsn: str) -> None:
    taken = asyncio.Event()
    connections: list[Any] = []

    async def listen(connection: Any) -> None:
        connections.append(connection)
        taken.set()
        await asyncio.sleep(3600)

    async def work() -> None:
        raise AssertionError("the place was not taken yet")

    taking = asyncio.create_task(run_as_leader(dsn, "test", work, listen=listen))
    await taken.wait()
    taking.cancel()
    await asyncio.wait({taking})
    assert taking.cancelled()
    assert connections[0].is_closed()


async def test_a_leader_whose_connection_breaks_takes_its_place_again_without_a_pause(dsn: str) -> None:
    leader = Member(dsn)
    await leader.within(60)
    connection: Any = await asyncpg.connect(dsn)
    held = "locktype = 'advisory' AND granted AND ((classid::bigint << 32) | objid::bigint) = $1"
    holder = f"SELECT pid FROM pg_locks WHERE {held}"  # noqa: S608 - our own words
    pid = await connection.fetchval(holder, key_of("test"))
    assert await connection.fetchval("SELECT pg_terminate_backend($1)", pid)
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (await connection.fetchval(holder, key_of("test"))) in {None, pid}:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    assert (leader.leads.is_set(), leader.times) == (True, 1)
    await connection.close()
    await leader.end()


async def test_a_leader_whose_place_was_taken_meanwhile_stands_down_at_once(dsn: str, wire: Wire) -> None:
    leader = Member(wire.dsn)
    await leader.within(60)
    await wire.refuse()
    await asyncio.sleep(0.1)
    second = Member(dsn)
    await second.within(60)
    await wire.listen()
    await leader.stands_down(60)
    await second.end()
    await leader.within(60)
    await leader.end()


async def test_while_postgresql_refuses_connections_the_leader_goes_on(wire: Wire) -> None:
    leader = Member(wire.dsn, lapse_seconds=1.0)
    await leader.within(60)
    await wire.refuse()
    await asyncio.sleep(2.5)
    assert leader.leads.is_set()
    await wire.listen()
    await asyncio.sleep(1.2)
    assert (leader.leads.is_set(), leader.times) == (True, 1)
    await leader.end()


async def test_while_postgresql_is_silent_the_leader_stands_down_after_the_lapse(wire: Wire) -> None:
    leader = Member(wire.dsn, lapse_seconds=1.0)
    await leader.within(60)
    wire.silent = True
    await leader.stands_down(60)
    wire.silent = False
    await leader.within(60)
    await leader.end()
