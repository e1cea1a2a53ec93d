"""A page's message as an order for the bridge: checked for form and for rights, both at this moment."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django.conf import settings
from django.db.models.functions import Coalesce

from dashboard.rights import Rights, Viewer, current, phone_to_ring
from lots.bridge.facts import board_lots, phone_facts
from lots.bridge.messages import Order, PhoneFacts
from lots.bridge.missed import MISSED
from lots.models import Notice, PagingZone, ParkedCall, ParkingLot, Pbx, Phone
from lots.publish.accounts import MAIN

LONGEST_COMMAND = 64
SHORTEST_TIME, LONGEST_TIME = 60, 3600
"""Seconds that more time may be."""
LONGEST_NOTE, LONGEST_NAME = 300, 80


class Refused(Exception):  # noqa: N818  (an answer, not an error of ours)
    """The order is not passed on; the text is a code of docs/protocol.md."""


def as_int(value: object) -> int | None:
    """A whole number, or None."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def as_text(value: object) -> str:
    """A short text, or nothing."""
    return value if isinstance(value, str) and len(value) <= LONGEST_COMMAND else ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A message with who sent it. Its methods read what an order needs and raise ``Refused`` where it is not there."""

    viewer: Viewer
    rights: Rights
    message: dict[str, Any]

    def number(self, name: str) -> int:
        """A whole number."""
        value = as_int(self.message.get(name))
        if value is None:
            raise Refused("bad_request")
        return value

    def text(self, name: str, longest: int) -> str:
        """A text on one line, perhaps an empty one."""
        value = self.message.get(name, "")
        if not isinstance(value, str) or len(value) > longest:
            raise Refused("bad_request")
        return " ".join("".join(c if c.isprintable() else " " for c in value).split())

    def name_of_call(self, name: str) -> str:
        """Asterisk's own name of a call: a word that is compared and never read."""
        value = self.message.get(name)
        if not isinstance(value, str) or not 0 < len(value) <= ParkedCall.LONGEST_UNIQUEID or not value.isprintable():
            raise Refused("bad_request")
        return value

    def lot(self, act: str, name: str = "lot") -> ParkingLot:
        """A lot in which the viewer may ``act``. One that is hidden, closed or not there is refused alike."""
        pk = self.number(name)
        lot = next((lot for lot in board_lots() if lot.pk == pk), None)
        if lot is None or not self.rights.lots.may(act, pk):
            raise Refused("forbidden")
        return lot

    def call(self, act: str = "retrieve") -> dict[str, Any]:
        """The call that was drawn, in a lot where the viewer may ``act``."""
        slot, uniqueid = self.number("slot"), self.name_of_call("uniqueid")
        lot = self.lot(act)
        return {"pbx": lot.pbx_id, "lot": lot.pk, "lot_name": lot.name, "slot": slot, "uniqueid": uniqueid}

    def own_phone(self, pbx: int) -> dict[str, Any]:
        """The phone that rings for the viewer, on this PBX."""
        phone = phone_to_ring(self.viewer.user, as_int(self.message.get("phone")), pbx)
        if phone is None:
            raise Refused("no_phone")
        return {"phone": phone, "detail": phone["number"]}

    def other_phone(self, name: str, pbx: int) -> Phone:
        """A phone somebody else may have, on the call's own PBX."""
        phone = Phone.objects.filter(pk=self.number(name)).first()
        if phone is None:
            raise Refused("no_such_phone")
        if phone.pbx_id != pbx:
            raise Refused("other_pbx")
        return phone


def _retrieve(asked: Asked) -> dict[str, Any]:
    call = asked.call()
    return {**call, **asked.own_phone(call["pbx"])}


def _take_next(asked: Asked) -> dict[str, Any]:
    """From one lot, or from all this viewer may take calls from."""
    lots = board_lots() if asked.message.get("lot") is None else [asked.lot("retrieve")]
    mine = [lot for lot in lots if lot.pk in asked.rights.lots.retrieve]
    if not mine:
        raise Refused("forbidden")
    pbx = _longest_waiting(asked, mine)
    here = {lot.name: lot.pk for lot in mine if lot.pbx_id == pbx}
    return {"pbx": pbx, "lots": here, **asked.own_phone(pbx)}


