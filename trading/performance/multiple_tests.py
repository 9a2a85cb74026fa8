"""Correction of p-values for the number of tests."""

from collections.abc import Sequence


def holm(p_values: Sequence[float]) -> list[float]:
    """Returns p-values adjusted for multiple comparisons, in the given order (Holm, 1979).

    At one level, all claims then hold together with that confidence.
    """
    adjusted = [1.0] * len(p_values)
    highest = 0.0
    for place, number in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        highest = max(highest, min(1.0, (len(p_values) - place) * p_values[number]))
        adjusted[number] = highest
    return adjusted
