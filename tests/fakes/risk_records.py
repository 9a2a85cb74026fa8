"""Record of the nightly VaR in memory."""

from collections.abc import Sequence

from trading.portfolio.nightly_risk import JudgedNight


class MemoryRiskRecords:
    """`nights` are those of every account."""

    def __init__(self) -> None:
        self.nights: list[JudgedNight] = []

    async def record(self, account_id: int) -> Sequence[JudgedNight]:
        return self.nights
