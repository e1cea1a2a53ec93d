"""Parking lots in the admin."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from lots.admin.telling import TellingAdmin
from lots.bridge.messages import News
from lots.models import ParkingLot


@admin.register(ParkingLot)
class ParkingLotAdmin(TellingAdmin):
    """Lots found on the PBX: what they are is read there; label and whether they are shown is decided here."""

    news: News = {"kind": "lots"}
    list_display = ["label", "name", "slots", "occupied", "timeout", "on_board", "present"]
    list_filter = ["on_board", "present", "pbx"]
    search_fields = ["label", "name"]
    fields = ["label", "on_board", "name", "pbx", "first_slot", "last_slot", "timeout", "observed", "present"]
    readonly_fields = ["name", "pbx", "first_slot", "last_slot", "timeout", "observed", "present"]

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002  (the base class's signature)
        """Lots are made on the PBX."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ParkingLot | None = None) -> bool:  # noqa: ARG002  (as above)
        """A lot's history stays; one that is gone from the PBX is shown as not present."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the number of callers who wait."""
        lots: QuerySet[Any] = super().get_queryset(request)
        return cast("QuerySet[Any]", lots.annotate(waiting=Count("calls", filter=Q(calls__ended_at=None))))

    @admin.display(description=_("slots"))
    def slots(self, lot: ParkingLot) -> str:
        """The range."""
        return f"{lot.first_slot} – {lot.last_slot}"

    @admin.display(description=_("occupied now"), ordering="waiting")
    def occupied(self, lot: Any) -> int:
        """Callers who wait."""
        return int(lot.waiting)
