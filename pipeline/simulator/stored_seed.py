"""Seed of this database's simulator: that of the settings, or a secret one, drawn once and stored in PostgreSQL."""

import logging
import secrets
from typing import Any

import asyncpg

from core.sql import load_queries
from pipeline.settings import SimulatorSettings
from pipeline.simulator.randomness import Seed
from pipeline.simulator.source import PUBLIC_SEED, identity_of

log = logging.getLogger(__name__)

_BYTES = 32
_QUERIES = load_queries(__package__, "queries.sql")


async def stored_seed(settings: SimulatorSettings, pool: "asyncpg.Pool[Any]") -> Seed:
    """Returns the seed to use. A database from before secret seeds keeps the public one, and with it its accounts,
    until the settings request a new one.
    """
    if settings.seed is not None:
        return settings.seed
    if (secret := await pool.fetchval(_QUERIES["secret"])) is not None:
        return bytes(secret)
    if not settings.draw_seed and await pool.fetchval(_QUERIES["known"], f"simulator:{identity_of(PUBLIC_SEED)}"):
        log.warning(
            "the simulator keeps the public seed %d, because this database has accounts, alerts or prices of it: "
            "players can compute its prices. PAPERDESK_SIMULATOR__DRAW_SEED=true draws a secret one; all start over",
            PUBLIC_SEED,
        )
        return PUBLIC_SEED
    await pool.execute(_QUERIES["draw"], secrets.token_bytes(_BYTES))
    return bytes(await pool.fetchval(_QUERIES["secret"]))
