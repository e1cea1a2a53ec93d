"""One change, one row: how a stay in a slot is opened, closed, corrected, or passed to another channel."""

from collections.abc import Mapping
from typing import cast

from django.db import models

from lots.bridge.earlier import calls_today
from lots.bridge.farewell import FAREWELL
from lots.models import DoorTry, Notice, ParkedCall, ParkingLot, Pbx
from lots.types.calls import Call, Party
from lots.types.changes import PROVISIONAL, DoorTried, Ending, Outcome

NOT_BACK: dict[str, object] = {"back_stage": "", "back_since": None, "back_ringing": []}
"""Columns of a stay whose call is not on its way back."""


def open_row(pbx: Pbx, call: Call, touched: dict[int, set[int]]) -> None:
    """A stay begins. Opening the same stay again refreshes it."""
    lot = _lot(pbx, call)
    values = _values(call)
    row, made = ParkedCall.objects.update_or_create(
        lot=lot,
        uniqueid=call.uniqueid,
        ended_at=None,
        defaults=values,
        create_defaults={**values, **_noted(pbx, call.uniqueid), "earlier": _earlier(lot, call, values)},
    )
    if made:
        Notice.objects.filter(call__lot__pbx=pbx, call__uniqueid=call.uniqueid).update(call=row)
    touched[lot.pk].add(call.slot)


def call_of(row: ParkedCall) -> Call:
    """The call as this row has it."""
    return Call(
        uniqueid=row.uniqueid,
        channel=row.channel,
        lot=row.lot.name,
        slot=row.slot,
        caller=Party(row.caller_number, row.caller_name),
        parker=Party(row.parker_number, row.parker_name),
        parker_device=row.parker_device,
        linkedid=row.linkedid,
        parked_at=row.parked_at,
        timeout_at=row.timeout_at,
        waiting_since=row.waiting_since,
    )


def _noted(pbx: Pbx, uniqueid: str) -> dict[str, object]:
    """What was noted at the last stay of this call, which is the same one while its uniqueid is."""
    rows = ParkedCall.objects.filter(lot__pbx=pbx, uniqueid=uniqueid).order_by("-pk")
    return dict(rows.values("note", "for_name", "for_phone_id").first() or {})


def _earlier(lot: ParkingLot, call: Call, values: Mapping[str, object]) -> int:
    return calls_today(lot, str(values["caller_number"]), call.uniqueid, call.parked_at)


def _lot(pbx: Pbx, call: Call) -> ParkingLot:
    """The lot; one made on the PBX since the last list is noted with what the call tells of it."""
    defaults = {"label": call.lot, "first_slot": call.slot, "last_slot": call.slot}
    return ParkingLot.objects.get_or_create(pbx=pbx, name=call.lot, defaults=defaults)[0]


def fitting(values: Mapping[str, str], model: type[models.Model] = ParkedCall) -> dict[str, str]:
    """Texts as their columns take them: PostgreSQL refuses longer ones, and no caller may stop the bridge."""
    return {name: text.replace("\0", "")[: _longest(model, name)] for name, text in values.items()}


def _longest(model: type[models.Model], column: str) -> int | None:
    field = cast("models.CharField[str, str]", model._meta.get_field(column))  # noqa: SLF001  (documented API)
    return field.max_length


def _values(call: Call) -> dict[str, object]:
    texts = {
        "linkedid": call.linkedid,
        "channel": call.channel,
        "caller_number": call.caller.number,
        "caller_name": call.caller.name,
        "parker_number": call.parker.number,
        "parker_name": call.parker.name,
        "parker_device": call.parker_device,
    }
    times = {"parked_at": call.parked_at, "timeout_at": call.timeout_at, "waiting_since": call.waiting_since}
    return {**fitting(texts), **times, "slot": call.slot}


