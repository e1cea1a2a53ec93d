"""What became of the calls somebody parked: told to who owns the parker's phone, whatever the lot's rights."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from lots.bridge.facts import milliseconds, person
from lots.bridge.messages import News, OwnFacts
from lots.bridge.returning import ringing_names
from lots.models import ParkedCall, Pbx, Phone
from lots.types.changes import Came, CameBack, Change, Ended, Entered, GoesBack, Outcome, Replaced, Resolved, Resumed

LISTED = timedelta(minutes=30)
"""How long it is told after the end."""
OLDEST = timedelta(hours=24)
"""Calls parked before that are nobody's news."""
MOST = 300
"""The latest that are looked at."""

_STATES = {
    Outcome.RETRIEVED.value: "taken",
    Outcome.ABANDONED.value: "hung_up",
    Outcome.ENDED.value: "ended",
    Outcome.TAKEN_ELSEWHERE.value: "elsewhere",
    Outcome.LEFT.value: "parked",  # the next moments tell more
    Outcome.MOVED.value: "parked",
}
_CAME = {Came.ANSWERED.value: "answered", Came.HUNG_UP.value: "hung_up", Came.UNANSWERED.value: "unanswered"}


def own_news(pbx: Pbx, changes: Sequence[Change]) -> list[News]:
    """Whether a call changed that was parked by somebody's own phone; asked after it is written."""
    calls = {uniqueid for change in changes if (uniqueid := _uniqueid(change))}
    if not calls:
        return []
    rows = ParkedCall.objects.filter(lot__pbx=pbx, uniqueid__in=calls).exclude(parker_device="")
    devices = _owners(pbx.phones.all())
    parked_by = rows.values_list("lot__pbx", "parker_device").distinct()
    return [{"kind": "own"}] if any((pk, device) in devices for pk, device in parked_by) else []


def _uniqueid(change: Change) -> str:
    match change:
        case Entered(call) | Ended(call, _) | Replaced(_, call) | Resumed(call) | CameBack(call):
            return call.uniqueid
        case GoesBack(back):
            return back.call.uniqueid
        case Resolved(uniqueid, _):
            return uniqueid
    return ""


def _owners(phones: Iterable[Phone]) -> dict[tuple[int, str], Phone]:
    """The owned phones by PBX and device, as Asterisk names the parker."""
    owned = [phone for phone in phones if phone.owner_id is not None]
    return {(phone.pbx_id, phone.device.removesuffix("/n")): phone for phone in owned}


def own_facts() -> list[OwnFacts]:
    """The last stay of each call that somebody's phone parked lately, the latest news first."""
    now, known = timezone.now(), list(Phone.objects.all())
    phones = _owners(known)
    found: dict[tuple[int, str], OwnFacts] = {}
    for row in _rows(now):
        parker = phones.get((row.lot.pbx_id, row.parker_device))
        call = (row.lot.pbx_id, row.uniqueid)
        if parker is not None and call not in found:
            found[call] = _facts(row, parker, known)
    return sorted(found.values(), key=lambda fact: -fact["at"])


def _rows(now: datetime) -> QuerySet[ParkedCall]:
    """Of each call the last stay first; those that are not over, and those that ended lately."""
    lately = Q(ended_at=None) | Q(ended_at__gt=now - LISTED) | Q(came_at__gt=now - LISTED) | ~Q(back_stage="")
    rows = ParkedCall.objects.filter(lately, parked_at__gt=now - OLDEST).exclude(parker_device="")
    return rows.select_related("lot", "retrieved_by").order_by("-pk")[:MOST]


def _facts(row: ParkedCall, parker: Phone, phones: list[Phone]) -> OwnFacts:
    state, by, mine = _state(row, parker)
    at = row.came_at or row.ended_at or row.parked_at
    return {
        "id": row.pk,
        "owner": parker.owner_id or 0,
        "uniqueid": row.uniqueid,
        "slot": row.slot,
        "lot_label": row.lot.label or row.lot.name,
        "caller": {"name": row.caller_name, "number": row.caller_number},
        "state": state,
        "by": by or ", ".join(ringing_names(row, phones)),
        "mine": mine,
        "at": milliseconds(at),
        "waited": max(0, int((at - row.since).total_seconds())),
    }


def _state(row: ParkedCall, parker: Phone) -> tuple[str, str, bool]:
    """What became of it, by whom, and whether that was the parker."""
    if row.ended_at is None:
        return ("moved" if row.waiting_since else "parked"), "", False
    if row.outcome == Outcome.TIMED_OUT.value:
        if row.back_stage:
            return row.back_stage, "", False
        return _CAME.get(row.came, "unknown"), row.came_name or row.came_number, row.came_number == parker.number
    if row.retrieved_by is not None:
        return _STATES.get(row.outcome, "unknown"), person(row.retrieved_by), row.retrieved_by_id == parker.owner_id
    by = row.retriever_name or row.retriever_number
    return _STATES.get(row.outcome, "unknown"), by, bool(by) and row.retriever_number == parker.number
