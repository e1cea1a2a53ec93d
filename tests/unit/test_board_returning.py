"""Calls that waited too long: what the board makes of their way back, in whatever order word of it comes."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from lots.board.apply import apply
from lots.board.state import Board, with_calls
from lots.types import events
from lots.types.calls import Leg, Party, Return, Stage
from lots.types.changes import Came, CameBack, Change, Ended, Ending, Entered, GoesBack, Outcome, Resolved, Resumed
from tests.kit.pbx_model import LOT, START, Pbx, call
from tests.kit.returning_model import Truth

LATER = START + timedelta(seconds=45)
ANN = replace(call("a", 701), parker_device="PJSIP/203")
TOM = Leg(uniqueid="l1", channel="PJSIP/203-0000001a", party=Party("203", "Tom"))
EVA = Leg(uniqueid="l2", channel="PJSIP/204-0000001b", party=Party("204", "Eva"))


def at(seconds: float) -> datetime:
    return LATER + timedelta(seconds=seconds)


def timed_out() -> events.TimedOut:
    return events.TimedOut(call=ANN, at=LATER)


def rings(leg: Leg, after: float = 0.1, uid: str = "a") -> events.Ringing:
    return events.Ringing(uniqueid=uid, leg=leg, at=at(after))


def rang_out(leg: Leg, status: str, after: float, uid: str = "a") -> events.RangOut:
    return events.RangOut(uniqueid=uid, leg=leg, status=status, at=at(after))


def hung_up(after: float, uid: str = "a") -> events.HungUp:
    return events.HungUp(uniqueid=uid, channel="c", cause=16, at=at(after))


def looked(after: float, **found: object) -> events.Looked:
    return events.Looked(**{"uniqueid": "a", "there": True, "at": at(after), **found})  # type: ignore[arg-type]


def parked_again(after: float, slot: int = 701) -> events.Parked:
    return events.Parked(call=replace(ANN, slot=slot, parked_at=at(after)), at=at(after))


def waiting() -> Pbx:
    """Ann is parked and her time is nearly over."""
    pbx = Pbx()
    pbx.come_back()
    pbx.hear(events.Parked(call=ANN, at=START))
    pbx.changes.clear()
    return pbx


def after(*heard: events.Event) -> tuple[Board, list[Change]]:
    """The board, and what of the way back was told."""
    pbx = waiting()
    for event in heard:
        pbx.hear(event)
    return pbx.board, [change for change in pbx.changes if isinstance(change, GoesBack | CameBack)]


def shown(board: Board) -> tuple[Stage, list[str], float]:
    """Stage, who is rung, and since when (seconds after the time was over)."""
    back = board.returning["a"]
    return back.stage, [leg.party.name for leg in back.ringing], (back.since - LATER).total_seconds()


def test_the_parker_is_rung_then_somebody_else():
    board, _ = after(timed_out())
    assert shown(board) == (Stage.RECALL, [], 0)
    board, _ = after(timed_out(), rings(TOM))
    assert shown(board) == (Stage.RECALL, ["Tom"], 0.1)
    board, _ = after(timed_out(), rings(TOM), rang_out(TOM, "NOANSWER", 20))
    assert shown(board) == (Stage.FALLBACK, [], 20)
    board, _ = after(timed_out(), rings(TOM), rang_out(TOM, "NOANSWER", 20), rings(EVA, 21))
    assert shown(board) == (Stage.FALLBACK, ["Eva"], 21)


def test_a_group_rings_together_and_is_counted_from_its_first():
    board, _ = after(timed_out(), rings(EVA, 1), rings(replace(EVA, uniqueid="l3"), 2), rang_out(EVA, "BUSY", 3))
    assert shown(board) == (Stage.FALLBACK, ["Eva"], 1)


def test_who_answers_is_told():
    board, told = after(timed_out(), rings(TOM), rang_out(TOM, "ANSWER", 5), hung_up(60))
    assert told[-1] == CameBack(ANN, Came.ANSWERED, at(5), TOM)
    assert board.returning == {}


def test_an_answer_of_a_phone_whose_ringing_nobody_heard_counts():
    _, told = after(timed_out(), rang_out(TOM, "ANSWER", 5))
    assert told[-1] == CameBack(ANN, Came.ANSWERED, at(5), TOM)


def test_a_caller_who_gives_up_while_somebody_is_rung_has_hung_up():
    for heard in ([hung_up(5)], [rang_out(TOM, "CANCEL", 5), hung_up(5)]):
        _, told = after(timed_out(), rings(TOM), *heard)
        assert told[-1] == CameBack(ANN, Came.HUNG_UP, at(5))


def test_an_end_after_all_have_been_rung_is_no_answer():
    _, told = after(timed_out(), rings(TOM), rang_out(TOM, "NOANSWER", 5), hung_up(9))
    assert told[-1] == CameBack(ANN, Came.UNANSWERED, at(9))
    _, told = after(
        timed_out(), rings(TOM), rang_out(TOM, "CANCEL", 5), rings(EVA, 6), rang_out(EVA, "BUSY", 7), hung_up(9)
    )
    assert told[-1] == CameBack(ANN, Came.UNANSWERED, at(9)), "another was rung after that"
    _, told = after(timed_out(), hung_up(1))
    assert told[-1] == CameBack(ANN, Came.UNANSWERED, at(1)), "nobody could be rung at all"


def test_parked_again_it_is_not_on_its_way_any_more():
    board, told = after(timed_out(), rings(TOM), parked_again(5, 702))
    assert told[-1] == CameBack(ANN, Came.PARKED, at(5))
    assert (board.returning, board.calls["a"].slot) == ({}, 702)
    pbx = waiting()
    pbx.hear(timed_out())
    listed = events.Listed(lots=(LOT,), calls=(parked_again(5).call,), at=at(6))
    pbx.hear(listed)
    pbx.hear(events.Settled(at=at(6)))
    assert pbx.board.returning == {}, "also when a list tells"


def test_a_reminder_is_no_way_back():
    pbx = waiting()
    pbx.hear(timed_out())
    pbx.hear(parked_again(0.01))
    assert [type(change) for change in pbx.changes] == [Ended, GoesBack, Resumed, CameBack]
    assert pbx.board.returning == {}


def test_who_is_taken_out_of_the_ringing_at_once_did_leave():
    pbx = waiting()
    for event in (timed_out(), rings(TOM), parked_again(1)):
        pbx.hear(event)
    assert [type(change) for change in pbx.changes] == [Ended, GoesBack, GoesBack, Entered, CameBack]
    assert pbx.board.calls["a"].since == START, "and goes on waiting"


def test_so_did_who_is_parked_again_after_a_phone_that_could_not_be_rung():
    pbx = waiting()
    for event in (timed_out(), rings(TOM), rang_out(TOM, "CHANUNAVAIL", 0.2), parked_again(1)):
        pbx.hear(event)
    assert [type(change) for change in pbx.changes][-2:] == [Entered, CameBack]


def test_so_did_who_was_answered_and_is_parked_again_by_who_answered():
    heard = (rings(TOM), rang_out(TOM, "ANSWER", 0.2))
    for order in ((timed_out(), *heard), (*heard, timed_out())):
        pbx = waiting()
        for event in (*order, parked_again(1)):
            pbx.hear(event)
        *_, before, now = pbx.changes
        assert isinstance(before, CameBack)
        assert before.came is Came.ANSWERED
        assert isinstance(now, Entered), "another stay: they had somebody to talk to"
        assert pbx.board.calls["a"].since == at(1)


def test_word_of_the_ringing_may_come_before_word_of_the_time():
    late = after(timed_out(), rings(TOM), rings(EVA, 0.2), rang_out(EVA, "BUSY", 0.3))[0]
    early = after(rings(TOM), rings(EVA, 0.2), rang_out(EVA, "BUSY", 0.3), timed_out())[0]
    assert shown(early) == shown(late) == (Stage.RECALL, ["Tom"], 0.1)
    assert early.early == {}


def test_an_answer_or_an_end_may_come_before_word_of_the_time():
    _, told = after(rings(TOM), rang_out(TOM, "ANSWER", 0.2), timed_out())
    assert told[-1] == CameBack(ANN, Came.ANSWERED, at(0.2), TOM)
    board, told = after(rings(TOM), rang_out(TOM, "CANCEL", 0.2), hung_up(0.2), timed_out())
    assert isinstance(told[-1], CameBack)
    assert told[-1].came is Came.HUNG_UP
    assert board.returning == {}


def test_what_rang_for_a_call_that_is_taken_is_forgotten():
    gone = events.Unparked(call=ANN, retriever=Party("1"), retriever_channel="c", retriever_uniqueid="r", at=LATER)
    board, told = after(rings(TOM), gone)
    assert (board.early, board.returning, told) == ({}, {}, [])


def test_calls_that_never_were_parked_are_nobodys_business():
    board, told = after(rings(TOM, uid="x"), rang_out(TOM, "ANSWER", 1, uid="x"), hung_up(2, uid="x"))
    assert (board.early, board.returning, told) == ({}, {}, [])


def test_a_look_tells_what_nobody_heard():
    _, told = after(timed_out(), rings(TOM), looked(5, there=False))
    assert told[-1] == CameBack(ANN, Came.UNKNOWN, at(5)), "not invented"
    _, told = after(timed_out(), rings(TOM), looked(5, talks_with=EVA))
    assert told[-1] == CameBack(ANN, Came.ANSWERED, at(5), EVA)
    board, _ = after(timed_out(), rings(TOM), looked(5, ringing=(EVA,)))
    assert shown(board) == (Stage.FALLBACK, ["Eva"], 5)
    board, told = after(timed_out(), rings(TOM), looked(5, ringing=(TOM,)))
    assert (shown(board), len(told)) == ((Stage.RECALL, ["Tom"], 0.1), 2), "nothing new is not told"


def deaf(*found: events.Event) -> tuple[Board, list[Change]]:
    """Her time ran out while nobody listened; then a list without her, and what is found."""
    pbx = Pbx()
    pbx.come_back()
    ann = replace(ANN, timeout_at=LATER)
    empty = events.Listed(lots=(LOT,), calls=(), at=at(5))
    cut = events.LinkLost(reason="cut", at=at(-5))
    for event in (events.Parked(call=ann, at=START), cut, empty, events.Settled(at=at(5))):
        pbx.hear(event)
    assert [change.ending.outcome for change in pbx.changes if isinstance(change, Ended)] == [Outcome.UNSEEN]
    pbx.changes.clear()
    for event in found:
        pbx.hear(event)
    return pbx.board, list(pbx.changes)


def test_one_whose_time_ran_out_unheard_is_looked_for_and_told_when_found():
    went_back = Resolved("a", Ending(Outcome.TIMED_OUT, LATER))
    board, told = deaf(looked(6, ringing=(TOM,)))
    assert (told, shown(board)) == ([went_back, GoesBack(board.returning["a"])], (Stage.RECALL, ["Tom"], 6))
    board, told = deaf(looked(6))
    assert told == [], "it lives, and may be anywhere"
    board, told = deaf(looked(6), looked(16, ringing=(TOM,)))
    assert (told, shown(board)) == ([went_back, GoesBack(board.returning["a"])], (Stage.RECALL, ["Tom"], 16))
    board, told = deaf(rings(EVA, 7))
    assert (told, shown(board)) == ([went_back, GoesBack(board.returning["a"])], (Stage.FALLBACK, ["Eva"], 7))


def test_one_who_is_not_found_on_the_way_has_ended_unseen():
    for found in (looked(6, there=False), looked(6, talks_with=EVA), hung_up(7), rang_out(TOM, "ANSWER", 7)):
        board, told = deaf(found)
        assert (board.returning, told) == ({}, []), found


def test_one_whose_time_was_not_over_did_not_go_back():
    pbx = waiting()
    empty = events.Listed(lots=(LOT,), calls=(), at=at(5))
    for event in (events.LinkLost(reason="cut", at=at(-5)), empty, events.Settled(at=at(5))):
        pbx.hear(event)
    assert pbx.board.returning == {}, "she has no time limit"


def test_a_bridge_begins_with_what_was_written_down():
    back = Return(call=ANN, stage=Stage.RECALL, since=LATER, ringing=(TOM,))
    board = with_calls([], waiting().board.link, [back])
    board, told = apply(board, rang_out(TOM, "ANSWER", 5))
    assert told == [CameBack(ANN, Came.ANSWERED, at(5), TOM)]


def test_an_outage_keeps_who_is_on_their_way():
    board, told = after(timed_out(), rings(TOM), events.LinkLost(reason="cut", at=at(1)))
    assert shown(board) == (Stage.RECALL, ["Tom"], 0.1)
    assert len(told) == 2


# Any number of calls, any interleaving.

UIDS = st.sampled_from(["u1", "u2"])
STEPS = st.one_of(
    st.tuples(st.sampled_from(["park", "time_out", "ring", "hang_up"]), UIDS),
    st.tuples(st.just("ring_ends"), UIDS, st.sampled_from(["ANSWER", "NOANSWER", "BUSY"])),
)
ROADS = st.lists(st.sampled_from(["parking", "channels"]), max_size=12)


def told_of(pbx: Pbx) -> list[tuple[str, Came]]:
    return sorted((change.call.uniqueid, change.came) for change in pbx.changes if isinstance(change, CameBack))


@settings(max_examples=1000, deadline=None)
@given(st.lists(STEPS, max_size=30))
def test_heard_in_order_everything_told_is_what_happened(steps):
    truth = Truth()
    truth.pbx.come_back()
    for name, *rest in steps:
        getattr(truth, name)(*rest)
        truth.deliver_all()
        back = truth.pbx.board.returning
        assert {uid: list(one.ringing) for uid, one in back.items()} == truth.returning
        assert all(
            one.stage is (Stage.RECALL if any(leg.device == "PJSIP/203" for leg in one.ringing) else Stage.FALLBACK)
            for one in back.values()
            if one.ringing
        )
    assert told_of(truth.pbx) == sorted(truth.came)
    assert sum(isinstance(change, Entered) for change in truth.pbx.changes) == truth.stays
    assert truth.pbx.board.early == {}


@settings(max_examples=1000, deadline=None)
@given(st.lists(STEPS, max_size=8), ROADS)
def test_one_way_back_ends_the_same_whichever_road_is_quicker(steps, roads):
    """One park, one way back: the roads may race as they like."""
    truth = Truth()
    truth.pbx.come_back()
    truth.park("u1")
    truth.deliver_all()
    truth.time_out("u1")
    for name, uid, *rest in steps:
        if name in {"ring", "ring_ends", "hang_up"} and uid == "u1":
            getattr(truth, name)(uid, *rest)
    for road in roads:
        truth.deliver(road)
    truth.deliver_all()
    assert {uid: list(one.ringing) for uid, one in truth.pbx.board.returning.items()} == truth.returning
    assert told_of(truth.pbx) == sorted(truth.came)


@settings(max_examples=300, deadline=None)
@given(st.lists(STEPS, max_size=30), ROADS)
def test_each_way_back_begins_and_ends_once_and_slots_are_never_disturbed(steps, roads):
    truth = Truth()
    truth.pbx.come_back()
    for name, *rest in steps:
        getattr(truth, name)(*rest)
        if roads:
            truth.deliver(roads[0])
            roads = roads[1:] + roads[:1]
    truth.deliver_all()
    begun: set[str] = set()
    for change in truth.pbx.changes:
        match change:
            case GoesBack(back):
                begun.add(back.call.uniqueid)
            case CameBack(gone):
                assert gone.uniqueid in begun
                begun.remove(gone.uniqueid)
    assert set(truth.pbx.board.returning) == begun
    outcomes = {c.ending.outcome for c in truth.pbx.changes if isinstance(c, Ended)}
    assert outcomes <= {Outcome.TIMED_OUT}
    assert {uid: c.slot for uid, c in truth.pbx.board.calls.items()} == truth.parked
