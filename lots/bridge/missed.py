"""Callers who hung up before anybody took them: a list to call back, until somebody says it is dealt with."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from lots.bridge.facts import milliseconds
from lots.bridge.messages import MissedFacts, News
from lots.models import ParkedCall, Pbx

LISTED = timedelta(hours=24)
"""A missed call is on the list for so long."""
MOST = 100
"""The newest that are listed."""


@transaction.atomic
def settle(pbx: Pbx, pk: int, user: int, remark: str, undo: bool) -> list[News]:
    """Say that the missed call ``pk`` is dealt with, or with ``undo`` that it is not. Nothing: no such call."""
    rows = ParkedCall.objects.filter(lot__pbx=pbx, pk=pk, outcome="abandoned")
    if undo:
        rows.update(called_back_at=None, called_back_by=None, remark="")
    else:
        rows.filter(called_back_at=None).update(called_back_at=timezone.now(), called_back_by=user, remark=remark)
    return [{"kind": "missed"}] if rows.exists() else []


def missed_facts() -> list[MissedFacts]:
    """The callers to call back, the latest first."""
    rows = ParkedCall.objects.filter(
        outcome="abandoned", called_back_at=None, ended_at__gt=timezone.now() - LISTED, lot__on_board=True
    )
    return [_facts(row) for row in rows.order_by("-ended_at")[:MOST]]


def _facts(row: ParkedCall) -> MissedFacts:
    return {
        "id": row.pk,
        "lot": row.lot_id,
        "slot": row.slot,
        "caller": {"name": row.caller_name, "number": row.caller_number},
        "waited": row.waited_seconds or 0,
        "left_at": milliseconds(row.ended_at or row.parked_at),
        "note": row.note,
        "for_name": row.for_name,
    }
