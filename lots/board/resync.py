"""The whole truth from Asterisk, laid over what we believed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from lots.board.parks import handed_over, parked
from lots.board.state import Board, Window
from lots.types.calls import Call
from lots.types.changes import (
    Change,
    Ended,
    Ending,
    Entered,
    Link,
    LinkChanged,
    LinkState,
    ListWanted,
    LotsChanged,
    Outcome,
    Replaced,
    Resumed,
)

ROUNDING = timedelta(seconds=3)
"""How far two words of Asterisk on the same moment may lie apart."""

AS_OLD = timedelta(seconds=1.5)
"""How far the ages of two calls may lie apart that seem to be one stay: a swap keeps it, lists tell whole seconds."""


def settle(board: Board, at: datetime) -> tuple[Board, list[Change]]:
    """End the window opened by a list: for calls no event spoke of meanwhile, the list is right."""
    window = board.window
    if window is None:
        return board, []
    lots = {lot.name: lot for lot in window.listed.lots}
    changes: list[Change] = [LotsChanged(window.listed.lots)] if lots != board.lots else []
    listed = _believed(board, window)
    changes += [ListWanted() for call in window.listed.calls if _is_stale(board, call)][:1]
    board, ended = _ends(replace(board, lots=lots, window=None), window, listed)
    changes += ended
    for call in listed.values():
        board, more = parked(board, call)
        changes += more
    link = board.link
    if link.state is not LinkState.HEARING:
        link = Link(LinkState.HEARING, at)
        changes.append(LinkChanged(link))
    hung_up = frozenset(uid for uid in board.hung_up if uid in board.calls)
    return replace(board, link=link, hung_up=hung_up, unheard=_unheard(board, changes, window.listed.at)), changes


def _believed(board: Board, window: Window) -> dict[str, Call]:
    """The calls of the list that are to be believed, by uniqueid. No stay begins before the one before."""
    decided = {*window.touched, *board.gone}  # who hung up may still be listed for a moment
    listed = [call for call in window.listed.calls if call.uniqueid not in decided and not _is_stale(board, call)]
    return {call.uniqueid: _after(board.calls.get(call.uniqueid), call) for call in listed}


def _is_stale(board: Board, call: Call) -> bool:
    """Whether this is the very stay of which word has come that it is over: such a call may be listed for a moment."""
    stay, left = board.went_back.get(call.uniqueid, (None, call.parked_at))
    return stay is not None and call.uniqueid not in board.calls and left - call.parked_at > AS_OLD


def _after(before: Call | None, call: Call) -> Call:
    """A call that was moved unheard: lists tell its age in whole seconds."""
    return replace(call, parked_at=max(call.parked_at, before.parked_at)) if before else call


def _unheard(board: Board, changes: Sequence[Change], at: datetime) -> dict[str, tuple[tuple[str, int], datetime]]:
    """Whose parking nobody has told: those whom this list names first, and those whose stay it ends."""
    unheard = dict(board.unheard)
    for change in changes:
        match change:
            case Entered(call) | Replaced(_, call):
                unheard[call.uniqueid] = call.place, at
            case Ended(call, _) if call.uniqueid in unheard:
                unheard[call.uniqueid] = call.place, at
    return unheard


def _ends(board: Board, window: Window, listed: dict[str, Call]) -> tuple[Board, list[Change]]:
    """Stays that go on, ended or were handed over; of ``listed`` the heirs are taken out."""
    calls: dict[str, Call] = {}
    changes: list[Change] = []
    doubted = _doubted(board, window, listed)
    for uid, call in board.calls.items():
        now, heir = listed.get(uid), doubted.get(uid)
        if uid in window.touched:
            calls[uid] = call
        elif now:
            calls[uid], more = _goes_on(call, now)
            changes += more
        elif uid in doubted and uid not in board.doubted:
            calls[uid] = call
            changes.append(ListWanted())
        elif heir:
            calls[heir.uniqueid] = handed_over(call, heir)
            changes.append(Replaced(call, calls[heir.uniqueid]))
        else:
            why = Outcome.ABANDONED if uid in board.hung_up else Outcome.UNSEEN
            changes.append(Ended(call, Ending(why, window.listed.at)))
    for heir in doubted.values():
        if heir:
            del listed[heir.uniqueid]
    return replace(board, calls=calls, doubted=frozenset(doubted)), changes


def _goes_on(call: Call, now: Call) -> tuple[Call, list[Change]]:
    """Who and since when stay as first told. Where it is in another slot now is for ``parked`` to say."""
    if now.place != call.place:
        return call, []
    call = replace(call, channel=now.channel)
    if not _limits_differ(call, now):
        return call, []
    call = replace(call, timeout_at=now.timeout_at)
    return call, [Resumed(call)]  # a reminder came while nobody listened


def _doubted(board: Board, window: Window, listed: Mapping[str, Call]) -> dict[str, Call | None]:
    """Those who seem to have left unheard, though word of it may be on its way, and who is in their slot instead.

    It may be a swap, which makes the old channel hang up: the stay is not over then. Words tell better than ages. After
    an outage no word will come, and nothing is supposed.
    """
    if board.link.state is not LinkState.HEARING:
        return {}
    new = {call.place: call for uid, call in listed.items() if uid not in board.calls}
    there = {call.uniqueid for call in window.listed.calls}
    doubted: dict[str, Call | None] = {}
    for uid, call in board.calls.items():
        if uid in window.touched or uid in listed:
            continue
        heir = new.get(call.place)
        if heir and abs(heir.parked_at - call.parked_at) <= AS_OLD:
            doubted[uid] = new.pop(call.place)
        elif uid in there:
            doubted[uid] = None
    return doubted


def _limits_differ(before: Call, now: Call) -> bool:
    """More than by the rounding of Asterisk's whole seconds."""
    if before.timeout_at is None or now.timeout_at is None:
        return before.timeout_at is not now.timeout_at
    return abs(now.timeout_at - before.timeout_at) > ROUNDING
