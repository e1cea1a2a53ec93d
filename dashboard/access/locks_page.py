"""Who is held up at the login just now, and letting them in again: a page of the administration."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Max, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from dashboard.access.devices import is_device
from dashboard.access.limits import EVERYWHERE, lift
from lots.admin.pages import register_page
from lots.admin.tools import register_tool

MAY = "auth.change_user"
MOST = 200
"""Rows shown, the latest first."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A name that was tried with wrong passwords. ``where`` is ``""`` for all addresses together."""

    name: str
    where: str
    failures: int
    last: datetime
    until: datetime | None
    known: bool
    """Whether somebody is called that here."""


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """The list; a POST lifts the locks of one name."""
    if not request.user.has_perm(MAY):
        raise PermissionDenied
    if request.method == "POST":
        return _lift(request, request.POST.get("name", ""))
    context = {
        **admin.site.each_context(request),
        "title": _("Failed log-ins"),
        "tried": tried(timezone.now()),
        "failures": settings.LOGIN_FAILURES,
        "everywhere": settings.LOGIN_FAILURES * EVERYWHERE,
        "minutes": int(settings.LOGIN_LOCK.total_seconds()) // 60,
    }
    return TemplateResponse(request, "admin/access/locks.html", context)


def tried(now: datetime) -> list[Tried]:
    """What counts now, the latest first, what all addresses lock before what one does."""
    fresh = AccessAttempt.objects.filter(attempt_time__gt=now - settings.LOGIN_LOCK).exclude(username=None).order_by()
    sums: dict[str, Any] = {"failures": Sum("failures_since_start"), "last": Max("attempt_time")}
    here = list(fresh.values("username", "ip_address").annotate(**sums).order_by("-last")[:MOST])
    too_many = {"failures__gte": settings.LOGIN_FAILURES * EVERYWHERE}
    all_over = list(fresh.values("username").annotate(**sums).filter(**too_many).order_by("-last")[:MOST])
    known = set(User.objects.filter(username__in={row["username"] for row in here}).values_list("username", flat=True))
    return [_tried(row, settings.LOGIN_FAILURES, known) for row in (*all_over, *here)]


def _tried(row: dict[str, Any], limit: int, known: set[str]) -> Tried:
    name, failures, last = row["username"], row["failures"], row["last"]
    where = str(row.get("ip_address", "") or ("–" if "ip_address" in row else ""))
    where = _("a known browser") if is_device(where) else where
    return Tried(name, where, failures, last, last + settings.LOGIN_LOCK if failures >= limit else None, name in known)


def _lift(request: HttpRequest, name: str) -> HttpResponse:
    if lift(name):
        messages.success(request, _("The lock is lifted: %(name)s can try again at once.") % {"name": name})
        for user in User.objects.filter(username=name):
            what = _("Lifted the lock of the login.")
            LogEntry.objects.log_actions(int(request.user.pk or 0), [user], CHANGE, what, single_object=True)
    else:
        messages.info(request, _("There is no such lock any more."))
    return redirect("admin:access_locks")


register_page("failed-logins/", page, "access_locks")
register_tool(
    "admin:access_locks",
    gettext_lazy("Failed log-ins"),
    gettext_lazy("Who typed wrong passwords too often and has to wait, and letting them in at once"),
    permission=MAY,
)
