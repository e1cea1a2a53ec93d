"""One story a test: what the board makes of the sequences a real Asterisk sends."""

from dataclasses import replace
from datetime import timedelta

from lots.board.state import occupants
from lots.types import events
from lots.types.calls import Call, Leg, Party
from lots.types.changes import (
    Came,
    CameBack,
    Ended,
    Ending,
    Entered,
    GoesBack,
    LinkChanged,
    LinkState,
    ListWanted,
    Outcome,
    Replaced,
    Resolved,
    Resumed,
)
from tests.kit.pbx_model import LOT, START, Pbx, call

LATER = START + timedelta(seconds=7)


def connected() -> Pbx:
    pbx = Pbx()
    pbx.come_back()
    pbx.changes.clear()
    return pbx


def heard(pbx: Pbx, *heard_events: events.Event) -> list[object]:
    pbx.changes.clear()
    for event in heard_events:
        pbx.hear(event)
    return list(pbx.changes)


def outcomes(changes: list[object]) -> list[Outcome]:
    return [c.ending.outcome for c in changes if isinstance(c, Ended | Resolved)]


def parked(uid: str, slot: int) -> events.Parked:
    return events.Parked(call=call(uid, slot), at=START)


def hung_up(uid: str) -> events.HungUp:
    return events.HungUp(uniqueid=uid, channel="c", cause=16, at=LATER)


def gave_up(uid: str, slot: int) -> events.GaveUp:
    return events.GaveUp(call=call(uid, slot), at=LATER)


def test_a_retrieval_names_the_retriever():
    pbx = connected()
    rita = Party("201", "Rita")
    taken = events.Unparked(
        call=call("a", 701), retriever=rita, retriever_channel="PJSIP/201-1", retriever_uniqueid="r", at=LATER
    )
    entered, ended = heard(pbx, parked("a", 701), taken)
    assert isinstance(entered, Entered)
    assert isinstance(ended, Ended)
    assert (ended.ending.outcome, ended.ending.retriever) == (Outcome.RETRIEVED, rita)
    assert occupants(pbx.board, "desk") == {}


def test_parked_again_in_the_same_slot_at_once_is_the_same_stay():
    """More time, given by parking it again."""
    pbx = connected()
    pbx.hear(parked("a", 701))
    _, resumed = heard(pbx, gave_up("a", 701), events.Parked(call=call("a", 701, LATER), at=LATER))
    assert isinstance(resumed, Resumed)
    assert (resumed.call.parked_at, pbx.board.leaving, pbx.board.went_back) == (START, {}, {})
    assert heard(pbx, gave_up("a", 701), hung_up("a"))[1].ending.outcome is Outcome.ABANDONED  # type: ignore[attr-defined]


def test_a_hang_up_between_leaving_and_parking_again_ends_the_stay():
    """As when an attended transfer takes the caller over in that moment: there is nothing to go on with."""
    pbx = connected()
    pbx.hear(parked("a", 701))
    again = events.Parked(call=call("a", 701, LATER), at=LATER)
    _, resolved, entered, wanted = heard(pbx, gave_up("a", 701), hung_up("a"), again)
    assert isinstance(resolved, Resolved)
    assert resolved.ending.outcome is Outcome.ABANDONED
    assert isinstance(entered, Entered)
    assert isinstance(wanted, ListWanted), "whether they are there after all"


def test_who_hung_up_and_is_listed_for_a_moment_more_has_no_second_stay():
    pbx = connected()
    heard(pbx, parked("a", 701), gave_up("a", 701), hung_up("a"))
    pbx.hear(events.Listed(lots=(LOT,), calls=(call("a", 701),), at=LATER))
    assert not [c for c in heard(pbx, events.Settled(at=LATER)) if isinstance(c, Entered)]
    assert pbx.board.calls == {}


def test_word_of_a_parking_that_is_over_by_two_lists_begins_no_second_stay():
    pbx = connected()
    for calls in ((call("a", 701),), ()):
        pbx.hear(events.Listed(lots=(LOT,), calls=calls, at=LATER))
        pbx.hear(events.Settled(at=LATER))
    assert heard(pbx, parked("a", 701)) == [ListWanted()], "should they be there all the same, the list says so"


def test_who_is_parked_again_long_after_a_list_ended_their_stay_has_another():
    pbx = connected()
    for calls in ((call("a", 701),), ()):
        pbx.hear(events.Listed(lots=(LOT,), calls=calls, at=LATER))
        pbx.hear(events.Settled(at=LATER))
    pbx.hear(events.Ticked(at=LATER + timedelta(seconds=6)))
    assert [type(change) for change in heard(pbx, parked("a", 701))] == [Entered]


