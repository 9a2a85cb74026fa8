"""Times from which repeating triggers fire again."""


def ready_from(time: int, since: int, firings: int, pause_ms: int) -> int:
    """Returns the time (ms) from which a trigger is ready whose figure returned at `time`: at once or, after a firing,
    from the end of the pause. After a firing, `since` is one millisecond later than the firing.
    """
    return max(time, since - 1 + pause_ms) if firings else time
