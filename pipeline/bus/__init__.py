"""The bus: frames go in once, every consumer group reads all of them, each member of a group its share.

`InProcessBus` serves a desk of one process; `pipeline.bus.kafka.KafkaBus` stands behind the same port on Kafka.
"""

from pipeline.bus.in_process import InProcessBus
from pipeline.bus.partitions import partition_of, split
from pipeline.bus.ports import Batch, Bus, Consumer, Listener, Record

__all__ = ["Batch", "Bus", "Consumer", "InProcessBus", "Listener", "Record", "partition_of", "split"]
