"""A model of Asterisk's parking for property tests: the truth, and the events on their way to us.

Parking events keep their order among themselves and hang-ups among theirs; the two roads race. A list is answered
at once and overtakes whatever is still on a road (facts seen on a live Asterisk).
"""

from collections import deque
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from lots.board.apply import apply
from lots.board.state import Board
from lots.types import events
from lots.types.calls import Call, Lot, Party
from lots.types.changes import Change, Link, LinkState, ListWanted

START = datetime(2026, 1, 1, tzinfo=UTC)
LOT = Lot(name="desk", first=701, last=704, timeout=45)


def call(uid: str, slot: int, at: datetime = START) -> Call:
    return Call(uniqueid=uid, channel=f"PJSIP/x-{uid}", lot="desk", slot=slot, parked_at=at)


def empty() -> Board:
    return Board(link=Link(LinkState.LOST, START))


@dataclass
class Pbx:
    """``parked`` is the truth; ``parking`` and ``hangups`` are the roads; ``board`` is what we believe."""

    board: Board = field(default_factory=empty)
    parked: dict[str, Call] = field(default_factory=dict)
    parking: deque[events.Event] = field(default_factory=deque)
    hangups: deque[events.Event] = field(default_factory=deque)
    changes: list[Change] = field(default_factory=list)
    now: datetime = START
    up: bool = False
    made: int = 0
    """Calls that came to be parked, by a park or a swap."""
    swaps: int = 0
    list_wanted: bool = False

    def tick(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def hear(self, event: events.Event) -> None:
        self.board, changes = apply(self.board, event)
        self.changes += changes
        self.list_wanted |= any(isinstance(change, ListWanted) for change in changes)

    def _say(self, event: events.Event, road: deque[events.Event]) -> None:
        if self.up:
            road.append(event)

    def free_slot(self) -> int | None:
        used = {c.slot for c in self.parked.values()}
        return next((s for s in range(LOT.first, LOT.last + 1) if s not in used), None)

    def park(self) -> None:
        slot = self.free_slot()
        if slot is None:
            return
        self.made += 1
        new = call(f"u{self.made}", slot, self.tick())
        self.parked[new.uniqueid] = new
        self._say(events.Parked(call=new, at=self.now), self.parking)

    def leave(self, index: int, how: str) -> None:
        if not self.parked:
            return
        gone = self.parked.pop(sorted(self.parked)[index % len(self.parked)])
        at = self.tick()
        if how == "retrieve":
            self._say(
                events.Unparked(
                    call=gone, retriever=Party("201", "Rita"), retriever_channel="c", retriever_uniqueid="r", at=at
                ),
                self.parking,
            )
        elif how in {"timeout", "remind"}:
            self._say(events.TimedOut(call=gone, at=at), self.parking)
        else:
            self._say(events.GaveUp(call=gone, at=at), self.parking)
        if how == "hangup":
            self._say(events.HungUp(uniqueid=gone.uniqueid, channel=gone.channel, cause=16, at=at), self.hangups)
        elif how == "remind" or (how == "move" and self.free_slot()):
            slot = gone.slot if how == "remind" else self.free_slot() or 0
            again = replace(gone, slot=slot, parked_at=self.tick())
            self.parked[again.uniqueid] = again
            self._say(events.Parked(call=again, at=self.now), self.parking)

    def swap(self, index: int) -> None:
        if not self.parked:
            return
        old = self.parked.pop(sorted(self.parked)[index % len(self.parked)])
        self.made += 1
        self.swaps += 1
        new = replace(old, uniqueid=f"u{self.made}", channel=f"PJSIP/x-u{self.made}")
        self.parked[new.uniqueid] = new
        at = self.tick()
        self._say(events.Swapped(call=new, at=at), self.parking)
        self._say(events.HungUp(uniqueid=old.uniqueid, channel=old.channel, cause=16, at=at), self.hangups)

    def transfer(self, index: int) -> None:
        """A swap as people make them, who talk before: word of the park has been heard."""
        while self.parking:
            self.deliver("parking")
        self.swap(index)

    def deliver(self, road: str) -> None:
        lane = self.parking if road == "parking" else self.hangups
        if lane:
            self.hear(lane.popleft())

    def deliver_all(self) -> None:
        while self.parking or self.hangups:
            self.deliver("parking")
            self.deliver("hangups")

    def open_list(self) -> None:
        """The list as Asterisk makes it now; more may happen before its end is heard."""
        if self.up:
            self.list_wanted = False
            self.hear(events.Listed(lots=(LOT,), calls=tuple(self.parked.values()), at=self.now))

    def close_list(self, *, late: bool) -> None:
        """The list's end: ``late`` leaves events on the roads past it, as a slow inner queue would."""
        if self.up and self.board.window:
            if not late:
                self.deliver_all()
            self.hear(events.Settled(at=self.now))

    def list_now(self, *, late: bool = False) -> None:
        self.open_list()
        self.close_list(late=late)

    def lose(self) -> None:
        self.up = False
        self.parking.clear()
        self.hangups.clear()
        self.hear(events.LinkLost(reason="cut", at=self.tick()))

    def restart(self) -> None:
        """Asterisk died: its calls are gone and nobody says so."""
        self.lose()
        self.parked.clear()

    def come_back(self) -> None:
        if not self.up:
            self.up = True
            self.hear(events.LinkUp(version="11.0.0", at=self.tick()))
            self.list_now()

    def believed(self) -> dict[str, tuple[str, int]]:
        return {uid: c.place for uid, c in self.board.calls.items()}

    def truth(self) -> dict[str, tuple[str, int]]:
        return {uid: c.place for uid, c in self.parked.items()}
