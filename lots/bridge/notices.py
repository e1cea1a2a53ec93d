"""Notices to the person a parked call is for. Plain synchronous functions; only the bridge writes."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from lots.bridge.facts import milliseconds, person
from lots.bridge.messages import News, NoticeFacts, Notified
from lots.models import Notice, ParkedCall, Pbx, Phone

SHOWN = timedelta(hours=1)
"""A notice is shown while its call is parked, for so long at the most."""


@transaction.atomic
def notify(pbx: Pbx, uniqueid: str, sender: int, notified: Notified) -> list[News]:
    """Tell ``notified`` of the call; what the boards must hear. Nothing: there is no such call, or no such phone."""
    call = ParkedCall.objects.filter(lot__pbx=pbx, uniqueid=uniqueid, ended_at=None).first()
    phone = Phone.objects.filter(pbx=pbx, pk=notified["phone"]["id"]).select_related("owner").first()
    if call is None or phone is None:
        return []
    Notice.objects.create(
        call=call,
        to_user=phone.owner,
        to_phone=phone,
        to_name=person(phone.owner) if phone.owner else phone.name,
        from_user=User.objects.filter(pk=sender).first(),
        from_name=notified["sender"],
        text=notified["text"],
        at=timezone.now(),
    )
    return [{"kind": "notices"}]


@transaction.atomic
def answer(pbx: Pbx, pk: int, user: int, word: str) -> list[News]:
    """Whom the notice was for answers it: ``seen`` or ``coming``. Nothing: it is not theirs."""
    notices = Notice.objects.filter(pk=pk, to_user=user, call__lot__pbx=pbx)
    if word == "seen":  # who has said that they are coming has seen it
        notices = notices.exclude(answer="coming")
    notices.update(answer=word, answered_at=timezone.now())
    return [{"kind": "notices"}] if Notice.objects.filter(pk=pk, to_user=user).exists() else []


def notice_facts() -> list[NoticeFacts]:
    """The notices of calls that are still parked, the latest first."""
    rows = Notice.objects.filter(call__ended_at=None, at__gt=timezone.now() - SHOWN).select_related("call")
    return [_facts(row) for row in rows]


def _facts(row: Notice) -> NoticeFacts:
    call = row.call
    return {
        "id": row.pk,
        "lot": call.lot_id,
        "slot": call.slot,
        "uniqueid": call.uniqueid,
        "caller": {"name": call.caller_name, "number": call.caller_number},
        "to": row.to_user_id,
        "to_name": row.to_name,
        "sender": row.from_user_id,
        "sender_name": row.from_name,
        "text": row.text,
        "at": milliseconds(row.at),
        "answer": row.answer,
    }
