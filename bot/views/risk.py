"""Risk of a portfolio and the record of its nightly VaR, as blocks of a reply."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import numpy as np

from bot.arguments.symbols import short_name
from bot.context import Context
from bot.reply import Align, Block, Column, Fields, Table, Text, Tone
from bot.ui.format import UNKNOWN
from pipeline.candles import Floats
from pipeline.market import Symbol
from trading.portfolio.risk_report import MIN_NIGHTS, SHOWN_HORIZONS, CoverageRow, NightlyRecord, PortfolioRisk
from trading.risk.tables import CONFIDENCES, METHODS, MIN_DAYS, RiskMethod

COINS_SHOWN = 12
_NAMES_SHOWN = 5
_LEADING = METHODS.index(RiskMethod.HISTORICAL)


def share_text(value: float, ctx: Context, *, signed: bool = False) -> str:
    """Returns a fraction in percent, to a hundredth."""
    return ctx.format.percent(Decimal(f"{value:.4f}") if np.isfinite(value) else None, signed=signed)


def risk_blocks(found: PortfolioRisk, equity: Decimal, ctx: Context) -> tuple[Block, ...]:
    """Returns the figures, the tables of VaR and expected shortfall, the coins, and what they are based on."""
    title = Text(ctx.text("risk-title"), Tone.TITLE)
    if not found.enough:
        return (title, Text(ctx.text("risk-short", days=found.days, least=MIN_DAYS)), _coins(found, ctx))
    return (
        title,
        Fields(_figures(found, equity, ctx)),
        *_leader(found, ctx),
        Text(ctx.text("risk-var-title"), Tone.TITLE),
        _horizons(found.var, ctx),
        Text(ctx.text("risk-shortfall-title"), Tone.TITLE),
        _horizons(found.shortfall, ctx),
        Text(ctx.text("risk-coins-title"), Tone.TITLE),
        _coins(found, ctx),
        *_notes(found, ctx),
    )


def record_blocks(record: NightlyRecord, ctx: Context) -> tuple[Block, ...]:
    """Returns the record of the nightly VaR; a sentence while there are too few nights."""
    title = Text(ctx.text("risk-record-title"), Tone.TITLE)
    if not record.rows:
        return (title, Text(ctx.text("risk-record-few", nights=record.nights, least=MIN_NIGHTS), Tone.NOTE))
    columns = (
        Column(ctx.text("label-risk-method")),
        Column(ctx.text("label-risk-violations"), Align.RIGHT),
        Column(ctx.text("label-risk-expected"), Align.RIGHT),
        Column(ctx.text("label-risk-kupiec"), Align.RIGHT),
        Column(ctx.text("label-risk-christoffersen"), Align.RIGHT),
        Column(ctx.text("label-risk-zone")),
    )
    left_out = (ctx.text("risk-record-left-out", count=record.left_out),) if record.left_out else ()
    about = " ".join((ctx.text("risk-record-about"), *left_out))
    return (title, Table(columns, tuple(_coverage(row, ctx) for row in record.rows)), Text(about, Tone.NOTE))


def _figures(found: PortfolioRisk, equity: Decimal, ctx: Context) -> tuple[tuple[str, str], ...]:
    def loss(table: Floats) -> str:
        fraction = float(table[_LEADING, 0])
        money = ctx.format.money(equity * Decimal(f"{fraction:.6f}"), ctx.quote_asset)
        return f"{money} ({share_text(fraction, ctx)})"

    return (
        (ctx.text("label-equity"), ctx.format.money(equity, ctx.quote_asset)),
        (ctx.text("label-risk-var"), loss(found.var[1])),
        (ctx.text("label-risk-shortfall"), loss(found.shortfall[1])),
        (ctx.text("label-risk-volatility"), share_text(found.volatility, ctx)),
        (ctx.text("label-risk-effective"), _tenths(found.effective, ctx)),
    )


def _leader(found: PortfolioRisk, ctx: Context) -> tuple[Text, ...]:
    """Returns the coin with the largest part of the risk, in a sentence; () if nothing moves."""
    known = [coin for coin in found.coins if np.isfinite(coin.share)]
    if not known:
        return ()
    coin = max(known, key=lambda each: each.share)
    said = ctx.text(
        "risk-leader",
        coin=short_name(coin.symbol, ctx),
        risk=ctx.format.percent(Decimal(f"{coin.share:.2f}")),
        weight=ctx.format.percent(Decimal(f"{coin.weight:.2f}")),
    )
    return (Text(said),)


def _horizons(tables: Mapping[int, Floats], ctx: Context) -> Table:
    heads = [
        ctx.text("risk-column", days=days, level=f"{round(100 * level)}%")
        for days in SHOWN_HORIZONS
        for level in CONFIDENCES
    ]
    columns = (Column(ctx.text("label-risk-method")), *(Column(head, Align.RIGHT) for head in heads))
    rows = (
        (
            ctx.text(f"risk-method-{method}"),
            *(
                ctx.format.tenths(100 * float(tables[days][place, level]))
                for days in SHOWN_HORIZONS
                for level in range(len(CONFIDENCES))
            ),
        )
        for place, method in enumerate(METHODS)
    )
    return Table(columns, tuple(rows))


def _coins(found: PortfolioRisk, ctx: Context) -> Table:
    labels = ("weight", "share", "volatility-ewma", "volatility-range")
    columns = (
        Column(ctx.text("label-asset")),
        *(Column(ctx.text(f"label-risk-{name}"), Align.RIGHT) for name in labels),
    )
    rows = (
        (
            short_name(coin.symbol, ctx),
            *(
                ctx.format.tenths(100 * value)
                for value in (coin.weight, coin.share, coin.volatility, coin.range_volatility)
            ),
        )
        for coin in found.coins[:COINS_SHOWN]
    )
    return Table(columns, tuple(rows))


def _notes(found: PortfolioRisk, ctx: Context) -> tuple[Text, ...]:
    notes = [ctx.text("risk-about", days=found.days)]
    filled = [coin.symbol for coin in found.coins if coin.filled]
    if filled:
        notes.append(ctx.text("risk-filled", coins=_names(filled, ctx)))
    if len(found.coins) > COINS_SHOWN:
        notes.append(ctx.text("risk-more", count=len(found.coins) - COINS_SHOWN))
    if any(not np.isfinite(table).all() for table in found.var.values()):
        notes.append(ctx.text("risk-unknown", sign=UNKNOWN))
    return tuple(Text(note, Tone.NOTE) for note in notes)


def _coverage(row: CoverageRow, ctx: Context) -> tuple[str, ...]:
    return (
        f"{ctx.text(f'risk-method-{row.method}')} {round(100 * row.confidence)}%",
        ctx.text("risk-violations", count=row.violations, nights=row.nights),
        _tenths(row.expected, ctx),
        *(ctx.format.money(Decimal(f"{p:.2f}")) for p in (row.kupiec, row.christoffersen)),
        ctx.text(f"risk-zone-{row.light.zone}"),
    )


def _tenths(value: float, ctx: Context) -> str:
    return ctx.format.amount(Decimal(f"{value:.1f}")) if np.isfinite(value) else UNKNOWN


def _names(symbols: Sequence[Symbol], ctx: Context) -> str:
    named = ", ".join(short_name(symbol, ctx) for symbol in symbols[:_NAMES_SHOWN])
    return f"{named}, ..." if len(symbols) > _NAMES_SHOWN else named
