"""Placement of labels that would overlap: they are moved apart by the smallest possible distance."""

from collections.abc import Sequence


def apart(wanted: Sequence[float], half: float, low: float, high: float, *, fixed: int | None = None) -> list[float]:
    """Returns positions for labels 2 * `half` high, near the `wanted` ones, in their order, between `low` and `high`.

    Overlapping labels form a block around the mean of their wanted positions (pool adjacent violators), or around the
    `fixed` label, which other labels do not move. If there is not enough room, labels are spread evenly.
    """
    order = sorted(range(len(wanted)), key=lambda index: (wanted[index], index))
    gap = min(2 * half, (high - low - 2 * half) / max(1, len(order) - 1))
    blocks: list[_Block] = []
    for rank, index in enumerate(order):
        block = _Block(wanted[index] - rank * gap, _HEAVY if index == fixed else 1.0, [index])
        while blocks and blocks[-1].start >= block.start:
            block = blocks.pop().joined(block)
        blocks.append(block)
    places, rank, most = [0.0] * len(order), 0, high - half - gap * (len(order) - 1)
    for block in blocks:
        start = min(max(block.start, low + half), max(most, low + half))
        for index in block.members:
            places[index] = start + rank * gap
            rank += 1
    return places


_HEAVY = 1e9


class _Block:
    """Block of adjacent labels. `start` is the position that the very first label would have for this block."""

    def __init__(self, start: float, weight: float, members: list[int]) -> None:
        self.start, self.weight, self.members = start, weight, members

    def joined(self, other: "_Block") -> "_Block":
        weight = self.weight + other.weight
        start = (self.start * self.weight + other.start * other.weight) / weight
        return _Block(start, weight, [*self.members, *other.members])
