"""Interface of every bus. The semantics are those of a partitioned log.

The frames of a symbol are always in the same partition, and a partition belongs to one member of a group at a time. The
partitions are assigned again whenever a member joins, leaves or ends. Each partition is then read from its committed
offset, so frames that were read and not committed are delivered again. Delivery is at least once: processing a frame
twice must be harmless.
"""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from pipeline.market import Frame


@dataclass(frozen=True, slots=True)
class Record:
    """Frame and its position: partition and offset identify it for ever, within the bus's topic. `market` is the
    `MarketInfo.market` of its producer.
    """

    partition: int
    offset: int
    frame: Frame
    market: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """Frames in the order of their partitions. `offsets` is where each of the member's partitions continues after this
    batch and all before it; `share` counts the rebalances of the group.
    """

    records: tuple[Record, ...]
    offsets: Mapping[int, int]
    share: int = 0

    @property
    def frames(self) -> tuple[Frame, ...]:
        """Frames without their positions."""
        return tuple(record.frame for record in self.records)


class Listener(Protocol):
    """Listener for rebalances of a group. It must neither call the consumer nor wait for a task that does: the
    rebalance waits for the listener, and reading waits for the rebalance.
    """

    async def revoked(self, partitions: frozenset[int]) -> None:
        """Called when the member loses these partitions: the last moment to release what belongs to them."""

    async def assigned(self, partitions: frozenset[int]) -> Mapping[int, int]:
        """Called with all partitions of the member. Returns where to continue, for those whose effects are stored
        together with their offset; the others continue from the committed offset.
        """


class Consumer(Protocol):
    """Member of a group; used by one task. A member that requests no batch reads nothing, and unread frames stay in the
    log: a consumer pauses in this way.
    """

    async def batch(self) -> Batch:
        """Waits for frames and returns the next ones. The batch has no frames if all of them had to be refused."""

    async def commit(self, batch: Batch) -> bool:
        """Commits this batch and all before it. Returns False if the group was rebalanced meanwhile; frames that were
        not committed are then delivered again, to this member or another. A commit whose answer was lost has taken
        effect.
        """

    async def refuse(self, record: Record, reason: str) -> None:
        """Moves a frame that cannot be processed to the dead letters with its reason, so that the stream continues."""


class Bus(Protocol):
    """Frames from one or more producers to consumer groups."""

    @property
    def partitions(self) -> int:
        """Number of partitions."""

    @property
    def log(self) -> str:
        """Identity of the log to which offsets refer, also after a restart; "" if the offsets end with the process."""

    @property
    def refused(self) -> Mapping[str, int]:
        """Number of messages that this process has refused or passed over since its start, by reason."""

    async def publish(self, frame: Frame) -> None:
        """Publishes a frame; waits while the bus is full. An empty frame is not sent."""

    async def flush(self) -> None:
        """Returns when everything published before is stored on the bus."""

    def consumer(
        self, group: str, max_frames: int = 64, listener: Listener | None = None
    ) -> AbstractAsyncContextManager[Consumer]:
        """Joins the group for as long as the context lasts; a new group starts at the oldest frame still kept.

        A batch holds at most `max_frames` of each partition.
        """

    async def tail(self, limit: int) -> tuple[Record, ...]:
        """Returns the newest frames of each partition, at most `limit` of each, whether or not a group has read them;
        oldest first within a partition. Raises MarketUnavailable.
        """

    async def lag(self, group: str) -> Mapping[int, int]:
        """Returns the number of frames of each partition that the group has not committed. Raises MarketUnavailable."""
