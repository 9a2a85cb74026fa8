"""The data export: one JSON file of bounded size, written row by row. Pure.

{
  "about": {...},          description of the file, time of the export, whether it is complete
  "person": [{...}],
  "orders": [
    {...},                 one row a line, times in UTC (ISO 8601), amounts as text
    ...
  ]
}
"""

import json
from datetime import datetime

SHAPE_VERSION = 1
LIMIT_BYTES = 7 << 20
"""Maximum size of the export: Discord accepts files of up to ten megabytes."""

SECTIONS = (
    "person",
    "identities",
    "settings",
    "bans",
    "accounts",
    "balances",
    "watchlist",
    "alerts",
    "forecast_alerts",
    "range_alerts",
    "condition_alerts",
    "recurring_buys",
    "robots",
    "strategies",
    "rebalancing_targets",
    "limits",
    "limit_states",
    "chats",
    "preferences",
    "link_codes",
    "groups",
    "outbox",
    "inbox",
    "questions",
    "merges",
    "corrections",
    "backtest_trials",
    "daily_equity",
    "daily_risk",
    "order_groups",
    "resting_orders",
    "order_events",
    "orders",
    "fills",
    "entries",
    "postings",
)
"""Sections in the order of the file. Sections that grow without bound are last, with their newest rows first."""


class JsonExportWriter:
    """Writer of the export file.

    Rows beyond the size limit are counted, left out and reported in the `about` section.
    """

    def __init__(self, made_at: datetime, limit: int = LIMIT_BYTES) -> None:
        self._made_at = made_at
        self._limit = limit
        self._parts: list[str] = []
        self._bytes = 0
        self._section = ""
        self._first = True
        self._left_out: dict[str, int] = {}

    def start(self, section: str) -> None:
        """Starts a section. Rows added after this call belong to it."""
        self._close()
        self._section, self._first = section, True
        self._parts.append(f",\n  {json.dumps(section)}: [")

    def add(self, line: str) -> None:
        """Adds one row, given as JSON on one line."""
        size = len(line.encode()) + 6
        if self._left_out.get(self._section) or self._bytes + size > self._limit:
            self._left_out[self._section] = self._left_out.get(self._section, 0) + 1
            return
        self._parts.append(f"{'' if self._first else ','}\n    {line}")
        self._bytes += size
        self._first = False

    def end(self) -> bytes:
        """Returns the complete file."""
        self._close()
        self._section = ""
        about = {
            "what": "All data that Paperdesk stores about you",
            "shape": SHAPE_VERSION,
            "made_at": self._made_at.isoformat(),
            "complete": not self._left_out,
            "left_out": self._left_out,
        }
        head = json.dumps(about, indent=2, ensure_ascii=False).replace("\n", "\n  ")
        return "".join(('{\n  "about": ', head, *self._parts, "\n}\n")).encode()

    def _close(self) -> None:
        if self._section:
            self._parts.append("]" if self._first else "\n  ]")
