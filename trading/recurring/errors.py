"""What the desk refuses of recurring buys, as data; the sentences live in the catalogs of `bot`."""

from dataclasses import dataclass

from core.errors import Refused


@dataclass(eq=False)
class TooManyPlans(Refused):
    """The person has `limit` recurring buys already."""

    limit: int


@dataclass(eq=False)
class UnknownPlan(Refused):
    """The person has no such recurring buy."""

    plan_id: int
