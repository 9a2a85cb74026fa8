"""Models that are added to a registry and reign in it."""

from ml.registry import ModelState, Registry
from tests.fakes.registered import MARKET, TRAINED_AT, blob, facts


async def added(registry: Registry, count: int, *, horizon: int = 5) -> list[int]:
    """Versions of the simulator, each trained a minute after the one before."""
    versions = []
    for number in range(count):
        known = facts(trained_at=TRAINED_AT + number * 60_000)
        versions.append(await registry.add(MARKET, horizon, known, blob(number)))
    return versions


async def reigns(registry: Registry, count: int) -> list[int]:
    """As many versions, each of which became champion in its turn."""
    versions = []
    for number in range(count):
        known = facts(trained_at=TRAINED_AT + number * 60_000)
        versions.append(await registry.add(MARKET, 5, known, blob(number)))
        await registry.promote(versions[-1], who="test", reason="its turn")
    return versions


async def now(registry: Registry, horizon: int = 5) -> tuple[int | None, int | None]:
    """The versions of the champion and of the challenger."""
    champion, challenger = await registry.champion(MARKET, horizon), await registry.challenger(MARKET, horizon)
    return champion and champion.version, challenger and challenger.version


async def states(registry: Registry) -> dict[int, tuple[ModelState, bool]]:
    return {row.version: (row.state, row.barred) for row in await registry.list()}
