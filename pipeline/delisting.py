"""Delisted symbols, which are kept with their last price so that positions keep their value and can be closed."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from pipeline.market import DAY_MS, MINUTE_MS, Symbol
from pipeline.rules import DELISTED, HALTED, UNREADABLE, SymbolRules

log = logging.getLogger(__name__)

GRACE_MS = 10 * MINUTE_MS
"""Time for which a symbol must be gone (milliseconds): a listing may be incomplete for a moment."""

LONG_GRACE_MS = DAY_MS
"""Time for which symbols must be gone (milliseconds) if implausibly many are gone at once."""

MOST_SYMBOLS = 20_000
"""Most symbols that are kept, several times those of an exchange."""

_FEW = 5
_SHARE = 10


def implausible(gone: int, before: int) -> bool:
    """Returns whether a listing that lacks `gone` of the `before` symbols is more likely damaged than correct."""
    return gone > max(_FEW, before // _SHARE)


def with_delisted(
    published: Iterable[SymbolRules],
    listed: Iterable[SymbolRules],
    quote_asset: str,
    prices: Mapping[Symbol, Decimal],
    now: int,
) -> list[SymbolRules]:
    """Returns the `listed` rules, and those `published` before that are no longer listed.

    A missing symbol is HALTED, and DELISTED once it was missing for GRACE_MS, or for LONG_GRACE_MS if implausibly many
    are. Only symbols of the desk's `quote_asset` with a last price are kept: no other symbol can be held. `now` (UTC ms
    of the market's clock) is the delisting time of a symbol that is missing for the first time. A symbol that is listed
    again loses the mark. One that is listed in an unreadable form keeps the rules published before, HALTED. Beyond
    MOST_SYMBOLS, those that are missing for the shortest time are not kept.
    """
    before = {rules.symbol: rules for rules in published}
    current: list[SymbolRules] = []
    for rules in listed:
        kept = before.pop(rules.symbol, None)
        if rules.status != UNREADABLE:
            current.append(rules)
        elif kept is not None:
            current.append(replace(kept, status=HALTED, delisted_at=0, last_price=None))
    missing = [rules for rules in before.values() if rules.quote == quote_asset]
    gone = [kept for rules in missing if (kept := _missing(rules, prices, now)) is not None]
    gone = sorted(gone, key=lambda rules: rules.delisted_at)[: max(0, MOST_SYMBOLS - len(current))]
    waiting = [rules for rules in gone if rules.status != DELISTED]
    known = sum(rules.quote == quote_asset for rules in current) + len(waiting)
    many = implausible(len(waiting), known)
    if many and any(not before[rules.symbol].delisted_at for rules in waiting):
        log.warning("%d of %d symbols are missing from the listing, too many to delist them soon", len(waiting), known)
    grace = LONG_GRACE_MS if many else GRACE_MS
    return [*current, *(_judged(rules, now, grace) for rules in gone)]


def _missing(rules: SymbolRules, prices: Mapping[Symbol, Decimal], now: int) -> SymbolRules | None:
    if rules.delisted_at:
        return rules
    price = prices.get(rules.symbol)
    return None if price is None else replace(rules, status=HALTED, delisted_at=now, last_price=price)


def _judged(rules: SymbolRules, now: int, grace: int) -> SymbolRules:
    return replace(rules, status=DELISTED) if now - rules.delisted_at >= grace else rules
