"""Strategies in PostgreSQL: replaced, bounded, shared, handed over by links and back. Real PostgreSQL."""

import asyncio

import pytest

from pipeline.market import Interval
from tests.support.people_house import ALICE, BOB, BTC, CALM, House
from trading.rules.errors import StrategyNotShared, TooManyStrategies, UnknownStrategy
from trading.rules.postgres import PostgresStrategies
from trading.rules.rule import parse_rule
from trading.rules.strategies import MAX_STRATEGIES, NewStrategy

DIP = parse_rule("when rsi(14) < 30 buy 25% when rsi(14) > 55 sell max stop 5%")
TREND = parse_rule("when close crosses above sma(50)@4h buy max")
HERE = "simulator"


def wish(person: int, name: str = "dip", rule: object = DIP) -> NewStrategy:
    return NewStrategy(person, HERE, name, BTC, Interval.H1, rule)  # type: ignore[arg-type]


async def test_a_strategy_is_saved_replaced_and_deleted(house: House) -> None:
    store, alice, bob = PostgresStrategies(house.pool, jitter=CALM), await house.person(ALICE), await house.person(BOB)
    first = await store.save(wish(alice))
    assert (first.strategy.rule, first.strategy.interval, first.before) == (DIP, Interval.H1, None)
    again = await store.save(wish(alice, rule=TREND))
    assert (again.strategy.rule, again.before) == (TREND, first.strategy)
    assert again.strategy.strategy_id == first.strategy.strategy_id
    assert await store.of(alice, HERE) == [again.strategy]
    assert await store.of(bob, HERE) == await store.of(alice, "binance") == []
    for other in ((bob, HERE, "dip"), (alice, HERE, "dop")):
        with pytest.raises(UnknownStrategy) as unknown:
            await store.find(*other)
        assert unknown.value.nearest == (("dip",) if other[0] == alice else ())
        with pytest.raises(UnknownStrategy):
            await store.delete(*other)
    assert await store.delete(alice, HERE, "dip") == again.strategy
    with pytest.raises(UnknownStrategy):
        await store.find(alice, HERE, "dip")


async def test_a_code_is_that_of_the_rule_that_was_shared(house: House) -> None:
    store, alice = PostgresStrategies(house.pool, jitter=CALM), await house.person(ALICE)
    await store.save(wish(alice))
    await store.share(alice, HERE, "dip", "abc123")
    assert (await store.save(wish(alice))).strategy.share_code == "abc123"
    assert (await store.save(wish(alice, rule=TREND))).strategy.share_code == ""
    with pytest.raises(StrategyNotShared):
        await store.shared("abc123", HERE)
    await store.share(alice, HERE, "dip", "def456")
    assert (await store.unshare(alice, HERE, "dip")).share_code == ""
    with pytest.raises(StrategyNotShared):
        await store.shared("def456", HERE)


async def test_many_at_once_do_not_pass_the_bound(house: House) -> None:
    store, alice = PostgresStrategies(house.pool, jitter=CALM), await house.person(ALICE)
    wishes = (store.save(wish(alice, f"s{place}")) for place in range(MAX_STRATEGIES + 5))
    answers = await asyncio.gather(*wishes, return_exceptions=True)
    assert sum(isinstance(answer, TooManyStrategies) for answer in answers) == 5
    assert len(await store.of(alice, HERE)) == MAX_STRATEGIES
    assert (await store.save(wish(alice, (await store.of(alice, HERE))[0].name))).before is not None


async def test_a_code_shows_the_strategy_until_it_is_deleted(house: House) -> None:
    store, alice = PostgresStrategies(house.pool, jitter=CALM), await house.person(ALICE)
    await store.save(wish(alice))
    shared = await store.share(alice, HERE, "dip", "abc123")
    assert (await store.share(alice, HERE, "dip", "other")).share_code == "abc123"
    assert await store.shared("abc123", HERE) == shared
    for code, market in (("other", HERE), ("abc123", "binance"), ("", HERE)):
        with pytest.raises(StrategyNotShared):
            await store.shared(code, market)
    await store.delete(alice, HERE, "dip")
    with pytest.raises(StrategyNotShared):
        await store.shared("abc123", HERE)


async def test_a_link_hands_strategies_over_and_its_undoing_hands_them_back(house: House) -> None:
    store = PostgresStrategies(house.pool, jitter=CALM)
    alice, bob = await house.person(ALICE), await house.person(BOB)
    for person in (alice, bob):
        await house.desk.open(person, f"open-{person}")
    own = (await store.save(wish(alice))).strategy
    same = (await store.save(wish(bob, rule=TREND))).strategy
    await store.save(wish(bob, "trend", TREND))
    await house.linked(ALICE, BOB, "merge", settled=False)
    names = {each.name: each.rule for each in await store.of(alice, HERE)}
    assert names == {"dip": DIP, f"dip-{same.strategy_id}": TREND, "trend": TREND}
    await house.press(BOB, await house.ask(BOB, "/unlink"), "unlink_now")
    assert await store.of(alice, HERE) == [own]
    back = await store.of(await house.person(BOB), HERE)
    assert {each.name for each in back} == {"dip", "trend"}
