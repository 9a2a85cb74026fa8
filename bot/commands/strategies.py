"""/strategy: rules saved under a name, and their buttons."""

from collections.abc import Mapping

from bot.arguments.strategy_words import StrategyAction, StrategyRequest
from bot.arguments.symbols import pair_of
from bot.context import Context
from bot.reply import Align, Block, Column, Reply, Table, Text, Tone
from bot.views.buttons import ROW, ROWS, button, grid, rows
from bot.views.prices import chart_button, refuse_delisted
from bot.views.robots import profits_of, robot_button, robots_of_strategy
from bot.views.strategies import strategies_button, strategy_card, strategy_line, strategy_ways
from pipeline.market import Interval, Symbol
from trading.rules.errors import UnknownStrategy
from trading.rules.rule import Rule
from trading.rules.signals import warm_up
from trading.rules.strategies import MAX_STRATEGIES, NewStrategy, Strategy

_CODE_BYTES = 9
_IN_LINKS = str.maketrans("_-", "ab")


async def strategy(ctx: Context, request: StrategyRequest | None = None) -> Reply:
    """Lists the user's strategies, or saves, shows, shares or deletes one."""
    if request is None or (ctx.inbound.linked and request.action is not StrategyAction.SHARED):
        return await _list(ctx)  # the line of an address may be written by a stranger
    match request.action:
        case StrategyAction.SHARED | StrategyAction.TAKE:
            return await _shared(request.name, ctx, taken=request.action is StrategyAction.TAKE)
        case StrategyAction.SAVE:
            return await _save(request, ctx)
        case StrategyAction.SHARE | StrategyAction.UNSHARE:
            return await _share(request.name, ctx, ended=request.action is StrategyAction.UNSHARE)
    found = await ctx.services.strategies.find(*_own(ctx), request.name)
    if request.action is StrategyAction.DELETE:
        confirm = button(ctx.text("button-confirm"), "strategy_delete", found.name)
        keep = button(ctx.text("button-as-it-is"), "strategy", "show", found.name)
        asked = Text(ctx.text("strategy-delete-ask", name=found.name))
        return Reply((asked, Text(found.rule.text), *rows([confirm, keep])))
    robots = await ctx.services.robots.of(*_own(ctx), found.name)
    live = robots_of_strategy(robots, await ctx.market.quotes(list({each.symbol for each in robots})), ctx)
    shown = [robot_button(each, ctx) for each in robots if not each.state.over]
    return Reply((*strategy_card(found, ctx), *live, *_buttons(found, ctx), *rows(shown[:ROW], shown[ROW:])))


async def strategy_delete(ctx: Context, request: StrategyRequest) -> Reply:
    """Deletes a strategy."""
    found = await ctx.services.strategies.delete(*_own(ctx), request.name)
    line = strategy_line(found, ctx)
    said = (
        Text(ctx.text("strategy-deleted", name=found.name)),
        Text(ctx.text("strategy-again"), Tone.NOTE),
        Text(line),
    )
    return Reply((*said, *rows([strategies_button(ctx)])))


def _what(strategy: Strategy) -> tuple[Rule, Symbol, Interval]:
    """Returns what a strategy does, whatever its name."""
    return strategy.rule, strategy.symbol, strategy.interval


def _own(ctx: Context) -> tuple[int, str]:
    return ctx.person.person_id, ctx.market.info().market


async def _list(ctx: Context) -> Reply:
    found = await ctx.services.strategies.of(*_own(ctx))
    title = Text(ctx.text("strategies-title"), Tone.TITLE)
    if not found:
        return Reply((title, Text(ctx.text("strategies-none")), Text(ctx.text("strategies-how"), Tone.NOTE)))
    robots = await ctx.services.robots.of(*_own(ctx))
    profits = profits_of(robots, await ctx.market.quotes(list({each.symbol for each in robots})), ctx)
    columns = (
        Column(ctx.text("label-strategy")),
        Column(ctx.text("label-symbol")),
        Column(ctx.text("label-strategy-interval"), Align.RIGHT),
        *((Column(ctx.text("label-robot"), Align.RIGHT),) if profits else ()),
    )
    table = Table(columns, tuple(_row(each, profits, ctx) for each in found))
    names = [button(each.name, "strategy", "show", each.name) for each in found[: ROW * ROWS]]
    return Reply((title, table, Text(ctx.text("strategies-how"), Tone.NOTE), *grid(names)))


