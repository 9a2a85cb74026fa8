"""The quote asset of recorded symbols, inferred from their names.

A name such as `BNBUSD` ends with several quote assets (`USD`, `BUSD`), so no name is split alone: the quote asset that
explains most names of the recording is chosen for all of them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

QUOTE_ASSETS = (
    "USDT", "USDC", "FDUSD", "BUSD", "TUSD", "USDP", "DAI", "USD", "USD1", "USDS", "PAX", "VAI", "XUSD", "BFUSD",
    "RLUSD", "PYUSD", "GUSD", "USDE", "USDD", "UST", "EUR", "EURI", "AEUR", "GBP", "AUD", "TRY", "BRL", "JPY", "KRW",
    "BTC", "ETH", "BNB", "RUB", "UAH", "NGN", "ZAR", "IDRT", "BIDR", "IDR", "BKRW", "BVND", "VND", "GYEN", "ARS", "COP",
    "CZK", "MXN", "PLN", "RON", "CHF", "CAD", "INR", "SGD", "HKD", "THB", "PHP", "AED", "KZT", "TRX", "XRP", "DOGE",
)  # fmt: skip
"""Quote assets that are recognised; the order settles ties."""

_BASES = frozenset(
    """
    1INCH AAVE ADA AGIX AGLD ALGO ALICE ALPHA ANKR APE API3 APT AR ARB ARKM ASTR ATOM AUDIO AVAX AXS BABYDOGE BAL
    BAND BAT BCH BCHABC BCHSV BLUR BNB BNT BOME BONK BSV BTC BTG BTT BTTC BUSD C98 CAKE CELO CELR CFX CHR CHZ CKB
    COMP COTI CRO CRV CTSI CVC CVX DAI DASH DCR DENT DOGE DOT DYDX EGLD ENA ENJ ENS EOS ETC ETH ETHFI ETHW EUR FDUSD
    FET FIL FLOKI FLOW FLUX FTM FTT FXS GALA GAS GBP GLM GMT GMX GNO GNS GRT HBAR HIVE HNT HOT ICP ICX ID IMX INJ
    IOST IOTA IOTX JASMY JOE JTO JUP KAS KAVA KDA KEEP KLAY KNC KSM LDO LINA LINK LPT LQTY LRC LSK LTC LTO LUNA LUNC
    MAGIC MANA MANTA MASK MATIC MEME MINA MKR MNT NANO NEAR NEO NEXO NMR NOT OCEAN OGN OMG ONDO ONE ONT OP ORDI OSMO
    OXT PAX PAXG PENDLE PEOPLE PEPE PERP POL POLYX POWR PUNDIX PYTH QNT QTUM RAD RARE RAY RDNT REEF REN RENDER REP
    REQ RLC RNDR ROSE RSR RUNE RVN SAND SC SEI SFP SHIB SKL SLP SNX SOL SPELL SRM SSV STETH STG STORJ STRK STX SUI
    SUPER SUSHI SXP T TAO THETA TIA TON TRB TRUMP TRX TUSD TWT UMA UNI USDC USDP USDT UST USTC VET VTHO WAVES WAXP
    WBETH WBTC WIF WLD WOO XAI XEC XEM XLM XMR XNO XRP XTZ XVG YFI YGG ZEC ZEN ZIL ZRO ZRX
    """.split()  # noqa: SIM905 - a list of 200 short words
)
"""Base assets that show where a name splits: those of the largest markets since 2017."""

_MONEY = frozenset(QUOTE_ASSETS) - {"BTC", "ETH", "BNB", "TRX", "XRP", "DOGE"}
_SEPARATORS = "/-_:"
_LONGEST_SUFFIX = 8
_SHORTEST_SUFFIX = 2
_UPPER = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def base_of(name: str, quote: str) -> str | None:
    """Returns the base asset of `name`, without a separator, if it is quoted in `quote`; otherwise None."""
    folded = _base_first(name.translate(_UPPER))
    base = folded.removesuffix(quote).rstrip(_SEPARATORS)
    return base if folded.endswith(quote) and base else None


def _base_first(folded: str) -> str:
    """Converts Upbit's form `KRW-BTC` to `BTC-KRW`: a currency before a coin is its quote asset."""
    for separator in _SEPARATORS:
        front, _, back = folded.partition(separator)
        if front in _MONEY and back in _BASES - _MONEY:
            return f"{back}{separator}{front}"
    return folded


