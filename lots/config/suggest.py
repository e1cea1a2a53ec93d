"""Numbers for a new lot that nobody uses yet."""

from collections.abc import Iterable
from dataclasses import dataclass

from lots.config.setup import Setup

USUAL_SLOTS = 10
FIRST, BEYOND, STEP = 700, 10_000, 20
"""Park codes that are tried: 700, 720 ... 9980."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """A park code and the slots behind it."""

    park_code: str
    first: int
    count: int = USUAL_SLOTS


def suggest(setup: Setup, ranges: Iterable[tuple[int, int]] = (), numbers: Iterable[str] = ()) -> Numbers:
    """The first free ones beside the lots of ``setup``, the slots in ``ranges`` and the ``numbers`` (of phones)."""
    taken = [(lot.first, lot.last) for lot in setup.lots] + list(ranges)
    codes = {code for lot in setup.lots for code in (lot.park_code, lot.next_code, lot.retrieve_code) if code}
    codes.update(numbers)
    for park in range(FIRST, BEYOND, STEP):
        last = park + USUAL_SLOTS
        overlaps = any(low <= last and park <= high for low, high in taken)
        if not overlaps and not any(str(number) in codes for number in range(park, last + 1)):
            return Numbers(str(park), park + 1)
    return Numbers(str(FIRST), FIRST + 1)
