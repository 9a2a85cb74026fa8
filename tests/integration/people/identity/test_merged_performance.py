"""After a merge the performance of both accounts is one, and the merge itself is no return."""

import pytest

from pipeline.archive.postgres import CandleArchive
from tests.integration.people.identity.linked_accounts import traded
from tests.support.people_house import ALICE, BOB, House
from trading.ledger.performance import PostgresPerformance
from trading.reports.performance import PerformancePeriod


async def test_a_merge_moves_nothing_in_or_out_but_the_grant_that_goes_back(house: House) -> None:
    one, two = await traded(house, ALICE), await traded(house, BOB)
    reports = PostgresPerformance(house.pool, house.market, CandleArchive(house.pool))
    apart = [await reports.report(account, PerformancePeriod()) for account in (one, two)]
    await house.linked(ALICE, BOB, "merge")
    account = await house.desk.account(one.person_id)
    found, portfolio = await reports.report(account, PerformancePeriod()), await house.desk.portfolio(account)
    assert found.money.end == portfolio.equity
    assert found.money.profit == portfolio.profit
    assert found.money.realised == portfolio.realised
    assert found.money.flows == two.granted - one.granted == 0
    assert found.executions == sum(each.executions for each in apart)
    assert found.money.fees == sum(each.money.fees for each in apart)
    assert found.trades.count == sum(each.trades.count for each in apart)
    assert found.resets == 0
    assert sum(each.contribution for each in found.coins) == pytest.approx(found.time_weighted)
    assert sum(each.profit for each in found.coins) == pytest.approx(float(portfolio.profit))
