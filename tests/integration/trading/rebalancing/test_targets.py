"""Targets are kept, watched, traded back to by their schedule, and follow the person and the coin."""

from datetime import timedelta
from decimal import Decimal

import asyncpg
import pytest

from jobs.rebalancing import scheduled_rebalancing
from pipeline.errors import StalePrice
from tests.fakes.priced_market import BTC, COIN, ETH
from tests.integration.trading.rebalancing.target_house import HALVES, TargetHouse
from tests.support.held_symbols import HeldActions
from trading.errors import NothingToSpend, TradingHalted
from trading.ledger.corporate_actions import ActionKind, CorporateAction
from trading.limits.types import LimitKind
from trading.order_groups.notices import GroupPlaced
from trading.orders.types import Side
from trading.ports import Account
from trading.rebalancing.errors import NoTarget
from trading.rebalancing.notices import BandLeft, RebalancingFailed
from trading.rebalancing.ports import NewTarget
from trading.rebalancing.targets import Target

D = Decimal
HOUR = timedelta(hours=1)


class Killed(BaseException):
    """The end of the process."""


async def test_a_target_keeps_its_order_band_and_schedule(house: TargetHouse) -> None:
    account = await house.owner()
    with pytest.raises(NoTarget):
        await house.targets.set_band(1, account.market, D("0.1"))
    await house.wish(account, {ETH: D("0.25"), BTC: D("0.75")}, band="0.1")
    await house.every_day_at_ten(account)
    new = NewTarget(1, account.market, {COIN: D("0.4"), ETH: D("0.2")}, with_cash=True)
    assert list((await house.targets.save(new)).weights.items()) == [(COIN, D("0.4")), (ETH, D("0.2"))]
    found = await house.found(account)
    assert (found.band, found.cash, found.schedule is not None) == (D("0.1"), D("0.4"), True)
    await house.targets.remove(1, account.market)
    assert await house.targets.find(1, account.market) is None


async def test_a_band_that_is_left_is_told_once_until_it_is_inside_again(house: TargetHouse) -> None:
    account = await house.owner()
    await house.wish(account)
    assert await house.drift.run() == 0
    house.say("130")
    for expected in (1, 0, 0):
        house.pass_time(HOUR)
        assert await house.drift.run() == expected
    (notice,) = await house.told_notices()
    assert isinstance(notice, BandLeft)
    assert {each.symbol: round(each.weight, 2) for each in notice.lines} == {BTC: D("0.57"), ETH: D("0.43")}
    for price in ("100", "130"):
        house.say(price)
        house.pass_time(HOUR)
        await house.drift.run()
    assert await house.notices() == ["rebalance-drift"] * 2


async def test_an_old_price_is_no_drift_and_who_wants_no_notice_gets_none(house: TargetHouse) -> None:
    account = await house.owner()
    await house.wish(account)
    house.say("130")
    house.market.time += 60_000
    assert await house.drift.run() == 0
    assert (await house.found(account)).checked_at is None
    house.market.pass_time(0)
    await house.pool.execute("INSERT INTO notification_preference VALUES (1, 'rebalance-drift', 'off')")
    assert await house.drift.run() == 0
    assert (await house.found(account)).outside


async def test_a_schedule_trades_back_only_if_a_band_was_left_and_once_a_date(house: TargetHouse) -> None:
    account = await house.owner()
    await house.wish(account)
    await house.every_day_at_ten(account)
    assert await house.schedule.run() == 0, "it is nine"
    house.pass_time(HOUR)
    assert await house.schedule.run() == 1
    assert await house.counts() == 2, "inside its band nothing is traded"
    assert await house.told_notices() == []
    house.pass_time(24 * HOUR)
    house.say("130")
    house.restart()
    assert await house.schedule.run() == 1
    assert await house.schedule.run() == 0
    assert await house.counts() == 4
    (notice,) = await house.told_notices()
    assert isinstance(notice, GroupPlaced)
    assert notice.scheduled
    assert [(each.side, each.symbol, each.obstacle) for each in notice.orders] == [
        (Side.SELL, BTC, None),
        (Side.BUY, ETH, None),
    ]
    after = (await house.plan(account, HALVES)).before
    assert [float(after[each]) for each in HALVES] == pytest.approx([0.5, 0.5], abs=0.001)


async def test_a_schedule_keeps_limits_and_names_what_they_refuse(house: TargetHouse) -> None:
    account = await house.owner()
    await house.wish(account)
    await house.every_day_at_ten(account)
    await house.limit(account, LimitKind.ORDER, "100")
    house.pass_time(HOUR)
    house.say("130")
    await house.schedule.run()
    (notice,) = await house.told_notices()
    assert isinstance(notice, GroupPlaced)
    assert [(each.side, each.symbol) for each in notice.orders] == [(Side.SELL, BTC)]
    assert {symbol: reason.code for symbol, reason in notice.untraded.items()} == {ETH: "limit-reached"}


async def test_a_date_waits_for_prices_and_is_missed_after_six_hours(house: TargetHouse) -> None:
    account = await house.owner()
    await house.wish(account)
    await house.every_day_at_ten(account)
    house.pass_time(HOUR)
    house.say("130")
    house.market.time += 60_000
    assert await house.schedule.run() == 0
    assert await house.told_notices() == []
    house.pass_time(6.1 * HOUR)
    assert await house.schedule.run() == 1
    (notice,) = await house.told_notices()
    assert isinstance(notice, RebalancingFailed)
    assert (notice.day, notice.obstacle) == ("2026-11-30", None)
    assert await house.counts() == 2


