"""Matching of headlines to coins, by ticker or by name in English and Korean.

A ticker counts as `$NEAR`, in a pair (`NEARUSDT`, `NEAR/USD`), in brackets after a word, or in upper case; one that is
also a word (NEAR, ONE, LINK, GAS, OP, AI) only as `$NEAR`, in a pair, or with a word of its field beside it (`NEAR
token`). A name that is also a word (Optimism, Stellar, 하이브) needs such a word or the ticker beside it. A longer name
takes the place of a shorter one: `Bitcoin Cash` is no `Bitcoin`.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

MAX_ASSETS = 8
"""Most coins of one headline; one that names more is about the market."""

_QUOTES = "USDT|USDC|FDUSD|BUSD|USD|KRW|EUR|BTC|ETH"
_FIELD = (
    r"tokens?|coins?|blockchain|network|protocol|chain|foundation|ecosystem|mainnet|testnet|dao|labs|stakers?|airdrop"
)
_FIELD_KO = "토큰|코인|재단|네트워크|프로토콜|체인|메인넷|생태계|스테이킹|에어드롭|에어드랍"
_PARTICLES = (
    "은|는|이|가|을|를|의|에|에서|에게|와|과|도|로|으로|만|부터|까지|보다|처럼|마저|조차|이나|나"
    "|이란|란|라는|이라는|이라|이며|랑|이랑|측|발|계|형"
)
_NOUNS = (
    "재단|가격|값|시세|현물|선물|채굴|채굴기|지갑|네트워크|생태계|투자|투자자|거래|거래량|거래소"
    "|보유|보유량|매수|매도|급등|급락|폭등|폭락|상승|하락|강세|약세|랠리|고래|상장|상장폐지|토큰|코인"
    "|진영|창시자|개발자|관련주|주봉|일봉|반감기|도미넌스|상장지수펀드|시장|대장|등|측|현물거래|결제"
    "|담보|대출|소각|해킹|업그레이드|수수료|스테이킹|메인넷|레이어|기반"
)
_SHORTEST = 3
"""Fewest letters of a ticker that means its coin by upper case alone."""

_TICKER = re.compile(r"[A-Z0-9]{1,12}", re.ASCII)


@dataclass(frozen=True, slots=True)
class NamedCoin:
    """An asset and its names in English and Korean, as they are written."""

    asset: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AmbiguousNames:
    """Tickers and names that are also something else; names are folded. `hard` tickers are no coin even beside a word
    of the field, `never` are assets that no headline means.
    """

    tickers: frozenset[str]
    names: frozenset[str]
    hard: frozenset[str]
    never: frozenset[str]


@cache
def ambiguous_names() -> AmbiguousNames:
    """Returns the table that is installed with the package."""
    text = files("pipeline.news").joinpath("ambiguous_names.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))
    tickers, names, hard, never = (
        frozenset(word for row in rows if row["kind"] == kind for word in re.split(mark, row["words"]) if word)
        for kind, mark in (("ticker", r"\s+"), ("name", ";"), ("hard", r"\s+"), ("never", r"\s+"))
    )
    return AmbiguousNames(tickers | hard, frozenset(map(_fold, names)), hard, never)


def _fold(text: str) -> str:
    return text.casefold()


class CoinMatcher:
    """Finds the assets that a headline names. `listed` are further assets without names, such as the market's."""

    def __init__(self, coins: Sequence[NamedCoin], listed: Iterable[str] = ()) -> None:
        ambiguous = ambiguous_names()
        self._ambiguous = ambiguous
        known = [coin for coin in coins if coin.asset not in ambiguous.never]
        assets = {coin.asset for coin in known}
        self._clear = {asset for asset in assets - ambiguous.tickers if len(asset) >= _SHORTEST}
        self._tickers = assets | {asset for asset in listed if _TICKER.fullmatch(asset)}
        self._tickers -= ambiguous.never
        self._with_field = {asset for asset in self._tickers - ambiguous.hard if len(asset) > 1}
        self._named: dict[str, tuple[str, ...]] = {}
        for coin in known:
            for name in coin.names:
                self._named[_fold(name)] = (*self._named.get(_fold(name), ()), coin.asset)
        self._pattern = _names_pattern(self._named)

    def assets(self, title: str) -> tuple[str, ...]:
        """Returns the assets in the order in which the title names them; () if it names more than 8."""
        found = dict(sorted(self._found(title), key=lambda each: each[1]))
        return tuple(found) if len(found) <= MAX_ASSETS else ()

    def _found(self, title: str) -> Iterator[tuple[str, int]]:
        """Yields assets and their places, the last one of each first, so that a dict keeps the first."""
        marked = dict(self._by_ticker(title))
        places: Mapping[str, int] = marked
        yield from marked.items()
        for match in self._pattern.finditer(title):
            name = match[0]
            for asset in self._named[_fold(name)]:
                if asset not in places and self._means_coin(name, asset, match, title):
                    yield asset, match.start()

    def _by_ticker(self, title: str) -> Iterator[tuple[str, int]]:
        for match in _MARKED.finditer(title):
            asset = next(filter(None, match.groups())).upper()
            if asset in self._tickers:
                yield asset, match.start()
        for match in _UPPER.finditer(title):
            asset = match[0]
            if (asset in self._clear and not self._inside_name(match, title)) or (
                asset in self._with_field and _has_field(title, match.start(), match.end())
            ):
                yield asset, match.start()

    def _inside_name(self, match: re.Match[str], title: str) -> bool:
        """Returns whether the ticker is a part of a longer name, such as `FTX` of `FTX Token`."""
        return any(
            each.start() <= match.start() and match.end() <= each.end() and each[0] != match[0]
            for each in self._pattern.finditer(title)
        )

    def _means_coin(self, name: str, asset: str, match: re.Match[str], title: str) -> bool:
        if _fold(name) not in self._ambiguous.names:
            return " " not in name or name[:1].isupper() or not name.isascii()
        if name.isascii() and not name[:1].isupper():
            return False
        beside = re.search(rf"(?<![A-Za-z0-9]){re.escape(asset)}(?![A-Za-z0-9])", title)
        return bool(beside) or _has_field(title, match.start(), match.end())


