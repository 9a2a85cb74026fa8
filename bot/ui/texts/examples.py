"""Values that examples in texts name: coins that the desk has, and horizons that it forecasts.

A text says `{ COIN() }`, `{ COIN(2) }`, `{ HORIZONS() }` (separated by commas, or by another sign that is given) and
`{ HORIZON("4h") }`, the horizon offered that is nearest to that one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

COINS = ("BTC", "ETH", "SOL")
HORIZONS = ("5m", "15m", "1h", "4h", "1d")


def _usual_coins() -> Sequence[str]:
    return COINS


@dataclass(frozen=True, slots=True)
class Examples:
    """Values for examples. `coins` returns the coins to name, best first; `horizons` are some of `HORIZONS`."""

    coins: Callable[[], Sequence[str]] = _usual_coins
    horizons: Sequence[str] = HORIZONS

    def functions(self) -> Mapping[str, Callable[..., Any]]:
        """Returns the functions of texts by their names."""
        return {"COIN": self._coin, "HORIZONS": self._horizons, "HORIZON": self._horizon}

    def _coin(self, number: object = 1) -> str:
        """Returns the coin of this number. On a desk with fewer coins, they repeat."""
        known = self.coins() or COINS
        return known[(int(str(number)) - 1) % len(known)]

    def _horizons(self, separator: object = ", ") -> str:
        return str(separator).join(self.horizons)

    def _horizon(self, wanted: object) -> str:
        return nearest_horizon(str(wanted), self.horizons)


def nearest_horizon(wanted: str, offered: Sequence[str]) -> str:
    """Returns the horizon nearest to `wanted` among those offered; the shorter one of two."""
    place = HORIZONS.index(wanted)
    return min(offered, key=lambda horizon: (abs(HORIZONS.index(horizon) - place), HORIZONS.index(horizon)))
