"""Which market runs: `PAPERDESK_MARKET` becomes a source."""

import random
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path

from app.settings import Settings
from pipeline.binance.source import BinanceSource, reachable
from pipeline.clock import Clock
from pipeline.market import MarketInfo, SourceKind
from pipeline.ports import MarketSource
from pipeline.recording import RecordingSource
from pipeline.replay import ReplaySource
from pipeline.simulator import SimulatorSource

OpenSource = AbstractAsyncContextManager[MarketSource]


@dataclass(frozen=True, slots=True)
class ChosenMarket:
    """A source, not yet opened; `unreachable` says why it is not Binance although that was wanted."""

    source: OpenSource
    unreachable: str = ""

    def line(self, info: MarketInfo) -> tuple[str, dict[str, str]]:
        """The text id and variables of the one line that says which market runs, and why."""
        variables = {"quote": info.quote_asset}
        match info.source:
            case SourceKind.BINANCE:
                return "market-is-binance", variables
            case SourceKind.REPLAY:
                return "market-is-replay", variables | {"label": info.label}
            case SourceKind.SIMULATOR if self.unreachable:
                return "market-is-simulator-instead", variables | {"reason": self.unreachable}
            case SourceKind.SIMULATOR:
                return "market-is-simulator", variables


async def choose_market(settings: Settings, clock: Clock, loaded: Callable[[float], None]) -> ChosenMarket:
    """The market that the settings name (they are checked when they are read).

    `loaded` hears how much of a recording is read, from 0 to 1, once the source is opened.
    """
    kind, _, path = settings.market.partition(":")
    if kind == "replay":
        return ChosenMarket(_replay(Path(path), settings, clock, loaded))
    if kind == "sim":
        return ChosenMarket(_simulator(settings, clock))
    if kind == "binance":
        return ChosenMarket(_binance(settings, clock))
    unreachable = await reachable(settings.binance)
    if unreachable is None:
        return ChosenMarket(_binance(settings, clock))
    return ChosenMarket(_simulator(settings, clock, why=f"Binance cannot be reached: {unreachable}"), unreachable)


def _binance(settings: Settings, clock: Clock) -> OpenSource:
    jitter = random.Random()  # noqa: S311 - spreads retries, guards nothing
    return BinanceSource(settings.binance, settings.quote_asset, clock, jitter)


def _simulator(settings: Settings, clock: Clock, why: str = "") -> OpenSource:
    return SimulatorSource(settings.simulator, settings.quote_asset, clock, why=why)


def _replay(named: Path, settings: Settings, clock: Clock, loaded: Callable[[float], None]) -> OpenSource:
    path = named.expanduser()
    if path.suffix == ".parquet":
        return ReplaySource(path, settings.replay, clock, progress=loaded)
    return RecordingSource(path, settings.replay, clock)
