"""Whatever happens, and in whatever order word of it comes, the board ends equal to Asterisk."""

from datetime import timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from lots.types import events
from lots.types.changes import Change, Ended, Entered, LinkState, Outcome, Replaced, Resumed
from tests.kit.pbx_model import Pbx

STEPS = st.one_of(
    st.just(("park",)),
    st.tuples(
        st.just("leave"),
        st.integers(0, 9),
        st.sampled_from(["retrieve", "timeout", "remind", "hangup", "move", "redirect"]),
    ),
    st.tuples(st.just("swap"), st.integers(0, 9)),
    st.tuples(st.just("deliver"), st.sampled_from(["parking", "hangups"])),
    st.just(("open_list",)),
    st.tuples(st.just("close_list"), st.booleans()),
    st.sampled_from([("lose",), ("restart",), ("come_back",)]),
)


def run(steps: list[tuple[object, ...]]) -> Pbx:
    pbx = Pbx()
    pbx.come_back()
    for name, *rest in steps:
        if name == "close_list":
            pbx.close_list(late=bool(rest[0]))
        else:
            getattr(pbx, str(name))(*rest)
    return pbx


ENOUGH = 2
"""Lists that are asked for one after the other at the most, once all is quiet."""


def come_to_rest(pbx: Pbx) -> None:
    pbx.come_back()
    pbx.close_list(late=False)
    pbx.deliver_all()
    for _ in range(ENOUGH):
        if pbx.list_wanted:
            pbx.list_now()
    assert not pbx.list_wanted


@settings(max_examples=1500, deadline=None)
@given(st.lists(STEPS, max_size=40))
def test_any_interleaving_ends_as_a_fresh_list_would(steps):
    pbx = run(steps)
    come_to_rest(pbx)
    assert pbx.believed() == pbx.truth()
    assert pbx.board.link.state is LinkState.HEARING


@settings(max_examples=800, deadline=None)
@given(st.lists(STEPS, max_size=40))
def test_a_list_on_top_of_the_resting_board_changes_nothing(steps):
    pbx = run(steps)
    come_to_rest(pbx)
    pbx.changes.clear()
    pbx.list_now()
    assert pbx.changes == []


def live_rows(changes: list[Change]) -> dict[str, int]:
    rows: dict[str, int] = {}
    for change in changes:
        match change:
            case Entered(call):
                rows[call.uniqueid] = rows.get(call.uniqueid, 0) + 1
            case Ended(call, _):
                rows[call.uniqueid] -= 1
            case Resumed(call):
                rows[call.uniqueid] = 1
            case Replaced(before, call):
                rows[before.uniqueid] -= 1
                rows[call.uniqueid] = rows.get(call.uniqueid, 0) + 1
    return rows


SWAPS_AFTER_A_LIST = [
    *(("park",), ("swap", 0), ("swap", 0), ("open_list",), ("deliver", "hangups"), ("close_list", True)),
    *(("deliver", "parking"), ("open_list",), ("deliver", "hangups")),
]
"""Word of two swaps comes after the list that has their end: two calls seem to be in one slot meanwhile."""


@settings(max_examples=400, deadline=None)
@example(SWAPS_AFTER_A_LIST)
@given(st.lists(STEPS, max_size=40))
def test_what_is_written_down_opens_and_closes_each_stay_once(steps):
    """Never two open rows for one call, never a second ending."""
    pbx = run(steps)
    come_to_rest(pbx)
    rows = live_rows(pbx.changes)
    assert set(rows.values()) <= {0, 1}
    assert {uid for uid, n in rows.items() if n} == set(pbx.truth())


ONCE = st.one_of(
    st.just(("park",)),
    st.tuples(st.just("leave"), st.integers(0, 9), st.sampled_from(["retrieve", "timeout", "hangup"])),
    st.tuples(st.just("deliver"), st.sampled_from(["parking", "hangups"])),
    st.just(("open_list",)),
    st.tuples(st.just("close_list"), st.booleans()),
)


