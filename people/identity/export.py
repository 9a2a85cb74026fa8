"""The export: one JSON file, put together row by row, of bounded size. Pure.

{
  "about": {...},          what this is, when it was made, whether it is whole
  "person": [{...}],
  "orders": [
    {...},                 a row a line, times in UTC (ISO 8601), amounts as text
    ...
  ]
}
"""

import json
from datetime import datetime

SHAPE_VERSION = 1
LIMIT_BYTES = 7 << 20
"""Discord takes files of ten megabytes."""

SECTIONS = (
    "person",
    "identities",
    "settings",
    "accounts",
    "balances",
    "watchlist",
    "alerts",
    "forecast_alerts",
    "recurring_buys",
    "chats",
    "preferences",
    "link_codes",
    "groups",
    "outbox",
    "inbox",
    "questions",
    "merges",
    "daily_equity",
    "orders",
    "fills",
    "entries",
    "postings",
)
"""In the order of the file; what grows without bound comes last, newest first."""


class JsonExportWriter:
    """The file while it grows. What no longer fits is counted and left out, and the file says so at its end."""

    def __init__(self, made_at: datetime, limit: int = LIMIT_BYTES) -> None:
        self._made_at = made_at
        self._limit = limit
        self._parts: list[str] = []
        self._bytes = 0
        self._section = ""
        self._first = True
        self._left_out: dict[str, int] = {}

    def begin(self, section: str) -> None:
        """What is added from now on belongs to this section."""
        self._close()
        self._section, self._first = section, True
        self._parts.append(f",\n  {json.dumps(section)}: [")

    def add(self, line: str) -> None:
        """One row, as JSON on one line."""
        size = len(line.encode()) + 6
        if self._left_out.get(self._section) or self._bytes + size > self._limit:
            self._left_out[self._section] = self._left_out.get(self._section, 0) + 1
            return
        self._parts.append(f"{'' if self._first else ','}\n    {line}")
        self._bytes += size
        self._first = False

    def end(self) -> bytes:
        """The whole file."""
        self._close()
        self._section = ""
        about = {
            "what": "Everything Paperdesk holds about you",
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
