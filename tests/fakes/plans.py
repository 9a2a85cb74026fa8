"""Recurring buys in a dictionary."""

from collections.abc import Sequence
from dataclasses import replace

from core.recurrence import Slot
from trading.recurring.errors import TooManyPlans, UnknownPlan
from trading.recurring.ports import MAX_PLANS, NewPlan, PlanState, RecurringBuy


class MemoryPlans:
    """`made` are the commands that made them."""

    def __init__(self) -> None:
        self.plans: dict[int, RecurringBuy] = {}
        self.made: dict[str, int] = {}

    async def create(self, new: NewPlan) -> RecurringBuy:
        if new.command_id not in self.made:
            if len(await self.of(new.person_id, new.market)) >= MAX_PLANS:
                raise TooManyPlans(MAX_PLANS)
            number = len(self.made) + 1
            what = (new.person_id, new.market, new.symbol, new.size, new.rhythm)
            self.plans[number] = RecurringBuy(number, *what, PlanState.ACTIVE, new.timezone, new.slot)
            self.made[new.command_id] = number
        return self.plans[self.made[new.command_id]]

    async def of(self, person_id: int, market: str) -> Sequence[RecurringBuy]:
        return [plan for plan in self.plans.values() if (plan.person_id, plan.market) == (person_id, market)]

    async def find(self, person_id: int, plan_id: int) -> RecurringBuy:
        if plan_id not in self.plans or self.plans[plan_id].person_id != person_id:
            raise UnknownPlan(plan_id)
        return self.plans[plan_id]

    async def pause(self, person_id: int, plan_id: int) -> RecurringBuy:
        self.plans[plan_id] = replace(await self.find(person_id, plan_id), state=PlanState.PAUSED)
        return self.plans[plan_id]

    async def resume(self, person_id: int, plan_id: int, timezone: str, slot: Slot) -> RecurringBuy:
        plan = await self.find(person_id, plan_id)
        if plan.state is not PlanState.ACTIVE:
            plan = replace(plan, state=PlanState.ACTIVE, timezone=timezone, slot=slot, failures=0)
        self.plans[plan_id] = plan
        return plan

    async def remove(self, person_id: int, plan_id: int) -> RecurringBuy:
        plan = await self.find(person_id, plan_id)
        del self.plans[plan_id]
        return plan
