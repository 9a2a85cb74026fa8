"""docs/images/forecast.png: the range that a desk gave on simulated prices.

    python -m tests.pictures.forecast

The desk learns from three days of its own archive first, which takes a minute.
"""

import asyncio
import re
import shutil
import tempfile
from pathlib import Path

from tests.e2e.desk_process import paperdesk, read_until, start_paperdesk

IMAGES = Path(__file__).parents[2] / "docs" / "images"
LINE = "/forecast BTC 1h"
_PICTURE = re.compile(r"(/\S+\.png)")
_SMALL = {"JOBS__TRAINING": "true", "ML__DAYS": "3", "ML__SYMBOLS": "6", "ML__HORIZONS": "60"}


async def main() -> None:
    """Trains, asks once, and copies the picture that the console saved."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        desk = await start_paperdesk(folder, **_SMALL)
        assert desk.stdin is not None
        try:
            await read_until(desk, "SIMULATION")
            learnt = await paperdesk(folder, ["jobs", "run", "training"], **_SMALL)
            if learnt.code:
                raise SystemExit(learnt.err)
            desk.stdin.write(f"{LINE}\n".encode())
            shown = await read_until(desk, ".png")
            found = _PICTURE.search(shown)
            assert found is not None
            shutil.copyfile(found[1], IMAGES / "forecast.png")
        finally:
            desk.kill()
            await desk.communicate()


if __name__ == "__main__":
    asyncio.run(main())
