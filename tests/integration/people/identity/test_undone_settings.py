"""Settings of two who link and part again within a day: each has what it had before, on real PostgreSQL."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from people.identity.ports import Identity
from pipeline.market import Interval
from tests.integration.people.identity.test_link_undo import opened, undone
from tests.support.people_house import ALICE, BOB, BTC, CALM, CAROL, House
from trading.limits.postgres import PostgresLimits
from trading.limits.types import LimitDelays, LimitKind
from trading.rules.postgres import PostgresStrategies
from trading.rules.rule import parse_rule
from trading.rules.strategies import NewStrategy

D = Decimal
DELAYS = LimitDelays(timedelta(hours=24), 60)
DIP = parse_rule("when rsi(14) < 30 buy 25% when rsi(14) > 55 sell max stop 5%")
TREND = parse_rule("when close crosses above sma(50)@4h buy max")
IN_A_GROUP = (
    "INSERT INTO notification_chat (person_id, platform, chat_id, public) VALUES ($1, 'telegram', 'there', true)"
)
SETTINGS = (
    "SELECT kind || ' ' || mode FROM notification_preference WHERE person_id = $1"
    " UNION ALL SELECT starts || '-' || ends FROM notification_quiet_hours WHERE person_id = $1"
    " UNION ALL SELECT every || ' ' || hour FROM notification_digest WHERE person_id = $1"
    " UNION ALL SELECT chat_id FROM notification_destination WHERE person_id = $1"
    " UNION ALL SELECT symbol || score FROM backtest_trial WHERE person_id = $1"
)


class Limits:
    """Limits that persons set through the store."""

    def __init__(self, house: House) -> None:
        self._house, self._store = house, PostgresLimits(house.pool, jitter=CALM)
        self._at = datetime.now(UTC)

    async def set(self, who: Identity, **wishes: str) -> None:
        """Sets limits, each a second later than the one before."""
        for kind, wish in wishes.items():
            self._at += timedelta(seconds=1)
            await self._store.change(await self._house.person(who), LimitKind(kind), D(wish), self._at, DELAYS)

    async def of(self, who: Identity) -> dict[str, tuple[Decimal, Decimal | None]]:
        """Value of each limit, and the one that waits."""
        query = "SELECT kind, value, next_value FROM trading_limit WHERE person_id = $1"
        rows = await self._house.fetch(query, await self._house.person(who))
        return {row["kind"]: (row["value"], row["next_value"]) for row in rows}


@pytest.fixture
async def limits(house: House) -> Limits:
    for who in (ALICE, BOB, CAROL):
        await opened(house, who)
    return Limits(house)


async def test_both_have_the_limits_of_before(house: House, limits: Limits) -> None:
    await limits.set(ALICE, order="50000", orders="9")
    await limits.set(ALICE, orders="20")
    await limits.set(BOB, order="1", drawdown="0.001", orders="30")
    before = await limits.of(ALICE), await limits.of(BOB)
    assert before[0]["orders"] == (9, 20), "the raise waits"
    await house.linked(ALICE, BOB, "merge", settled=False)
    assert await limits.of(ALICE) == {"order": (1, None), "drawdown": (D("0.001"), None), "orders": (9, None)}
    await limits.set(BOB, order="60000")
    await undone(house, BOB)
    assert (await limits.of(ALICE), await limits.of(BOB)) == before


async def test_a_stricter_limit_and_a_raise_of_its_own_that_were_set_since_stay(house: House, limits: Limits) -> None:
    await limits.set(ALICE, order="500", orders="5")
    await limits.set(BOB, order="100", orders="9", streak="4", coin="0.5")
    before = await limits.of(BOB)
    await house.linked(ALICE, BOB, "merge", settled=False)
    await limits.set(ALICE, order="50", orders="7", streak="4")
    await undone(house, BOB)
    assert await limits.of(ALICE) == {"order": (50, None), "orders": (5, 7), "streak": (4, None)}
    assert await limits.of(BOB) == before


@pytest.mark.parametrize("first", [BOB, CAROL])
async def test_of_two_who_joined_each_takes_its_own_limit_along(house: House, limits: Limits, first: Identity) -> None:
    values = {BOB: "10", CAROL: "5"}
    await limits.set(ALICE, order="100")
    for who, value in values.items():
        await limits.set(who, order=value, coin=f"0.{value}")
        await house.linked(ALICE, who, "merge", settled=False)
    assert await limits.of(ALICE) == {"order": (5, None), "coin": (D("0.1"), None)}
    (last,) = set(values) - {first}
    await undone(house, first)
    assert await limits.of(ALICE) == {"order": (D(values[last]), None), "coin": (D(f"0.{values[last]}"), None)}
    await undone(house, last)
    assert await limits.of(ALICE) == {"order": (100, None)}
    assert await limits.of(first) == {"order": (D(values[first]), None), "coin": (D(f"0.{values[first]}"), None)}


async def test_the_limit_of_a_settled_join_stays(house: House, limits: Limits) -> None:
    await limits.set(ALICE, order="100")
    await limits.set(BOB, order="10")
    await limits.set(CAROL, order="5")
    await house.linked(ALICE, BOB, "merge")
    await house.linked(ALICE, CAROL, "merge", settled=False)
    await undone(house, CAROL)
    assert await limits.of(ALICE) == {"order": (10, None)}


async def settings_of(house: House, person: int) -> set[str]:
    return {row[0] for row in await house.fetch(SETTINGS, person)}


async def test_settings_that_were_copied_go_and_what_the_host_has_or_changed_stays(house: House) -> None:
    alice, bob = await house.person(ALICE), await house.person(BOB)
    for person in (alice, bob):
        await house.desk.open(person, f"open-{person}")
        await house.pool.execute(IN_A_GROUP, person)
        await house.pool.execute("INSERT INTO notification_preference VALUES ($1, 'scan', 'silent')", person)
        await house.pool.execute(
            "INSERT INTO backtest_trial VALUES ($1, 'simulator', 'ETHUSDC', decode(repeat('0f', 16), 'hex'), 1.5,"
            " clock_timestamp())",
            person,
        )
    own = await settings_of(house, alice)
    await house.pool.execute(
        "INSERT INTO notification_preference VALUES ($1, 'fill', 'off'), ($1, 'alert', 'off')", bob
    )
    await house.pool.execute("INSERT INTO notification_quiet_hours VALUES ($1, 60, 120)", bob)
    await house.pool.execute("INSERT INTO notification_digest (person_id, every, hour) VALUES ($1, 'daily', 8)", bob)
    await house.pool.execute("INSERT INTO notification_destination VALUES ($1, 'telegram', 'there')", bob)
    await house.pool.execute(
        "INSERT INTO backtest_trial VALUES ($1, 'simulator', 'BTCUSDC', decode(repeat('0e', 16), 'hex'), 2.5, now())",
        bob,
    )
    brought = await settings_of(house, bob)
    await house.linked(ALICE, BOB, "merge", settled=False)
    assert await settings_of(house, alice) == own | brought
    await house.pool.execute(
        "UPDATE notification_preference SET mode = 'on' WHERE (person_id, kind) = ($1, 'fill')", alice
    )
    await undone(house, BOB)
    assert await settings_of(house, alice) == own | {"fill on"}
    assert await settings_of(house, bob) == brought


async def test_settings_that_the_host_has_as_well_stay(house: House) -> None:
    alice, bob = await house.person(ALICE), await house.person(BOB)
    for person in (alice, bob):
        await house.desk.open(person, f"open-{person}")
        await house.pool.execute("INSERT INTO notification_quiet_hours VALUES ($1, 60, 120)", person)
        await house.pool.execute(
            "INSERT INTO notification_digest (person_id, every, hour) VALUES ($1, 'daily', 8)", person
        )
        await house.pool.execute(IN_A_GROUP, person)
        await house.pool.execute("INSERT INTO notification_destination VALUES ($1, 'telegram', 'there')", person)
    await house.linked(ALICE, BOB, "merge", settled=False)
    await undone(house, BOB)
    assert await settings_of(house, alice) == {"60-120", "daily 8", "there"}


async def test_strategies_go_back_with_their_names_and_their_rules(house: House) -> None:
    store, alice, bob = PostgresStrategies(house.pool, jitter=CALM), await house.person(ALICE), await house.person(BOB)
    for person in (alice, bob):
        await house.desk.open(person, f"open-{person}")
    for person, name, rule in ((alice, "dip", DIP), (bob, "dip", TREND), (bob, "trend", TREND)):
        await store.save(NewStrategy(person, "simulator", name, BTC, Interval.H1, rule))
    await house.linked(ALICE, BOB, "merge", settled=False)
    await store.save(NewStrategy(alice, "simulator", "trend", BTC, Interval.H1, DIP))
    await undone(house, BOB)
    kept = {person: {each.name: each.rule for each in await store.of(person, "simulator")} for person in (alice, bob)}
    assert kept == {alice: {"dip": DIP, "trend": DIP}, bob: {"dip": TREND, "trend": TREND}}
