"""Notes on parked calls. Plain synchronous functions; only the bridge calls them."""

from collections import defaultdict

from django.db import transaction

from lots.bridge.ledger import Touched, revise
from lots.bridge.messages import News, Noted
from lots.models import ParkedCall, Pbx


@transaction.atomic
def write(pbx: Pbx, uniqueid: str, noted: Noted) -> list[News]:
    """Write it on the open stay; what the boards must hear. Nothing: there is no such call."""
    rows = ParkedCall.objects.filter(lot__pbx=pbx, uniqueid=uniqueid, ended_at=None)
    phone = pbx.phones.filter(pk=noted["for_phone"] or 0).first()
    rows.update(note=noted["note"], for_name=noted["for_name"], for_phone=phone)
    touched: Touched = defaultdict(set)
    for row in rows:
        touched[row.lot_id].add(row.slot)
    return revise(touched)
