"""How long a lot was full. Pure; times are seconds since 1970."""

from collections import Counter
from collections.abc import Iterable

Span = tuple[int, float, float]
"""Slot, begin, end."""


def full_seconds(spans: Iterable[Span], slots: int, since: float, until: float) -> float:
    """How long at least ``slots`` different slots were taken at once, between ``since`` and ``until``.

    Two stays that overlap in one slot take one slot: one of them was told late.
    """
    taken: Counter[int] = Counter()
    total, busy, before = 0.0, 0, since
    for at, change, slot in _turns(spans, since, until):
        if busy >= slots:
            total += at - before
        before = at
        busy += (taken[slot] + change > 0) - (taken[slot] > 0)
        taken[slot] += change
    return total


def _turns(spans: Iterable[Span], since: float, until: float) -> list[tuple[float, int, int]]:
    """When a slot is taken (1) and left (-1), in order, within the limits."""
    inside = [(slot, max(begin, since), min(end, until)) for slot, begin, end in spans]
    kept = [(slot, begin, end) for slot, begin, end in inside if begin < end]
    turns = [(begin, 1, slot) for slot, begin, _ in kept] + [(end, -1, slot) for slot, _, end in kept]
    return sorted(turns)
