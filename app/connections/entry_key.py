"""Key of the authentication codes in Redis: drawn once and stored in PostgreSQL for all processes of a desk."""

import secrets

from core.database import Pool
from core.security.entry_codes import SHORTEST_KEY, EntryCodes

_KEY = "SELECT key FROM redis_entry_key"
_DRAW = "INSERT INTO redis_entry_key (key) VALUES ($1) ON CONFLICT DO NOTHING"


async def stored_entry_codes(pool: Pool) -> EntryCodes:
    """Returns the codes under the key of this database. The first process draws the key for all. Raises the errors of
    asyncpg.
    """
    key = await pool.fetchval(_KEY)
    if key is None:
        await pool.execute(_DRAW, secrets.token_bytes(SHORTEST_KEY))
        key = await pool.fetchval(_KEY)
    return EntryCodes(bytes(key))
