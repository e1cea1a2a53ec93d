"""The pages that look back."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dashboard.history.access import for_reporters, lots_of
from dashboard.history.forms import HistoryForm
from dashboard.history.rows import Row, row
from dashboard.history.sheet import attachment, head, sheet
from dashboard.history.stays import stays
from dashboard.history.words import count
from dashboard.history.zone import viewer_zone
from lots.models import ParkedCall, ParkingLot

AT_ONCE = 50
"""Rows on a page."""
MOST_PAGES = 100_000


@dataclass(frozen=True, slots=True)
class Page:
    """Rows ``first`` to ``last`` of ``total``; addresses of the pages beside it, empty where there is none."""

    rows: list[Row]
    first: int
    last: int
    total: int
    newer: str = ""
    older: str = ""

    @property
    def words(self) -> str:
        """``total`` as people write it."""
        return count(self.total)


@for_reporters
def history(request: HttpRequest) -> HttpResponseBase:
    """The stays asked for, newest first."""
    lots, now = lots_of(request.user), timezone.now()
    form = HistoryForm(request.GET, lots)
    page = _page(request, _asked(form, lots, now), now) if form.is_valid() else Page([], 0, 0, 0)
    query = request.GET.copy()
    query.pop("page", None)
    context = {"form": form, "page": page, "query": query.urlencode(), "zone": timezone.get_current_timezone_name()}
    return render(request, "dashboard/history.html", context)


@for_reporters
def history_sheet(request: HttpRequest) -> HttpResponseBase:
    """The same stays, all of them, as a file."""
    lots, now = lots_of(request.user), timezone.now()
    form = HistoryForm(request.GET, lots)
    if not form.is_valid():
        return HttpResponseRedirect(f"{reverse('dashboard:history')}?{request.GET.urlencode()}")
    endings = {code: str(words) for code, words in (*ParkedCall.OUTCOMES, *ParkedCall.CAME)} | {"": _("still waiting")}
    rows = sheet(_asked(form, lots, now), viewer_zone(request), head(), endings)
    return StreamingHttpResponse(rows, headers=attachment("parkinglot-history"))


def _asked(form: HistoryForm, lots: list[ParkingLot], now: datetime) -> QuerySet[ParkedCall]:
    return stays({lot.pk for lot in lots}, form.wanted, now)


def _page(request: HttpRequest, query: QuerySet[ParkedCall], now: datetime) -> Page:
    """One row more than is shown says whether there is another page; what fits on one needs no counting."""
    number = _number(request.GET.get("page", ""))
    start = (number - 1) * AT_ONCE
    found = list(query[start : start + AT_ONCE + 1])
    more = len(found) > AT_ONCE
    rows = [row(call, now) for call in found[:AT_ONCE]]
    return Page(
        rows=rows,
        first=start + 1,
        last=start + len(rows),
        total=query.count() if more or start else len(rows),
        newer=_turned(request, number - 1) if start else "",
        older=_turned(request, number + 1) if more else "",
    )


def _number(text: str) -> int:
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(MOST_PAGES))
    return min(max(1, int(text)), MOST_PAGES) if is_number else 1


def _turned(request: HttpRequest, page: int) -> str:
    query = request.GET.copy()
    query["page"] = str(page)
    return f"?{query.urlencode()}"
