"""The pure matching core without a database, beside NautilusTrader's simulated exchange and freqtrade's dry run.

The same market orders, and the same ticks past the same resting orders of one symbol. Each peer runs with the Python of
an environment of its own, which `make bench` installs (`bench/exchanges`); where one is missing, its note says so. All
rates are per second of processor time; sides take turns, and a ratio is the median of the turns.
"""

import json
import statistics
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from bench.figure import Figure
from bench.open_orders import quiet_ticks, spread_orders
from bench.orders import RULES, SYMBOL
from pipeline.market import Level, OrderBook, Quote, SourceKind
from trading.matching.ladders import ladder_of
from trading.matching.market_orders import RequestedSize, Terms, match
from trading.orders.effects import MarketTrade
from trading.orders.types import BaseQuantity, Side

PEERS = Path(__file__).parents[1] / ".venv" / "peers"
"""Environments of the peers, by the name of their package."""
_SCRIPTS = Path(__file__).parent / "exchanges"
_MARKET, _TICKS = "market", "ticks"
MISSING = "{} is not installed: `make bench` does it where Python 3.12 or newer is found"


@dataclass(frozen=True, slots=True)
class Size:
    """Market orders, resting orders, and ticks past those; those that NautilusTrader takes; and turns."""

    market: int
    resting: int
    ticks: int
    peer_market: int
    peer_ticks: int
    turns: int


FULL = Size(market=20_000, resting=10_000, ticks=10_000, peer_market=500, peer_ticks=300, turns=5)
SMALL = Size(market=200, resting=100, ticks=100, peer_market=20, peer_ticks=20, turns=1)

Rates = dict[str, float]


def run(size: Size = FULL) -> list[Figure]:
    ours: list[Rates] = []
    nautilus: list[Rates] = []
    freqtrade: list[Rates] = []
    for turn in range(size.turns):
        ours.append({_MARKET: _market_orders(size.market), _TICKS: _ticks(size)})
        freqtrade += peer("freqtrade", "dry_run.py", size.market)
        if turn < 2:  # one of its turns takes as long as all of ours
            nautilus += peer("nautilus_trader", "nautilus.py", size.peer_market, size.resting, size.peer_ticks)
    return [
        Figure("market orders matched, a core", _median(ours, _MARKET), "orders/s"),
        Figure(f"ticks past {size.resting:,} orders of a symbol, a core", _median(ours, _TICKS), "ticks/s"),
        *_beside("NautilusTrader", _MARKET, ours, nautilus, at_least=5),
        *_beside("NautilusTrader", _TICKS, ours, nautilus, at_least=100),
        *_beside("freqtrade's dry run", _MARKET, ours, freqtrade, at_least=1),
    ]


def _beside(peer: str, key: str, ours: list[Rates], theirs: list[Rates], *, at_least: float) -> list[Figure]:
    if not theirs:
        return [Figure(f"{peer}, {key}", 0, "/s", note=MISSING.format(peer))]
    ratios = sorted(one[key] / other[key] for one, other in zip(ours, theirs, strict=False))
    note = f"median of {len(ratios)} turns, {ratios[0]:.2f} to {ratios[-1]:.2f}"
    return [
        Figure(f"{peer}, {key}", _median(theirs, key), "/s"),
        Figure(f"ours against {peer}, {key}", statistics.median(ratios), "x", at_least=at_least, note=note),
    ]


def _median(rates: list[Rates], key: str) -> float:
    return statistics.median(each[key] for each in rates)


def peer(name: str, script: str, *arguments: str | int) -> list[Rates]:
    """Returns what the script prints, or nothing where its environment is missing."""
    python = PEERS / name / "bin" / "python"
    if not python.exists():
        return []
    command = [str(python), "-W", "ignore", str(_SCRIPTS / script), *map(str, arguments)]
    told = subprocess.run(command, check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    rates: Rates = json.loads(told.stdout.splitlines()[-1])
    return [rates]


def _rate(count: int, work: Callable[[], None]) -> float:
    began = time.process_time()
    work()
    return count / (time.process_time() - began)


def _market_orders(count: int) -> float:
    """Each order reads the ladder of a new quote and book, and is matched with every rule on."""
    cent, bid, ask, size = Decimal("0.01"), Decimal("99999.99"), Decimal(100_000), Decimal("0.75")
    bids = tuple(Level(bid - level * cent, size) for level in range(20))
    asks = tuple(Level(ask + level * cent, size) for level in range(20))
    terms, wanted = Terms(RULES, Decimal("0.001"), SourceKind.SIMULATOR), RequestedSize(BaseQuantity(Decimal("0.001")))

    def work() -> None:
        for number in range(count):
            side = Side.SELL if number % 2 else Side.BUY
            quote = Quote(SYMBOL, number, 12, 15_000, bid, bid, size, ask, size)
            ladder = ladder_of(side, quote, OrderBook(SYMBOL, number, bids, asks), RULES)
            match(side, wanted, ladder, terms)

    return _rate(count, work)


def _ticks(size: Size) -> float:
    orders, events = spread_orders(size.resting), quiet_ticks(size.ticks)
    orders.take(MarketTrade(1, Decimal(100_000)))

    def work() -> None:
        for event in events:
            orders.take(event)

    return _rate(size.ticks, work)
