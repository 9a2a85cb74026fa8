"""Report to the operator on the contents of a recording that are not played."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

MAX_EXAMPLES = 5
MAX_NAMES = 20


@dataclass(frozen=True, slots=True)
class RecordingReport:
    """Played and unplayed contents of a recording. `offered` symbols are played in `quote_asset`; the rest was left
    out.

    `left_out` are symbols of other quote assets, sorted; `bad_candles` counts quarantined candles and `examples` names
    the first of them with the figure that is impossible; `duplicates` counts repeated rows, `malformed` lines that
    cannot be read.
    """

    quote_asset: str
    offered: int
    left_out: tuple[str, ...] = ()
    bad_candles: int = 0
    examples: tuple[str, ...] = field(default=())
    duplicates: int = 0
    malformed: int = 0

    @property
    def names(self) -> str:
        """The symbols left out, at most 20, separated by commas."""
        more = ", ..." if len(self.left_out) > MAX_NAMES else ""
        return ", ".join(self.left_out[:MAX_NAMES]) + more


def example(symbol: str, open_time: int, what: str) -> str:
    """Returns the text of one quarantined candle for the report; `open_time` in UTC ms, negative if not known."""
    when = f" {datetime.fromtimestamp(open_time // 1000, UTC):%Y-%m-%dT%H:%M}" if open_time >= 0 else ""
    return f"{symbol}{when} ({what})"
