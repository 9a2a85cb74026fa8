"""Commands of the ledger at the present time."""

from datetime import UTC, datetime

from core.clock import Clock
from pipeline.errors import MarketUnavailable
from trading.ledger.ports import MAX_COMMAND_ID, LedgerCommand
from trading.market_data import DeskMarket


def command_now(
    command_id: str, body: bytes, market: DeskMarket, wall_clock: Clock, person_id: int | None = None
) -> LedgerCommand:
    """Returns a command of a user, dated now. Without a running market, its market time is the wall clock's. Raises
    ValueError if the id is empty or longer than MAX_COMMAND_ID.
    """
    if not 0 < len(command_id) <= MAX_COMMAND_ID:
        raise ValueError(f"a command id has 1 to {MAX_COMMAND_ID} characters, not {len(command_id)}")
    wall = wall_clock()
    try:
        market_time = market.now()
    except MarketUnavailable:
        market_time = wall
    return LedgerCommand(command_id, body, datetime.fromtimestamp(wall / 1000, UTC), market_time, person_id)