def choose_quote(names: Iterable[str], listed: Mapping[str, str] | None = None) -> str | None:
    """Returns the quote asset that explains most of the `names`; None if no name has a known one.

    `listed` maps names to the quote assets that the exchange itself states. A name with several readings counts for
    each of them, unless exactly one leaves a known base asset: `BTCBUSD` is BTC/BUSD, `BNBUSD` is BNB/USD. In a tie,
    the longer reading wins (`AAABUSD` alone is BUSD), then the first in QUOTE_ASSETS. Names without a known quote asset
    at their end are split after a known base asset, or by the ending that all of them share.
    """
    stated = listed or {}
    seen = sorted(set(names))
    known = (*QUOTE_ASSETS, *sorted(set(stated.values()) - set(QUOTE_ASSETS)))
    counts: Counter[str] = Counter()
    for name in seen:
        counts.update([stated[name]] if name in stated else _readings(name, known))
    explained = max(counts.values(), default=0)
    other = _unlisted(seen)
    if other is not None and other[1] > explained:
        return other[0]
    best = [quote for quote in known if counts[quote] == explained] if explained else []
    if not best:
        return _shared_ending([name.translate(_UPPER) for name in seen])
    return next(quote for quote in best if not any(_inside(quote, longer) for longer in best))


def bases_in(names: Iterable[str], quote: str) -> dict[str, str]:
    """Returns the base asset of each of the `names` that is quoted in `quote`. `BTCBUSD` is not quoted in USD."""
    known = (*QUOTE_ASSETS, quote)
    found: dict[str, str] = {}
    for name in names:
        base = base_of(name, quote)
        if base is not None and quote in _readings(name, known):
            found[name] = base
    return found


def _readings(name: str, known: tuple[str, ...]) -> list[str]:
    folded = _base_first(name.translate(_UPPER))
    for separator in _SEPARATORS:
        if separator in folded.strip(separator):
            return [folded.rpartition(separator)[2]]
    if folded in _BASES:  # WBTC is a coin, not W/BTC
        return []
    fitting = [(quote, base) for quote in known if (base := base_of(folded, quote)) is not None]
    sure = [quote for quote, base in fitting if base in _BASES]
    return sure if len(sure) == 1 else [quote for quote, _ in fitting]


def _unlisted(names: list[str]) -> tuple[str, int] | None:
    """Returns a quote asset that is not in QUOTE_ASSETS, and the number of names that it explains."""
    counts: Counter[str] = Counter()
    for name in names:
        folded = name.translate(_UPPER)
        splits = (folded[size:] for size in range(1, len(folded)) if folded[:size] in _BASES)
        counts.update({rest for rest in splits if len(rest) <= _LONGEST_SUFFIX and rest not in QUOTE_ASSETS})
    explained = {rest: sum(base_of(name, rest) is not None for name in names) for rest in counts}
    # one letter ends many names by chance
    explained = {rest: n for rest, n in explained.items() if len(rest) >= _SHORTEST_SUFFIX or 2 * counts[rest] >= n}
    if explained:
        # of endings that explain as many names, the one that leaves most known base assets
        best = max(explained, key=lambda rest: (explained[rest], counts[rest], rest))
        return best, explained[best]
    return None


def _shared_ending(names: list[str]) -> str | None:
    if len(names) < 2:  # noqa: PLR2004 - one name shares nothing
        return None
    room = min(min(map(len, names)) - 1, _LONGEST_SUFFIX)
    endings = (names[0][-size:] for size in range(room, _SHORTEST_SUFFIX - 1, -1))
    return next((ending for ending in endings if all(name.endswith(ending) for name in names)), None)


def _inside(short: str, longer: str) -> bool:
    return short != longer and longer.endswith(short)
