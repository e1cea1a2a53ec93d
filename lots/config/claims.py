"""The numbers each lot makes dialable, as intervals: a thousand lots of a hundred slots are a few thousand facts."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from lots.config.setup import Lot
from lots.types.words import gettext_noop


class Kind(StrEnum):
    """What dialling a number does."""

    PARK = gettext_noop("park code")
    RETRIEVE = gettext_noop("retrieve code")
    NEXT = gettext_noop("take-next code")
    SLOTS = gettext_noop("slots")
    COMBINED = gettext_noop("retrieve code and slot")
    OUTSIDE = gettext_noop("outside number")


FIELDS = {
    Kind.PARK: "park_code",
    Kind.RETRIEVE: "retrieve_code",
    Kind.NEXT: "next_code",
    Kind.SLOTS: "first_slot",
    Kind.COMBINED: "retrieve_code",
    Kind.OUTSIDE: "outside_numbers",
}
"""The field of a lot in which each is set."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Dial strings ``head`` + digits from ``low`` to ``high``, each ``width`` digits long, as one lot uses them.

    Width matters: 0701 and 701 are two numbers. No digits at all: width 0.
    """

    lot: Lot
    kind: Kind
    head: str
    width: int
    low: int
    high: int

    @property
    def group(self) -> tuple[str, int]:
        """Only claims of one group can meet."""
        return (self.head, self.width)

    @property
    def first(self) -> str:
        """The lowest dial string."""
        return spelled(self.head, self.width, self.low)

    def meets(self, other: "Claim") -> bool:
        """Whether some dial string is in both."""
        return self.group == other.group and self.low <= other.high and other.low <= self.high


def spelled(head: str, width: int, value: int) -> str:
    """One dial string of a group."""
    return f"{head}{value:0{width}d}" if width else head


def single(lot: Lot, kind: Kind, text: str) -> Claim:
    """The claim of one dial string."""
    head = text.rstrip("0123456789")
    digits = text[len(head) :]
    value = int(digits or 0)
    return Claim(lot, kind, head, len(digits), value, value)


def _ranges(lot: Lot, kind: Kind, prefix: str) -> Iterator[Claim]:
    """``prefix`` and each slot behind it, one claim for each length a slot number has."""
    low = lot.first
    while low <= lot.last:
        high = min(lot.last, 10 ** len(str(low)) - 1)
        first = single(lot, kind, f"{prefix}{low}")
        yield Claim(lot, kind, first.head, first.width, first.low, first.low + high - low)
        low = high + 1


def claims(lot: Lot) -> Iterator[Claim]:
    """Everything a phone can dial to reach ``lot``."""
    yield single(lot, Kind.PARK, lot.park_code)
    yield from _ranges(lot, Kind.SLOTS, "")
    if lot.next_code:
        yield single(lot, Kind.NEXT, lot.next_code)
    if lot.retrieve_code:
        yield single(lot, Kind.RETRIEVE, lot.retrieve_code)
        yield from _ranges(lot, Kind.COMBINED, lot.retrieve_code)


def outside_claims(lot: Lot) -> Iterator[Claim]:
    """Everything a trunk can ask for to reach ``lot``."""
    for number in lot.door.numbers:
        yield single(lot, Kind.OUTSIDE, number)


def grouped(all_claims: list[Claim]) -> dict[tuple[str, int], list[Claim]]:
    """By group, each from low to high; the order of lots decides between equals."""
    ordered = sorted(all_claims, key=lambda claim: (claim.group, claim.low))
    return {group: list(members) for group, members in groupby(ordered, key=lambda claim: claim.group)}
