"""The whole truth from Asterisk, laid over what we believed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

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
    calls, changes, doubted = _reconciled(board, window)
    lots = {lot.name: lot for lot in window.listed.lots}
    if lots != board.lots:
        changes.insert(0, LotsChanged(window.listed.lots))
    link = board.link
    if link.state is not LinkState.HEARING:
        link = Link(LinkState.HEARING, at)
        changes.append(LinkChanged(link))
    hung_up = frozenset(uid for uid in board.hung_up if uid in calls)
    unheard = _unheard(board, changes, window.listed.at)
    board = replace(board, link=link, lots=lots, calls=calls, hung_up=hung_up, unheard=unheard, window=None)
    return replace(board, doubted=doubted), changes


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


def _reconciled(board: Board, window: Window) -> tuple[dict[str, Call], list[Change], frozenset[str]]:
    """The calls, the changes, and those whom words or a next list have to decide on."""
    decided = {*window.touched, *board.gone}  # who hung up may still be listed for a moment
    listed = {call.uniqueid: call for call in window.listed.calls if call.uniqueid not in decided}
    calls = {uid: call for uid, call in board.calls.items() if uid in window.touched}
    changes: list[Change] = []
    doubted = _doubted(board, window, listed)
    for uid, call in board.calls.items():
        if uid in window.touched:
            continue
        now, heir = listed.get(uid), doubted.get(uid)
        if now and now.place == call.place:
            calls[uid] = replace(call, channel=now.channel)  # who and since when stay as first told
            if _limits_differ(call, now):  # a reminder came while nobody listened
                calls[uid] = replace(calls[uid], timeout_at=now.timeout_at)
                changes.append(Resumed(calls[uid]))
        elif uid in doubted and uid not in board.doubted:
            calls[uid] = call
            changes.append(ListWanted())
        elif heir:
            calls[heir.uniqueid] = _handed_over(call, heir)
            changes.append(Replaced(call, calls[heir.uniqueid]))
        else:
            changes.append(Ended(call, Ending(_why(board, uid, now), window.listed.at)))
    heirs = {heir.uniqueid for heir in doubted.values() if heir}
    for uid, call in listed.items():
        if uid not in calls and uid not in heirs:
            moved = board.calls.get(uid)
            calls[uid] = _further(moved, call) if moved else call
            changes.append(Entered(calls[uid]))
    return calls, changes, frozenset(doubted)


def _doubted(board: Board, window: Window, listed: Mapping[str, Call]) -> dict[str, Call | None]:
    """Those who seem to have left unheard, though word of it may be on its way, and who is in their slot instead.

    It may be a swap, which makes the old channel hang up: the stay is not over then. Words tell better than ages.
    """
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


def _handed_over(before: Call, call: Call) -> Call:
    """``call`` in the stay of ``before``: an attended transfer was completed, and the wait goes on."""
    return replace(call, parked_at=before.parked_at, waiting_since=before.waiting_since)


def _further(before: Call, now: Call) -> Call:
    """A call that was moved unheard: lists tell its age in whole seconds, and no stay begins before the one before."""
    return replace(now, waiting_since=before.since, parked_at=max(now.parked_at, before.parked_at))


def _limits_differ(before: Call, now: Call) -> bool:
    """More than by the rounding of Asterisk's whole seconds."""
    if before.timeout_at is None or now.timeout_at is None:
        return before.timeout_at is not now.timeout_at
    return abs(now.timeout_at - before.timeout_at) > ROUNDING


def _why(board: Board, uid: str, now: Call | None) -> Outcome:
    if now:
        return Outcome.MOVED
    return Outcome.ABANDONED if uid in board.hung_up else Outcome.UNSEEN
