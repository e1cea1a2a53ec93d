"""Calls that waited too long: on their way back, until somebody answers, the caller hangs up, or they are parked again.

Pure. Heard from what every Asterisk says (``DialBegin``, ``DialEnd``, ``Hangup`` of the caller's own channel), so it
works whatever dialplan rings. All of these may come before parking's own word that the time is over.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from lots.board.state import Board
from lots.types import events
from lots.types.calls import Leg, Return, Stage
from lots.types.changes import Came, CameBack, Change, Ended, Ending, Entered, GoesBack, Outcome, Resolved, Resumed

Result = tuple[Board, list[Change]]
LATE = timedelta(seconds=2)
"""How much later than it is a time limit may seem to be: word of the park took a while, lists tell whole seconds."""
ANSWERED, CANCELLED = "ANSWER", "CANCEL"
"""Asterisk's words for how a ringing ended."""


def follow(before: Board, after: Board, event: events.Event, changes: list[Change]) -> Result:
    """The board ``after`` an event and its ``changes`` to slots, with the calls that go back kept up with it."""
    more: list[Change] = []
    for change in changes:
        after, told = _slot_changed(before, after, change, event)
        more += told
    after, told = _heard(after, event)
    return _forget_early(after), [*changes, *more, *told]


def _slot_changed(before: Board, board: Board, change: Change, event: events.Event) -> Result:
    match change:
        case Ended(call, ending) if ending.outcome is Outcome.TIMED_OUT:
            return _begin(before, board, Return(call=call, stage=Stage.RECALL, since=ending.at))
        case Ended(call, ending) if (
            ending.outcome is Outcome.UNSEEN and call.timeout_at and call.timeout_at <= ending.at + LATE
        ):
            back = Return(call=call, stage=Stage.RECALL, since=call.timeout_at, sure=False)
            return replace(board, returning={**board.returning, call.uniqueid: back}), []
        case Resolved(uid, Ending(outcome=Outcome.TIMED_OUT)) if uid in board.returning:
            known = board.returning[uid]
            if not known.sure:  # a list had overtaken word of it
                return _begin(before, board, replace(known, sure=True))
        case Entered(call) | Resumed(call) if call.uniqueid in board.returning:
            return _end(board, call.uniqueid, Came.PARKED, event.at)
    return board, []


def _begin(before: Board, board: Board, back: Return) -> Result:
    """What was heard of it before parking said so is told now; a channel that is gone already came nowhere."""
    uid = back.call.uniqueid
    board = replace(board, returning={**board.returning, uid: back})
    changes: list[Change] = [GoesBack(back)]
    for event in board.early.get(uid, ()):
        board, more = _heard(board, event)
        changes += more
    if uid in before.hung_up and uid in board.returning:
        board, more = _over(board, uid, back.since)
        changes += more
    return board, changes


def _heard(board: Board, event: events.Event) -> Result:  # noqa: PLR0911  (one line per kind of event)
    match event:
        case events.Ringing(uniqueid=uid) | events.RangOut(uniqueid=uid) if uid in board.calls:
            return replace(board, early={**board.early, uid: (*board.early.get(uid, ()), event)}), []
        case events.Ringing(uniqueid=uid) if uid in board.returning:
            return _further(board, _rings(board.returning[uid], event.leg, event.at))
        case events.RangOut(uniqueid=uid, status=status) if uid in board.returning:
            if status == ANSWERED:
                return _end(board, uid, Came.ANSWERED, event.at, event.leg)
            return _further(board, _rang_out(board.returning[uid], event))
        case events.HungUp(uniqueid=uid) if uid in board.returning:
            return _over(board, uid, event.at)
        case events.Looked(uniqueid=uid) if uid in board.returning:
            return _looked(board, event)
    return board, []


def _rings(back: Return, leg: Leg, at: datetime) -> Return:
    """One phone more; the parker's own makes it a recall."""
    if any(other.uniqueid == leg.uniqueid for other in back.ringing):
        return back
    ringing = (*back.ringing, leg)
    stage = _stage(back, ringing)
    since = back.since if back.ringing and stage is back.stage else at
    return replace(back, ringing=ringing, stage=stage, since=since, cancelled=False)


def _stage(back: Return, ringing: tuple[Leg, ...]) -> Stage:
    own = any(leg.device == back.call.parker_device for leg in ringing)
    return Stage.RECALL if own else Stage.FALLBACK


def _rang_out(back: Return, event: events.RangOut) -> Return:
    """One phone less. The last one of all leaves the call to the dialplan."""
    ringing = tuple(leg for leg in back.ringing if leg.uniqueid != event.leg.uniqueid)
    if len(ringing) == len(back.ringing):
        return back
    stage = _stage(back, ringing)
    since = back.since if ringing and stage is back.stage else event.at
    return replace(back, ringing=ringing, stage=stage, since=since, cancelled=event.status == CANCELLED)


def _further(board: Board, back: Return) -> Result:
    uid = back.call.uniqueid
    known, back = board.returning[uid], replace(back, sure=True)
    board = replace(board, returning={**board.returning, uid: back})
    if back.ringing:
        board = _did_leave(board, uid)
    changes: list[Change] = []
    if not known.sure:
        changes.append(Resolved(uid, Ending(Outcome.TIMED_OUT, known.since)))
    if not known.sure or (known.stage, known.since, known.ringing) != (back.stage, back.since, back.ringing):
        changes.append(GoesBack(back))
    return board, changes


def _over(board: Board, uid: str, at: datetime) -> Result:
    """The channel is gone. While a phone rang the caller gave up; else nobody was left to answer."""
    back = board.returning[uid]
    return _end(board, uid, Came.HUNG_UP if back.ringing or back.cancelled else Came.UNANSWERED, at)


def _looked(board: Board, event: events.Looked) -> Result:
    """Asterisk was asked: what happened unheard is not invented, but for who talks with the caller now."""
    back = board.returning[event.uniqueid]
    if not event.there:
        return _end(board, event.uniqueid, Came.UNKNOWN, event.at)
    if event.talks_with is not None:
        return _end(board, event.uniqueid, Came.ANSWERED, event.at, event.talks_with)
    if not back.sure and not event.ringing:
        return board, []  # it lives, and may be anywhere
    if {leg.uniqueid for leg in event.ringing} == {leg.uniqueid for leg in back.ringing}:
        return _further(board, back)
    stage = _stage(back, event.ringing)
    return _further(board, replace(back, ringing=event.ringing, stage=stage, since=event.at))


def _end(board: Board, uid: str, came: Came, at: datetime, by: Leg | None = None) -> Result:
    """What became of one that was never found on its way nobody knows: it has ended unseen, and that is told."""
    back = board.returning[uid]
    if came is Came.ANSWERED:
        board = _did_leave(board, uid)
    return _without(board, uid), [CameBack(back.call, came, at, by)] if back.sure else []


def _did_leave(board: Board, uid: str) -> Board:
    """A park in the same slot begins another stay from now on, whatever becomes of the ringing."""
    return replace(board, went_back={other: stay for other, stay in board.went_back.items() if other != uid})


def _without(board: Board, uid: str) -> Board:
    return replace(board, returning={other: back for other, back in board.returning.items() if other != uid})


def _forget_early(board: Board) -> Board:
    """What was heard early counts only for a call that still seems to be parked."""
    if not board.early:
        return board
    return replace(board, early={uid: heard for uid, heard in board.early.items() if uid in board.calls})
