"""Figures of an account from its exported CSV files and market prices alone: plain loops, nothing of the product.

It reads what `/export ledger` and `/export fills` write, replays the postings, and values the account at each midnight.
"""

import csv
import io
import itertools
import math
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

DAY = 86_400_000
Row = dict[str, str]
PriceAt = Callable[[str, int], float]
"""Price of a coin at a time (UTC ms)."""


def rows(data: bytes) -> list[Row]:
    """The rows of an export, oldest first."""
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))[::-1]


def ms(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000)


@dataclass
class Figures:
    """What the files come to; `points` are (time, value before, value after) of closes, flows and the end."""

    points: list[tuple[int, float, float]] = field(default_factory=list)
    flows: list[tuple[int, float]] = field(default_factory=list)
    profits: list[float] = field(default_factory=list)
    held_ms: float = 0.0
    realised: float = 0.0
    fees: float = 0.0
    slippage: float = 0.0
    bought: float = 0.0
    sold: float = 0.0
    by_coin: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    shares: list[float] = field(default_factory=list)
    """Share of the coins in the value at each close and at the end."""
    holdings: dict[str, float] = field(default_factory=dict)
    """Quantities at the end, by asset."""

    @property
    def growth(self) -> list[float]:
        return [point[1] / before[2] for before, point in zip(self.points, self.points[1:], strict=False)]

    @property
    def time_weighted(self) -> float:
        return math.prod(self.growth) - 1

    @property
    def daily(self) -> list[float]:
        """Returns of whole days."""
        closes = [time for time, _, _ in self.points if time % DAY == 0]
        found = []
        for first, last in itertools.pairwise(closes):
            steps = [
                step for step, (time, _, _) in zip(self.growth, self.points[1:], strict=True) if first < time <= last
            ]
            found.append(math.prod(steps) - 1)
        return found


class _Account:
    """The account while its postings are read."""

    def __init__(self, price_at: PriceAt) -> None:
        self.price_at = price_at
        self.found = Figures()
        self.held: dict[str, float] = defaultdict(float)
        self.cost: dict[str, float] = defaultdict(float)
        self.lots: dict[str, list[tuple[int, float]]] = defaultdict(list)
        self.spent: dict[str, float] = defaultdict(float)
        self.ages: list[tuple[float, float]] = []
        self.orders: dict[str, float] = defaultdict(float)
        self._values: dict[str, float] = {}

    def values(self, time: int) -> dict[str, float]:
        """Value of each coin, and of the cash."""
        return {
            asset: amount * (1.0 if asset == "USDC" else self.price_at(asset, time))
            for asset, amount in self.held.items()
            if abs(amount) > 1e-12
        }

    def share(self) -> None:
        """Notes the share of the coins in the value."""
        whole = sum(self._values.values())
        self.found.shares.append(1 - self._values.get("USDC", 0.0) / whole)

    def point(self, time: int, earlier: dict[str, float]) -> None:
        """Values the account; `earlier` are the values before the flow at this time."""
        for coin in {*earlier, *self._values, *self.spent} - {"USDC"}:
            gained = earlier.get(coin, 0.0) - self._values.get(coin, 0.0) - self.spent[coin]
            self.found.by_coin[coin] += gained
        self._values = self.values(time)
        self.spent.clear()
        self.found.points.append((time, sum(earlier.values()), sum(self._values.values())))
        if not time % DAY:
            self.share()
        if len(self.found.points) > 1 and (flow := self.found.points[-1][2] - self.found.points[-1][1]):
            self.found.flows.append((time, flow))


def recompute(ledger: bytes, fills: bytes, price_at: PriceAt, now: int) -> Figures:
    """Returns the figures of the whole history up to `now`."""
    account, executions = _Account(price_at), {row["execution"]: row for row in rows(fills)}
    midnight = 0
    for postings in _entries(rows(ledger)):
        time = ms(postings[0]["time"])
        midnight = midnight or (time // DAY + 1) * DAY
        while midnight <= time:
            account.point(midnight, account.values(midnight))
            midnight += DAY
        flow = any("issuance" in (each["from"], each["to"]) for each in postings)
        earlier = account.values(time) if flow else {}
        for each in postings:
            source, target = (code.startswith(("available/", "held/")) for code in (each["from"], each["to"]))
            account.held[each["asset"]] += float(each["amount"]) * (target - source)
        if postings[0]["kind"] == "reset":
            account.cost.clear()
            account.lots.clear()
        if flow:
            account.point(time, earlier)
        if postings[0]["execution"]:
            _trade(executions[postings[0]["execution"]], time, account)
    while midnight < now:
        account.point(midnight, account.values(midnight))
        midnight += DAY
    account.point(now, account.values(now))
    found = account.found
    account.share()
    found.holdings = {asset: amount for asset, amount in account.held.items() if abs(amount) > 1e-12}
    found.profits = list(account.orders.values())
    found.realised = sum(found.profits)
    found.held_ms = sum(age * weight for age, weight in account.ages) / sum(weight for _, weight in account.ages)
    return found


def _entries(ledger: list[Row]) -> list[list[Row]]:
    grouped: dict[str, list[Row]] = {}
    for row in ledger:
        grouped.setdefault(row["entry"], []).append(row)
    return list(grouped.values())


def _trade(row: Row, time: int, account: _Account) -> None:
    coin, found = row["symbol"].removesuffix("USDC"), account.found
    quantity, price, amount = float(row["quantity"]), float(row["price"]), float(row["amount"])
    fee, received, buys = float(row["fee"]), float(row["received"]), row["side"] == "buy"
    found.fees += fee * price if buys else fee
    found.slippage += (price - float(row["mid_price"])) * quantity * (1 if buys else -1)
    if buys:
        found.bought += amount
        account.spent[coin] += amount
        account.cost[coin] += amount
        account.lots[coin].append((time, received))
        return
    lots = account.lots[coin]
    released = account.cost[coin] * quantity / sum(left for _, left in lots)
    found.sold += amount
    account.spent[coin] -= received
    account.cost[coin] -= released
    account.orders[row["order"]] += received - released
    left = quantity
    while left > 1e-12 and lots:
        opened, there = lots[0]
        taken = min(there, left)
        account.ages.append((time - opened, taken * price))
        lots[0] = (opened, there - taken)
        if there - taken <= 1e-12:
            lots.pop(0)
        left -= taken
