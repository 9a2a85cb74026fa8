"""Which market runs: `PAPERDESK_MARKET` becomes a source."""

import logging
import random
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from app.errors import BadSetting
from app.settings import Settings
from pipeline.binance.source import BinanceSource, reachable
from pipeline.clock import Clock
from pipeline.ports import MarketSource
from pipeline.recording import RecordingSource
from pipeline.replay import ReplaySource
from pipeline.simulator import SimulatorSource

log = logging.getLogger(__name__)

OpenSource = AbstractAsyncContextManager[MarketSource]


async def choose_source(settings: Settings, clock: Clock, progress: Callable[[str], None]) -> OpenSource:
    """The source that the settings name, not yet opened; raises BadSetting for a market that is none."""
    match settings.market.partition(":"):
        case ("auto", "", ""):
            progress("Looking for Binance")
            why_not = await reachable(settings.binance)
            if why_not is None:
                return _binance(settings, clock)
            return _simulator(settings, clock, why=f"Binance cannot be reached ({why_not})")
        case ("binance", "", ""):
            return _binance(settings, clock)
        case ("sim", "", ""):
            return _simulator(settings, clock, why="asked for by the settings")
        case ("replay", ":", path) if path:
            return _replay(Path(path).expanduser(), settings, clock)
        case _:
            raise BadSetting("PAPERDESK_MARKET", "one of auto, binance, sim, replay:PATH")


def _binance(settings: Settings, clock: Clock) -> OpenSource:
    return BinanceSource(settings.binance, settings.quote_asset, clock, random.Random())  # noqa: S311 jitter, not a secret


def _simulator(settings: Settings, clock: Clock, why: str) -> OpenSource:
    return SimulatorSource(settings.simulator, settings.quote_asset, clock, why=why)


def _replay(path: Path, settings: Settings, clock: Clock) -> OpenSource:
    if path.suffix == ".parquet":
        return ReplaySource(path, settings.replay, clock)
    return RecordingSource(path, settings.replay, clock)
