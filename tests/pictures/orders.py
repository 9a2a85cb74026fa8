"""docs/images/orders.png: a bracket, its chart and the open orders in Telegram, as wide as on a phone.

    python -m tests.pictures.orders

Needs what `tests.pictures.page` needs.
"""

import asyncio
from pathlib import Path

from tests.fakes.telegram_chats import said
from tests.pictures.page import shoot
from tests.pictures.telegram import Bubble, Recorder, page, record

PICTURE = Path(__file__).parents[2] / "docs" / "images" / "orders.png"
WIDTH = 880


async def bracket(recorder: Recorder) -> list[Bubble]:
    """A bracket, other orders, their list, and the chart with their levels."""
    await recorder.say("/buy BTC 20000usdc")
    await recorder.say("/settings confirm off")
    for line in ("/buy BTC 20000usdc", "/limit ETH buy 2 -1.5%", "/trail BTC sell 25% 3%"):
        await recorder.say(line)
    await asyncio.sleep(20)  # candles of the simulator
    recorder.bubbles.clear()
    for line in ("/bracket BTC buy 0.05 @ -0.4% tp +1.5% sl -1.5%", "/orders", "/chart BTC 15m"):
        await recorder.say(line)
    return recorder.bubbles


def split(bubbles: list[Bubble]) -> list[list[Bubble]]:
    """Two columns: the orders, and the chart."""
    chart = next(number for number, shown in enumerate(bubbles) if said(shown.message).startswith("/chart"))
    return [bubbles[:chart], bubbles[chart:]]


if __name__ == "__main__":
    shoot(page(split(asyncio.run(record(bracket)))), PICTURE, WIDTH)
