"""A parked caller's earlier calls, for the board: facts as JSON, of the lots whose past the viewer may see."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dashboard.history.access import for_reporters, lots_of
from dashboard.history.stays import Wanted, stays
from dashboard.history.words import parker, taker
from lots.bridge.earlier import is_somebody
from lots.bridge.facts import milliseconds
from lots.models import ParkedCall

MOST = 20
"""The latest that are shown; the history has the others."""


@for_reporters
def earlier(request: HttpRequest) -> HttpResponseBase:
    """Of the call ``call`` (a uniqueid) in ``lot``: the stays of the same number before it, the latest first."""
    lots = {lot.pk for lot in lots_of(request.user)}
    now = timezone.now()
    call = _call(request, lots)
    if call is None or not is_somebody(call.caller_number):
        return JsonResponse({"stays": [], "more": ""}, status=404 if call is None else 200)
    query = stays(lots, Wanted(caller=call.caller_number), now).exclude(uniqueid=call.uniqueid)
    found = list(query[: MOST + 1])
    everything = f"{reverse('dashboard:history')}?{urlencode({'caller': call.caller_number})}"
    return JsonResponse({"stays": [_stay(row) for row in found[:MOST]], "more": everything if found else ""})


def _call(request: HttpRequest, lots: set[int]) -> ParkedCall | None:
    """Somebody may ask only for who is, or was, in a lot they see: a number alone is not to be asked about."""
    lot, uniqueid = request.GET.get("lot", ""), request.GET.get("call", "")
    if not (lot.isascii() and lot.isdecimal() and len(lot) < 10 and int(lot) in lots):  # noqa: PLR2004  (fits a key)
        return None
    return ParkedCall.objects.filter(lot=int(lot), uniqueid=uniqueid[:150]).order_by("-parked_at", "-pk").first()


def _stay(row: ParkedCall) -> dict[str, Any]:
    return {
        "at": milliseconds(row.parked_at),
        "lot": row.lot.label,
        "slot": row.slot,
        "waited": row.waited_seconds,
        "parker": parker(row),
        "taker": taker(row),
        "outcome": row.outcome,
        "ending": str(row.get_outcome_display() or _("still waiting")),
        "note": row.note,
        "for_name": row.for_name,
        "remark": row.remark,
    }
