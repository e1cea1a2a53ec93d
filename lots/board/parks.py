"""A call is parked, as an event or a list tells it: a stay begins, goes on after a reminder, or goes on elsewhere."""

from dataclasses import replace
from datetime import datetime, timedelta

from lots.board.state import Board
from lots.types.calls import Call
from lots.types.changes import Change, Ended, Ending, Entered, ListWanted, Outcome, Resolved, Resumed

REMINDED = timedelta(seconds=2)
"""A call that timed out or gave up and is parked in the same slot again within this time never left it, for people: the
parker was reminded (``lots.config.comeback``), or it was given more time. On a live Asterisk it takes 3 to 10 ms."""


def parked(board: Board, call: Call) -> tuple[Board, list[Change]]:
    """The board once ``call`` is in its slot, and what that changed."""
    known = board.calls.get(call.uniqueid)
    if known and known.place == call.place:
        return board, []
    changes: list[Change] = []
    resumed, call = _resumed(board, call), replace(call, waiting_since=call.waiting_since or _since(board, call))
    if known:
        changes.append(Ended(known, Ending(Outcome.MOVED, call.parked_at)))
    elif call.uniqueid in board.leaving and not resumed:
        changes.append(Resolved(call.uniqueid, Ending(Outcome.MOVED, board.leaving[call.uniqueid])))
    call = resumed or call
    changes.append(Resumed(call) if resumed else Entered(call))
    if call.lot not in board.lots or any(
        other.place == call.place for other in board.calls.values() if other.uniqueid != call.uniqueid
    ):
        changes.append(ListWanted())
    calls = {**board.calls, call.uniqueid: call}
    leaving = {uid: at for uid, at in board.leaving.items() if uid != call.uniqueid}
    went_back = {uid: stay for uid, stay in board.went_back.items() if uid != call.uniqueid}
    hung_up = board.hung_up - {call.uniqueid}
    if call.uniqueid in board.gone:  # they hung up while they were parked, and word of that was quicker
        hung_up |= {call.uniqueid}
        changes.append(ListWanted())
    return replace(board, calls=calls, leaving=leaving, went_back=went_back, hung_up=hung_up), changes


def handed_over(before: Call, call: Call) -> Call:
    """``call`` in the stay of ``before``: an attended transfer was completed, and the wait goes on."""
    return replace(call, parked_at=before.parked_at, waiting_since=before.waiting_since)


def _resumed(board: Board, call: Call) -> Call | None:
    """The stay that goes on with this park, if one does: who and since when stay as first told."""
    stay, at = board.went_back.get(call.uniqueid, (None, call.parked_at))
    if stay is None or stay.place != call.place or call.parked_at - at > REMINDED:
        return None
    return replace(stay, channel=call.channel, timeout_at=call.timeout_at)


def _since(board: Board, call: Call) -> datetime | None:
    """When the wait began that goes on with this park; None: with it.

    Who timed out may have been talked to, but for those who are still on their way back.
    """
    if known := board.calls.get(call.uniqueid):
        return known.since
    if back := board.returning.get(call.uniqueid):
        return back.call.since
    stay, _ = board.went_back.get(call.uniqueid, (None, None))
    return stay.since if stay and call.uniqueid in board.leaving else None