def _row(each: Strategy, profits: Mapping[str, str], ctx: Context) -> tuple[str, ...]:
    runs = (profits.get(each.name, ""),) if profits else ()
    return (each.name, pair_of(each.symbol, ctx), each.interval.value, *runs)


async def _save(request: StrategyRequest, ctx: Context) -> Reply:
    person, market = _own(ctx)
    if request.symbol is None or request.rule is None:
        raise UnknownStrategy(request.name)
    refuse_delisted(request.symbol, ctx)
    warm_up(request.rule, request.interval)  # refuses figures that this interval cannot have
    new = NewStrategy(person, market, request.name, request.symbol, request.interval, request.rule)
    saved = await ctx.services.strategies.save(new)
    before: tuple[Block, ...] = ()
    if saved.before is not None and saved.before.share_code and not saved.strategy.share_code:
        before = (Text(ctx.text("strategy-share-ended"), Tone.NOTE),)
    if saved.before is not None and _what(saved.before) != _what(saved.strategy):
        was = saved.before
        on = f"{pair_of(was.symbol, ctx)} {was.interval.value}"
        said = ctx.text("strategy-replaced", name=was.name, rule=was.rule.text, on=on)
        before = (Text(said, Tone.NOTE), *before)
    done = Text(ctx.text("strategy-saved", name=saved.strategy.name))
    return Reply((done, *before, *strategy_card(saved.strategy, ctx), *_buttons(saved.strategy, ctx)))


def _buttons(found: Strategy, ctx: Context) -> tuple[Block, ...]:
    share = button(ctx.text("button-strategy-share"), "strategy", "share", found.name)
    unshare = (
        button(ctx.text("button-strategy-unshare"), "strategy", "unshare", found.name) if found.share_code else None
    )
    delete = button(ctx.text("button-strategy-delete"), "strategy", "delete", found.name)
    ways = strategy_ways(found, ctx)
    return rows(ways, [chart_button(found.symbol, ctx), share, unshare, delete], [strategies_button(ctx)])


# -- sharing -----------------------------------------------------------------------------------


async def _share(name: str, ctx: Context, *, ended: bool) -> Reply:
    """Returns a card that others can see: the rule, the line that saves it, and an address if the platform has one. Or
    ends the sharing.
    """
    if ended:
        own = await ctx.services.strategies.unshare(*_own(ctx), name)
        return Reply((Text(ctx.text("strategy-unshared", name=own.name)), *_buttons(own, ctx)))
    code = ctx.services.tokens.token_urlsafe(_CODE_BYTES).translate(_IN_LINKS)
    found = await ctx.services.strategies.share(*_own(ctx), name, code)
    link = ctx.inbound.link("strategy", StrategyAction.SHARED.value, found.share_code)
    there = (Text(ctx.text("strategy-share-link")), Text(link)) if link else ()
    typed = (Text(ctx.text("strategy-share-line")), Text(strategy_line(found, ctx)))
    look = button(ctx.text("button-strategy-see"), "strategy", StrategyAction.SHARED.value, found.share_code)
    return Reply((*strategy_card(found, ctx), *there, *typed, *rows([look])), in_place=True)


async def _shared(code: str, ctx: Context, *, taken: bool) -> Reply:
    """Shows the strategy that someone shared, or saves it for this user, under a name that is free."""
    person, market = _own(ctx)
    found = await ctx.services.strategies.shared(code, market)
    if not taken:
        take = button(ctx.text("button-strategy-take"), "strategy", StrategyAction.TAKE.value, code)
        note = Text(ctx.text("strategy-of-other"), Tone.NOTE)
        return Reply((*strategy_card(found, ctx), note, *rows([take, chart_button(found.symbol, ctx)])))
    used = {each.name: each for each in await ctx.services.strategies.of(person, market)}
    same = next((each for each in used.values() if _what(each) == _what(found)), None)
    free = (name for name in (found.name, *(f"shared{place}" for place in range(1, 2 * MAX_STRATEGIES + 2))))
    name = same.name if same is not None else next(name for name in free if name not in used)
    return await _save(StrategyRequest(StrategyAction.SAVE, name, found.symbol, found.interval, found.rule), ctx)
