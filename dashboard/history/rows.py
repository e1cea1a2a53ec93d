"""A stay as the list shows it."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from dashboard.history.words import answerer, parker, span, taker
from lots.bridge.facts import person
from lots.models import ParkedCall


@dataclass(frozen=True, slots=True)
class Row:
    """Texts, ready to be shown; what is unknown is empty."""

    parked_at: datetime
    caller_name: str
    caller_number: str
    earlier: str
    """Query string of this caller's stays."""
    lot: str
    slot: int
    waited: str
    in_all: str
    """Since the caller was parked first, where that was in an earlier slot."""
    outcome: str
    """Code, for its colour."""
    ending: str
    taker: str
    parker: str
    for_name: str
    note: str
    became: str
    """Of a call that waited too long: what became of it."""
    became_at: datetime | None
    answerer: str
    settled_at: datetime | None
    settled_by: str
    remark: str


def row(call: ParkedCall, now: datetime) -> Row:
    """The stay as of ``now``."""
    until = call.ended_at or now
    waited = span(max(0, (until - call.parked_at).total_seconds()))
    in_all = span(max(0, (until - call.since).total_seconds()))
    same = {"caller": call.caller_number} if call.caller_number else {"call": call.uniqueid}
    return Row(
        parked_at=call.parked_at,
        caller_name=call.caller_name,
        caller_number=call.caller_number,
        earlier=urlencode(same),
        lot=call.lot.label,
        slot=call.slot,
        waited=waited,
        in_all="" if in_all == waited else in_all,
        outcome=call.outcome,
        ending=call.get_outcome_display(),
        taker=taker(call),
        parker=parker(call),
        for_name=call.for_name,
        note=call.note,
        became=call.get_came_display(),
        became_at=call.came_at,
        answerer=answerer(call),
        settled_at=call.called_back_at,
        settled_by=person(call.called_back_by) if call.called_back_by else "",
        remark=call.remark,
    )
