"""Scan of all coins for signals, each with how often it was right."""

from bot.context import Context
from bot.reply import Button, Reply, Text
from bot.views.buttons import button, rows
from bot.views.prices import source_note
from bot.views.scan import backtest_button, finding_buttons, scan_blocks
from people.notifications.preferences import NotificationSetting
from people.notifications.quiet_hours import DeliveryMode
from trading.scan.report import ranked
from trading.scan.signals import SignalKind


async def scan(ctx: Context, signal: SignalKind | None = None) -> Reply:
    """Shows the signals at the last closed candles, all or those of one kind. A job has found and measured them."""
    info, reports = ctx.market.info(), ctx.services.market_reports
    report = await reports.scan(info.market, info.quote_asset)
    if report is None:
        return Reply((Text(ctx.text("scan-none")), *rows(_ways(signal, ctx))))
    record = await reports.scan_record(info.market, info.quote_asset)
    found = ranked(report, record, signal)
    charts, alerts = finding_buttons(found, ctx)
    kinds = [button(ctx.text(f"scan-kind-{kind}"), "scan", kind) for kind in SignalKind if kind is not signal]
    every = None if signal is None else button(ctx.text("button-scan-all"), "scan")
    more = [backtest_button(found, ctx), await _digest(ctx), every]
    blocks = (*scan_blocks(report, found, record, signal, ctx), *source_note(ctx))
    return Reply((*blocks, *rows(charts, alerts, kinds, more, _ways(signal, ctx))))


def _ways(signal: SignalKind | None, ctx: Context) -> list[Button | None]:
    return [
        button(ctx.text("button-refresh"), "scan", *(() if signal is None else (signal.value,))),
        button(ctx.text("button-mood"), "mood"),
        button(ctx.text("button-market"), "market"),
    ]


async def _digest(ctx: Context) -> Button | None:
    """Returns the button that turns the daily digest on; None if it is on, or others read the answer."""
    if ctx.inbound.public:
        return None
    choices = await ctx.services.notices.choices(ctx.person.person_id)
    if choices.mode(NotificationSetting.SCAN) is not DeliveryMode.OFF:
        return None
    return button(ctx.text("button-scan-digest"), "notifications", NotificationSetting.SCAN, DeliveryMode.ON)
