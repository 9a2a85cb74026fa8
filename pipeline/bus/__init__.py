"""Bus of frames: each frame is published once, and every consumer group reads all frames, divided among its members.

`InProcessBus` is the bus of a single process; `pipeline.bus.kafka.KafkaBus` implements the same port on Kafka.
"""

from pipeline.bus.in_process import InProcessBus
from pipeline.bus.partitions import partition_of, split
from pipeline.bus.ports import Batch, Bus, Consumer, Listener, Record

__all__ = ["Batch", "Bus", "Consumer", "InProcessBus", "Listener", "Record", "partition_of", "split"]
