"""Outside numbers in the admin: what was tried there, who is locked out, and letting them in again."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from lots.admin.base import ReadOnlyAdmin
from lots.admin.door_locks import Unreachable, asterisk_lifts, shown_locks
from lots.admin.spans import moment
from lots.admin.tools import register_tool
from lots.admin.which_pbx import asked_pbx
from lots.models import DoorTry, ParkingLot, Pbx
from lots.types.changes import Door

SEE, LIFT = "lots.view_doortry", "lots.change_parkinglot"
NEWEST = 25
"""Tries shown below the locks."""
LOOKS = {Door.OPENED: "live", Door.NOTHING: "live", Door.WRONG: "failed", Door.LOCKED: "failed"}


@admin.register(DoorTry)
class DoorTryAdmin(ReadOnlyAdmin):
    """The log; the locks have a page of their own beside it."""

    list_display = ["tried", "caller", "result", "lot", "number"]
    list_filter = ["result", "lot", "at"]
    search_fields = ["caller", "number"]
    nothing_yet = _("Nobody has called an outside number so far.")
    date_hierarchy = "at"
    list_select_related = ["lot"]
    change_list_template = "admin/lots/doortry/change_list.html"

    def get_urls(self) -> list[Any]:
        """With the locks: of all lots, of one, and lifting."""
        view = self.admin_site.admin_view
        own = [
            path("locks/", view(self.locks), name="lots_doortry_locks"),
            path("locks/<int:pk>/", view(self.locks), name="lots_doortry_lot"),
            path("locks/lift/", view(require_POST(self.lift)), name="lots_doortry_lift"),
        ]
        return [*own, *super().get_urls()]

    @admin.display(description=_("when"), ordering="at")
    def tried(self, row: DoorTry) -> str:
        """In the reader's own time zone."""
        return moment(row.at)

    def locks(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Who is locked out at this moment, as Asterisk says, and the latest tries."""
        if not request.user.has_perm(SEE):
            raise PermissionDenied
        lot = get_object_or_404(ParkingLot, pk=pk) if pk else None
        tries = DoorTry.objects.select_related("lot")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Locks of %s") % lot if lot else _("Locks of outside numbers"),
            "lot": lot,
            "may": request.user.has_perm(LIFT),
            "tries": [(row, LOOKS.get(Door(row.result))) for row in (tries.filter(lot=lot) if lot else tries)[:NEWEST]],
            **shown_locks(lot),
        }
        return TemplateResponse(request, "admin/lots/doortry/locks.html", context)

    def lift(self, request: HttpRequest) -> HttpResponse:
        """Let a caller, or a lot's callers, try again."""
        if not request.user.has_perm(LIFT):
            raise PermissionDenied
        pbx, name, caller = asked_pbx(request), request.POST.get("lot", ""), request.POST.get("caller", "")
        try:
            asterisk_lifts(pbx, name, caller)
        except Unreachable as error:
            messages.error(request, _("The lock was not lifted: %s") % error)
        else:
            self._note(request, pbx, name, caller)
            messages.success(request, _("The lock is lifted."))
        page = request.POST.get("page", "")
        is_lot = page.isascii() and page.isdecimal()
        return redirect("admin:lots_doortry_lot", page) if is_lot else redirect("admin:lots_doortry_locks")

    def _note(self, request: HttpRequest, pbx: Pbx, name: str, caller: str) -> None:
        """In the lot's history, which says who did what."""
        for lot in ParkingLot.objects.filter(pbx=pbx, name=name):
            what = _("Lifted the lock of the caller %s.") % caller if caller else _("Lifted the lock of the lot.")
            self.log_change(request, lot, str(what))


register_tool(
    "admin:lots_doortry_locks",
    _("Locks of outside numbers"),
    _("Callers who typed a wrong PIN too often, and letting them in again"),
    permission=SEE,
)
register_tool(
    "admin:lots_doortry_lot",
    _("Locks and tries"),
    _("Callers from outside: who was let in, who typed a wrong PIN, who is locked out"),
    place="lot",
    permission=SEE,
    shown=lambda lot: lot.outside_numbers.exists(),
)