async def test_a_target_that_waits_keeps_no_other_waiting(house: TargetHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduled_rebalancing, "BATCH_SIZE", 1)
    for account in (await house.owner(), await house.second()):
        await house.wish(account)
        await house.every_day_at_ten(account)
    tried: list[int] = []

    async def no_price(target: Target, _slot: object) -> None:
        tried.append(target.person_id)
        raise StalePrice("BTCUSDC", 99, 60)

    monkeypatch.setattr(house.schedule, "_trade", no_price)
    house.pass_time(HOUR)
    for _ in range(4):
        await house.schedule.run()
        house.pass_time(timedelta(minutes=1))
    assert tried == [1, 2, 1, 2]


@pytest.mark.parametrize("error", [TradingHalted(""), NothingToSpend("USDC"), ValueError("a defect")], ids=repr)
async def test_a_target_that_cannot_be_checked_or_traded_keeps_no_other_waiting(
    house: TargetHouse, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    for account in (await house.owner(), await house.second()):
        await house.wish(account)
        await house.every_day_at_ten(account)
    tried: list[int] = []
    portfolio = house.desk.portfolio

    async def failing(account: Account) -> object:
        tried.append(account.person_id)
        if account.person_id == 1:
            raise error
        return await portfolio(account)

    monkeypatch.setattr(house.desk, "portfolio", failing)
    await house.drift.run()
    assert tried == [1, 2]
    house.pass_time(HOUR)
    await house.schedule.run()
    assert tried[2:4] == [1, 2]


async def test_a_schedule_ends_after_three_failures(house: TargetHouse) -> None:
    account = await house.owner()
    await house.wish(account)
    await house.every_day_at_ten(account)
    del house.market.listed[COIN]
    await house.pool.execute("UPDATE rebalancing_weight SET symbol = $1 WHERE symbol = $2", COIN, BTC)
    house.pass_time(HOUR)
    for _ in range(3):
        assert await house.schedule.run() == 1
        house.pass_time(24 * HOUR)
    assert await house.schedule.run() == 0
    notices = await house.told_notices()
    assert [isinstance(each, RebalancingFailed) and each.next_at is None for each in notices] == [False, False, True]
    assert (await house.found(account)).schedule is None


async def test_an_interrupted_schedule_goes_on_with_the_same_group(house: TargetHouse) -> None:
    account = await house.owner()
    await house.wish(account)
    await house.every_day_at_ten(account)
    house.pass_time(HOUR)
    house.say("130")
    place = house.ledger.place

    async def mortal(*arguments: object) -> object:
        await place(*arguments)  # type: ignore[arg-type]
        raise Killed

    house.ledger.place = mortal  # type: ignore[assignment, method-assign]
    with pytest.raises(Killed):
        await house.schedule.run()
    house.ledger.place = place  # type: ignore[method-assign]
    house.pass_time(timedelta(minutes=2))
    assert await house.interrupted.run() == 1
    await house.schedule.run()
    assert await house.counts() == 4
    assert await house.notices() == ["order-group"]
    assert (await house.found(account)).schedule.slot.day.isoformat() == "2026-12-01"  # type: ignore[union-attr]


async def test_a_schedule_moves_with_the_time_zone_of_the_user(house: TargetHouse) -> None:
    account = await house.owner()
    await house.wish(account)
    await house.every_day_at_ten(account)
    await house.pool.execute("UPDATE person SET timezone = 'Asia/Seoul' WHERE id = 1")
    await house.schedule.run()
    schedule = (await house.found(account)).schedule
    assert schedule is not None
    assert (schedule.timezone, schedule.slot.at.hour) == ("Asia/Seoul", 1)


async def test_a_target_survives_a_reset_and_has_nothing_to_weigh(house: TargetHouse) -> None:
    account = await house.owner()
    await house.wish(account)
    await house.desk.reset(account, "again")
    house.pass_time(HOUR)
    assert await house.drift.run() == 0
    assert (await house.found(account)).weights == HALVES


@pytest.mark.parametrize(
    ("kind", "into", "expected"),
    [
        (ActionKind.RENAME, COIN, {COIN: D("0.5"), ETH: D("0.5")}),
        (ActionKind.CONVERSION, ETH, {ETH: D(1)}),
        (ActionKind.DELISTING, None, {ETH: D(1)}),
        (ActionKind.REDENOMINATION, None, HALVES),
    ],
)
async def test_a_target_follows_a_coin(
    house: TargetHouse, owner_pool: "asyncpg.Pool[asyncpg.Record]", kind: ActionKind, into: str | None, expected: object
) -> None:
    account = await house.owner()
    await house.wish(account)
    actions = HeldActions(owner_pool, clock=house.clock)
    asset = into.removesuffix("USDC") if into else None
    ratio, price = (None, D(90)) if kind is ActionKind.DELISTING else (D(1), None)
    await actions.apply(CorporateAction("a", account.market, BTC, kind, "test", ratio, into, asset, price))  # type: ignore[arg-type]
    assert (await house.found(account)).weights == expected
