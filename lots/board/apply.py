"""How an event changes the board. Pure: the same board and event give the same answer."""

from dataclasses import replace
from datetime import timedelta

from lots.board.parks import REMINDED, handed_over, parked
from lots.board.resync import settle
from lots.board.returning import follow
from lots.board.state import Board, Window
from lots.types import events
from lots.types.calls import Call
from lots.types.changes import (
    Change,
    DoorTried,
    Ended,
    Ending,
    Link,
    LinkChanged,
    LinkState,
    ListWanted,
    Outcome,
    Replaced,
    Resolved,
)

Result = tuple[Board, list[Change]]

UNEXPLAINED = timedelta(seconds=5)
"""A call that left its slot and neither hung up nor parked again in this time was taken by other means."""

MOST_GONE = 256
"""Hang-ups that are remembered: of a busy Asterisk, word of parking is late by more than a list takes."""


def apply(board: Board, event: events.Event) -> Result:
    """The board after ``event``, and what that changed."""
    after, changes = _slots(board, event)
    return follow(board, after, event, changes)


def _slots(board: Board, event: events.Event) -> Result:  # noqa: C901, PLR0911  (one line per kind of event)
    match event:
        case events.Parked() | events.Swapped() if _is_over(board, event.call):
            return _touch(board, event.call), [ListWanted()]
        case events.Parked():
            return parked(_touch(board, event.call), event.call)
        case events.Swapped():
            return _swapped(_touch_place(_touch(board, event.call), event.call.place), event.call)
        case events.Unparked():
            return _left(_touch(board, event.call), event.call, _retrieved(event))
        case events.TimedOut():
            return _timed_out(_touch(board, event.call), event)
        case events.GaveUp():
            return _gave_up(_touch(board, event.call), event)
        case events.HungUp():
            return _hung_up(board, event)
        case events.Listed():
            return replace(board, window=Window(event)), []
        case events.Settled():
            return settle(board, event.at)
        case events.LinkLost() | events.LoginRefused():
            return _link_down(board, event)
        case events.Ticked():
            return _ticked(board, event)
        case DoorTried():
            return board, [event]  # to be written down; no slot changes
    return board, []


def _is_over(board: Board, call: Call) -> bool:
    """Whether this is late word of a stay that one list began and another has ended."""
    place, _ = board.unheard.get(call.uniqueid, (None, None))
    return place == call.place and call.uniqueid not in board.calls


def _touch(board: Board, call: Call) -> Board:
    if call.uniqueid in board.unheard:
        board = replace(board, unheard={uid: told for uid, told in board.unheard.items() if uid != call.uniqueid})
    if board.window is None:
        return board
    return replace(board, window=replace(board.window, touched=board.window.touched | {call.uniqueid}))


def _touch_place(board: Board, place: tuple[str, int]) -> Board:
    """A swap also speaks of whom it replaces, without naming them."""
    if board.window is None:
        return board
    spoken_of = {c.uniqueid for c in (*board.calls.values(), *board.window.listed.calls) if c.place == place}
    return replace(board, window=replace(board.window, touched=board.window.touched | spoken_of))


def _timed_out(board: Board, event: events.TimedOut) -> Result:
    uid = event.call.uniqueid
    known, back = board.calls.get(uid), board.returning.get(uid)
    after, changes = _left(board, event.call, Ending(Outcome.TIMED_OUT, event.at))
    stay = back.call if back and not back.sure else known  # a list may have ended the stay before this word of it
    if stay and uid not in after.calls:
        after = replace(after, went_back={**after.went_back, uid: (stay, event.at)})
    return after, changes


def _swapped(board: Board, call: Call) -> Result:
    """Whom it replaces is not named: where two are believed to be there, a list has to say who is."""
    there = [c for c in board.calls.values() if c.place == call.place and c.uniqueid != call.uniqueid]
    if not there:
        return parked(board, call)
    before, *doubtful = there
    rest = {uid: c for uid, c in board.calls.items() if uid not in {before.uniqueid, call.uniqueid}}
    elsewhere = board.calls.get(call.uniqueid)
    now = handed_over(before, call)
    if elsewhere:
        now = replace(now, waiting_since=elsewhere.since)
    gone = board.hung_up - {before.uniqueid}
    changes: list[Change] = [Ended(elsewhere, Ending(Outcome.MOVED, call.parked_at))] if elsewhere else []
    changes += [Replaced(before, now), *([ListWanted()] if doubtful else [])]
    return replace(board, calls={**rest, call.uniqueid: now}, hung_up=gone), changes


