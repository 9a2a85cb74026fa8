"""Delivery of notifications and price feeds: one dispatcher and one runner for each connected platform."""

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from app.wiring.supervision import Running, restarted
from bot.groups.postgres import PostgresGroups
from bot.notifications.composer import Composer
from bot.notifications.courier import Courier, NonePostponed, PostponedChats
from bot.notifications.dispatcher import Dispatcher, always_ready
from bot.notifications.price_feed import FeedRunner, FeedWriter
from bot.settings import BotSettings
from core.clock import wall_clock
from people.notifications.outbox import Outbox


class Notifier:
    """Delivery of the outbox: a dispatcher for each connected platform."""

    def __init__(
        self, outbox: Outbox, composer: Composer, running: Running, jitter: random.Random, feeds: "PriceFeeds"
    ) -> None:
        self._outbox = outbox
        self._composer = composer
        self._running = running
        self._jitter = jitter
        self._feeds = feeds
        self._dispatchers: list[Dispatcher] = []

    def through(
        self,
        courier: Courier,
        ready: Callable[[], Awaitable[None]] = always_ready,
        held: Callable[[], PostponedChats] = NonePostponed,
    ) -> None:
        """Delivers the entries of the outbox, and the price feeds, for the courier's platform from now on.

        `held` makes a view of the chats that may not be written to yet, one for each consumer.
        """
        dispatcher = Dispatcher(
            self._outbox, self._composer, courier, wall_clock, jitter=self._jitter, ready=ready, held=held()
        )
        self._dispatchers.append(dispatcher)
        self._running(restarted(f"the push to {courier.platform}", dispatcher.run, self._jitter))
        feeds = self._feeds.runner(courier, ready, held())
        self._running(restarted(f"the price feeds of {courier.platform}", feeds.run, self._jitter))

    def wake(self) -> None:
        """Notifies the dispatchers of a new entry in the outbox."""
        for dispatcher in self._dispatchers:
            dispatcher.wake()


@dataclass(frozen=True, slots=True)
class PriceFeeds:
    """Price feeds: a runner for each connected platform."""

    groups: PostgresGroups
    writer: FeedWriter
    settings: BotSettings

    def runner(self, courier: Courier, ready: Callable[[], Awaitable[None]], held: PostponedChats) -> FeedRunner:
        """Returns the runner that keeps the feeds of the courier's platform up to date."""
        return FeedRunner(self.groups, self.writer, courier, self.settings, ready=ready, held=held)
