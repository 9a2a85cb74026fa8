"""Symbols of the exchange that are followed, and their status. Pure.

A symbol is selected by its quote asset as exchangeInfo states it, never by the end of its name.
"""

from collections.abc import Mapping
from dataclasses import replace

from pipeline.binance.exchange_info import ExchangeInfo
from pipeline.delisting import MOST_SYMBOLS, implausible
from pipeline.market import Symbol
from pipeline.rules import HALTED, TRADING, UNREADABLE, SymbolRules

_MAX_STRANGERS = 1_000
_MAX_LINES = 100


class SymbolSet:
    """Symbols quoted in `quotes`, or in any asset if `quotes` is None."""

    def __init__(self, quotes: frozenset[str] | None) -> None:
        self._quotes = quotes
        self._listed: frozenset[Symbol] = frozenset()
        self._strangers: set[Symbol] = set()
        self.rules: Mapping[Symbol, SymbolRules] = {}
        self.trading: frozenset[Symbol] = frozenset()
        self.read_at = 0

    def take(self, info: ExchangeInfo, now: int) -> list[str]:
        """Takes the exchange's rules as of `now`. Returns the first changes, one line each for the log.

        Symbols that cannot be read keep their rules with the status HALT; those without earlier rules are UNREADABLE.
        If an answer lacks implausibly many symbols, none is removed, and none is added beyond MOST_SYMBOLS.
        """
        before = self.rules
        rules = {rules.symbol: rules for rules in info.rules if self._quotes is None or rules.quote in self._quotes}
        for symbol in info.unreadable:
            if symbol in before:
                known = before[symbol]
                rules[symbol] = known if known.status == UNREADABLE else replace(known, status=HALTED)
            elif symbol not in self._listed:
                rules[symbol] = SymbolRules(symbol, "", "", UNREADABLE)
        gone = before.keys() - rules.keys()
        lost = implausible(len(gone), len(before))
        if lost:
            new = list(rules.keys() - before.keys())
            for symbol in new[max(0, MOST_SYMBOLS - len(before)) :]:
                del rules[symbol]
            rules |= {symbol: before[symbol] for symbol in gone}
        self.rules = rules
        self.trading = frozenset(symbol for symbol, rules in self.rules.items() if rules.status == TRADING)
        self._listed = frozenset(rules.symbol for rules in info.rules) | info.unreadable
        self._strangers -= self._listed
        self.read_at = now
        changes = _changes(before, self.rules) if before else []
        return [f"{len(gone)} symbols are missing from the answer and are kept", *changes] if lost else changes

    def is_news(self, symbol: Symbol) -> bool:
        """True the first time that a symbol appears which the exchange had not listed: the rules must then be read
        again.
        """
        if symbol in self._listed or symbol in self._strangers or len(self._strangers) >= _MAX_STRANGERS:
            return False
        self._strangers.add(symbol)
        return True


def _changes(before: Mapping[Symbol, SymbolRules], after: Mapping[Symbol, SymbolRules]) -> list[str]:
    lines = [f"{symbol} is no longer listed" for symbol in before.keys() - after.keys()]
    lines += [f"{symbol} is listed: {after[symbol].status}" for symbol in after.keys() - before.keys()]
    lines += [
        f"{symbol} went from {before[symbol].status} to {rules.status}"
        for symbol, rules in after.items()
        if symbol in before and before[symbol].status != rules.status
    ]
    more = len(lines) - _MAX_LINES
    return [*sorted(lines)[:_MAX_LINES], f"{more} more changes"] if more > 0 else sorted(lines)
