"""Figures over stays: how many, how long, how they ended. Pure; times are seconds since 1970."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil
from statistics import median
from typing import TypeVar

from lots.types.changes import Outcome

Key = TypeVar("Key", bound=Hashable)
LONG_WAIT = 0.95


@dataclass(frozen=True, slots=True)
class Stay:
    """A caller in a slot, as far as reports care."""

    lot: int
    slot: int
    call: str
    start: float
    end: float | None
    """None: still there."""
    outcome: str
    parker: str = ""
    taker: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """Of some waits; spans in seconds, None when no wait has ended yet."""

    parked: int = 0
    endings: Mapping[str, int] = field(default_factory=dict)
    """How many ended how, by the outcome's code."""
    median: float | None = None
    long: float | None = None
    """95 % waited no longer than this."""

    @property
    def retrieved(self) -> int:
        """Taken from the slot."""
        return self.endings.get(Outcome.RETRIEVED, 0)

    @property
    def timed_out(self) -> int:
        """Went back after waiting too long."""
        return self.endings.get(Outcome.TIMED_OUT, 0)

    @property
    def abandoned(self) -> int:
        """The caller hung up."""
        return self.endings.get(Outcome.ABANDONED, 0)

    @property
    def other(self) -> int:
        """Ended in another way, or goes on."""
        return self.parked - self.retrieved - self.timed_out - self.abandoned

    @property
    def ended(self) -> int:
        """Waits that are over."""
        return sum(self.endings.values())

    @property
    def abandoned_share(self) -> float | None:
        """Of the waits that are over, 0 to 1."""
        return self.abandoned / self.ended if self.ended else None


def waits(stays: Iterable[Stay]) -> list[Stay]:
    """Each caller's whole wait: a stay that ended with a move goes on in the stay that follows it.

    Such a wait began, and was parked by whom, in its first slot; it counts for the lot it ended in.
    """
    whole: list[Stay] = []
    moved: dict[str, Stay] = {}
    for stay in sorted(stays, key=lambda each: each.start):
        before = moved.pop(stay.call, None)
        joined = replace(stay, start=before.start, parker=before.parker) if before else stay
        if joined.outcome == Outcome.MOVED:
            moved[stay.call] = joined
        else:
            whole.append(joined)
    return [*whole, *moved.values()]


def figures(stays: Sequence[Stay]) -> Figures:
    """Of these waits together."""
    spans = sorted(max(0.0, stay.end - stay.start) for stay in stays if stay.end is not None)
    return Figures(
        parked=len(stays),
        endings=Counter(stay.outcome for stay in stays if stay.end is not None),
        median=median(spans) if spans else None,
        long=share_of(spans, LONG_WAIT) if spans else None,
    )


def share_of(ordered: Sequence[float], share: float) -> float:
    """The smallest of the values, none of them missing, that at least ``share`` of them do not exceed."""
    return ordered[max(0, ceil(share * len(ordered)) - 1)]


def grouped(stays: Iterable[Stay], key: Callable[[Stay], Key]) -> dict[Key, list[Stay]]:
    """The stays apart by ``key``."""
    groups: defaultdict[Key, list[Stay]] = defaultdict(list)
    for stay in stays:
        groups[key(stay)].append(stay)
    return dict(groups)
