"""What pauses and ends robots besides their users: refusals, accounts and coins that change."""

from decimal import Decimal

import asyncpg
import pytest

from pipeline.delisting import GRACE_MS
from pipeline.rules import DELISTED
from tests.fakes.priced_market import BTC, rules_for
from tests.support.push_house import somebody
from tests.support.robot_house import GUARDED, D, RobotHouse
from trading.limits.types import LimitKind
from trading.orders.types import QuoteAmount, Share, Side
from trading.strategies.robots import Leg, Robot, RobotReason, RobotState


async def bought(house: RobotHouse, rule: str = "") -> Robot:
    """A robot that holds coins."""
    robot, worker = await house.robot(*([rule] if rule else [])), house.worker()
    async with house.running(worker):
        await house.minutes("106", workers=[worker])
    return await house.now(robot)


async def test_a_limit_that_refuses_a_purchase_pauses_the_robot_and_tells(house: RobotHouse) -> None:
    await house.limits.change(house.account, LimitKind.ORDER, D(100))
    robot, worker = await house.robot(), house.worker()
    async with house.running(worker):
        await house.minutes("106", workers=[worker])
        paused = await house.becomes(robot, RobotState.PAUSED)
        await house.notified("robot")
    assert (paused.reason, paused.obstacle and paused.obstacle.code) == (RobotReason.LIMIT, "limit-reached")
    assert await house.trades(robot) == []


async def test_a_purchase_that_the_account_cannot_pay_pauses_the_robot(house: RobotHouse) -> None:
    robot, worker = await house.robot(), house.worker()
    for command, share in (("most", "0.8"), ("rest", "1")):
        await house.desk.place(house.account, command, Side.BUY, BTC, Share(Decimal(share)))
    async with house.running(worker):
        await house.minutes("106", workers=[worker])
        assert (await house.becomes(robot, RobotState.PAUSED)).reason is RobotReason.FUNDS


async def test_a_sale_of_coins_that_are_gone_pauses_the_robot(house: RobotHouse) -> None:
    robot, worker = await bought(house), house.worker()
    await house.desk.place(house.account, "sell", Side.SELL, BTC, Share(Decimal(1)))
    async with house.running(worker):
        await house.minutes("94", workers=[worker])
        assert (await house.becomes(robot, RobotState.PAUSED)).reason is RobotReason.COINS
    assert (await house.now(robot)).quantity == robot.quantity, "what it believes to hold is the user's to settle"


async def test_a_protection_that_the_user_cancels_pauses_the_robot_until_it_is_resumed(house: RobotHouse) -> None:
    robot, worker = await bought(house, GUARDED), house.worker()
    async with house.running(worker):
        await house.protected(robot)
        await house.resting.cancel_all(house.account, "mine")
        assert (await house.becomes(robot, RobotState.PAUSED)).reason is RobotReason.UNPROTECTED
        await house.store.resume(house.account.person_id, robot.robot_id, house.market.time)
        await house.protected(robot)


async def test_a_market_beyond_the_stop_sells_at_once(house: RobotHouse) -> None:
    rule = "when close > 105 buy 50% stop 5%"
    robot, worker = await house.robot(rule), house.worker()
    place = house.resting.place

    async def falls(*arguments: object, **more: object) -> object:
        house.say("90")
        return await place(*arguments, **more)  # type: ignore[arg-type]

    house.resting.place = falls  # type: ignore[assignment, method-assign]
    async with house.running(worker):
        await house.minutes("106", workers=[worker])
        await house.has(robot, trades=2)
    assert [trade.price for trade in await house.trades(robot)] == [D(106), D(90)]
    assert (await house.now(robot)).quantity < D("0.00001")


async def test_a_reset_ends_robots_and_their_coins_with_it(house: RobotHouse) -> None:
    robot = await bought(house, GUARDED)
    await house.desk.reset(house.account, "reset")
    async with house.running(house.worker()):
        await house.notified("robot")
    ended = await house.now(robot)
    assert (ended.state, ended.reason, ended.quantity, ended.protecting) == (RobotState.ENDED, RobotReason.RESET, 0, ())


async def test_a_robot_of_a_former_round_places_nothing(house: RobotHouse) -> None:
    robot = await house.robot()
    await house.desk.reset(house.account, "reset")
    worker = house.worker()
    async with house.running(worker):
        await house.minutes("106", "107", workers=[worker])
    assert await house.trades(robot) == []


async def test_a_delisted_coin_ends_its_robots(house: RobotHouse) -> None:
    robot, gone = await bought(house), rules_for("BTC", status=DELISTED)
    house.market.listed[BTC] = gone
    house.market.time += gone.delisted_at + GRACE_MS
    async with house.running(house.worker()):
        ended = await house.becomes(robot, RobotState.ENDED)
        await house.notified("robot")
    assert (ended.reason, ended.quantity) == (RobotReason.DELISTED, robot.quantity)


