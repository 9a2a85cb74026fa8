"""Checks of the symbol names of a recording."""

import re
from collections import defaultdict

from pipeline.errors import BadRecording
from pipeline.quote_assets import QUOTE_ASSETS, bases_in, choose_quote
from pipeline.replay.recording_report import MAX_EXAMPLES

_ODD = re.compile(r"[^\w/:-]")
_CONTRACT = re.compile(
    r"(?:USD[A-Z]?|EUR|KRW|TRY)[-_:/.][A-Z0-9]|:[A-Z]{6}|\d{6}$|[-_:/.]?(?:PERP|SWAP|PERPETUAL|FUTURES?|FUT|QUARTER)$"
)
_SUFFIXES = ("M", "P", "PERP", "SWAP", "PERPETUAL", "FUT")


def split_names(path: str, names: list[str], quote_asset: str) -> tuple[str, dict[str, str]]:
    """Returns the quote asset and the base asset of each of the `names` that is quoted in it.

    `quote_asset` is inferred from the names if it is empty. Raises BadRecording if a name has blanks, dots or other
    marks, or a suffix of a contract; if no quote asset can be inferred; and if two names are one market.
    """
    odd = [name for name in names if not name or _ODD.search(name)]
    if odd:
        raise BadRecording(path, "names", _listed(odd))
    quote = quote_asset or choose_quote(names)
    bases = bases_in(names, quote) if quote else {}
    if quote is None or not bases:
        contracts = [name for name in names if _CONTRACT.search(name.upper())]
        raise (
            BadRecording(path, "names", _listed(contracts))
            if contracts
            else BadRecording(path, "quote", _listed(names))
        )
    if (
        not quote_asset
        and quote not in QUOTE_ASSETS
        and any(quote == f"{a}{b}" for a in QUOTE_ASSETS for b in _SUFFIXES)
    ):
        raise BadRecording(path, "names", _listed(list(bases)))
    coins: defaultdict[str, list[str]] = defaultdict(list)
    for name, base in bases.items():
        coins[base].append(name)
    twice = [name for same in coins.values() if len(same) > 1 for name in same]
    if twice:
        raise BadRecording(path, "twice", _listed(twice))
    return quote, bases


def _listed(names: list[str]) -> str:
    return ", ".join(f"“{name}”" if _ODD.search(name) or not name else name for name in names[:MAX_EXAMPLES])
