"""Callers come, are taken, give up, go back and are parked again while lists and looks overtake word of it.

What is written down must be what happened: each stay once, with its own ending, and of each way back what became of it.
Word is late by one event of Asterisk at the most, lists and looks know everything at once; who parks a call out of the
ringing has heard that it rings.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from lots.types import events
from lots.types.calls import Call, Leg, Party
from lots.types.changes import PROVISIONAL, Came, CameBack, Ended, Entered, Outcome, Resolved, Resumed
from tests.kit.pbx_model import LOT, START, call
from tests.kit.returning_model import OVER, Truth

LISTS = 3
"""Asked for one after the other at the most, once all is quiet."""


@dataclass
class Storm(Truth):
    since: dict[str, datetime] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    endings: Counter[Outcome] = field(default_factory=Counter)
    talks: dict[str, Leg] = field(default_factory=dict)
    told: list[events.Event] = field(default_factory=list)
    """What Asterisk had told when the last thing happened."""

    def happens(self, name: str, uid: str, *how: str) -> None:
        """Word of all that happened before the last thing has come by now."""
        if uid in self.gone:
            return
        for road, lane in (("parking", self.parking), ("channels", self.channels)):
            while lane and any(lane[0] is known for known in self.told):
                self.deliver(road)
        self.told = [*self.parking, *self.channels]
        getattr(self, name)(uid, *how)

    def park(self, uid: str) -> None:
        if uid in self.returning or uid in dict(self.came):
            self.deliver_all()
        super().park(uid)
        self.since[uid] = self.pbx.now

    def retrieve(self, uid: str) -> None:
        if uid in self.parked:
            self.endings[Outcome.RETRIEVED] += 1
            self.parking.append(
                events.Unparked(
                    call=self._goes(uid),
                    retriever=Party("201"),
                    retriever_channel="c",
                    retriever_uniqueid="r",
                    at=self.now(),
                )
            )

    def hang_up(self, uid: str) -> None:
        if uid not in self.parked:
            super().hang_up(uid)
            return
        self.endings[Outcome.ABANDONED] += 1
        self.parking.append(events.GaveUp(call=self._goes(uid), at=self.now()))
        self.channels.append(events.HungUp(uniqueid=uid, channel="c", cause=16, at=self.pbx.now))

    def _goes(self, uid: str) -> Call:
        self.gone.add(uid)
        return call(uid, self.parked.pop(uid))

    def ring_ends(self, uid: str, status: str) -> None:
        if rung := self.returning.get(uid):
            self.talks[uid] = rung[0]
        super().ring_ends(uid, status)

    def look(self, uid: str) -> None:
        """As ``lots.bridge.looking`` tells it: who is parked, or not there at the first look, is not spoken of."""
        over = dict(self.came).get(uid)
        late = any(isinstance(event, events.HungUp) and event.uniqueid == uid for event in self.channels)
        if uid in self.pbx.board.returning and uid not in self.parked and not late:
            self.pbx.hear(
                events.Looked(
                    uniqueid=uid,
                    there=over not in OVER,
                    talks_with=self.talks[uid] if over is Came.ANSWERED else None,
                    ringing=tuple(self.returning.get(uid, ())),
                    at=self.now(),
                )
            )

    def open_list(self) -> None:
        self.pbx.list_wanted = False
        calls = [replace(call(uid, slot, self.since[uid]), timeout_at=START) for uid, slot in self.parked.items()]
        self.pbx.hear(events.Listed(lots=(LOT,), calls=tuple(calls), at=self.pbx.now))

    def close_list(self, *, late: bool) -> None:
        if self.pbx.board.window:
            if not late:
                self.deliver_all()
            self.pbx.hear(events.Settled(at=self.pbx.now))

    def come_to_rest(self) -> None:
        self.close_list(late=False)
        self.deliver_all()
        for _ in range(LISTS):
            if self.pbx.list_wanted:
                self.open_list()
                self.close_list(late=False)


def written(storm: Storm) -> Counter[Outcome | None]:
    """How the stays in history ended; None: not yet. As ``lots.bridge.rows`` writes them."""
    rows: dict[str, list[Outcome | None]] = {}
    for change in storm.pbx.changes:
        match change:
            case Entered(call=one):
                rows.setdefault(one.uniqueid, []).append(None)
            case Resumed(call=one):
                rows[one.uniqueid][-1] = None
            case Ended(one, ending):
                assert rows[one.uniqueid][-1] is None, "ended twice"
                rows[one.uniqueid][-1] = ending.outcome
            case Resolved(uid, ending) if rows.get(uid) and rows[uid][-1] in PROVISIONAL:
                rows[uid][-1] = ending.outcome
    return Counter(outcome for outcomes in rows.values() for outcome in outcomes)


UIDS = st.sampled_from(["u1", "u2"])
STEPS = st.one_of(
    st.tuples(st.just("happens"), st.sampled_from(["park", "time_out", "ring", "hang_up", "retrieve"]), UIDS),
    st.tuples(st.just("happens"), st.just("ring_ends"), UIDS, st.sampled_from(["ANSWER", "NOANSWER", "BUSY"])),
    st.tuples(st.just("deliver"), st.sampled_from(["parking", "channels"])),
    st.tuples(st.just("look"), UIDS),
    st.sampled_from([("open_list",), ("close_list", True), ("close_list", False)]),
)


@settings(max_examples=3000, deadline=None)
@given(st.lists(STEPS, max_size=24))
def test_what_is_written_down_is_what_happened(steps):
    storm = Storm()
    storm.pbx.come_back()
    for name, *rest in steps:
        if name == "close_list":
            storm.close_list(late=bool(rest[0]))
        else:
            getattr(storm, name)(*rest)
    storm.come_to_rest()
    assert {uid: call.slot for uid, call in storm.pbx.board.calls.items()} == storm.parked
    returning = {uid: list(back.ringing) for uid, back in storm.pbx.board.returning.items() if back.sure}
    assert returning == storm.returning
    found = written(storm)
    assert found.total() == storm.stays
    storm.endings[Outcome.TIMED_OUT] = storm.stays - storm.endings.total() - len(storm.parked)
    assert found == storm.endings + Counter({None: len(storm.parked)})
    told = Counter((change.call.uniqueid, change.came) for change in storm.pbx.changes if isinstance(change, CameBack))
    assert told <= Counter(storm.came)
