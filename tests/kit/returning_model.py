"""A model of callers who wait too long, for property tests: what really happens to them, and word of it on its way.

Parking's words come by one road, those of channels by another.
"""

from collections import deque
from dataclasses import dataclass, field, replace
from datetime import datetime

from lots.board.parks import REMINDED
from lots.types import events
from lots.types.calls import Leg
from lots.types.changes import Came
from tests.kit.pbx_model import START, Pbx, call

OVER = {Came.HUNG_UP, Came.UNANSWERED}
"""What ends a call."""


@dataclass
class Truth:
    """Two callers in one lot, and what really happens to them."""

    pbx: Pbx = field(default_factory=Pbx)
    parking: deque[events.Event] = field(default_factory=deque)
    channels: deque[events.Event] = field(default_factory=deque)
    parked: dict[str, int] = field(default_factory=dict)
    returning: dict[str, list[Leg]] = field(default_factory=dict)
    came: list[tuple[str, Came]] = field(default_factory=list)
    cancelled: set[str] = field(default_factory=set)
    legs: int = 0
    stays: int = 0
    """Those that began: parked again at once, with nobody rung, one goes on."""
    went_back: dict[str, tuple[int, datetime]] = field(default_factory=dict)

    def now(self) -> datetime:
        return self.pbx.tick()

    def park(self, uid: str) -> None:
        if uid in self.parked or any(gone == uid and came in OVER for gone, came in self.came):
            return
        slot = next(slot for slot in range(701, 705) if slot not in self.parked.values())
        if self.returning.pop(uid, None) is not None:
            self.came.append((uid, Came.PARKED))
        self.parked[uid] = slot
        now = self.now()
        before, since = self.went_back.pop(uid, (0, now))
        self.stays += before != slot or now - since > REMINDED
        new = replace(call(uid, slot, now), parker_device="PJSIP/203", timeout_at=START)
        self.parking.append(events.Parked(call=new, at=self.pbx.now))

    def time_out(self, uid: str) -> None:
        if uid in self.parked:
            gone = replace(call(uid, self.parked.pop(uid)), parker_device="PJSIP/203")
            self.returning[uid] = []
            self.cancelled.discard(uid)
            self.went_back[uid] = gone.slot, self.now()
            self.parking.append(events.TimedOut(call=gone, at=self.pbx.now))

    def ring(self, uid: str) -> None:
        if uid in self.returning:
            self.legs += 1
            self.went_back.pop(uid, None)
            leg = Leg(uniqueid=f"l{self.legs}", channel=f"PJSIP/20{3 + self.legs % 2}-{self.legs:08x}")
            self.returning[uid].append(leg)
            self.cancelled.discard(uid)
            self.channels.append(events.Ringing(uniqueid=uid, leg=leg, at=self.now()))

    def ring_ends(self, uid: str, status: str) -> None:
        if self.returning.get(uid):
            leg = self.returning[uid].pop(0)
            self.channels.append(events.RangOut(uniqueid=uid, leg=leg, status=status, at=self.now()))
            if status == "ANSWER":
                del self.returning[uid]
                self.came.append((uid, Came.ANSWERED))

    def hang_up(self, uid: str) -> None:
        if uid in self.returning:
            rung = self.returning.pop(uid)
            self.came.append((uid, Came.HUNG_UP if rung else Came.UNANSWERED))
            self.channels.append(events.HungUp(uniqueid=uid, channel="c", cause=16, at=self.now()))

    def deliver(self, road: str) -> None:
        lane = self.parking if road == "parking" else self.channels
        if lane:
            self.pbx.hear(lane.popleft())

    def deliver_all(self) -> None:
        while self.parking:
            self.deliver("parking")
        while self.channels:
            self.deliver("channels")
