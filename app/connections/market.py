"""Choice of the market: `PAPERDESK_MARKET` determines the source.

Each source is imported only if it is chosen: the libraries of the others make a start slower and the desk heavier.
"""

import random
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.errors import BinanceUnreachable
from app.settings import Settings
from core.clock import Clock
from pipeline.errors import MarketUnavailable
from pipeline.market import MarketInfo, SourceKind
from pipeline.ports import MarketSource, OnDemandMarket, TradedSymbols
from pipeline.replay.recording_report import RecordingReport
from pipeline.scripted_halts import HaltedSource, read_halts

if TYPE_CHECKING:
    from core.database import Pool
    from pipeline.simulator import SimulatorSource

OpenSource = AbstractAsyncContextManager[MarketSource]


@dataclass(frozen=True, slots=True)
class ChosenMarket:
    """Source that is not yet opened; `unreachable` is the reason that Binance was wanted but is not used."""

    source: OpenSource
    unreachable: str = ""


def market_line(info: MarketInfo, unreachable: str) -> tuple[str, dict[str, str]]:
    """Returns the text id and variables of the line that names the running market and the reason for it."""
    variables = {"quote": info.quote_asset}
    match info.source:
        case SourceKind.BINANCE:
            return "market-is-binance", variables
        case SourceKind.REPLAY:
            return "market-is-replay", variables | {"label": info.label}
        case SourceKind.SIMULATOR if unreachable:
            return "market-is-simulator-instead", variables | {"reason": unreachable}
        case SourceKind.SIMULATOR:
            return "market-is-simulator", variables


def recording_lines(report: RecordingReport) -> list[tuple[str, dict[str, str | int]]]:
    """Returns text ids and variables of the lines about the parts of a recording that are not played."""
    lines: list[tuple[str, dict[str, str | int]]] = []
    if report.left_out:
        words = {"quote": report.quote_asset, "names": report.names}
        counts = {"offered": report.offered, "count": len(report.left_out)}
        lines.append(("recording-left-out", {**words, **counts}))
    if report.bad_candles:
        lines.append(("recording-bad-candles", {"count": report.bad_candles, "examples": "; ".join(report.examples)}))
    if report.duplicates:
        lines.append(("recording-duplicates", {"count": report.duplicates}))
    if report.malformed:
        lines.append(("recording-malformed", {"count": report.malformed}))
    return lines


async def choose_market(
    settings: Settings,
    clock: Clock,
    loaded: Callable[[float], None],
    report: Callable[[RecordingReport], None] = lambda _: None,
    *,
    pool: "Pool | None" = None,
    traded: TradedSymbols | None = None,
) -> ChosenMarket:
    """Returns the market that the settings name (they are checked when they are read).

    The simulator's secret seed is stored behind `pool`; without a database its seed is a public one. Binance's trades
    are followed for the symbols of `traded` only. When the source is
    opened, `loaded` receives the part of a recording that is read, from 0 to 1, and `report` the parts that are not
    played. Opening Binance raises BinanceUnreachable.
    """
    kind, _, path = settings.market.partition(":")
    if kind == "replay":
        return ChosenMarket(_halted(_replay(Path(path), settings, clock, loaded, report), settings))
    if kind == "sim":
        return ChosenMarket(_halted(_simulator(settings, clock, pool), settings))
    if kind == "binance":
        return ChosenMarket(_binance(settings, clock, traded))
    from pipeline.binance.rest import reachable  # noqa: PLC0415

    unreachable = await reachable(settings.binance)
    if unreachable is None:
        return ChosenMarket(_binance(settings, clock, traded))
    why = f"Binance cannot be reached: {unreachable}"
    return ChosenMarket(_halted(_simulator(settings, clock, pool, why), settings), unreachable)


@asynccontextmanager
async def open_askable(
    settings: Settings, info: MarketInfo, clock: Clock, pool: "Pool"
) -> AsyncIterator[OnDemandMarket | None]:
    """Opens a market that a process without a source can query for books and candles of the running market.

    None if it cannot be queried, as for a recording: its past is then in the archive only, and the quotes are all of
    its book. None also if a simulator with these settings is another market.
    """
    if info.source is SourceKind.BINANCE:
        from pipeline.binance.rest_only import BinanceRestMarket  # noqa: PLC0415

        jitter = random.Random()  # noqa: S311 - spreads retries, guards nothing
        async with BinanceRestMarket(settings.binance, clock, jitter) as binance:
            yield binance
        return
    if info.source is not SourceKind.SIMULATOR:
        yield None
        return
    # a simulation with the same settings is the same in every process
    async with _simulator(settings, clock, pool) as simulated:
        yield simulated if simulated.info().market == info.market else None


@asynccontextmanager
async def _halted(
    opened: "AbstractAsyncContextManager[MarketSource]", settings: Settings
) -> AsyncIterator[MarketSource]:
    """Opens a source that plays the halts of the settings."""
    async with opened as source:
        halts = read_halts(settings.halts.play)
        yield HaltedSource(source, halts) if halts else source


@asynccontextmanager
async def _binance(settings: Settings, clock: Clock, traded: TradedSymbols | None) -> AsyncIterator[MarketSource]:
    from pipeline.binance.source import BinanceSource, reachable  # noqa: PLC0415

    jitter = random.Random()  # noqa: S311 - spreads retries, guards nothing
    async with AsyncExitStack() as stack:
        binance = BinanceSource(settings.binance, settings.quote_asset, clock, jitter, traded=traded)
        try:
            source = await stack.enter_async_context(binance)
        except MarketUnavailable as error:
            reason = await reachable(settings.binance) or "its answers cannot be used"
            raise BinanceUnreachable(settings.binance.rest_url, reason) from error
        yield source


@asynccontextmanager
async def _simulator(
    settings: Settings, clock: Clock, pool: "Pool | None", why: str = ""
) -> AsyncIterator["SimulatorSource"]:
    from pipeline.simulator import SimulatorSource  # noqa: PLC0415
    from pipeline.simulator.stored_seed import stored_seed  # noqa: PLC0415

    seed = None if pool is None else await stored_seed(settings.simulator, pool)
    async with SimulatorSource(settings.simulator, settings.quote_asset, clock, seed=seed, why=why) as source:
        yield source


def _replay(
    named: Path,
    settings: Settings,
    clock: Clock,
    loaded: Callable[[float], None],
    report: Callable[[RecordingReport], None],
) -> OpenSource:
    path = named.expanduser()
    if path.suffix == ".parquet":
        from pipeline.replay.candle_source import ReplaySource  # noqa: PLC0415

        return ReplaySource(path, settings.replay, clock, progress=loaded, report=report)
    from pipeline.replay.frame_source import RecordingSource  # noqa: PLC0415

    return RecordingSource(path, settings.replay, clock, report=report)
