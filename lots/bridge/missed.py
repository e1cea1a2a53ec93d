"""Callers who hung up before anybody took them: a list to call back, until somebody says it is dealt with."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from lots.bridge.facts import milliseconds
from lots.bridge.messages import MissedFacts, News
from lots.models import ParkedCall, Pbx
from lots.types.changes import Came, Outcome

LISTED = timedelta(hours=24)
"""A missed call is on the list for so long."""
MOST = 100
"""The newest that are listed."""

MISSED = Q(outcome=Outcome.ABANDONED.value) | Q(
    outcome=Outcome.TIMED_OUT.value, came__in=[Came.HUNG_UP.value, Came.UNANSWERED.value]
)
"""Stays of callers who reached nobody, in their slot or on their way back."""


@transaction.atomic
def settle(pbx: Pbx, pk: int, user: int, remark: str, undo: bool) -> list[News]:
    """Say that the missed call ``pk`` is dealt with, or with ``undo`` that it is not. Nothing: no such call."""
    rows = ParkedCall.objects.filter(MISSED, lot__pbx=pbx, pk=pk)
    if undo:
        rows.update(called_back_at=None, called_back_by=None, remark="")
    else:
        rows.filter(called_back_at=None).update(called_back_at=timezone.now(), called_back_by=user, remark=remark)
    return [{"kind": "missed"}] if rows.exists() else []


def missed_facts() -> list[MissedFacts]:
    """The callers to call back, the latest first."""
    listed = ParkedCall.objects.filter(MISSED, called_back_at=None, lot__on_board=True, lot__pbx__active=True)
    rows = listed.filter(ended_at__gt=timezone.now() - LISTED)
    return [_facts(row) for row in rows.order_by("-ended_at")[:MOST]]


def _facts(row: ParkedCall) -> MissedFacts:
    left = row.came_at or row.ended_at or row.parked_at
    return {
        "id": row.pk,
        "lot": row.lot_id,
        "slot": row.slot,
        "caller": {"name": row.caller_name, "number": row.caller_number},
        "waited": max(0, int((left - row.since).total_seconds())),
        "left_at": milliseconds(left),
        "how": row.came or Came.HUNG_UP.value,
        "note": row.note,
        "for_name": row.for_name,
    }
