"""The page of reports, and its figures as a file."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from dashboard.history.access import for_reporters, lots_of
from dashboard.history.forms import Period, ReportForm, midnight
from dashboard.history.report import Report, report
from dashboard.history.report_shown import shown, table
from dashboard.history.sheet import MARK, attachment, lines
from dashboard.history.zone import viewer_zone


@for_reporters
def reports(request: HttpRequest) -> HttpResponseBase:
    """Figures and pictures over a period."""
    form = _form(request)
    context: dict[str, Any] = {"form": form, "zone": timezone.get_current_timezone_name()}
    if form.is_valid():
        since, until = form.days
        context |= {"since": since, "until": until, "query": request.GET.urlencode(), **shown(_report(request, form))}
        context["history"] = _same_stays(form, since, until)
    return render(request, "dashboard/reports.html", context)


@for_reporters
def reports_sheet(request: HttpRequest) -> HttpResponseBase:
    """The same figures as a file."""
    form = _form(request)
    if not form.is_valid():
        return HttpResponseRedirect(f"{reverse('dashboard:reports')}?{request.GET.urlencode()}")
    return HttpResponse(MARK + lines(table(_report(request, form))), headers=attachment("parkinglot-report"))


def _form(request: HttpRequest) -> ReportForm:
    """Without a word of the viewer's: the last seven days."""
    values = request.GET.copy()
    values.setdefault("period", Period.WEEK)
    return ReportForm(values, lots_of(request.user))


def _report(request: HttpRequest, form: ReportForm) -> Report:
    since, until = form.days
    lot = form.cleaned_data["lot"]
    lots = [lot] if lot else lots_of(request.user)
    end = midnight(until + timedelta(days=1))
    return report(lots, midnight(since), end, timezone.now(), viewer_zone(request))


def _same_stays(form: ReportForm, since: date, until: date) -> str:
    """The filters by which the history lists what the report counts, as a query string."""
    lot = form.cleaned_data["lot"]
    return urlencode({"since": since.isoformat(), "until": until.isoformat(), **({"lot": lot.pk} if lot else {})})
