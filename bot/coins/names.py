"""The table of coin names: an asset by its English or Korean name, and its usual place by turnover."""

import csv
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from people.person import Language

LONGEST = 4
"""Most words of a name that is read."""

_DROPPED = str.maketrans("", "", " -.'’&!")
_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


@dataclass(frozen=True, slots=True)
class Coin:
    """An asset and its names; `others` are further names in either language."""

    asset: str
    names: Mapping[Language, str]
    others: tuple[str, ...]

    @property
    def all_names(self) -> tuple[str, ...]:
        """Every name, as it is written."""
        return (*self.names.values(), *self.others)


class CoinNames:
    """The coins of the table, in its order."""

    def __init__(self, coins: Sequence[Coin]) -> None:
        self.coins = tuple(coins)
        self._by_asset = {coin.asset: coin for coin in coins}
        self._place = {coin.asset: place for place, coin in enumerate(coins)}
        self._by_name: dict[str, tuple[str, ...]] = {}
        self._folded = {coin.asset: tuple(dict.fromkeys(fold(name) for name in coin.all_names)) for coin in coins}
        for coin in coins:
            for name in self._folded[coin.asset]:
                self._by_name[name] = (*self._by_name.get(name, ()), coin.asset)

    def assets(self, name: str) -> tuple[str, ...]:
        """Returns the assets of this name: () if there is none, several if they share the name."""
        return self._by_name.get(fold(name), ())

    def length(self, words: Sequence[str]) -> int:
        """Returns how many of the first words form one name: the longest match, 0 if none does."""
        most = min(len(words), LONGEST)
        return next((count for count in range(most, 0, -1) if self.assets(" ".join(words[:count]))), 0)

    def name(self, asset: str, language: Language) -> str:
        """Returns the name of the asset, '' if the table does not have it."""
        coin = self._by_asset.get(asset)
        return coin.names[language] if coin is not None else ""

    def place(self, asset: str) -> int:
        """Returns the place of the asset by its usual turnover, from 0; assets that are not in the table come last."""
        return self._place.get(asset, len(self._place))

    def folded(self, asset: str) -> tuple[str, ...]:
        """Returns the names of the asset as they are compared."""
        return self._folded.get(asset, ())

    def spellings(self) -> Iterable[str]:
        """Returns every name as it is compared."""
        return self._by_name


def fold(text: str) -> str:
    """Returns the name as it is compared: without spaces and points, and with only ASCII letters in lower case.
    Characters that merely look alike stay different.
    """
    return unicodedata.normalize("NFC", text).translate(_LOWER).translate(_DROPPED)


@cache
def coin_names() -> CoinNames:
    """Returns the table that is installed with the package."""
    text = files("bot.coins").joinpath("names.csv").read_text(encoding="utf-8")
    return CoinNames(tuple(read_coins(text)))


def read_coins(text: str) -> Iterator[Coin]:
    """Yields the rows of a table in CSV; lines that begin with # are comments."""
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    for row in csv.DictReader(lines):
        names = {Language.ENGLISH: row["english"], Language.KOREAN: row["korean"]}
        others = tuple(name for name in row["also"].split(";") if name)
        yield Coin(row["asset"], names, others)
