"""Random command lines about orders, through the real router, desk and database.

    python -m tests.support.fuzzed_lines --lines 100000 --seed 1 --language ko

Each line is answered without a logged error, a refused line writes nothing, lists of orders are whole, and the audit is
clean at the end. A failure names the line and the seed, which repeats it.
"""

import argparse
import asyncio
import logging
import random
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg

from app.database.migrate import ROLE, migrate
from app.engines import Engines
from bot.reply import Reply, Text, Tone
from bot.router import Router
from people.person import Language
from tests.fakes.bot import CATALOGS, MemoryPreviews
from tests.fakes.transcript import buttons, transcript
from tests.support.fuzzed_words import WORDS_IN, line
from tests.support.people_house import ALICE, BOB, BTC, CALM, D, House, house_of
from trading.ledger.order_store import PostgresOrderStore
from trading.ledger.postgres import PostgresLedger
from trading.matching.liquidity import Liquidity
from trading.preview_store import decode, encode
from trading.previews import Previewed
from trading.resting_desk import RestingDesk
from trading.settings import TradingSettings

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]

_NOTHING_TO_LOSE = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
_EVERY = 10
"""Lines between two moves of the price."""

_WRITTEN = "SELECT (SELECT max(id) FROM entry), (SELECT max(id) FROM order_terms)"
_PARTED = """
SELECT t.list_id, l.kind, count(*) FROM order_terms t JOIN order_list l ON l.id = t.list_id
GROUP BY t.list_id, l.kind HAVING count(*) <> CASE l.kind WHEN 'OTOCO' THEN 3 ELSE 2 END
"""
"""Lists of orders that lack one."""

_WITHOUT_EVENTS = "SELECT id FROM order_terms t WHERE NOT EXISTS (SELECT FROM order_event WHERE order_id = t.id)"


class StoredPreviews(MemoryPreviews):
    """Previews that go through their stored form, as on Redis."""

    async def save(self, person_id: int, token: str, preview: Previewed) -> None:
        await super().save(person_id, token, decode(encode(preview)))