def close(pbx: Pbx, call: Call, ending: Ending, takers: Mapping[str, int | None], touched: dict[int, set[int]]) -> None:
    """The stay of ``call`` ends. A claim outlives a timeout: the stay may go on, and who claimed it gives it back."""
    lot = _lot(pbx, call)
    rows = ParkedCall.objects.filter(lot=lot, uniqueid=call.uniqueid, ended_at=None)
    unclaimed = {} if ending.outcome is Outcome.TIMED_OUT else {"claimed_by": None, "claim_until": None}
    rows.update(ended_at=ending.at, **unclaimed, **_ending(call.uniqueid, ending, takers))
    touched[lot.pk].add(call.slot)


def resume(pbx: Pbx, call: Call, touched: dict[int, set[int]]) -> None:
    """The stay of ``call`` goes on: its row is open again if a timeout had closed it, and has the new time limit."""
    lot = _lot(pbx, call)
    rows = ParkedCall.objects.filter(
        lot=lot, uniqueid=call.uniqueid, slot=call.slot, outcome__in=("", "timed_out", "left")
    )
    last = rows.order_by("outcome", "-pk").first()  # an open one before all others
    if last is None:
        open_row(pbx, call, touched)
        return
    channel = fitting({"channel": call.channel})
    now = {"ended_at": None, "outcome": "", "timeout_at": call.timeout_at, **channel, **NOT_BACK}
    ParkedCall.objects.filter(pk=last.pk).update(**now)
    touched[lot.pk].add(call.slot)


def _ending(uniqueid: str, ending: Ending, takers: Mapping[str, int | None]) -> dict[str, object]:
    if ending.outcome is Outcome.ABANDONED and uniqueid in takers:  # it was we who hung up
        return {"outcome": Outcome.ENDED.value, "retrieved_by_id": takers[uniqueid]}
    if ending.retriever_uniqueid.startswith(FAREWELL):  # we took the call only to say a sentence and end it
        return {"outcome": Outcome.ENDED.value, "retrieved_by_id": takers.get(ending.retriever_uniqueid)}
    texts = {
        "retriever_number": ending.retriever.number,
        "retriever_name": ending.retriever.name,
        "retriever_channel": ending.retriever_channel,
    }
    taker = takers.get(ending.retriever_uniqueid)
    return {**fitting(texts), "outcome": ending.outcome.value, "retrieved_by_id": taker}


def resolve(pbx: Pbx, uniqueid: str, ending: Ending, takers: Mapping[str, int | None]) -> None:
    """The last stay of ``uniqueid`` has ended; now it is known how. A certain outcome is never overwritten."""
    rows = ParkedCall.objects.filter(lot__pbx=pbx, uniqueid=uniqueid).exclude(ended_at=None)
    last = rows.order_by(
        "-pk"
    ).first()  # as written: by a list that was made after an outage a later stay may begin earlier
    if last and Outcome(last.outcome) in PROVISIONAL:
        ParkedCall.objects.filter(pk=last.pk).update(**_ending(uniqueid, ending, takers))


def replace_row(pbx: Pbx, before: Call, call: Call, touched: dict[int, set[int]]) -> None:
    """The same stay goes on with another channel. Who parked is kept when Asterisk now says less."""
    lot = _lot(pbx, before)
    values = {key: value for key, value in _values(call).items() if value or not key.startswith("parker_")}
    ParkedCall.objects.filter(lot=lot, uniqueid=before.uniqueid, ended_at=None).update(
        uniqueid=call.uniqueid, claimed_by=None, claim_until=None, earlier=_earlier(lot, call, values), **values
    )
    touched[lot.pk].add(call.slot)


def note_try(pbx: Pbx, tried: DoorTried) -> None:
    """Somebody came to an outside number. A lot we do not know was deleted meanwhile: nobody can look at its log."""
    lot = pbx.lots.filter(name=tried.lot).first()
    if lot is None:
        return
    texts = fitting({"number": tried.number, "caller": tried.caller}, DoorTry)
    row = DoorTry.objects.create(lot=lot, result=tried.result.value, at=tried.at, **texts)
    DoorTry.objects.filter(pk__lte=row.pk - DoorTry.KEPT).delete()
