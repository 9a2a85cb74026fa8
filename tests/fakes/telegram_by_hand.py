"""A fake Telegram by hand: `python -m tests.fakes.telegram_by_hand [PORT]`.

Start the desk with the settings that it prints, then type lines.
"""

import asyncio
import sys

from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_chats import keys_of, said


async def serve_by_hand(port: int) -> None:
    """Lines typed here are written to the bot; `!Label` presses a button of its last message."""
    async with FakeTelegram(port=port) as fake:
        sys.stdout.write(f"PAPERDESK_TELEGRAM__TOKEN={fake.token} PAPERDESK_TELEGRAM__API_URL={fake.url}\n")
        ann = fake.person()

        async def show() -> None:
            while True:
                message = await fake.message(float("inf"))
                sys.stdout.write(f"{said(message)}\n{[key['text'] for key in keys_of(message)]}\n")
                sys.stdout.flush()

        showing = asyncio.create_task(show())
        while line := await asyncio.to_thread(sys.stdin.readline):
            if line.startswith("!") and ann.chat.sent:
                ann.press(ann.chat.sent[-1], line[1:].strip())
            elif line.strip():
                ann.write(line.strip())
        showing.cancel()
        sys.stdout.write(f"violations: {fake.violations}\n")


if __name__ == "__main__":
    asyncio.run(serve_by_hand(int(sys.argv[1]) if len(sys.argv) > 1 else 0))
