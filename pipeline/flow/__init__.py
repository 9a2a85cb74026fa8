"""Flow of frames: the producer puts them on the bus, the market writer into Redis, the archiver into PostgreSQL.

Each service is a `run()` for a TaskGroup. Writer and archiver are separate consumer groups, so neither waits for the
other. They may run in one process or in several, with several of each: processing a frame twice is harmless.
"""

from pipeline.flow.candle_archiver import ARCHIVER_GROUP, CandleArchiver
from pipeline.flow.future_frames import FutureFrames
from pipeline.flow.market_writer import WRITER_GROUP, MarketWriter, prefill_history
from pipeline.flow.producer import MarketPublisher, produce, resume
from pipeline.flow.retry import wait_longer
from pipeline.flow.write_behind import WriteBehindArchive

__all__ = [
    "ARCHIVER_GROUP",
    "WRITER_GROUP",
    "CandleArchiver",
    "FutureFrames",
    "MarketPublisher",
    "MarketWriter",
    "WriteBehindArchive",
    "prefill_history",
    "produce",
    "resume",
    "wait_longer",
]
