"""Limits of users in memory, by the rules of `trading.limits.check`."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from tests.fakes.bot_market import NOW
from trading.limits.check import LimitChange, changed
from trading.limits.errors import LimitNotSet, NotPaused, PauseLasts
from trading.limits.ports import LimitsOverview
from trading.limits.types import Limit, LimitKind, OwnLimit, Pause
from trading.ports import Account

DELAY = timedelta(hours=24)
AT = datetime.fromtimestamp(NOW / 1000, UTC)


@dataclass
class MemoryLimits:
    """`paused` is the pause of every account."""

    own: dict[tuple[int, LimitKind], OwnLimit] = field(default_factory=dict)
    desk: dict[LimitKind, Decimal] = field(default_factory=dict)
    paused: Pause | None = None

    async def overview(self, account: Account) -> LimitsOverview:
        mine = {kind: limit for (person, kind), limit in self.own.items() if person == account.person_id}
        own = [mine[kind] for kind in LimitKind if kind in mine]
        desk = [Limit(kind, self.desk[kind], 60, of_desk=True) for kind in LimitKind if kind in self.desk]
        return LimitsOverview(own, desk, self.paused)

    async def preview(self, account: Account, kind: LimitKind, wish: Decimal | None) -> LimitChange:
        known = self.own.get((account.person_id, kind))
        if wish is None and known is None:
            raise LimitNotSet(kind)
        return changed(kind, known, wish, AT, DELAY)

    async def change(self, account: Account, kind: LimitKind, wish: Decimal | None) -> LimitChange:
        change = await self.preview(account, kind, wish)
        if change.after is not None:
            self.own[account.person_id, kind] = change.after
        return change

    async def keep(self, account: Account, kind: LimitKind) -> OwnLimit:
        known = self.own.get((account.person_id, kind))
        if known is None:
            raise LimitNotSet(kind)
        self.own[account.person_id, kind] = kept = OwnLimit(kind, known.value)
        return kept

    async def resume(self, account: Account) -> Decimal:
        if self.paused is None:
            raise NotPaused
        if self.paused.until is not None:
            raise PauseLasts(3, 20)
        self.paused = None
        return Decimal(900_000)

    async def change_desk(self, kind: LimitKind, wish: Decimal | None) -> None:
        if wish is not None:
            self.desk[kind] = wish
        elif self.desk.pop(kind, None) is None:
            raise LimitNotSet(kind)