def test_parked_again_in_the_same_slot_much_later_is_another_stay():
    pbx = connected()
    pbx.hear(parked("a", 701))
    late = LATER + timedelta(seconds=3)
    _, moved, entered = heard(pbx, gave_up("a", 701), events.Parked(call=call("a", 701, late), at=late))
    assert isinstance(moved, Resolved)
    assert isinstance(entered, Entered)


def test_give_up_and_hangup_is_an_abandoned_call_in_either_order():
    for order in ([gave_up("a", 701), hung_up("a")], [hung_up("a"), gave_up("a", 701)]):
        pbx = connected()
        heard(pbx, parked("a", 701))
        assert outcomes(heard(pbx, *order))[-1] is Outcome.ABANDONED
        assert pbx.board.calls == {}


def test_who_hung_up_so_early_that_word_of_it_overtakes_the_parking_abandoned_the_call_too():
    pbx = connected()
    early = [hung_up("a"), *(hung_up(f"other {number}") for number in range(50))]
    assert heard(pbx, *early) == []
    entered, wanted, ended = heard(pbx, parked("a", 701), gave_up("a", 701))
    assert isinstance(entered, Entered)
    assert wanted == ListWanted(), "should no word of their leaving come"
    assert outcomes([ended]) == [Outcome.ABANDONED]
    assert heard(pbx, events.Ticked(at=LATER + timedelta(minutes=1))) == []


def test_word_of_giving_up_that_comes_after_a_list_without_the_call_does_not_make_it_taken_elsewhere():
    pbx = connected()
    heard(pbx, parked("a", 701))
    heard(pbx, hung_up("a"), events.Listed(lots=(LOT,), calls=(), at=LATER), events.Settled(at=LATER))
    assert pbx.board.calls == {}
    assert outcomes(heard(pbx, gave_up("a", 701))) == [Outcome.ABANDONED]
    assert heard(pbx, events.Ticked(at=LATER + timedelta(minutes=1))) == []


def test_hang_ups_of_strangers_are_not_remembered_for_long_nor_over_a_restart():
    pbx = connected()
    heard(pbx, *(hung_up(f"other {number}") for number in range(1000)))
    assert len(pbx.board.gone) == 256
    heard(pbx, events.LinkLost(reason="", at=LATER))
    assert pbx.board.gone == ()


def test_give_up_then_park_of_the_same_call_is_a_move():
    pbx = connected()
    heard(pbx, parked("a", 701))
    changes = heard(pbx, gave_up("a", 701), parked("a", 703))
    assert outcomes(changes) == [Outcome.LEFT, Outcome.MOVED]
    assert pbx.believed() == {"a": ("desk", 703)}
    assert outcomes(heard(pbx, events.Ticked(at=LATER + timedelta(minutes=1)))) == []


def test_give_up_without_hangup_is_a_call_taken_by_other_means():
    pbx = connected()
    heard(pbx, parked("a", 701), gave_up("a", 701))
    assert outcomes(heard(pbx, events.Ticked(at=LATER + timedelta(seconds=4)))) == []
    assert outcomes(heard(pbx, events.Ticked(at=LATER + timedelta(seconds=6)))) == [Outcome.TAKEN_ELSEWHERE]


def test_a_swap_keeps_the_stay_and_its_start():
    pbx = connected()
    heard(pbx, parked("phone", 701))
    swapped = events.Swapped(call=replace(call("caller", 701), parked_at=LATER), at=LATER)
    (change, *rest) = heard(pbx, swapped, hung_up("phone"))
    assert rest == []
    assert isinstance(change, Replaced)
    assert (change.before.uniqueid, change.call.uniqueid, change.call.parked_at) == ("phone", "caller", START)


def listed(*calls: Call) -> tuple[events.Event, ...]:
    return events.Listed(lots=(LOT,), calls=calls, at=LATER), events.Settled(at=LATER)


IN_PLACE = replace(call("caller", 701), parked_at=START + timedelta(seconds=1))
"""Of the same age, as lists tell ages."""


