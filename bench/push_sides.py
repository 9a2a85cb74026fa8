"""What stands around the alerts of the bench `push`: a market at one price, a desk without accounts, charts that take
their time, and a courier that counts."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from decimal import Decimal

from bot.notifications.courier import Delivered, Outcome
from bot.reply import Reply
from core.clock import wall_clock
from pipeline.market import Candle, MarketInfo, Quote, SourceKind, Symbol
from pipeline.rules import SymbolRules
from trading.errors import NoAccount

PLATFORM = "telegram"
NAMES = tuple(Symbol(f"COIN{number}USDC") for number in range(5))
NOW = wall_clock()


class Market:
    """A handful of symbols at one price."""

    def info(self) -> MarketInfo:
        return MarketInfo(SourceKind.SIMULATOR, "USDC", 1000, 15_000, NOW, 0, label="SIMULATION")

    def now(self) -> int:
        return NOW

    def symbols(self) -> tuple[Symbol, ...]:
        return NAMES

    def rules(self, symbol: Symbol) -> SymbolRules:
        return SymbolRules(symbol, symbol.removesuffix("USDC"), "USDC", tick_size=Decimal("0.01"))

    def resolve(self, text: str) -> Symbol:
        return Symbol(f"{text}USDC")

    def find(self, text: str) -> Symbol:
        return self.resolve(text)

    async def quotes(self, symbols: list[Symbol]) -> dict[Symbol, Quote]:
        price = Decimal("200.00")
        return {symbol: Quote(symbol, NOW, 10, 15_000, price, price, price, price, price) for symbol in symbols}

    async def candles(self, symbol: Symbol, *_: object) -> list[Candle]:
        return [Candle(symbol, NOW, 1.0, 1.0, 1.0, 1.0, 1.0)]


class Desk:
    """Nobody has an account."""

    async def symbol_activity(self, *_: object) -> None:
        raise NoAccount


class Charts:
    """Takes as long as a real drawing."""

    drawn = 0

    async def candles(self, *_: object, **__: object) -> bytes:
        self.drawn += 1
        await asyncio.sleep(0.05)
        return b"png"


@dataclass
class Courier:
    """Counts what arrives; `send` waits for a chat's turn."""

    send: Callable[[str], Awaitable[None]]
    platform: str = PLATFORM
    rows: int = 0
    messages: int = 0
    last: dict[str, int] = field(default_factory=dict)
    swapped: int = 0
    moments: list[float] = field(default_factory=list)
    seen: dict[str, float] = field(default_factory=dict)

    async def deliver(self, chat_id: str, reply: Reply, *, nonce: str, silent: bool) -> Outcome:  # noqa: ARG002
        await self.send(chat_id)
        self.messages += 1
        number = int(nonce)
        self.swapped += self.last.get(chat_id, 0) >= number
        self.last[chat_id] = number
        now = asyncio.get_running_loop().time()
        self.moments.append(now)
        self.seen.setdefault(chat_id, now)
        return Delivered(nonce)

    async def edit(self, chat_id: str, message_id: str, reply: Reply) -> Outcome:  # noqa: ARG002
        return Delivered(message_id)
