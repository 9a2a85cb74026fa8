"""Reasons why orders of a group are not placed, as data; the sentences are in the catalogs of `bot`."""

from dataclasses import dataclass

from core.errors import Refused


@dataclass(eq=False)
class ChangeTooSmall(Refused):
    """The order that would lead to the wished weight is below the exchange's minimum."""

    symbol: str


@dataclass(eq=False)
class CoinOnHold(Refused):
    """Open orders hold a part of the coin, which is not sold as far as wished."""

    symbol: str


@dataclass(eq=False)
class NothingToPayWith(Refused):
    """The sales bring too little for an order of this coin."""

    symbol: str


@dataclass(eq=False)
class GroupTooLate(Refused):
    """The group was confirmed so long ago that what is left of it is no longer placed."""


@dataclass(eq=False)
class GroupOutdated(Refused):
    """The account was reset or linked after the group was confirmed."""


@dataclass(eq=False)
class GroupInProgress(Refused):
    """The orders of this group are being placed right now."""
