"""A process that opens the engines as the desk does, says where they are, and waits to be ended.

Arguments: the data directory. Printed: one line of JSON with the pids and addresses.
"""

import asyncio
import json
import sys
from pathlib import Path

from app.engines import Engines
from app.settings import Settings
from app.startup import run_loop, start_local
from bot.ui.texts import load_catalog
from people.person import Language


def main() -> None:
    """Ends by a signal only."""
    settings = Settings(data_dir=Path(sys.argv[1]))
    with start_local(settings, load_catalog(Language.ENGLISH)) as engines:
        state = {"pids": engines.pids, "dsn": engines.owner_dsn, "redis": engines.redis_url}
        sys.stdout.write(json.dumps(state) + "\n")
        sys.stdout.flush()
        run_loop(_serve(engines))


async def _serve(engines: Engines) -> None:
    await asyncio.gather(engines.watch(), asyncio.sleep(60))


if __name__ == "__main__":
    main()
