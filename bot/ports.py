"""What commands ask of the outside: people, previews, charts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from pipeline.market import Candle, Interval, Symbol
from trading.orders import Preview
from trading.portfolio import Portfolio
from trading.ports import EquityPoint


class Language(StrEnum):
    """The desk's languages."""

    ENGLISH = "en"
    KOREAN = "ko"


class Theme(StrEnum):
    """How charts look."""

    DARK = "dark"
    LIGHT = "light"


@dataclass(frozen=True, slots=True)
class Person:
    """Someone at the desk and how they like it; `timezone` is an IANA name, `confirm` asks before every order,
    `public` lets others in a group read the answers about the person's own money."""

    person_id: int
    language: Language = Language.ENGLISH
    timezone: str = "UTC"
    confirm: bool = True
    theme: Theme = Theme.DARK
    public: bool = False


class People(Protocol):
    """Persons and their identities on the platforms. Raises LedgerDown."""

    async def find(self, platform: str, external_id: str) -> Person | None:
        """The person behind an identity."""

    async def meet(self, platform: str, external_id: str, language: Language, timezone: str) -> Person:
        """The person behind an identity, made on first contact; repeated calls return the same one."""

    async def update(self, person: Person) -> None:
        """Stores the person's settings."""


class Previews(Protocol):
    """Previews that wait for their button; they expire by themselves and are never trusted for a price.

    Raises MarketDown where they cannot be reached.
    """

    async def keep(self, person_id: int, token: str, preview: Preview) -> None:
        """Keeps it for `settings.preview_seconds`."""

    async def claim(self, person_id: int, token: str) -> Preview | None:
        """The preview, marked as being confirmed; None when it expired, was dropped, or belongs to someone else.

        Claimed again it is the same again: a press that is delivered twice finds the same order.
        """

    async def drop(self, person_id: int, token: str) -> bool:
        """Forgets it; True when it was still there and nobody had claimed it, so that "cancelled" is true."""


@dataclass(frozen=True, slots=True)
class ChartStyle:
    """What every chart needs to know of its reader."""

    theme: Theme
    language: Language
    timezone: tzinfo


class Charts(Protocol):
    """Renders PNGs off the event loop. Sizes are chosen for a phone."""

    async def candles(
        self,
        symbol: Symbol,
        interval: Interval,
        candles: Sequence[Candle],
        *,
        last: Decimal,
        change_24h: Decimal | None,
        label: str,
        style: ChartStyle,
    ) -> bytes:
        """Candles with volume, last price and 24 h change; `label` names the source ("SIMULATION", ...), may be ''."""

    async def allocation(self, portfolio: Portfolio, *, label: str, style: ChartStyle) -> bytes:
        """What the equity consists of."""

    async def equity(
        self, points: Sequence[EquityPoint], *, granted: Decimal, quote_asset: str, label: str, style: ChartStyle
    ) -> bytes:
        """Equity over time against the grant."""
