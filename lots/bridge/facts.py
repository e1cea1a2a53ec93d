"""Rows of the database as the facts that boards show. The one place where the two meet."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from django.contrib.auth.models import User
from django.utils import timezone

from lots.bridge.messages import LinkFacts, LotFacts, PhoneFacts, SlotFacts
from lots.models import ParkedCall, ParkingLot, Pbx, Phone, SlotName

ROUNDING = timedelta(seconds=2)
"""Asterisk tells times in whole seconds."""


def milliseconds(at: datetime) -> int:
    """Milliseconds since 1970, the form of every time in a message."""
    return round(at.timestamp() * 1000)


def person(user: User) -> str:
    """What colleagues call this user."""
    return user.get_full_name() or user.get_username()


def goes_back(row: ParkedCall) -> datetime | None:
    """When the caller goes back to the parker; None: never.

    In a lot with a reminder Asterisk's own limit is the reminder first, and the caller does not leave the slot then;
    more time that was given has none.
    """
    lot = row.lot
    if row.timeout_at is None or row.more_time or not lot.live_reminder or lot.live_timeout != lot.live_reminder:
        return row.timeout_at
    if abs(row.timeout_at - row.parked_at - timedelta(seconds=lot.live_reminder)) > ROUNDING:
        return row.timeout_at
    return row.parked_at + timedelta(seconds=lot.live_total) if lot.live_total else None


def slot_facts(row: ParkedCall) -> SlotFacts:
    """The occupied slot of an open row."""
    back = goes_back(row)
    claimed = row.claimed_by if row.claim_until and row.claim_until > timezone.now() else None
    return {
        "slot": row.slot,
        "state": "claimed" if claimed else "parked",
        "uniqueid": row.uniqueid,
        "caller": {"name": row.caller_name, "number": row.caller_number},
        "parker": {"name": row.parker_name, "number": row.parker_number, "device": row.parker_device},
        "parked_at": milliseconds(row.parked_at),
        "waiting_since": milliseconds(row.since),
        "timeout_at": milliseconds(back) if back else None,
        "claimed_by": person(claimed) if claimed else None,
        "claimer": claimed.pk if claimed else None,
        "note": row.note,
        "for_name": row.for_name,
        "for_phone": row.for_phone_id,
        "earlier": row.earlier,
    }


def occupied(lot: ParkingLot) -> dict[int, SlotFacts]:
    """The occupied slots of ``lot``; should two calls claim one for a moment, the later is shown."""
    return _occupied([lot])[lot.pk]


def _occupied(lots: Iterable[ParkingLot]) -> defaultdict[int, dict[int, SlotFacts]]:
    rows = ParkedCall.objects.filter(ended_at=None, lot__in=lots).select_related("claimed_by", "lot")
    slots: defaultdict[int, dict[int, SlotFacts]] = defaultdict(dict)
    for row in rows.order_by("parked_at", "pk"):
        slots[row.lot_id][row.slot] = slot_facts(row)
    return slots


def _names(lots: Iterable[ParkingLot]) -> defaultdict[int, dict[str, str]]:
    names: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for pk, slot, name in SlotName.objects.filter(lot__in=lots).values_list("lot", "slot", "name").order_by("slot"):
        names[pk][str(slot)] = name
    return names


def lot_facts(lot: ParkingLot) -> LotFacts:
    """The lot with its occupied slots."""
    return lots_facts([lot])[0]


def lots_facts(lots: Sequence[ParkingLot]) -> list[LotFacts]:
    """Lots with their occupied slots, in the order given; two queries for any number of them."""
    slots, names = _occupied(lots), _names(lots)
    return [_lot_facts(lot, list(slots[lot.pk].values()), names[lot.pk]) for lot in lots]


def _lot_facts(lot: ParkingLot, slots: list[SlotFacts], names: dict[str, str]) -> LotFacts:
    first, last = lot.live_range
    return {
        "id": lot.pk,
        "pbx": lot.pbx_id,
        "name": lot.name,
        "label": lot.label,
        "revision": lot.revision,
        "first": first,
        "last": last,
        "names": names,
        "long_after": lot.long_after,
        "soon_before": lot.soon_before,
        "slots": slots,
    }


def stamp(lots: Iterable[LotFacts]) -> str:
    """What is told of the lots themselves, as one short text: two that differ mean that something was missed."""
    told = [sorted((key, value) for key, value in lot.items() if key not in {"slots", "revision"}) for lot in lots]
    return sha256(repr(told).encode()).hexdigest()[:16]


def board_stamp() -> str:
    """``stamp`` of the lots on boards, without reading who is parked in them."""
    lots = board_lots()
    names = _names(lots)
    return stamp(_lot_facts(lot, [], names[lot.pk]) for lot in lots)


def link_facts(pbx: Pbx) -> LinkFacts:
    """The link as last written down."""
    since = milliseconds(pbx.link_since or timezone.now())
    return {"state": pbx.link_state, "since": since, "reason": pbx.link_reason}


def phone_facts(phone: Phone) -> PhoneFacts:
    """A phone as commands carry it."""
    return {"id": phone.pk, "number": phone.number, "name": phone.name, "device": phone.device}


def board_lots() -> list[ParkingLot]:
    """The lots that belong on a board, in the order they are shown."""
    return list(ParkingLot.objects.filter(on_board=True, present=True, pbx__active=True))