def test_a_list_that_knows_of_a_swap_before_word_of_it_leaves_the_stay_alone():
    pbx = connected()
    heard(pbx, parked("phone", 701))
    assert [type(change) for change in heard(pbx, *listed(IN_PLACE))] == [ListWanted]
    assert [type(change) for change in heard(pbx, events.Swapped(call=IN_PLACE, at=LATER))] == [Replaced]
    assert heard(pbx, hung_up("phone"), *listed(IN_PLACE)) == []


def test_a_swap_of_which_no_word_comes_is_told_by_two_lists():
    pbx = connected()
    heard(pbx, parked("phone", 701), *listed(IN_PLACE))
    (change,) = heard(pbx, *listed(IN_PLACE))
    assert change == Replaced(parked("phone", 701).call, replace(IN_PLACE, parked_at=START))
    assert heard(pbx, events.Swapped(call=IN_PLACE, at=LATER)) == []


def test_after_an_outage_nothing_is_supposed():
    """Two callers, one after the other in a slot, are as likely as a swap."""
    pbx = connected()
    heard(pbx, parked("phone", 701), events.LinkLost(reason="cut", at=START))
    gone, now, *_ = heard(pbx, *listed(IN_PLACE))
    assert gone == Ended(parked("phone", 701).call, Ending(Outcome.UNSEEN, LATER))
    assert now == Entered(IN_PLACE)


def test_who_is_parked_where_another_left_at_once_has_a_stay_of_their_own():
    pbx = connected()
    heard(pbx, parked("a", 701), *listed(IN_PLACE))
    changes = heard(pbx, gave_up("a", 701), hung_up("a"), events.Parked(call=IN_PLACE, at=LATER), *listed(IN_PLACE))
    assert [type(change) for change in changes] == [Ended, Resolved, Entered]


def test_somebody_younger_in_the_slot_is_no_swap():
    pbx = connected()
    heard(pbx, parked("a", 701))
    changes = heard(pbx, *listed(replace(IN_PLACE, parked_at=START + timedelta(seconds=3))))
    assert [type(change) for change in changes] == [Ended, Entered]


def test_a_late_goodbye_never_evicts_the_next_occupant():
    pbx = connected()
    heard(pbx, parked("a", 701), gave_up("a", 701), parked("b", 701))
    heard(pbx, gave_up("a", 701), hung_up("a"))
    assert pbx.believed() == {"b": ("desk", 701)}


def test_a_late_goodbye_of_an_earlier_stay_leaves_the_present_one():
    pbx = connected()
    heard(pbx, parked("a", 702))
    changes = heard(pbx, gave_up("a", 701))
    assert changes == [ListWanted()]
    assert pbx.believed() == {"a": ("desk", 702)}


def test_two_calls_in_one_slot_ask_for_the_truth():
    pbx = connected()
    changes = heard(pbx, parked("a", 701), parked("b", 701))
    assert ListWanted() in changes


def test_what_happens_between_a_list_and_its_end_counts():
    """The list is older than the event: a call that left meanwhile must not come back."""
    pbx = connected()
    listed = events.Listed(lots=(LOT,), calls=(call("a", 701),), at=START)
    heard(pbx, parked("a", 701), listed, gave_up("a", 701), hung_up("a"), events.Settled(at=LATER))
    assert pbx.believed() == {}


def test_calls_missing_from_the_list_ended_unseen_and_a_late_word_corrects_that():
    pbx = connected()
    heard(pbx, parked("a", 701), events.LinkLost(reason="cut", at=START))
    changes = heard(pbx, events.Listed(lots=(LOT,), calls=(), at=LATER), events.Settled(at=LATER))
    assert outcomes(changes) == [Outcome.UNSEEN]
    assert outcomes(heard(pbx, events.TimedOut(call=call("a", 701), at=LATER))) == [Outcome.TIMED_OUT]


TIMED_OUT = events.TimedOut(call=call("a", 701), at=LATER)


def parked_again(slot: int = 701, after: float = 0.01) -> events.Parked:
    at = LATER + timedelta(seconds=after)
    limit = at + timedelta(seconds=80)
    return events.Parked(call=replace(call("a", slot, at), timeout_at=limit), at=at)


def test_a_reminder_takes_nobody_out_of_their_slot():
    pbx = connected()
    heard(pbx, parked("a", 701))
    ended, went, resumed, came = heard(pbx, TIMED_OUT, parked_again())
    assert isinstance(ended, Ended)
    assert isinstance(resumed, Resumed)
    assert isinstance(went, GoesBack)
    assert isinstance(came, CameBack)
    assert (resumed.call.parked_at, resumed.call.timeout_at) == (START, parked_again().call.timeout_at)
    assert pbx.board.calls == {"a": resumed.call}
    assert outcomes(heard(pbx, gave_up("a", 701), hung_up("a"))) == [Outcome.LEFT, Outcome.ABANDONED]


