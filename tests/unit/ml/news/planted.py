"""Headlines of made-up words, after which coins do what the words say, or what chance says."""

import random

from pipeline.market import DAY_MS, MINUTE_MS
from pipeline.news.records import NewsEvent

_START_MS = 1_700_006_400_000
_WORDS = [one + two for one in ("alder", "birch", "cedar", "maple") for two in ("ford", "ham", "ton", "wick")]


def planted_events(seed: int, *, effect: float, together: bool, count: int = 400) -> list[NewsEvent]:
    """Events of 8 a day. Half of the titles have a word that foretells the direction with probability 0.5 + effect / 2.
    All other moves of a day are the same if `together`.
    """
    chance = random.Random(seed)  # noqa: S311
    events = []
    for number in range(count):
        seen = _START_MS + number * DAY_MS // 8 + chance.randrange(60) * MINUTE_MS
        daily = random.Random(seen // DAY_MS + 1000 * seed)  # noqa: S311
        rose = (daily if together else chance).random() < 0.5
        title = " ".join(chance.sample(_WORDS, 6))
        if chance.random() < 0.7:
            good = chance.random() < 0.5
            title += " sunshine" if good else " thunder"
            if chance.random() < effect:
                rose = good
        events.append(NewsEvent(number, f"C{number % 8}", title, 0.0, seen, 0.01 if rose else -0.01))
    return events