def _longest_waiting(asked: Asked, lots: list[ParkingLot]) -> int:
    """On which PBX the longest waiting of these lots is, among those where the viewer has a phone."""
    phones = [phone["pbx"] for phone in asked.rights.phones]
    near = [lot for lot in lots if lot.pbx_id in phones] or lots
    if len({lot.pbx_id for lot in near}) == 1:
        return near[0].pbx_id
    waiting = ParkedCall.objects.filter(lot__in=near, ended_at=None).order_by(Coalesce("waiting_since", "parked_at"))
    return waiting.values_list("lot__pbx", flat=True).first() or near[0].pbx_id


def _send(asked: Asked) -> dict[str, Any]:
    call = asked.call()
    phone = asked.other_phone("to", call["pbx"])
    return {**call, "phone": phone_facts(phone), "taker": phone.owner_id, "detail": f"{phone.number} {phone.name}"}


def _call(asked: Asked) -> dict[str, Any]:
    return asked.call()


def _note(asked: Asked) -> dict[str, Any]:
    note, name = asked.text("note", LONGEST_NOTE), asked.text("for_name", LONGEST_NAME)
    phone = as_int(asked.message.get("for_phone"))
    if phone is not None and not (found := Phone.objects.filter(pk=phone).first()):
        raise Refused("no_such_phone")
    whom = name or (found.name if phone is not None and found else "")
    noted = {"note": note, "for_name": whom, "for_phone": phone}
    return {**asked.call(), "note": noted, "detail": f"{whom}: {note}" if whom else note}


def _notify(asked: Asked) -> dict[str, Any]:
    call, text = asked.call(), asked.text("text", LONGEST_NOTE)
    phone = asked.other_phone("to", call["pbx"])
    notified = {"phone": phone_facts(phone), "sender": asked.rights.name, "text": text}
    return {**call, "notified": notified, "taker": phone.owner_id, "detail": f"{phone.number} {phone.name}: {text}"}


def _slot(asked: Asked, name: str) -> int:
    return 0 if asked.message.get(name) is None else asked.number(name)


def _move(asked: Asked) -> dict[str, Any]:
    call, lot, slot = asked.call(), asked.lot("park", "to_lot"), _slot(asked, "to_slot")
    if lot.pbx_id != call["pbx"]:
        raise Refused("other_pbx")
    there = {"to_lot_name": lot.name, "to_lot_label": lot.label, "to_slot": slot}
    return {**call, **there, "detail": f"{lot.label} {slot or ''}".strip()}


def _more_time(asked: Asked) -> dict[str, Any]:
    seconds = asked.number("seconds")
    if not SHORTEST_TIME <= seconds <= LONGEST_TIME:
        raise Refused("bad_request")
    return {**asked.call(), "seconds": seconds, "detail": f"{seconds} s"}


def _end(asked: Asked) -> dict[str, Any]:
    call, message = asked.call("end"), asked.text("message", LONGEST_NOTE)
    return {**call, "message": message, "detail": message}


def _can_say(asked: Asked) -> dict[str, Any]:
    return {"pbx": asked.lot("end").pbx_id}


def _own_phones(asked: Asked, pbx: int) -> list[PhoneFacts]:
    phones = [phone_facts(phone) for phone in Phone.objects.filter(owner_id=asked.viewer.user, pbx=pbx)]
    if not phones:
        raise Refused("no_phone")
    return phones


def _calls(asked: Asked) -> dict[str, Any]:
    if not asked.rights.lots.park:
        raise Refused("forbidden")
    pbx = as_int(asked.message.get("pbx")) or next((phone["pbx"] for phone in asked.rights.phones), 0)
    return {"pbx": pbx, "phones": _own_phones(asked, pbx), "watch": asked.message.get("watch") is True}


def _park(asked: Asked) -> dict[str, Any]:
    lot, call, slot = asked.lot("park"), asked.name_of_call("call"), _slot(asked, "to_slot")
    about = {"pbx": lot.pbx_id, "lot": lot.pk, "lot_name": lot.name, "call": call, "to_slot": slot}
    detail = {"detail": f"{slot or ''}"}
    return {**about, **detail, "phones": _own_phones(asked, lot.pbx_id), **_page_then(asked, lot)}


def _page_then(asked: Asked, lot: ParkingLot) -> dict[str, Any]:
    """Where and for whom is paged once the call is parked; nothing where it is not asked for."""
    if asked.message.get("zone") is None:
        return {}
    asked.lot("page")
    zone, whom = _zone(asked, lot.pbx_id), asked.text("for_whom", LONGEST_NAME)
    about = {"for_whom": whom, "for_phone": as_int(asked.message.get("for_phone"))}
    return {"zone": zone.pk, "lot_label": lot.label, **about, "detail": f"{zone.label}: {whom}"}


