"""The rules: what the board shows and what history says, held against Asterisk's own word. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.chaos.witness import DIED, Stay

Place = tuple[str, int]
UNHEARD = frozenset({"unseen", "abandoned"})
"""What history may say of a stay that ended with its Asterisk."""
OURS = "parkinglot-"
"""How the Uniqueids of channels begin that the portal has asked for."""
ON_THE_WAY = 1.0
"""Seconds: what Asterisk said so shortly before the line broke may not have arrived."""


@dataclass(frozen=True, slots=True)
class Span:
    """When the portal could not hear, ``time.monotonic()``."""

    first: float
    last: float

    def covers(self, at: float | None) -> bool:
        """Whether what happened at this time could go unheard."""
        return at is not None and self.first - ON_THE_WAY <= at <= self.last


@dataclass(frozen=True, slots=True)
class Difference:
    """Uniqueids that only Asterisk has, and that only the board has or has elsewhere."""

    missing: frozenset[str]
    ghosts: frozenset[str]

    def __bool__(self) -> bool:
        return bool(self.missing or self.ghosts)


def difference(shown: Mapping[str, Place], there: Mapping[str, Place]) -> Difference:
    """A call in another slot than Asterisk's is both."""
    missing = frozenset(uid for uid, place in there.items() if shown.get(uid) != place)
    return Difference(missing, frozenset(uid for uid, place in shown.items() if there.get(uid) != place))


def wrong_endings(stays: Iterable[Stay], rows: Iterable[Mapping[str, Any]], deaf: Sequence[Span]) -> list[str]:
    """A sentence for each stay of which history tells something else than Asterisk did."""
    by_call: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        by_call[row["uniqueid"]].append(row)
    lived: dict[str, list[Stay]] = defaultdict(list)
    for stay in stays:
        lived[stay.uniqueid].append(stay)
    return [words for uid, those in lived.items() for words in _compare(those, by_call[uid], deaf)]


def _compare(stays: list[Stay], rows: list[Mapping[str, Any]], deaf: Sequence[Span]) -> list[str]:
    heard = [stay for stay in stays if not any(span.covers(stay.began) and span.covers(stay.ended) for span in deaf)]
    if not len(heard) <= len(rows) <= len(stays):
        told = [f"{row['outcome']} {row.get('parked_at')} to {row.get('ended_at')}" for row in rows]
        return [f"{stays[0].uniqueid} stayed {len(stays)} times and has {len(rows)} rows: {'; '.join(told)}"]
    pairs = zip(stays if len(rows) == len(stays) else heard, rows, strict=False)
    return [words for stay, row in pairs if (words := _differs(stay, row, deaf))]


def _differs(stay: Stay, row: Mapping[str, Any], deaf: Sequence[Span]) -> str:
    said = row["outcome"]
    if (row["lot__name"], row["slot"]) != (stay.lot, stay.slot):
        return f"{stay.uniqueid} was in {stay.lot} {stay.slot}, history says {row['lot__name']} {row['slot']}"
    unheard = any(span.covers(stay.ended) for span in deaf)
    if said == "unseen" and unheard:
        return ""
    if (
        said == stay.outcome == "retrieved"
        and not unheard
        and stay.retriever.startswith(OURS)
        and not row["retrieved_by__username"]
    ):
        return f"{stay.uniqueid} in {stay.lot} {stay.slot} was retrieved by a click, and history does not say whose"
    if said == stay.outcome or (stay.outcome == DIED and said in UNHEARD):
        return ""
    return f"{stay.uniqueid} in {stay.lot} {stay.slot}: {stay.outcome or 'still parked'}, history says {said!r}"


def done_twice(stays: Iterable[Stay], rung: Mapping[str, set[str]], orders: Mapping[str, int]) -> list[str]:
    """A sentence for each call for which Asterisk was asked to ring more often than somebody clicked."""
    calls = {stay.uniqueid for stay in stays}
    over = {uid: len(legs) - orders.get(uid, 0) for uid, legs in rung.items() if uid in calls}
    return [f"{uid}: rung {more} times more than asked for" for uid, more in over.items() if more > 0]