class _Heard(logging.Handler):
    """Keeps what is logged as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@dataclass
class Fuzzed:
    """Figures of a run: lines and presses that were answered, refusals among them, orders by type and by status, and
    lists by kind.
    """

    lines: int = 0
    presses: int = 0
    refused: int = 0
    orders: dict[str, int] = field(default_factory=dict)
    ended: dict[str, int] = field(default_factory=dict)
    lists: dict[str, int] = field(default_factory=dict)


def resting(house: House) -> Router:
    """The router of the house, with orders that rest on PostgreSQL."""
    orders = RestingDesk(
        house.market, PostgresOrderStore(house.pool, jitter=CALM), PostgresLedger(house.pool, jitter=CALM),
        TradingSettings(), lambda: house.now, Liquidity(),
    )  # fmt: skip
    return Router(replace(house.services, orders=orders, previews=StoredPreviews()), catalogs=CATALOGS)


async def fuzz(house: House, lines: int, seed: int) -> Fuzzed:
    """Types so many lines and presses buttons of their answers. Raises AssertionError."""
    chance = random.Random(seed)  # noqa: S311 - a seed repeats the run
    router, figures, newest, heard = resting(house), Fuzzed(), 0, _Heard()
    logging.getLogger().addHandler(heard)
    try:
        for who in (ALICE, BOB):
            await router.answer(house.inbound(who, "/buy BTC 1000usdc"))
        for number in range(lines):
            who, text, pressed = chance.choice((ALICE, BOB)), line(chance, newest, house.language), False
            for _ in range(3):
                before = await house.pool.fetchrow(_WRITTEN)
                reply = await router.answer(house.inbound(who, text, pressed=pressed))
                _count(figures, reply, pressed=pressed)
                assert not heard.records, (seed, text, heard.records[0].getMessage(), heard.records[0].exc_text)
                assert not _incident(reply, house.language), (seed, text, transcript(reply))
                if _refused(reply):
                    assert await house.pool.fetchrow(_WRITTEN) == before, (seed, text, transcript(reply))
                found = [button.press for button in buttons(reply)]
                sure = [press for press in found if press.split()[0].startswith(("confirm", "reset_now"))]
                if not found or chance.random() < 0.2:
                    break
                text, pressed = chance.choice(sure or found), True
            if number % _EVERY == 0:
                prices = house.market.prices
                prices[BTC] = (prices[BTC] * D(chance.choice(["0.97", "1.03"]))).quantize(D("0.01"))
                newest = await house.pool.fetchval("SELECT coalesce(max(id), 0) FROM order_terms")
        await _check_whole(house, figures, seed)
    finally:
        logging.getLogger().removeHandler(heard)
    return figures


def _count(figures: Fuzzed, reply: Reply, *, pressed: bool) -> None:
    figures.lines += not pressed
    figures.presses += pressed
    figures.refused += _refused(reply)


def _refused(reply: Reply) -> bool:
    """True if the line was refused: its answer begins with a warning and is not a question for confirmation."""
    first = next(iter(reply.blocks), None)
    return isinstance(first, Text) and first.tone is Tone.WARNING and reply.aside


def _incident(reply: Reply, language: Language) -> bool:
    stem = CATALOGS[language].text("incident", id="")
    return any(isinstance(block, Text) and block.body.startswith(stem.strip()) for block in reply.blocks)


async def _check_whole(house: House, figures: Fuzzed, seed: int) -> None:
    """No list lacks an order, and no order is without its events."""
    for query in (_PARTED, _WITHOUT_EVENTS):
        assert not await house.pool.fetch(query), (seed, query)
    kinds = await house.pool.fetch("SELECT type, count(*) FROM order_terms GROUP BY type ORDER BY type")
    figures.orders = dict(tuple(row) for row in kinds)
    lists = await house.pool.fetch("SELECT kind, count(*) FROM order_list GROUP BY kind ORDER BY kind")
    figures.lists = dict(tuple(row) for row in lists)
    ended = await house.pool.fetch("SELECT status::text, count(*) FROM order_record GROUP BY status ORDER BY status")
    figures.ended = dict(tuple(row) for row in ended)


async def run(lines: int, seed: int, language: Language) -> Fuzzed:
    """Fuzzes on a database of its own, and audits it."""
    folder = Path(tempfile.mkdtemp(prefix="paperdesk-lines-"))
    try:
        with Engines(folder, postgres_settings=_NOTHING_TO_LOSE) as engines:
            await asyncio.to_thread(migrate, engines.postgres_dsn)
            settings = {"role": ROLE, "timezone": "UTC"}
            async with (
                asyncpg.create_pool(engines.postgres_dsn, min_size=1, max_size=4, server_settings=settings) as pool,
                house_of(pool, engines.postgres_dsn, language) as house,
            ):
                return await fuzz(house, lines, seed)
    finally:
        shutil.rmtree(folder)


def main(arguments: list[str]) -> int:
    """See the module; returns an exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--lines", type=int, default=1_000, help="number of lines (1000)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the first run (1); each language adds one")
    parser.add_argument("--language", choices=[*map(str, WORDS_IN), "both"], default="both", help="language (both)")
    chosen = parser.parse_args(arguments)
    languages = list(Language) if chosen.language == "both" else [Language(chosen.language)]
    for number, language in enumerate(languages):
        began, seed = time.monotonic(), chosen.seed + number
        figures = asyncio.run(run(chosen.lines // len(languages), seed, language))
        print(  # noqa: T201
            f"{language}, seed {seed}: {figures.lines} lines and {figures.presses} presses in"
            f" {time.monotonic() - began:.0f} s, {figures.refused} refused; orders {figures.orders}, "
            f"{figures.lists}, {figures.ended};"
            " no error, nothing half done, audit clean"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