def _retrieved(event: events.Unparked) -> Ending:
    return Ending(Outcome.RETRIEVED, event.at, event.retriever, event.retriever_channel, event.retriever_uniqueid)


def _left(board: Board, call: Call, ending: Ending) -> Result:
    known = board.calls.get(call.uniqueid)
    if known is None:
        return board, [Resolved(call.uniqueid, ending)]
    if known.place != call.place:  # late word of an earlier stay; the present one goes on
        return board, [ListWanted()]
    calls = {uid: c for uid, c in board.calls.items() if uid != call.uniqueid}
    return replace(board, calls=calls, hung_up=board.hung_up - {call.uniqueid}), [Ended(known, ending)]


def _gave_up(board: Board, event: events.GaveUp) -> Result:
    uid = event.call.uniqueid
    if uid in board.hung_up or uid in board.gone:  # a list may have ended the stay before this word of it came
        return _left(board, event.call, Ending(Outcome.ABANDONED, event.at))
    known = board.calls.get(uid)
    if known and known.place != event.call.place:
        return board, [ListWanted()]
    after, changes = _left(board, event.call, Ending(Outcome.LEFT, event.at))
    kept = [change for change in changes if isinstance(change, Ended)]  # nothing is known yet to resolve
    went_back = {**after.went_back, uid: (known, event.at)} if known else after.went_back
    return replace(after, leaving={**after.leaving, uid: event.at}, went_back=went_back), [*kept]


def _hung_up(board: Board, event: events.HungUp) -> Result:
    uid = event.uniqueid
    known_to_leave, board = uid in board.leaving, replace(board, gone=(*board.gone[1 - MOST_GONE :], uid))
    if known_to_leave:
        leaving = {other: at for other, at in board.leaving.items() if other != uid}
        went_back = {other: stay for other, stay in board.went_back.items() if other != uid}  # nothing to go on with
        ending = Ending(Outcome.ABANDONED, board.leaving[uid])
        return replace(board, leaving=leaving, went_back=went_back), [Resolved(uid, ending)]
    if uid in board.calls and uid not in board.hung_up:
        # Parking's own word travels on another road inside Asterisk and may come a moment later.
        return replace(board, hung_up=board.hung_up | {uid}), [ListWanted()]
    return board, []


def _link_down(board: Board, event: events.LinkLost | events.LoginRefused) -> Result:
    state = LinkState.LOST if isinstance(event, events.LinkLost) else LinkState.REFUSED
    since = event.at if board.link.state is LinkState.HEARING else board.link.since
    link = Link(state, since, event.reason)
    changes: list[Change] = [LinkChanged(link)] if link != board.link else []
    # A new start gives out the same names again.
    return replace(board, link=link, window=None, gone=(), unheard={}), changes


def _ticked(board: Board, event: events.Ticked) -> Result:
    if board.unheard:
        kept = {
            uid: told for uid, told in board.unheard.items() if uid in board.calls or event.at - told[1] <= UNEXPLAINED
        }
        board = replace(board, unheard=kept)
    if board.went_back:
        lately = {
            uid: stay
            for uid, stay in board.went_back.items()
            if event.at - stay[1] <= (UNEXPLAINED if uid in board.leaving else REMINDED)
        }
        board = replace(board, went_back=lately)
    due = {uid: at for uid, at in board.leaving.items() if event.at - at >= UNEXPLAINED}
    if not due:
        return board, []
    leaving = {uid: at for uid, at in board.leaving.items() if uid not in due}
    changes: list[Change] = [Resolved(uid, Ending(Outcome.TAKEN_ELSEWHERE, at)) for uid, at in due.items()]
    return replace(board, leaving=leaving), changes
