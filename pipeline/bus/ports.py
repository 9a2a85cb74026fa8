"""What every bus does. The semantics are those of a partitioned log.

A symbol always goes to the same partition, and a partition belongs to one member of a group at a time. Members share
the partitions out anew whenever one joins, leaves or dies; from then on each partition is read from what was committed
of it, so what was read and not committed comes again. Delivery is at least once: what a consumer does with a frame must
be harmless when done twice.
"""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from pipeline.market import Frame


@dataclass(frozen=True, slots=True)
class Record:
    """A frame and where it lies: partition and offset name it for ever, within the bus's topic. `market` is
    `MarketInfo.market` of whoever said it."""

    partition: int
    offset: int
    frame: Frame
    market: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """Frames in the order of their partitions. `offsets` is where each of the member's partitions goes on after this
    batch and all before it; `share` counts how often the group was shared out."""

    records: tuple[Record, ...]
    offsets: Mapping[int, int]
    share: int = 0

    @property
    def frames(self) -> tuple[Frame, ...]:
        """The frames alone."""
        return tuple(record.frame for record in self.records)


class Listener(Protocol):
    """Told when a group is shared out. Must neither call the consumer nor wait for a task that does: the sharing waits
    for the listener, and the reading waits for the sharing."""

    async def revoked(self, partitions: frozenset[int]) -> None:
        """These are no longer the member's: the last moment to let go of what belongs to them."""

    async def assigned(self, partitions: frozenset[int]) -> Mapping[int, int]:
        """These are the member's now, all of them. Returns where to go on, for those whose effects are stored together
        with their offset; the others go on from what was committed."""


class Consumer(Protocol):
    """One member of a group; used by one task. A member that does not ask for a batch reads nothing, and what it does
    not read waits in the log: that is how a consumer pauses."""

    async def batch(self) -> Batch:
        """The next frames; waits until there are some. Without frames where all that was read had to be refused."""

    async def commit(self, batch: Batch) -> bool:
        """Says that this batch and all before it are done; False when the group was shared out anew meanwhile, in
        which case frames that were not committed come again, here or elsewhere: those of an answer that was lost on
        its way were."""

    async def refuse(self, record: Record, reason: str) -> None:
        """Puts a frame that cannot be processed among the dead letters with its reason, so that the stream goes on."""


class Bus(Protocol):
    """Frames from one or more producers to consumer groups."""

    @property
    def partitions(self) -> int:
        """How many there are."""

    @property
    def refused(self) -> Mapping[str, int]:
        """Messages this process refused or passed over, by reason, since it began."""

    async def publish(self, frame: Frame) -> None:
        """Hands a frame over; waits while the bus is full. A frame without ticks and candles is not sent."""

    async def flush(self) -> None:
        """Returns when everything published before is safe on the bus."""

    def consumer(
        self, group: str, max_frames: int = 64, listener: Listener | None = None
    ) -> AbstractAsyncContextManager[Consumer]:
        """Joins the group for as long as the context lasts; a new group starts at the oldest frame still kept.

        A batch holds at most `max_frames` of each partition.
        """

    async def tail(self, most: int) -> tuple[Record, ...]:
        """The newest frames of each partition, at most `most` of each, whoever has read them; oldest first within a
        partition. Raises MarketDown."""

    async def lag(self, group: str) -> Mapping[int, int]:
        """Frames of each partition that the group has not committed. Raises MarketDown."""
