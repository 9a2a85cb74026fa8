"""Command lines that nobody would type, through the real router and the real desk of resting orders: each is answered,
none leaves an order half done. `PAPERDESK_LINES` sets their number.
"""

import logging
import os
import random
from dataclasses import replace
from typing import TYPE_CHECKING

import asyncpg
import pytest

from bot.router import Router
from tests.fakes.bot import CATALOGS, MemoryPreviews
from tests.fakes.transcript import buttons, transcript
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

LINES = int(os.environ.get("PAPERDESK_LINES", "250"))

WORDS = {
    "limit": "SYMBOL SIDE SIZE @ PRICE END MORE",
    "stop": "SYMBOL SIDE SIZE @ PRICE END MORE",
    "tp": "SYMBOL SIDE SIZE @ PRICE END MORE",
    "trail": "SYMBOL SIDE SIZE DELTA MORE",
    "oco": "SYMBOL SIDE SIZE tp PRICE sl PRICE MORE",
    "bracket": "SYMBOL SIDE SIZE tp PRICE sl PRICE MORE",
    "orders": "SYMBOL",
    "order": "NUMBER MORE",
    "amend": "NUMBER FIELD PRICE MORE",
    "cancel": "NUMBER MORE",
    "buy": "SYMBOL SIZE",
    "sell": "SYMBOL SIZE",
    "reset": "",
    "history": "",
    "portfolio": "",
}
NUMBERS = [
    "0", "-1", "1", "0.1", "0.00000001", "1e-9", "1e18", "9" * 30, "0." + "0" * 40 + "1", "NaN", "Infinity",
    "１２", "٣", "1,000.5", "58000", "57999.99", "58000.001", "100000000000", "999999999999999", "1e400",
    "-0", "+5", "50k", "1m",
]  # fmt: skip
CHOICES = {
    "SYMBOL": ["BTC", "BTC", "ETH", "BTCUSDC", "SOL", "XYZ", "", "btc/usdc", "🚀", "x" * 500],
    "SIDE": ["buy", "sell", "buy", "sell", "BUY", "both", "매수", "매도", ""],
    "SIZE": ["0.01", "0.001", "10%", "50%", "100%", "100usdc", "1000usdc", "1e7usdc", "0.1btc", "all", "0%", *NUMBERS],
    "PRICE": ["-1%", "+1%", "-2%", "+2%", "-99.999999%", "-100%", "+100000%", "57k", "59k", "0%", "1e-12%", *NUMBERS],
    "DELTA": ["1%", "0.01%", "99.99%", "100%", "1e-9%", "20%", "500", "-1%", "0.015%", *NUMBERS],
    "END": ["", "1d", "gtc", "ioc", "fok", "maker", "91d", "59s", "60s", "90d", "0d", "2020-01-01", "9999-12-31", ""],
    "FIELD": ["price", "size", "price", "size", "quantity", "to", ""],
    "MORE": ["", "", "", "", "limit 58000", "@ 57000", "from 59000", "ioc", "1d", "tp", "sl", "\x00", "@ @ @"],
}  # fmt: skip


class StoredPreviews(MemoryPreviews):
    """Previews that go through their stored form, as on Redis."""

    async def save(self, person_id: int, token: str, preview: Previewed) -> None:
        await super().save(person_id, token, decode(encode(preview)))


def chosen(words: list[str], chance: random.Random) -> str:
    """One of the words; mostly of the first four, which can be meant."""
    return chance.choice(words[:4] if chance.random() < 0.88 else words)


def line(chance: random.Random, newest: int) -> str:
    """One command line; its numbers of orders are near the newest."""
    name = chance.choice(list(WORDS)[: 10 if chance.random() < 0.8 else None])
    words = [
        str(max(newest - chance.randint(-1, 12), 0)) if word == "NUMBER" and chance.random() < 0.8 else
        chosen(CHOICES.get(word, NUMBERS if word == "NUMBER" else [word]), chance)
        for word in WORDS[name].split()
    ]  # fmt: skip
    if chance.random() < 0.1:
        chance.shuffle(words)
    if words and chance.random() < 0.1:
        del words[chance.randrange(len(words))]
    return " ".join([f"/{name}", *words])


def resting(house: House) -> Router:
    """The router of the house, with orders that rest on PostgreSQL."""
    orders = RestingDesk(
        house.market, PostgresOrderStore(house.pool, jitter=CALM), PostgresLedger(house.pool, jitter=CALM),
        TradingSettings(), lambda: house.now, Liquidity(),
    )  # fmt: skip
    return Router(replace(house.services, orders=orders, previews=StoredPreviews()), catalogs=CATALOGS)


@pytest.mark.parametrize("seed", range(2))
async def test_every_line_is_answered_and_nothing_is_half_done(
    pool: "Pool", dsn: str, caplog: pytest.LogCaptureFixture, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311
    caplog.set_level(logging.ERROR)
    async with house_of(pool, dsn) as house:
        router, newest = resting(house), 0
        for who in (ALICE, BOB):
            await router.answer(house.inbound(who, "/buy BTC 1000usdc"))
        for number in range(LINES // 2):
            who, text, pressed = chance.choice((ALICE, BOB)), line(chance, newest), False
            for _ in range(3):
                reply = await router.answer(house.inbound(who, text, pressed=pressed))
                assert not caplog.records, (text, caplog.text)
                assert "incident" not in transcript(reply).lower(), (text, transcript(reply))
                found = [button.press for button in buttons(reply)]
                sure = [press for press in found if press.split()[0].startswith(("confirm", "reset_now"))]
                if not found or chance.random() < 0.2:
                    break
                text, pressed = chance.choice(sure or found), True
            if number % 10 == 0:
                prices = house.market.prices
                prices[BTC] = (prices[BTC] * D(chance.choice(["0.97", "1.03"]))).quantize(D("0.01"))
                newest = await pool.fetchval("SELECT coalesce(max(id), 0) FROM order_terms")
        placed = await pool.fetchval("SELECT count(*) FROM order_terms")
        kinds = await pool.fetch("SELECT type, count(*) FROM order_terms GROUP BY type")
        print(f"lines: {LINES // 2}, orders: {placed}, {[tuple(row) for row in kinds]}")  # noqa: T201
    assert placed
