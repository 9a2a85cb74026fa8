"""State of the desk, on one card."""

from bot.arguments.symbols import traded_symbols
from bot.context import Context
from bot.reply import Block, Fields, Text, Tone
from core.errors import DeskError
from people.operators.ports import DeskCounts, Engine, Sending

_UNDELIVERED = ("uncertain", "dead")
_WAITING = ("pending", "sending")
_STEP = 1024


async def status_card(ctx: Context) -> tuple[Block, ...]:
    """Returns the state of the process, market, trading, engines and platforms, and the counts. Raises
    DatabaseUnavailable.
    """
    condition = await ctx.services.operating.condition()
    counts = await ctx.operations.counts()
    process = [
        (ctx.say("label-version"), condition.version or "–"),
        (ctx.say("label-uptime"), ctx.format.age(condition.uptime_ms)),
        (ctx.say("label-memory"), _size(condition.memory)),
    ]
    engines = [
        (ctx.say("label-postgres"), _engine(condition.postgres, ctx)),
        (ctx.say("label-redis"), _engine(condition.redis, ctx)),
    ]
    platforms = [
        (name.capitalize(), ctx.say(f"status-platform-{health.state}", reason=health.reason, restarts=health.restarts))
        for name, health in ctx.services.operating.platforms.health().items()
    ]
    market, trading = await _market(ctx), (ctx.say("label-trading"), _trading(counts, ctx))
    rows = (*process, *market, trading, *engines, *platforms)
    return (Text(ctx.say("status-title"), Tone.TITLE), Fields((*rows, *_counts(counts, ctx))))


async def _market(ctx: Context) -> list[tuple[str, str]]:
    """Returns the running market, the age of its newest price, and the number of symbols with fresh, stale and no
    prices.
    """
    try:
        info = ctx.market.info()
        traded = traded_symbols(ctx)
        quotes = (await ctx.market.quotes(traded)).values()
    except DeskError:
        return [(ctx.say("label-market"), ctx.say("status-down"))]
    stale = sum(quote.stale for quote in quotes)
    silent = len(traded) - len(quotes)
    newest = min((quote.age_ms for quote in quotes), default=None)
    shares = ctx.say("status-symbols", fresh=len(quotes) - stale, stale=stale, silent=silent)
    return [
        (ctx.say("label-market"), info.market),
        (ctx.say("label-newest-price"), "–" if newest is None else ctx.format.age(newest)),
        (ctx.say("label-symbols"), shares),
    ]


def _trading(counts: DeskCounts, ctx: Context) -> str:
    halt = counts.halt
    if halt is None:
        return ctx.say("status-open")
    return ctx.say("status-halted", since=ctx.format.moment(halt.since), reason=halt.reason or "–")


def _counts(counts: DeskCounts, ctx: Context) -> list[tuple[str, str]]:
    count = ctx.format.count
    states = {state: counts.outbox.get(state, 0) for state in ("pending", "sending", "sent", "uncertain", "dead")}
    return [
        (ctx.say("label-people"), ctx.say("status-people", people=counts.people, banned=counts.banned)),
        (ctx.say("label-accounts"), count(counts.accounts)),
        (ctx.say("label-orders-today"), count(counts.orders_today)),
        (ctx.say("label-outbox"), ctx.say("status-outbox", **states)),
        (ctx.say("label-inbox"), ctx.say("status-waiting", count=counts.inbox_waiting)),
        (ctx.say("label-alerts"), count(counts.alerts_waiting)),
        *([] if counts.sending is None else [(ctx.say("label-broadcast"), _sending(counts.sending, ctx))]),
    ]


def _sending(sending: Sending, ctx: Context) -> str:
    waiting = sum(sending.states.get(state, 0) for state in _WAITING)
    lost = sum(sending.states.get(state, 0) for state in _UNDELIVERED)
    sent = sending.states.get("sent", 0)
    return ctx.say("status-broadcast", sent=sent, chats=sending.chats, waiting=waiting, lost=lost)


def _engine(engine: Engine | None, ctx: Context) -> str:
    if engine is None:
        return ctx.say("status-down")
    return ctx.say("status-engine", latency=f"{engine.latency_ms:.1f}", size=_size(engine.size))


def _size(count: int) -> str:
    """Returns the number of bytes as text: `12.3 MiB`."""
    size = float(count)
    for unit in ("B", "KiB", "MiB"):
        if size < _STEP:
            return f"{size:.1f} {unit}" if unit != "B" else f"{count} B"
        size /= _STEP
    return f"{size:.1f} GiB"
