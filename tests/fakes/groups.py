"""Groups in memory."""

from collections.abc import Sequence

from bot.groups.errors import TooManyFeeds
from bot.groups.ports import Change, Feed, FeedState, Group, SettingChange
from bot.groups.settings import GroupSettings
from pipeline.market import Symbol


class MemoryGroups:
    """Settings and feeds in dictionaries; `log` holds every change, `asked` counts what a database would be asked."""

    def __init__(self) -> None:
        self.kept: dict[Group, GroupSettings] = {}
        self.running: dict[tuple[Group, str], Feed] = {}
        self.log: list[tuple[Group, SettingChange]] = []
        self.asked = 0

    async def settings(self, group: Group) -> GroupSettings:
        self.asked += 1
        return self.kept.get(group, GroupSettings())

    async def change(self, group: Group, changed: SettingChange, change: Change) -> GroupSettings:
        self.kept[group] = change(self.kept.get(group, GroupSettings()))
        self.log.append((group, changed))
        return self.kept[group]

    async def feeds(self, group: Group) -> Sequence[Feed]:
        return [feed for (where, _), feed in self.running.items() if where == group]

    async def start_feed(
        self, group: Group, changed: SettingChange, chat_id: str, symbols: Sequence[Symbol], max_feeds: int
    ) -> None:
        others = [feed for feed in await self.feeds(group) if feed.chat_id != chat_id and feed.state is FeedState.ON]
        if len(others) >= max_feeds:
            raise TooManyFeeds(max_feeds)
        self.running[group, chat_id] = Feed(chat_id, tuple(symbols), FeedState.ON)
        self.log.append((group, changed))

    async def stop_feed(self, group: Group, changed: SettingChange, chat_id: str) -> bool:
        feed = self.running.get((group, chat_id))
        if feed is None or feed.state is not FeedState.ON:
            return False
        self.running[group, chat_id] = Feed(chat_id, feed.symbols, FeedState.OFF)
        self.log.append((group, changed))
        return True