def _zone(asked: Asked, pbx: int) -> PagingZone:
    zone = PagingZone.objects.filter(pk=asked.number("zone"), pbx=pbx).first()
    if zone is None:
        raise Refused("no_such_zone")
    return zone


def _page(asked: Asked) -> dict[str, Any]:
    call = asked.call("page")
    zone = _zone(asked, call["pbx"])
    label, whom = ParkingLot.objects.get(pk=call["lot"]).label, asked.text("for_whom", LONGEST_NAME)
    return {**call, "zone": zone.pk, "lot_label": label, "for_whom": whom, "detail": f"{zone.label}: {whom}"}


def _stop_page(asked: Asked) -> dict[str, Any]:
    return asked.call("page")


def _seen(asked: Asked) -> dict[str, Any]:
    """Whoever sees a board may answer what was for them; whose it is the bridge checks."""
    answer = asked.message.get("answer")
    if answer not in ("seen", "coming"):
        raise Refused("bad_request")
    notice = asked.number("notice")
    pbx = Notice.objects.filter(pk=notice).values_list("call__lot__pbx", flat=True).first()
    if pbx is None:
        raise Refused("no_such_notice")
    return {"pbx": pbx, "notice": notice, "answer": answer, "detail": answer}


def _missed(asked: Asked) -> ParkedCall:
    call = ParkedCall.objects.filter(MISSED, pk=asked.number("missed")).select_related("lot__pbx").first()
    if call is None or call.lot_id not in asked.rights.lots.retrieve:
        raise Refused("forbidden")
    return call


def _where(call: ParkedCall) -> dict[str, Any]:
    return {"pbx": call.lot.pbx_id, "lot": call.lot_id, "slot": call.slot, "uniqueid": call.uniqueid}


def _call_back(asked: Asked) -> dict[str, Any]:
    call = _missed(asked)
    phone = asked.own_phone(call.lot.pbx_id)
    about = {**_where(call), "missed": call.pk}
    context = next(iter(call.lot.pbx.phone_contexts.split()), "")
    detail = call.caller_name or call.caller_number
    return {**about, **phone, "number": call.caller_number, "context": context, "detail": detail}


def _settle(asked: Asked) -> dict[str, Any]:
    call = _missed(asked)
    remark = asked.text("remark", LONGEST_NOTE)
    return {
        **_where(call),
        "detail": remark,
        "missed": call.pk,
        "remark": remark,
        "undo": asked.message.get("undo") is True,
    }


def _cancel(asked: Asked) -> dict[str, Any]:
    if not asked.rights.acts:
        raise Refused("forbidden")
    return {}


def _park_demo(asked: Asked) -> dict[str, Any]:
    if not settings.DEMO:
        raise Refused("bad_request")
    if not asked.rights.retrieve:
        raise Refused("forbidden")
    return {"pbx": Pbx.objects.values_list("pk", flat=True).get(name=MAIN)}


KINDS: dict[str, Callable[[Asked], dict[str, Any]]] = {
    "retrieve": _retrieve,
    "take_next": _take_next,
    "send": _send,
    "claim": _call,
    "unclaim": _call,
    "note": _note,
    "settle": _settle,
    "call_back": _call_back,
    "notify": _notify,
    "seen": _seen,
    "move": _move,
    "more_time": _more_time,
    "end": _end,
    "can_say": _can_say,
    "calls": _calls,
    "park": _park,
    "page": _page,
    "stop_page": _stop_page,
    "cancel": _cancel,
    "park_demo": _park_demo,
}
"""What a page may ask for: each checks the right it needs and gives the order's own fields."""


def order_of(viewer: Viewer, message: dict[str, Any], socket: str, reply_to: str) -> Order:
    """The order in ``message``. Raises ``Refused``."""
    rights = current([viewer]).get(viewer)
    if rights is None or not rights.see:
        raise Refused("forbidden")
    command, kind = as_text(message.get("command")), as_text(message.get("type"))
    if not command or kind not in KINDS:
        raise Refused("bad_request")
    order = {"kind": kind, "command": command, "socket": socket, "reply_to": reply_to}
    who = {"user": viewer.user, "user_name": rights.name}
    return cast("Order", {**order, **who, **KINDS[kind](Asked(viewer, rights, message))})
