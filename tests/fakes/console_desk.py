"""A desk without a market behind the real console: `python -m tests.fakes.console_desk DATA_DIR` is a whole session."""

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path

import uvloop

from bot.inbound import Inbound, Suggestion
from bot.platforms.console.courier import ConsoleCourier
from bot.platforms.console.handler import Console, LocalUser, Streams
from bot.reply import Button, Buttons, Picture, Reply, Text
from bot.ui.texts import Catalog
from core.errors import DatabaseUnavailable
from people.person import Language

PNG = b"\x89PNG\r\n\x1a\n not really"
HOSTILE = "evil\x1b]0;owned\x07\x1b[2J\u202eesrever\x9b31m\rgone"


def console_catalogs() -> dict[Language, Catalog]:
    """The console's own sentences, without the other files."""
    texts = Path(__file__).parents[2] / "bot" / "ui" / "texts"
    return {
        language: Catalog(language, {"console.ftl": (texts / language.value / "console.ftl").read_text("utf-8")})
        for language in Language
    }


class FakeRouter:
    """Answers with what it was asked; `buy` has buttons, `chart` a picture, `korean` changes the language, and a second
    after `later` something comes unasked."""

    def __init__(self) -> None:
        self.courier = ConsoleCourier()
        self.later: asyncio.Task[object] | None = None
        self.seen: list[Inbound] = []
        self.language = Language.ENGLISH
        self.ledger_down = False

    async def answer(self, inbound: Inbound) -> Reply:
        self.seen.append(inbound)
        match inbound.text.removeprefix("/").split():
            case ["buy", *_]:
                labels = ("확인", "취소") if self.language is Language.KOREAN else ("\N{CHECK MARK} Confirm", "Cancel")
                row = tuple(Button(label, f"press {number}") for number, label in enumerate(labels))
                return Reply((Text("Buy 0.01 BTC?"), Buttons((row,))))
            case ["chart", *_]:
                return Reply((Picture(PNG, "BTC, one hour", "BTCUSDC-1h"),))
            case ["later"]:
                self.later = asyncio.create_task(self._push())
            case ["korean"]:
                self.language = Language.KOREAN
            case ["down"]:
                self.ledger_down = True
            case ["hostile"]:
                return Reply((Text(HOSTILE), Buttons(((Button(HOSTILE, "x"),),))))
            case ["long"]:
                return Reply(tuple(Text(f"line {number} of a long answer") for number in range(3_000)))
        return Reply((Text(f"{'pressed' if inbound.pressed else 'asked'}: {inbound.text[:100]}"),))

    async def _push(self) -> None:
        await asyncio.sleep(1)
        news = Reply((Text("BTC rose to 70,000"), Buttons(((Button("Chart", "chart BTC"),),))))
        await self.courier.deliver("local", news, nonce="1", silent=False)

    async def suggest(self, inbound: Inbound, limit: int = 25) -> list[Suggestion]:
        if inbound.text.startswith("slow"):
            await asyncio.sleep(60)
        word = inbound.text.rpartition(" ")[2]
        known = {"/price": "prices now", "/portfolio": "what you hold", "BTC": "Bitcoin", HOSTILE: HOSTILE}
        return [Suggestion(text, label) for text, label in known.items() if word and text.startswith(word)][:limit]

    async def language_of(self) -> Language:
        if self.ledger_down:
            raise DatabaseUnavailable
        return self.language


def console(
    router: FakeRouter, folder: Path, stdin: int = 0, stdout: int = 1, environment: Mapping[str, str] | None = None
) -> Console:
    """A console over these descriptors."""
    return Console(
        router,
        console_catalogs(),
        LocalUser(Language.ENGLISH, "Asia/Seoul"),
        language_of=router.language_of,
        market="Market: SIMULATION",
        source_note=lambda: "SIMULATION: these are not real prices",
        data_dir=folder,
        clock=lambda: 1_700_000_000_000,
        streams=Streams(stdin, stdout) if environment is None else Streams(stdin, stdout, environment),
        courier=router.courier,
    )


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(console(FakeRouter(), Path(sys.argv[1])).run())
