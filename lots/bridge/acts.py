"""The audit log: who gave which order, on what, and how it ended."""

from django.contrib.auth.models import User
from django.utils import timezone

from lots.bridge.messages import News, Order
from lots.models import Act, Pbx

KINDS = frozenset(kind for kind, _label in Act.KINDS)
"""Kinds of orders that are written down."""


def note(pbx: Pbx, order: Order, caller: str, code: str) -> list[News]:
    """Write one row; no board has to hear of it. ``caller`` is who was parked when the order was given."""
    lot = pbx.lots.filter(pk=order.get("lot") or 0).first()
    Act.objects.create(
        at=timezone.now(),
        user=User.objects.filter(pk=order["user"]).first(),
        user_name=order["user_name"][:200],
        kind=order["kind"],
        lot=lot,
        slot=order.get("slot"),
        uniqueid=order.get("uniqueid", "")[:150],
        caller=caller.replace("\0", "")[:300],
        detail=order.get("detail", "").replace("\0", "")[:400],
        code=code[:30],
    )
    return []