@settings(max_examples=800, deadline=None)
@given(st.lists(ONCE, max_size=30))
def test_however_late_word_comes_each_stay_is_written_down_once(steps):
    pbx = run(steps)
    come_to_rest(pbx)
    entered = [change.call.uniqueid for change in pbx.changes if isinstance(change, Entered)]
    assert len(entered) == len(set(entered))


@settings(max_examples=800, deadline=None)
@given(st.lists(st.one_of(ONCE, st.tuples(st.just("transfer"), st.integers(0, 9))), max_size=30))
def test_who_takes_over_a_slot_goes_on_with_the_stay_however_late_word_comes(steps):
    """Of those who leave again lists may know before anybody tells who they were: here nobody leaves."""
    pbx = run([step for step in steps if step[0] != "leave"])
    come_to_rest(pbx)
    entered = [change for change in pbx.changes if isinstance(change, Entered)]
    assert len(entered) == pbx.made - pbx.swaps
    assert not [change for change in pbx.changes if isinstance(change, Ended)]


@settings(max_examples=200, deadline=None)
@given(st.lists(STEPS, max_size=30))
def test_in_order_and_without_loss_every_ending_is_the_real_one(steps):
    """With one road and no outage nothing may end 'unseen'."""
    pbx = Pbx()
    pbx.come_back()
    for name, *rest in steps:
        if name in {"park", "leave", "swap"}:
            getattr(pbx, str(name))(*rest)
            pbx.deliver_all()
    outcomes = {c.ending.outcome for c in pbx.changes if isinstance(c, Ended)}
    assert Outcome.UNSEEN not in outcomes
    assert not pbx.list_wanted


@settings(max_examples=200, deadline=None)
@given(st.lists(STEPS, max_size=30))
def test_however_often_a_parker_is_reminded_a_stay_is_one_stay_from_its_beginning(steps):
    pbx = Pbx()
    pbx.come_back()
    since = {}
    for name, *rest in steps:
        if name == "park" or (name == "leave" and rest[1] in {"remind", "retrieve"}):
            getattr(pbx, str(name))(*rest)
            pbx.deliver_all()
            since = {uid: since.get(uid, call.parked_at) for uid, call in pbx.parked.items()}
            assert {uid: call.parked_at for uid, call in pbx.board.calls.items()} == since
    entered = [c.call.uniqueid for c in pbx.changes if isinstance(c, Entered)]
    assert len(entered) == len(set(entered)) == pbx.made


@settings(max_examples=400, deadline=None)
@given(st.lists(STEPS, max_size=30), st.lists(st.integers(0, 9), max_size=3))
def test_however_often_a_call_is_moved_or_its_parker_reminded_it_waits_since_its_first_park(steps, unheard):
    """Also where the last moves happened while nobody listened."""
    pbx = Pbx()
    pbx.come_back()
    since = {}
    for name, *rest in steps:
        if name == "park" or (name == "leave" and rest[1] in {"remind", "retrieve", "move", "hangup"}):
            getattr(pbx, str(name))(*rest)
            pbx.deliver_all()
            since = {uid: since.get(uid, call.parked_at) for uid, call in pbx.parked.items()}
            assert {uid: call.since for uid, call in pbx.board.calls.items()} == since
    pbx.lose()
    for index in unheard:
        pbx.leave(index, "move")
    pbx.come_back()
    assert {uid: call.since for uid, call in pbx.board.calls.items()} == {uid: since[uid] for uid in pbx.parked}


@settings(max_examples=200, deadline=None)
@given(st.lists(STEPS, max_size=30))
def test_every_departure_is_explained_in_the_end(steps):
    """After the time limit nothing is left waiting for an explanation."""
    pbx = run(steps)
    come_to_rest(pbx)
    pbx.hear(events.Ticked(at=pbx.now + timedelta(minutes=1)))
    assert pbx.board.leaving == {}
    assert pbx.board.went_back == {}
