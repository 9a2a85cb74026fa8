"""Users with targets, the jobs that watch and trade them, and a clock that the test moves."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal

from core.recurrence import Frequency, Recurrence, next_slot
from jobs.rebalancing.drift_watch import DriftWatch
from jobs.rebalancing.interrupted_groups import InterruptedGroups
from jobs.rebalancing.scheduled_rebalancing import ScheduledRebalancing
from people.notifications.notices import Notice, decode
from pipeline.market import Symbol
from tests.fakes.priced_market import BTC, ETH
from tests.support.group_house import GroupHouse
from tests.support.limits_house import CALM
from trading.ports import Account
from trading.rebalancing.ports import NewTarget
from trading.rebalancing.postgres import PostgresTargets
from trading.rebalancing.targets import Schedule, Target

D = Decimal
TENS = Recurrence(Frequency.DAILY, 600)
HALVES = {BTC: D("0.5"), ETH: D("0.5")}


class TargetHouse(GroupHouse):
    """The morning is 2026-11-30 9:00 UTC. The user has BTC and ETH for 30,000 each."""

    def restart(self) -> None:
        """Makes every part anew, as a start of the desk does."""
        super().restart()
        self.targets = PostgresTargets(self.pool, jitter=CALM)
        self.drift = DriftWatch(
            self.pool,
            self.desk,
            self.market,  # type: ignore[arg-type]
            self.clock,
            jitter=CALM,
            on_told=self._tell,
        )
        self.schedule = ScheduledRebalancing(
            self.pool, self.desk, self.groups, self.market.info, self.clock, jitter=CALM, on_told=self._tell
        )
        self.interrupted = InterruptedGroups(self.groups, on_told=self._tell)

    async def owner(self, person_id: int = 1) -> Account:
        account = await self.stocked()
        await self.pool.execute(
            "INSERT INTO identity (platform, external_id, person_id) VALUES ('telegram', $1, $2)",
            str(person_id),
            person_id,
        )
        return account

    async def second(self) -> Account:
        """A second user, with BTC for 30,000."""
        account = await self.open(2)
        await self.buy(account, "30000")
        await self.pool.execute(
            "INSERT INTO identity (platform, external_id, person_id) VALUES ('telegram', '2', $1)", account.person_id
        )
        return account

    async def wish(
        self,
        account: Account,
        weights: Mapping[Symbol, Decimal] = HALVES,
        *,
        with_cash: bool = False,
        band: str = "0.05",
    ) -> Target:
        return await self.targets.save(NewTarget(account.person_id, account.market, weights, with_cash, D(band)))

    async def every_day_at_ten(self, account: Account) -> Target:
        schedule = Schedule(TENS, "UTC", next_slot(TENS, "UTC", datetime.fromtimestamp(self.clock() / 1000, UTC)))
        return await self.targets.set_schedule(account.person_id, account.market, schedule)

    async def found(self, account: Account) -> Target:
        target = await self.targets.find(account.person_id, account.market)
        assert target is not None
        return target

    async def told_notices(self) -> list[Notice]:
        """Notices in the outbox, the oldest first."""
        return [decode(row["body"]) for row in await self.pool.fetch("SELECT body FROM outbox ORDER BY id")]
