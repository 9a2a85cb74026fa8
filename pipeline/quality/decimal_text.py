"""Checks that the texts of a tick are plain decimals."""

import re
from collections.abc import Iterable

from core.decimals import is_plain
from pipeline.market import Tick
from pipeline.quality.reasons import Reason

_NUMBER = r"\d{1,18}+(?:\.\d{1,18}+)?"
_FRAME = re.compile(f"(?:{_NUMBER}{f',(?:{_NUMBER})?' * 8}\n)*+", re.ASCII)
_NEGATIVE = re.compile(r"-\d{1,18}(?:\.\d{1,18})?", re.ASCII)


def all_plain(ticks: Iterable[Tick]) -> bool:
    """True if every number of every tick is a plain decimal, or empty if it is optional. Checks the whole frame in one
    pass.
    """
    lines = [
        f"{t.price},{t.bid},{t.bid_size},{t.ask},{t.ask_size},{t.open_24h},{t.high_24h},{t.low_24h},{t.volume_24h}\n"
        for t in ticks
    ]
    text = "".join(lines)
    return _FRAME.fullmatch(text) is not None and text.count("\n") == len(lines)


def flaw_of_texts(tick: Tick) -> Reason | None:
    """Returns the reason that the tick's numbers cannot be read, or None."""
    texts = (tick.bid, tick.bid_size, tick.ask, tick.ask_size)
    day = (tick.open_24h, tick.high_24h, tick.low_24h, tick.volume_24h)
    odd = [text for text in (*texts, *day) if text and not is_plain(text)]
    if not is_plain(tick.price):
        odd.append(tick.price)
    if not odd:
        return None
    return Reason.NEGATIVE if all(_NEGATIVE.fullmatch(text) for text in odd) else Reason.NOT_A_NUMBER
