"""Rows of the database as the facts that boards show. The one place where the two meet."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from django.contrib.auth.models import User
from django.utils import timezone

from lots.bridge.messages import LinkFacts, LotFacts, PhoneFacts, SlotFacts
from lots.models import ParkedCall, ParkingLot, Pbx, Phone


def milliseconds(at: datetime) -> int:
    """Milliseconds since 1970, the form of every time in a message."""
    return round(at.timestamp() * 1000)


def person(user: User) -> str:
    """What colleagues call this user."""
    return user.get_full_name() or user.get_username()


def slot_facts(row: ParkedCall) -> SlotFacts:
    """The occupied slot of an open row."""
    claimed = row.claimed_by if row.claim_until and row.claim_until > timezone.now() else None
    return {
        "slot": row.slot,
        "state": "claimed" if claimed else "parked",
        "uniqueid": row.uniqueid,
        "caller": {"name": row.caller_name, "number": row.caller_number},
        "parker": {"name": row.parker_name, "number": row.parker_number, "device": row.parker_device},
        "parked_at": milliseconds(row.parked_at),
        "timeout_at": milliseconds(row.timeout_at) if row.timeout_at else None,
        "claimed_by": person(claimed) if claimed else None,
    }


def occupied(lot: ParkingLot) -> dict[int, SlotFacts]:
    """The occupied slots of ``lot``; should two calls claim one for a moment, the later is shown."""
    rows = lot.calls.filter(ended_at=None).select_related("claimed_by").order_by("parked_at", "pk")
    return {row.slot: slot_facts(row) for row in rows}


def lot_facts(lot: ParkingLot) -> LotFacts:
    """The lot with its occupied slots."""
    first, last = lot.live_range
    return {
        "id": lot.pk,
        "name": lot.name,
        "label": lot.label,
        "revision": lot.revision,
        "first": first,
        "last": last,
        "slots": list(occupied(lot).values()),
    }


def stamp(lots: Iterable[LotFacts]) -> str:
    """What is told of the lots themselves, as one short text: two that differ mean that something was missed."""
    told = [(lot["id"], lot["name"], lot["label"], lot["first"], lot["last"]) for lot in lots]
    return sha256(repr(told).encode()).hexdigest()[:16]


def link_facts(pbx: Pbx) -> LinkFacts:
    """The link as last written down."""
    since = milliseconds(pbx.link_since or timezone.now())
    return {"state": pbx.link_state, "since": since, "reason": pbx.link_reason}


def phone_facts(phone: Phone) -> PhoneFacts:
    """A phone as commands carry it."""
    return {"id": phone.pk, "number": phone.number, "name": phone.name, "device": phone.device}


def board_lots() -> list[ParkingLot]:
    """The lots that belong on a board, in the order they are shown."""
    return list(ParkingLot.objects.filter(on_board=True, present=True))
