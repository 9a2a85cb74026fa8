"""Tear sheet: one HTML file with every figure, its explanation and the picture, and nothing from outside.

All text is escaped, and a content security policy allows nothing but the inline style and the inline picture, so that a
name of a coin can neither run nor load anything.
"""

import base64
from collections.abc import Iterable, Sequence
from html import escape

from bot.arguments.performance_terms import Term
from bot.context import Context
from bot.reply import Align, Table
from bot.views.performance import (
    Row,
    benchmark_name,
    benchmark_rows,
    coin_table,
    extreme_table,
    further_rows,
    note_lines,
    percent,
    period_text,
    return_rows,
    risk_rows,
    trade_rows,
    type_table,
)
from trading.reports.performance import PerformanceReport

_COINS = 50
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:1rem auto;padding:0 1rem;color:#141a24;"
    "background:#fff}"
    "h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem}img{max-width:100%;height:auto}"
    "table{border-collapse:collapse;width:100%}td,th{padding:.3rem .6rem;border-bottom:1px solid #e6e9ee;"
    "text-align:left;vertical-align:top}.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}"
    "small{color:#5d6878;display:block}.note{color:#5d6878}.wide{overflow-x:auto}"
    "@media (prefers-color-scheme:dark){body{color:#eef1f6;background:#12161f}td,th{border-color:#232a37}"
    "small,.note{color:#9aa4b5}}"
)
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def tear_sheet(report: PerformanceReport, png: bytes | None, ctx: Context) -> bytes:
    """Returns the file, UTF-8. `png` is the picture, None if it could not be drawn."""
    say = ctx.text
    title = say("performance-title", period=period_text(report, ctx))
    parts = [
        f"<h1>{escape(title)}</h1>",
        *(f'<p class="note">{escape(line)}</p>' for line in (say("performance-zone"), *note_lines(report, ctx))),
        _picture(png, title),
        _section("performance-returns", return_rows(report, ctx), ctx),
        _section("performance-risk", [*risk_rows(report, ctx), *further_rows(report, ctx)], ctx),
        _section("performance-trades", trade_rows(report, ctx), ctx),
        *(
            _titled(say("performance-beside", name=benchmark_name(each, ctx)), _figures(benchmark_rows(each, ctx), ctx))
            for each in report.benchmarks
        ),
        _titled(say("performance-coins"), _table(coin_table(report, ctx, _COINS))),
        _titled(say("performance-types"), _table(type_table(report, ctx))),
        _titled(say("performance-extremes"), _table(extreme_table(report, ctx))),
        _titled(say("chart-months"), _months(report, ctx)),
        f'<p class="note">{escape(say("performance-no-advice"))}</p>',
    ]
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(ctx.person.language.value)}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>{''.join(parts)}</body></html>\n"
    ).encode()


def _picture(png: bytes | None, alt: str) -> str:
    if png is None:
        return ""
    return f'<img alt="{escape(alt)}" src="data:image/png;base64,{base64.b64encode(png).decode()}">'


def _section(title: str, figures: Sequence[Row], ctx: Context) -> str:
    return _titled(ctx.text(title), _figures(figures, ctx)) if figures else ""


def _titled(title: str, table: str) -> str:
    return f'<h2>{escape(title)}</h2><div class="wide">{table}</div>' if table else ""


def _figures(figures: Iterable[Row], ctx: Context) -> str:
    lines = [
        f"<tr><td>{escape(ctx.text(f'term-{term}'))}<small>{escape(_about(term, ctx))}</small></td>"
        f'<td class="n">{escape(value)}</td></tr>'
        for term, value in figures
    ]
    return f"<table>{''.join(lines)}</table>"


def _about(term: Term, ctx: Context) -> str:
    return ctx.text(f"term-{term}.about")


def _table(table: Table) -> str:
    if not table.rows:
        return ""
    kinds = [' class="n"' if column.align is Align.RIGHT else "" for column in table.columns]
    head = "".join(f"<th{kind}>{escape(column.title)}</th>" for column, kind in zip(table.columns, kinds, strict=True))
    body = "".join(
        "<tr>" + "".join(f"<td{kind}>{escape(cell)}</td>" for cell, kind in zip(row, kinds, strict=True)) + "</tr>"
        for row in table.rows
    )
    return f"<table><tr>{head}</tr>{body}</table>"


def _months(report: PerformanceReport, ctx: Context) -> str:
    rows = ((f"{row.year}-{row.month:02}", percent(row.returned, ctx, signed=True)) for row in report.months)
    lines = "".join(f'<tr><td>{month}</td><td class="n">{escape(value)}</td></tr>' for month, value in rows)
    return f"<table>{lines}</table>"