def test_a_timeout_ends_the_stay_at_once_and_another_park_is_another_stay():
    for event, wait in ((parked_again(after=2.5), 0.0), (parked_again(702), 0.0), (parked_again(after=1), 3.0)):
        pbx = connected()
        heard(pbx, parked("a", 701))
        assert outcomes(heard(pbx, TIMED_OUT)) == [Outcome.TIMED_OUT]
        assert pbx.board.calls == {}
        heard(pbx, events.Ticked(at=LATER + timedelta(seconds=wait)))
        entered, came = heard(pbx, event)
        assert entered == Entered(replace(event.call, waiting_since=START)), "nobody has talked to them meanwhile"
        assert came == CameBack(call("a", 701), Came.PARKED, event.at)


def moved(slot: int, after: float) -> events.Parked:
    at = LATER + timedelta(seconds=after)
    return events.Parked(call=call("a", slot, at), at=at)


def test_who_is_moved_goes_on_waiting_also_when_asterisk_takes_its_time():
    for wait in (0.0, 3.0):
        pbx = connected()
        heard(pbx, parked("a", 701), gave_up("a", 701), events.Ticked(at=LATER + timedelta(seconds=wait)))
        heard(pbx, moved(702, wait), gave_up("a", 702), moved(703, wait))
        assert (pbx.board.calls["a"].slot, pbx.board.calls["a"].since) == (703, START)
        assert pbx.board.calls["a"].parked_at == moved(703, wait).call.parked_at, "of this stay"


def test_who_was_talked_to_waits_anew_and_who_is_still_on_the_way_back_does_not():
    leg = Leg(uniqueid="l", channel="PJSIP/203-1")
    answered = events.RangOut(uniqueid="a", leg=leg, status="ANSWER", at=LATER)
    waited = {}
    for name, leaving in {"went": [TIMED_OUT], "talked": [TIMED_OUT, answered], "taken": [gave_up("a", 701)]}.items():
        pbx = connected()
        heard(pbx, parked("a", 701), *leaving, events.Ticked(at=LATER + timedelta(seconds=6)))
        heard(pbx, moved(702, 6.0))
        waited[name] = pbx.board.calls["a"].since
    anew = moved(702, 6.0).call.parked_at
    assert waited == {"went": START, "talked": anew, "taken": anew}


def test_a_slot_taken_by_somebody_else_during_the_reminder_is_theirs():
    pbx = connected()
    heard(pbx, parked("a", 701))
    changes = heard(pbx, TIMED_OUT, parked("b", 701), parked_again(702))
    assert [type(change) for change in changes] == [Ended, GoesBack, Entered, Entered, CameBack]
    assert pbx.believed() == {"b": ("desk", 701), "a": ("desk", 702)}


def test_a_reminder_nobody_heard_gives_the_call_its_new_time_limit():
    pbx = connected()
    heard(pbx, parked("a", 701), events.LinkLost(reason="cut", at=START))
    now = parked_again().call
    listed = events.Listed(lots=(LOT,), calls=(now,), at=LATER)
    resumed, _ = heard(pbx, listed, events.Settled(at=LATER))
    assert resumed == Resumed(replace(now, parked_at=START))


def test_the_link_is_back_only_when_the_truth_is_known():
    pbx = connected()
    heard(pbx, events.LinkLost(reason="cut", at=START))
    heard(pbx, events.LinkUp(version="11", at=LATER))
    assert pbx.board.link.state is LinkState.LOST
    heard(pbx, events.Listed(lots=(LOT,), calls=(), at=LATER))
    assert pbx.board.link.state is LinkState.LOST
    heard(pbx, events.Settled(at=LATER))
    assert (pbx.board.link.state, pbx.board.link.since) == (LinkState.HEARING, LATER)


def test_an_outage_is_dated_from_its_beginning_and_keeps_the_calls():
    pbx = connected()
    heard(pbx, parked("a", 701), events.LinkLost(reason="cut", at=START))
    changes = heard(pbx, events.LoginRefused(reason="no", at=LATER))
    assert [c.link.since for c in changes if isinstance(c, LinkChanged)] == [START]
    assert pbx.believed() == {"a": ("desk", 701)}
