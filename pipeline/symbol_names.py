"""Resolution of users' input to symbols."""

import difflib
from collections.abc import Iterable, Mapping
from typing import Self

from pipeline.errors import UnknownSymbol
from pipeline.market import Symbol
from pipeline.rules import SymbolRules

LONGEST = 32
_SUGGESTIONS = 3
_UPPER = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")


class SymbolNames:
    """Names of the followed symbols.

    Only ASCII letters are folded to capitals, and nothing is normalised: full-width letters, a dotless i, zero-width or
    right-to-left characters are other characters and match nothing but themselves.
    """

    def __init__(self, symbols: Mapping[str, Symbol]) -> None:
        self._symbols = symbols

    @classmethod
    def of(cls, rules: Iterable[SymbolRules], quote_asset: str) -> Self:
        """Names each symbol by its own name, by base and quote with `/`, `-` or `_` between, and by the base alone if
        it is quoted in the desk's asset. A symbol's own name takes precedence over a base of the same name.
        """
        listed = sorted(rules, key=lambda rule: rule.symbol)
        names = {rule.base: rule.symbol for rule in listed if rule.quote == quote_asset}
        for separator in "/-_":
            names |= {f"{rule.base}{separator}{rule.quote}": rule.symbol for rule in listed}
        names |= {rule.symbol: rule.symbol for rule in listed}
        return cls({_fold(name): symbol for name, symbol in names.items()})

    def resolve(self, text: str) -> Symbol:
        """Returns the symbol. Raises UnknownSymbol with up to three nearest symbols and the text made safe to show."""
        found = self.find(text)
        if found is None:
            raise UnknownSymbol(_shown(text), self._nearest(text[:LONGEST]))
        return found

    def find(self, text: str) -> Symbol | None:
        """Returns the symbol, or None. Costs one table lookup; `resolve` compares an unknown name with all symbols."""
        return self._symbols.get(_fold(text.strip(" "))) if len(text) <= LONGEST else None

    def _nearest(self, text: str) -> tuple[str, ...]:
        close = difflib.get_close_matches(_fold(text.strip(" ")), self._symbols, n=4 * _SUGGESTIONS)
        return tuple(dict.fromkeys(self._symbols[name] for name in close))[:_SUGGESTIONS]


def _fold(text: str) -> str:
    return text.translate(_UPPER)


def _shown(text: str) -> str:
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text[:LONGEST])
