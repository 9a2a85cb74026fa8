"""`paperdesk models list|show|promote|rollback`: the trained models of a desk."""

import argparse
import sys
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.cli.quality_table import minute
from app.connections.stores import open_pool
from app.database.queries import where
from app.errors import DatabaseUnreachable
from bot.platforms.console.sanitize import one_line
from bot.ui.texts import Catalog
from core.text import clean
from ml.errors import AmbiguousMarket, NoModel
from ml.registry import ModelRow, ModelState, Registry
from pipeline.errors import MarketUnavailable

_LISTED = 5
_WHO = "command line"
_REASON_LENGTH = 200
_WIDTH = 200
_COLUMNS = (
    "version",
    "horizon",
    "state",
    "recipe",
    "trained",
    "learnt",
    "symbols",
    "rows",
    "skill",
    "coverage",
    "kept",
)

Run = Callable[[Registry, Catalog, argparse.Namespace], Coroutine[object, object, str | None]]
"""Runs a command and returns the sentence to print, None if the command printed its result itself."""


async def run_models(dsn: str, catalog: Catalog, options: argparse.Namespace) -> int:
    """Runs `options.verb` and prints the result to the standard output.

    Raises DatabaseUnreachable and the errors of the registry.
    """
    try:
        async with open_pool(dsn) as pool:
            said = await _VERBS[options.verb](Registry(pool), catalog, options)
    except MarketUnavailable as error:
        raise DatabaseUnreachable(where(dsn)) from error
    if said:
        sys.stdout.write(said + "\n")
    return 0


async def _list(registry: Registry, catalog: Catalog, options: argparse.Namespace) -> str | None:
    rows = await registry.list(options.market, newest=_LISTED)
    if not rows:
        return catalog.text("models-none")
    console = _console()
    for market in sorted({row.market for row in rows}):
        console.print(Text(catalog.text("models-market", market=market), style="bold"))
        titles = [catalog.text(f"models-{name}") for name in _COLUMNS]
        console.print(_grid(titles, [_cells(row, catalog) for row in rows if row.market == market]))
    return None


async def _show(registry: Registry, catalog: Catalog, options: argparse.Namespace) -> str | None:
    row = await registry.one(options.version)
    console = _console()
    console.print(Text(catalog.text("models-about", version=row.version), style="bold"))
    told = dict(zip(_COLUMNS, _cells(row, catalog), strict=True)) | {
        "where": row.market,
        "size": catalog.text("models-bytes", kilobytes=f"{row.size / 1024:,.0f}"),
        "symbols": ", ".join(row.symbols),
        "features": ", ".join(row.features),
        "parameters": _named(row.parameters),
        "metrics": _named({name: f"{value:.6g}" for name, value in sorted(row.metrics.items())}),
        "code": row.code_version,
        "digest": row.sha256,
    }
    console.print(_grid(("", ""), [(catalog.text(f"models-{name}"), text) for name, text in told.items()]))
    console.print(Text(catalog.text("models-history"), style="bold"))
    titles = [catalog.text(f"models-{name}") for name in ("at", "change", "who", "reason")]
    changes = [
        (minute(change.at), catalog.text("models-became", change=change.change), change.who, change.reason)
        for change in await registry.changes(row.version)
    ]
    console.print(_grid(titles, changes))
    return None


async def _promote(registry: Registry, catalog: Catalog, options: argparse.Namespace) -> str:
    before = await registry.one(options.version)
    row = await registry.promote(options.version, who=_WHO, reason=clean(options.reason, _REASON_LENGTH))
    said = "models-serves" if before.state is ModelState.CHAMPION else "models-promoted"
    return catalog.text(said, version=row.version, horizon=row.horizon, market=row.market)


async def _rollback(registry: Registry, catalog: Catalog, options: argparse.Namespace) -> str:
    horizon: int = options.horizon
    rows = await registry.list(options.market, horizon, newest=1)
    champions = [row for row in rows if row.state is ModelState.CHAMPION]
    if not champions:
        raise NoModel(horizon)
    if len(champions) > 1:
        raise AmbiguousMarket(horizon, ", ".join(row.market for row in champions))
    champion = champions[0]
    reason = clean(options.reason, _REASON_LENGTH)
    row = await registry.rollback(champion.market, horizon, who=_WHO, reason=reason, version=champion.version)
    values = {"version": row.version, "before": champion.version, "horizon": horizon}
    return catalog.text("models-rolled-back", **values, market=row.market)


_VERBS: Mapping[str, Run] = {"list": _list, "show": _show, "promote": _promote, "rollback": _rollback}


# -- how it looks ------------------------------------------------------------------------------


def _cells(row: ModelRow, catalog: Catalog) -> Sequence[str]:
    """Returns one cell for each column of `_COLUMNS`."""
    state = "rolled-back" if row.barred and row.state is ModelState.RETIRED else row.state.value
    skill, covered = row.metrics.get("skill"), row.metrics.get("coverage")
    return (
        str(row.version),
        str(row.horizon),
        catalog.text("models-is", state=state),
        row.recipe,
        minute(row.trained_at),
        catalog.text("models-span", start=minute(row.start), end=minute(row.end)),
        str(len(row.symbols)),
        f"{row.rows:,}",
        "-" if skill is None else f"{skill:+.2%}",
        "-" if covered is None else f"{covered:.1%}",
        catalog.text("models-bytes", kilobytes=f"{row.size / 1024:,.0f}") if row.kept else catalog.text("models-gone"),
    )


def _named(values: Mapping[str, object]) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items())


def _grid(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    grid = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_header=any(titles))
    for title in titles:
        grid.add_column(title, overflow="fold")
    for row in rows:
        grid.add_row(*(Text(one_line(cell)) for cell in row))
    return grid


def _console() -> Console:
    return Console(highlight=False) if sys.stdout.isatty() else Console(file=sys.stdout, highlight=False, width=_WIDTH)