_MARKED = re.compile(
    r"(?<![\w$])\$([A-Za-z][A-Za-z0-9]{0,11}|1INCH|1000SATS)(?![A-Za-z0-9])"
    rf"|(?<![A-Za-z0-9$])([A-Z0-9]{{1,12}}?)[/-]?(?:{_QUOTES})(?![A-Za-z0-9])",
    re.ASCII,
)
"""`$NEAR` in any case, and pairs in upper case."""

_UPPER = re.compile(r"(?<![A-Za-z0-9$.@#/-])[A-Z0-9]*[A-Z][A-Z0-9]*(?![A-Za-z0-9/])(?!\.[A-Za-z])", re.ASCII)
_BEFORE = re.compile(rf"(?:{_FIELD_KO})\s?[(‘']?$", re.IGNORECASE)
_AFTER = re.compile(rf"^[)’']?\s?(?:'s\s)?(?:{_FIELD})\b|^[)’']?\s?(?:{_FIELD_KO})", re.IGNORECASE)


def _has_field(title: str, start: int, end: int) -> bool:
    """Returns whether a word of the coins' field stands beside the place: `NEAR token`, `하이브 코인`."""
    return bool(_AFTER.search(title[end:]) or _BEFORE.search(title[:start]))


def _names_pattern(named: Iterable[str]) -> re.Pattern[str]:
    """Returns the pattern of all names, the longest first. A Korean name may be followed by a particle, or by a noun
    that is written together with it.
    """
    ordered = sorted(named, key=lambda name: (-len(name), name))
    latin = "|".join(re.escape(name).replace(r"\ ", r"\s") for name in ordered if name.isascii())
    hangul = "|".join(re.escape(name) for name in ordered if not name.isascii())
    end = rf"(?=(?:{_NOUNS})?(?:{_PARTICLES})?(?![가-힣]))"
    parts = [rf"(?<![A-Za-z0-9@#./-])(?:{latin})(?![A-Za-z0-9])(?!\.[a-z])(?!\seffects?\b)"] if latin else []
    parts += [rf"(?<![가-힣A-Za-z0-9])(?:{hangul}){end}"] if hangul else []
    return re.compile("|".join(parts) or r"(?!)", re.IGNORECASE)
