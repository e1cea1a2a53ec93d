"""Calls that waited too long, written down: on their way back, and what became of them. Only the bridge writes."""

from collections.abc import Iterable
from hashlib import sha256

from django.db.models import QuerySet

from lots.bridge.facts import milliseconds
from lots.bridge.messages import ReturningFacts
from lots.bridge.rows import NOT_BACK, call_of, fitting
from lots.models import ParkedCall, Pbx, Phone
from lots.types.calls import Leg, Party, Return, Stage
from lots.types.changes import CameBack, GoesBack


def write_back(pbx: Pbx, change: GoesBack | CameBack) -> None:
    """How far the call has come, or what became of it."""
    if isinstance(change, GoesBack):
        _go_back(pbx, change.back)
    else:
        _came_back(pbx, change)


def _go_back(pbx: Pbx, back: Return) -> None:
    ringing = [[leg.uniqueid, leg.channel, leg.party.number, leg.party.name] for leg in back.ringing]
    values: dict[str, object] = {"back_stage": back.stage.value, "back_since": back.since, "back_ringing": ringing}
    _update(pbx, back.call.uniqueid, values)


def _came_back(pbx: Pbx, change: CameBack) -> None:
    texts = {}
    if change.by is not None:
        who = _who(change.by, pbx.phones.all())
        texts = fitting({"came_number": who.number, "came_name": who.name})
    values = {"came": change.came.value, "came_at": change.at, **texts, **NOT_BACK}
    _update(pbx, change.call.uniqueid, values)


def _update(pbx: Pbx, uniqueid: str, values: dict[str, object]) -> None:
    """The last stay of the call that timed out; what became of an earlier one is known."""
    rows = ParkedCall.objects.filter(lot__pbx=pbx, uniqueid=uniqueid, outcome="timed_out", came="")
    last = rows.order_by("-ended_at", "-pk").first()
    if last is not None:
        ParkedCall.objects.filter(pk=last.pk).update(**values)


def on_their_way(pbx: Pbx) -> list[Return]:
    """As last written: where a bridge starts from."""
    return [_return(row) for row in _rows().filter(lot__pbx=pbx)]


def returning_facts() -> list[ReturningFacts]:
    """The calls on their way back to lots on boards, the first to leave its slot first."""
    phones = list(Phone.objects.all())
    return [_facts(row, phones) for row in _rows().filter(lot__on_board=True, lot__present=True, lot__pbx__active=True)]


def returning_stamp(facts: list[ReturningFacts] | None = None) -> str:
    """What is told of them as one short text; None: as it is written now."""
    return sha256(repr(returning_facts() if facts is None else facts).encode()).hexdigest()[:16]


def _rows() -> QuerySet[ParkedCall]:
    return ParkedCall.objects.exclude(back_stage="").select_related("lot").order_by("ended_at", "pk")


def _return(row: ParkedCall) -> Return:
    since = row.back_since or row.ended_at or row.parked_at
    return Return(call=call_of(row), stage=Stage(row.back_stage), since=since, ringing=tuple(_legs(row)))


def _legs(row: ParkedCall) -> Iterable[Leg]:
    for uniqueid, channel, number, name in row.back_ringing:
        yield Leg(uniqueid=uniqueid, channel=channel, party=Party(number, name))


def _who(leg: Leg, phones: Iterable[Phone]) -> Party:
    """The phone as the portal knows it, else as Asterisk tells, else its device."""
    number = leg.device.partition("/")[2].partition("@")[0]
    by_dialplan = leg.device.startswith("Local/")  # as ring groups of other dialplans ring
    for phone in phones:
        if phone.device.removesuffix("/n") == leg.device or (by_dialplan and phone.number == number):
            return Party(phone.number, phone.name)
    return leg.party if leg.party.name else Party(number, "")


def ringing_names(row: ParkedCall, phones: Iterable[Phone]) -> list[str]:
    """Who is rung for it just now, each once."""
    known = [phone for phone in phones if phone.pbx_id == row.lot.pbx_id]
    who = [_who(leg, known) for leg in _legs(row)]
    return list(dict.fromkeys(party.name or party.number for party in who))


def _facts(row: ParkedCall, phones: list[Phone]) -> ReturningFacts:
    left = row.ended_at or row.parked_at
    return {
        "id": row.pk,
        "lot": row.lot_id,
        "slot": row.slot,
        "uniqueid": row.uniqueid,
        "caller": {"name": row.caller_name, "number": row.caller_number},
        "parker": {"name": row.parker_name, "number": row.parker_number, "device": row.parker_device},
        "parked_at": milliseconds(row.parked_at),
        "waiting_since": milliseconds(row.since),
        "left_at": milliseconds(left),
        "since": milliseconds(row.back_since or left),
        "stage": "recall" if row.back_stage == Stage.RECALL.value else "fallback",
        "ringing": ringing_names(row, phones),
        "note": row.note,
        "for_name": row.for_name,
    }
