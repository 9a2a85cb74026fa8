"""`paperdesk corporate-action`: what an operator decides about a coin that changed, with the owner's login."""

import random
import re
import sys
from argparse import Namespace
from decimal import Decimal

from app.cli.corrections import operator_use
from app.cli.tables import plain_console, plain_table
from app.connections.stores import open_pool
from app.database.queries import where
from app.errors import DatabaseUnreachable
from bot.platforms.console.sanitize import many_lines
from bot.ui.texts import Catalog
from core.clock import wall_clock
from core.database import Database, Pool
from core.decimals import is_plain
from core.errors import DatabaseUnavailable
from core.text import clean
from people.operators.action_log import ActionLog
from pipeline.market import Symbol
from pipeline.quality.inspector import possible_name
from trading.ledger.corporate_actions import ActionKind, CorporateAction, CorporateActions
from trading.ledger.correction_errors import ActionRefused, NotAnAction
from trading.ledger.corrections import checked_reason

_LISTED = 40
_WIDTH = 200
_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,59}", re.ASCII)
_ASSET = re.compile(r"[^\s/]{1,32}")
_CALM = random.Random  # spreads retries, guards nothing


async def run_corporate_action(dsn: str, texts: Catalog, options: Namespace) -> int:
    """Runs one verb. Returns 1 if an undo left accounts. Raises ActionRefused, NotAnAction and DatabaseUnreachable."""
    try:
        async with open_pool(dsn, role=None) as pool:
            actions = CorporateActions(pool, wall_clock, jitter=_CALM())
            match options.verb:
                case "list":
                    return await _list(actions)
                case "hold":
                    return await _hold(pool, actions, texts, options)
                case "undo":
                    return await _undo(pool, actions, texts, options)
                case _:
                    return await _apply(pool, actions, texts, options)
    except DatabaseUnavailable as error:
        raise DatabaseUnreachable(where(dsn)) from error


async def _apply(pool: Pool, actions: CorporateActions, texts: Catalog, options: Namespace) -> int:
    action = await _action_of(actions, options)
    reach = await actions.reach(action.market, action.symbol)
    counts = {"accounts": reach.accounts, "orders": reach.orders, "alerts": reach.alerts}
    quantity = f"{reach.quantity.normalize():f}"
    if not options.confirm:
        _say(texts.text("cli-action-dry-run", symbol=action.symbol, quantity=quantity, action=action.kind, **counts))
        return 0
    reached = await actions.apply(action)
    await _log(pool, options, f"{action.kind} of {action.symbol} {reached}")
    _say(texts.text("cli-action-done", action=action.action_id, symbol=action.symbol, accounts=reached))
    return 0


async def _undo(pool: Pool, actions: CorporateActions, texts: Catalog, options: Namespace) -> int:
    if not options.confirm:
        known = {row["id"]: row["accounts"] for row in await actions.actions(10_000)}
        if options.id not in known:
            raise ActionRefused(options.id, "unknown")
        _say(texts.text("cli-action-undo-dry-run", action=options.id, accounts=known[options.id]))
        return 0
    result = await actions.undo(options.id)
    await _log(pool, options, f"undone {result.reversed}")
    _say(texts.text("cli-action-undone", action=options.id, accounts=result.reversed, left=len(result.left)))
    for each in result.left[:_LISTED]:
        why = "merged" if each.merged_into is not None else each.why
        figures = {"asset": each.asset, "missing": _number(each.missing), "target": str(each.merged_into or "")}
        _say(texts.text("cli-action-left", account=str(each.account_id), why=why, **figures))
    return 1 if result.left else 0


async def _hold(pool: Pool, actions: CorporateActions, texts: Catalog, options: Namespace) -> int:
    symbol = _symbol_of(options.symbol)
    market = await _market_of(actions, symbol, options.market)
    fresh = await actions.hold(market, symbol)
    await _log(pool, options, f"held {symbol}" if fresh else f"held {symbol} already")
    _say(texts.text("cli-action-held" if fresh else "cli-action-held-already", symbol=symbol))
    return 0


async def _list(actions: CorporateActions) -> int:
    held = plain_table("held symbol", "market", "price before", "price now", "since")
    for row in await actions.holds():
        prices = (_number(row["last_price"]), _number(row["jumped_price"]))
        held.add_row(clean(row["symbol"]), clean(row["market"]), *prices, f"{row['since']:%Y-%m-%d %H:%M}")
    done = plain_table("action", "kind", "symbol", "market", "ratio", "into", "price", "state", "accounts", "reason")
    for row in await actions.actions(_LISTED):
        into = clean(row["into_symbol"] or "-")
        cells = (row["kind"], clean(row["symbol"]), clean(row["market"]), _number(row["ratio"]), into)
        done.add_row(row["id"], *cells, _number(row["price"]), row["state"], str(row["accounts"]), clean(row["reason"]))
    console = plain_console(_WIDTH)
    console.print(held if held.row_count else "no symbol is held")
    console.print(done if done.row_count else "no corporate action")
    return 0


async def _action_of(actions: CorporateActions, options: Namespace) -> CorporateAction:
    """Returns the action of the options. Raises NotAnAction for one that is not complete."""
    kind, symbol = ActionKind(options.kind), _symbol_of(options.symbol)
    into = kind in (ActionKind.RENAME, ActionKind.CONVERSION)
    ratio = options.ratio or ("1" if kind is ActionKind.RENAME else None)
    wanted = {
        "id": _ID.fullmatch(options.id) is not None,
        "ratio": (_positive(ratio) if into or kind is ActionKind.REDENOMINATION else ratio is None)
        and (kind is not ActionKind.REDENOMINATION or Decimal(ratio or 0) != 1),
        "into": (bool(options.into) and possible_name(options.into) and options.into != symbol)
        if into
        else not options.into,
        "asset": (options.asset is not None and _ASSET.fullmatch(options.asset) is not None)
        if into
        else not options.asset,
        "price": is_plain(options.price or "") if kind is ActionKind.DELISTING else options.price is None,
    }
    if wrong := next((name for name, right in wanted.items() if not right), ""):
        raise NotAnAction(wrong)
    return CorporateAction(
        options.id,
        await _market_of(actions, symbol, options.market),
        symbol,
        kind,
        checked_reason(options.reason),
        Decimal(ratio) if ratio else None,
        Symbol(options.into) if into else None,
        options.asset if into else None,
        Decimal(options.price) if options.price else None,
    )


def _positive(text: str | None) -> bool:
    return text is not None and is_plain(text) and Decimal(text) > 0


def _symbol_of(text: str) -> Symbol:
    if not possible_name(text):
        raise NotAnAction("symbol")
    return Symbol(text)


async def _market_of(actions: CorporateActions, symbol: Symbol, named: str | None) -> str:
    if named:
        return str(named)
    markets = await actions.markets_of(symbol)
    if len(markets) != 1:
        raise NotAnAction("market")
    return markets[0]


async def _log(pool: Pool, options: Namespace, result: str) -> None:
    use = operator_use("corporate-action", options.verb, *filter(None, (getattr(options, "id", ""), options.reason)))
    await ActionLog(Database(pool, jitter=_CALM())).note(use, result)


def _number(value: Decimal | None) -> str:
    return "-" if value is None else f"{value.normalize():f}"


def _say(line: str) -> None:
    sys.stdout.write(many_lines(line) + "\n")
