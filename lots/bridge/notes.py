"""Notes on parked calls, and that one was given more time. Plain synchronous functions; only the bridge calls them."""

from collections import defaultdict
from typing import Any

from django.db import transaction

from lots.bridge.ledger import Touched, revise
from lots.bridge.messages import News, Noted
from lots.models import ParkedCall, Pbx


@transaction.atomic
def write(pbx: Pbx, uniqueid: str, noted: Noted) -> list[News]:
    """Write it on the open stay; what the boards must hear. Nothing: there is no such call."""
    phone = pbx.phones.filter(pk=noted["for_phone"] or 0).first()
    return _written(pbx, uniqueid, note=noted["note"], for_name=noted["for_name"], for_phone=phone)


@transaction.atomic
def write_whom(pbx: Pbx, uniqueid: str, name: str, phone: int | None) -> list[News]:
    """The same of for whom the call is; its note stays, and where ``name`` is empty all of it."""
    if not name:
        return []
    return _written(pbx, uniqueid, for_name=name, for_phone=pbx.phones.filter(pk=phone or 0).first())


@transaction.atomic
def write_more_time(pbx: Pbx, uniqueid: str) -> list[News]:
    """From now on its time limit is what a person gave, whatever the lot's reminder."""
    return _written(pbx, uniqueid, more_time=True)


def _written(pbx: Pbx, uniqueid: str, **values: Any) -> list[News]:
    rows = ParkedCall.objects.filter(lot__pbx=pbx, uniqueid=uniqueid, ended_at=None)
    rows.update(**values)
    touched: Touched = defaultdict(set)
    for row in rows:
        touched[row.lot_id].add(row.slot)
    return revise(touched)
