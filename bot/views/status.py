"""State of the process, its engines and platforms, on one card."""

from bot.arguments.symbols import traded_symbols
from bot.context import Context
from bot.reply import Block, Fields, Text, Tone
from bot.views.news import feed_rows
from core.errors import DeskError
from people.operators.ports import BroadcastStatus, DeskCounts, Engine

_UNDELIVERED = ("uncertain", "dead")
_WAITING = ("pending", "sending")
_STEP = 1024


async def status_card(ctx: Context) -> tuple[Block, ...]:
    """Returns the state of the process, market, trading, engines and platforms, and the counts. Raises
    DatabaseUnavailable.
    """
    condition = await ctx.services.operating.health()
    counts = await ctx.operations.counts()
    process = [
        (ctx.text("label-version"), condition.version or "–"),
        (ctx.text("label-uptime"), ctx.format.age(condition.uptime_ms)),
        (ctx.text("label-memory"), _size(condition.memory)),
    ]
    engines = [
        (ctx.text("label-postgres"), _engine(condition.postgres, ctx)),
        (ctx.text("label-redis"), _engine(condition.redis, ctx)),
    ]
    platforms = [
        (name.capitalize(), ctx.text(f"status-platform-{health.state}", reason=health.reason, restarts=health.restarts))
        for name, health in ctx.services.operating.platforms.health().items()
    ]
    market, trading = await _market(ctx), (ctx.text("label-trading"), _trading(counts, ctx))
    feeds = await feed_rows(ctx)
    rows = (*process, *market, trading, *engines, *platforms, *feeds)
    return (Text(ctx.text("status-title"), Tone.TITLE), Fields((*rows, *_counts(counts, ctx))))


async def _market(ctx: Context) -> list[tuple[str, str]]:
    """Returns the running market, the age of its newest price, and the number of symbols with fresh, stale and no
    prices.
    """
    try:
        info = ctx.market.info()
        traded = traded_symbols(ctx)
        quotes = (await ctx.market.quotes(traded)).values()
    except DeskError:
        return [(ctx.text("label-market"), ctx.text("status-down"))]
    stale = sum(quote.stale for quote in quotes)
    silent = len(traded) - len(quotes)
    newest = min((quote.age_ms for quote in quotes), default=None)
    shares = ctx.text("status-symbols", fresh=len(quotes) - stale, stale=stale, silent=silent)
    return [
        (ctx.text("label-market"), info.market),
        (ctx.text("label-newest-price"), "–" if newest is None else ctx.format.age(newest)),
        (ctx.text("label-symbols"), shares),
    ]


def _trading(counts: DeskCounts, ctx: Context) -> str:
    halt = counts.halt
    if halt is None:
        return ctx.text("status-open")
    return ctx.text("status-halted", since=ctx.format.moment(halt.since), reason=halt.reason or "–")


def _counts(counts: DeskCounts, ctx: Context) -> list[tuple[str, str]]:
    count = ctx.format.count
    states = {state: counts.outbox.get(state, 0) for state in ("pending", "sending", "sent", "uncertain", "dead")}
    return [
        (ctx.text("label-people"), ctx.text("status-people", people=counts.people, banned=counts.banned)),
        (ctx.text("label-accounts"), count(counts.accounts)),
        (ctx.text("label-orders-today"), count(counts.orders_today)),
        (ctx.text("label-outbox"), ctx.text("status-outbox", **states)),
        (ctx.text("label-inbox"), ctx.text("status-waiting", count=counts.inbox_waiting)),
        (ctx.text("label-alerts"), count(counts.alerts_waiting)),
        *([] if counts.sending is None else [(ctx.text("label-broadcast"), _sending(counts.sending, ctx))]),
    ]


def _sending(sending: BroadcastStatus, ctx: Context) -> str:
    waiting = sum(sending.states.get(state, 0) for state in _WAITING)
    lost = sum(sending.states.get(state, 0) for state in _UNDELIVERED)
    sent = sending.states.get("sent", 0)
    return ctx.text("status-broadcast", sent=sent, chats=sending.chats, waiting=waiting, lost=lost)


def _engine(engine: Engine | None, ctx: Context) -> str:
    if engine is None:
        return ctx.text("status-down")
    return ctx.text("status-engine", latency=f"{engine.latency_ms:.1f}", size=_size(engine.size))


def _size(count: int) -> str:
    """Returns the number of bytes as text: `12.3 MiB`."""
    size = float(count)
    for unit in ("B", "KiB", "MiB"):
        if size < _STEP:
            return f"{size:.1f} {unit}" if unit != "B" else f"{count} B"
        size /= _STEP
    return f"{size:.1f} GiB"
