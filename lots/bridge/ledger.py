"""The bridge's writing: what changed becomes rows, and each touched lot a new revision, in one transaction.

Plain synchronous functions; the bridge is their only caller and calls one at a time.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from lots.bridge.facts import board_stamp, link_facts, occupied
from lots.bridge.messages import Beat, LotChange, News, SlotFacts
from lots.bridge.own import own_news
from lots.bridge.returning import returning_stamp, write_back
from lots.bridge.rows import call_of, close, note_try, open_row, replace_row, resolve, resume
from lots.models import Notice, ParkedCall, ParkingLot, Pbx
from lots.publish.translated import translated
from lots.types.calls import Call, Lot
from lots.types.changes import (
    Came,
    CameBack,
    Change,
    DoorTried,
    Ended,
    Entered,
    GoesBack,
    Link,
    LinkChanged,
    LotsChanged,
    Outcome,
    Replaced,
    Resolved,
    Resumed,
)

MISSED = frozenset({Came.HUNG_UP, Came.UNANSWERED})
"""A caller who waited too long and reached nobody is to be called back, like one who hung up while parked."""
Touched = dict[int, set[int]]
"""Slots that changed, by the lot's primary key."""


def open_calls(pbx: Pbx) -> list[Call]:
    """The calls that were parked when this was last written: where a bridge starts from."""
    rows = ParkedCall.objects.filter(lot__pbx=pbx, ended_at=None).select_related("lot")
    return [call_of(row) for row in rows]


@transaction.atomic
def record(  # noqa: C901  (one line per kind of change)
    pbx: Pbx, changes: Sequence[Change], takers: Mapping[str, int | None]
) -> list[News]:
    """Write ``changes`` down and say what the boards must hear.

    ``takers`` names the user behind each channel that was rung for somebody, by the channel's uniqueid.
    """
    news: list[News] = []
    touched: Touched = defaultdict(set)
    for change in changes:
        match change:
            case LotsChanged(lots):
                write_lots(pbx, lots)
                news.append({"kind": "lots"})
            case LinkChanged(link):
                news.append(_write_link(pbx, link))
            case Entered(call):
                open_row(pbx, call, touched)
            case Ended(call, ending):
                close(pbx, call, ending, takers, touched)
            case Replaced(before, call):
                replace_row(pbx, before, call, touched)
            case DoorTried():
                note_try(pbx, change)
            case Resumed(call):
                resume(pbx, call, touched)
            case Resolved(uniqueid, ending):
                resolve(pbx, uniqueid, ending, takers)
            case GoesBack() | CameBack():
                write_back(pbx, change)
    return [
        *news,
        *_missed(changes),
        *_returning(changes),
        *_noticed(pbx, changes),
        *own_news(pbx, changes),
        *revise(touched),
    ]


def _missed(changes: Sequence[Change]) -> list[News]:
    """Whether the list of missed calls may be another one now."""
    endings = [change.ending for change in changes if isinstance(change, Ended | Resolved)]
    gave_up = any(isinstance(change, CameBack) and change.came in MISSED for change in changes)
    return [{"kind": "missed"}] if gave_up or any(end.outcome is Outcome.ABANDONED for end in endings) else []


def _returning(changes: Sequence[Change]) -> list[News]:
    """Whether the calls that are on their way back may be others now."""
    return [{"kind": "returning"}] if any(isinstance(one, GoesBack | CameBack) for one in changes) else []


def _noticed(pbx: Pbx, changes: Sequence[Change]) -> list[News]:
    """Whether somebody was told of a call that came, went or moved now."""
    calls = {change.call.uniqueid for change in changes if isinstance(change, Entered | Ended | Replaced | Resumed)}
    told = calls and Notice.objects.filter(call__lot__pbx=pbx, call__uniqueid__in=calls).exists()
    return [{"kind": "notices"}] if told else []


def revise(touched: Touched) -> list[News]:
    """Give each touched lot its next revision, and the facts of the touched slots."""
    news: list[News] = []
    for pk in sorted(touched):
        ParkingLot.objects.filter(pk=pk).update(revision=F("revision") + 1)
        lot = ParkingLot.objects.get(pk=pk)
        if lot.on_board and lot.present:
            news.append(_change(lot, touched[pk]))
    return news


def _change(lot: ParkingLot, slots: set[int]) -> LotChange:
    there = occupied(lot)
    facts: list[SlotFacts] = [there.get(slot, {"slot": slot, "state": "free"}) for slot in sorted(slots)]
    return {"kind": "change", "lot": lot.pk, "after": lot.revision - 1, "revision": lot.revision, "slots": facts}


def write_lots(pbx: Pbx, lots: Sequence[Lot]) -> None:
    """Take over the lots Asterisk has; those it no longer has are kept for their history, unseen on boards."""
    for lot in lots:
        live = {"live_first": lot.first, "live_last": lot.last, "live_timeout": lot.timeout, "present": True}
        found = {"first_slot": lot.first, "last_slot": lot.last, "timeout": lot.timeout}
        label = lot.name.replace("_", " ").replace("-", " ").capitalize()
        row, made = ParkingLot.objects.update_or_create(
            pbx=pbx, name=lot.name, defaults=live, create_defaults={**live, **found, "label": label}
        )
        if row.observed and not made:  # of a lot that is managed here these are ours to say
            ParkingLot.objects.filter(pk=row.pk).update(**found)
    ParkingLot.objects.filter(pbx=pbx).exclude(name__in=[lot.name for lot in lots]).update(present=False)


def _write_link(pbx: Pbx, link: Link) -> News:
    pbx.link_state, pbx.link_since, pbx.link_reason = link.state.value, link.since, translated(link.reason)[:300]
    pbx.save(update_fields=["link_state", "link_since", "link_reason", "ami_version"])
    return {"kind": "link", "pbx": pbx.pk, "link": link_facts(pbx)}


def revisions(pbx: Pbx) -> dict[str, int]:
    """The revision of each lot, by its primary key as text."""
    return {str(pk): revision for pk, revision in pbx.lots.values_list("pk", "revision")}


def beat(pbx: Pbx) -> Beat:
    """A sign of life with what the boards must know by now."""
    return {
        "kind": "beat",
        "pbx": pbx.pk,
        "revisions": revisions(pbx),
        "link": link_facts(pbx),
        "lots": board_stamp(),
        "returning": returning_stamp(),
    }


def close_interrupted(pbx: Pbx) -> None:
    """Stays whose explanation a dead bridge was still waiting for will never get one."""
    ParkedCall.objects.filter(lot__pbx=pbx, outcome="left").update(outcome="unseen")


def start_deaf(pbx: Pbx) -> None:
    """A bridge begins without having heard anything: say so rather than show yesterday's link."""
    if pbx.link_state == "hearing" or pbx.link_since is None:
        pbx.link_state, pbx.link_since, pbx.link_reason = "lost", timezone.now(), ""
        pbx.save(update_fields=["link_state", "link_since", "link_reason"])
