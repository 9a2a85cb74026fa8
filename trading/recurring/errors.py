"""Refusals of recurring buys, as data; the sentences are in the catalogs of `bot`."""

from dataclasses import dataclass

from core.errors import Refused


@dataclass(eq=False)
class TooManyPlans(Refused):
    """The user already has `limit` recurring buys."""

    limit: int


@dataclass(eq=False)
class UnknownPlan(Refused):
    """The user has no such recurring buy."""

    plan_id: int