async def test_a_corporate_action_ends_the_robots_of_its_coin(
    house: RobotHouse, owner_pool: "asyncpg.Pool[asyncpg.Record]"
) -> None:
    robot = await bought(house)
    await owner_pool.execute(
        "INSERT INTO corporate_action (id, market, symbol, kind, ratio, unit, reason, created_at)"
        " VALUES ('split', 'simulator', 'BTCUSDC', 'redenomination', 10, 0.00000001, 'split', now())"
    )
    ended = await house.now(robot)
    assert (ended.state, ended.reason) == (RobotState.ENDED, RobotReason.ACTION)


async def test_a_merge_takes_robots_along_and_pauses_them(
    house: RobotHouse, owner_pool: "asyncpg.Pool[asyncpg.Record]"
) -> None:
    robot = await bought(house, GUARDED)
    other = await somebody(house.pool, "other")
    host = await house.desk.open(other, "start-other")
    await owner_pool.execute("SELECT merge_account($1, $2, now(), 0)", house.account.account_id, host.account_id)
    (moved,) = await house.store.of(other, robot.market)
    assert (moved.robot_id, moved.account_id) == (robot.robot_id, host.account_id)
    assert (moved.state, moved.reason, moved.quantity) == (RobotState.PAUSED, RobotReason.LINKED, robot.quantity)
    house.account = host
    worker = house.worker()
    async with house.running(worker):
        await house.store.resume(other, robot.robot_id, house.market.time - 60_000)
        await house.protected(robot)
        await house.knows(robot, worker)
        await house.minutes("89", workers=[worker])
        await house.has(robot, trades=2)


async def test_a_link_pauses_the_robots_of_the_account_that_joins(
    house: RobotHouse, owner_pool: "asyncpg.Pool[asyncpg.Record]"
) -> None:
    robot, host = await house.robot(), await somebody(house.pool, "host")
    await owner_pool.execute(
        "INSERT INTO link_join (platform, external_id, host_id, former_id, how, joined_at, accounts, alerts,"
        " forecast_alerts, recurring_buys, notices, watched)"
        " VALUES ('fake', 'me', $1, $2, 'merge', now(), '{}', '{}', '{}', '{}', '{}', '{}')",
        host,
        house.account.person_id,
    )
    paused = await house.now(robot)
    assert (paused.state, paused.reason) == (RobotState.PAUSED, RobotReason.LINKED)


async def test_a_reversed_order_ends_its_robot(house: RobotHouse, owner_pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    robot = await bought(house)
    (trade,) = await house.trades(robot)
    entry = await house.pool.fetchval("SELECT id FROM entry WHERE order_id = $1", trade.order_id)
    done = await owner_pool.fetchrow("SELECT * FROM reverse_entry($1, 'wrong price', now(), $2)", entry, 0)
    assert done is not None
    assert done["outcome"] == "done"
    ended = await house.now(robot)
    assert (ended.state, ended.reason) == (RobotState.ENDED, RobotReason.CORRECTED)


async def test_nothing_of_a_user_who_leaves_stays(
    house: RobotHouse, owner_pool: "asyncpg.Pool[asyncpg.Record]"
) -> None:
    await bought(house, GUARDED)
    assert await owner_pool.fetchval("SELECT erase_person($1, now(), 0)", house.account.person_id)
    for table in ("robot", "robot_order", "robot_event"):
        assert await house.pool.fetchval(f"SELECT count(*) FROM {table}") == 0  # noqa: S608


async def test_a_banned_user_trades_nothing(house: RobotHouse) -> None:
    robot, worker = await house.robot(), house.worker()
    await house.pool.execute(
        "INSERT INTO ban (person_id, reason, since) VALUES ($1, '', now())", house.account.person_id
    )
    async with house.running(worker):
        await house.minutes("106", workers=[worker])
    assert await house.trades(robot) == []


async def test_what_was_decided_before_a_ban_is_not_traded_after_it(house: RobotHouse) -> None:
    robot, worker = await house.robot(), house.worker()
    candle = robot.last_candle + robot.interval.ms
    await house.minute("106", silent=True)
    assert await house.store.claim(robot, candle, robot.decided(candle, Leg.BUY, QuoteAmount(Decimal(100))))
    await house.pool.execute(
        "INSERT INTO ban (person_id, reason, since) VALUES ($1, '', now())", house.account.person_id
    )
    async with house.running(worker):
        await house.placed(robot)
    assert await house.trades(robot) == []
    assert ("dropped", "refused") in await house.log(robot)


@pytest.mark.parametrize("column", ["cash", "quantity", "cost", "realised", "moves", "round", "account_id", "rule"])
async def test_only_the_ledger_writes_the_position(house: RobotHouse, column: str) -> None:
    await house.robot()
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await house.pool.execute(f"UPDATE robot SET {column} = {column}")  # noqa: S608
