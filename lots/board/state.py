"""The state of all slots of one PBX, as a value."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from lots.types.calls import Call, Lot, Return
from lots.types.changes import Link
from lots.types.events import Listed, RangOut, Ringing


@dataclass(frozen=True, slots=True)
class Window:
    """A list has been given, but events older than it may still come.

    ``touched`` are the uniqueids an event spoke of since: for those the events decide, for the others the list.
    """

    listed: Listed
    touched: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Board:
    """Who is parked where. Calls are keyed by uniqueid: that, not the slot, is a call's identity."""

    link: Link
    lots: Mapping[str, Lot] = field(default_factory=dict)
    calls: Mapping[str, Call] = field(default_factory=dict)
    hung_up: frozenset[str] = frozenset()
    """Parked calls whose channel is gone, though no word of their leaving has come yet."""
    gone: tuple[str, ...] = ()
    """The channels that hung up last: word of their parking, or of its end, may come yet."""
    leaving: Mapping[str, datetime] = field(default_factory=dict)
    """Uniqueids that left their slot and since when, until it is known why."""
    went_back: Mapping[str, tuple[Call, datetime]] = field(default_factory=dict)
    """Stays that ended in the last moments and when: a reminder, or more time, parks the call again at once.
    Not those for whom a phone was rung."""
    unheard: Mapping[str, tuple[tuple[str, int], datetime]] = field(default_factory=dict)
    """Calls known from a list alone, where they were and when it was given: word of their parking may come yet, even
    after a later list has ended the stay."""
    doubted: frozenset[str] = frozenset()
    """Calls that the last list left to the next one, should no word of them come (``lots.board.resync``)."""
    window: Window | None = None
    returning: Mapping[str, Return] = field(default_factory=dict)
    """Calls that waited too long, by uniqueid, until it is known what became of them (``lots.board.returning``)."""
    early: Mapping[str, tuple[Ringing | RangOut, ...]] = field(default_factory=dict)
    """Ringing for calls that are parked as far as we know: word of their leaving travels on another road."""


def occupants(board: Board, lot: str) -> dict[int, Call]:
    """The call in each occupied slot of ``lot``.

    Should two calls claim one slot for the moment it takes to ask Asterisk again, the later one is shown.
    """
    calls = [call for call in board.calls.values() if call.lot == lot]
    return {call.slot: call for call in sorted(calls, key=lambda call: call.parked_at)}


def with_calls(calls: Iterable[Call], link: Link, returning: Iterable[Return] = ()) -> Board:
    """A board that starts with what was written down before: the next list, and a look at who went back, correct it."""
    on_their_way = {back.call.uniqueid: back for back in returning}
    return Board(link=link, calls={call.uniqueid: call for call in calls}, returning=on_their_way)
