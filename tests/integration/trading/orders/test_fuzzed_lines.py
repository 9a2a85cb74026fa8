"""Command lines that nobody would type, through the real router and the real desk of resting orders: each is answered,
none leaves an order half done. `python -m tests.support.fuzzed_lines` types as many as you like.
"""

from typing import TYPE_CHECKING

import asyncpg
import pytest

from people.person import Language
from tests.support.fuzzed_lines import fuzz
from tests.support.people_house import house_of

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]

LINES = 125


@pytest.mark.parametrize("language", list(Language))
async def test_every_line_is_answered_and_nothing_is_half_done(pool: "Pool", dsn: str, language: Language) -> None:
    async with house_of(pool, dsn, language) as house:
        figures = await fuzz(house, LINES, 0)
    assert figures.lines == LINES
    assert sum(figures.orders.values()) > 5
