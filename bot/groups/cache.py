"""Cache of the settings of groups for a few seconds, so that commands do not wait for the database."""

from collections import OrderedDict
from collections.abc import Sequence

from bot.groups.ports import Change, Feed, Group, Groups, SettingChange
from bot.groups.settings import GroupSettings
from core.clock import Clock
from core.errors import DatabaseUnavailable
from pipeline.market import Symbol

REMEMBERED_MS = 10_000
"""Time (milliseconds) after which a change made in another process takes effect. A change made in this process takes
effect at once.
"""

MAX_SIZE = 5_000


class CachedGroups:
    """`bot.groups.ports.Groups` in front of another one, as a cache of its settings."""

    def __init__(self, groups: Groups, clock: Clock, *, max_size: int = MAX_SIZE) -> None:
        self._groups = groups
        self._clock = clock
        self._max_size = max_size
        self._known: OrderedDict[Group, tuple[int, GroupSettings]] = OrderedDict()

    async def settings(self, group: Group) -> GroupSettings:
        """Returns the settings, up to REMEMBERED_MS old; the last known ones while the ledger is down."""
        known = self._known.get(group)
        if known is not None and 0 <= self._clock() - known[0] < REMEMBERED_MS:
            return known[1]
        try:
            settings = await self._groups.settings(group)
        except DatabaseUnavailable:
            if known is None:
                raise
            return known[1]
        self._remember(group, settings)
        return settings

    async def change(self, group: Group, changed: SettingChange, change: Change) -> GroupSettings:
        """Changes and logs in one step. Raises the errors of `change`."""
        settings = await self._groups.change(group, changed, change)
        self._remember(group, settings)
        return settings

    async def feeds(self, group: Group) -> Sequence[Feed]:
        """Returns every feed, past or running, in the group's chats."""
        return await self._groups.feeds(group)

    async def start_feed(
        self, group: Group, changed: SettingChange, chat_id: str, symbols: Sequence[Symbol], max_feeds: int
    ) -> None:
        """Starts or changes the feed of a chat. Raises TooManyFeeds."""
        await self._groups.start_feed(group, changed, chat_id, symbols, max_feeds)

    async def stop_feed(self, group: Group, changed: SettingChange, chat_id: str) -> bool:
        """Stops the feed of a chat; returns False if none runs."""
        return await self._groups.stop_feed(group, changed, chat_id)

    def _remember(self, group: Group, settings: GroupSettings) -> None:
        self._known[group] = (self._clock(), settings)
        self._known.move_to_end(group)
        if len(self._known) > self._max_size:
            self._known.popitem(last=False)
