"""Parked calls in the admin: to read, never to change."""

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lots.admin.base import ReadOnlyAdmin
from lots.admin.seen import SeenLotFilter, lots_seen
from lots.admin.spans import moment, short_span
from lots.models import ParkedCall, SlotName


@admin.register(ParkedCall)
class ParkedCallAdmin(ReadOnlyAdmin):
    """Live calls and history, of the lots a person may see. Only the bridge writes them."""

    nothing_yet = _("No call was parked so far.")
    list_display = ["parked", "caller", "result", "taken_by", "waited", "place", "parker"]
    list_filter = ["outcome", SeenLotFilter, "parked_at"]
    search_fields = ["caller_name", "caller_number", "parker_name", "parker_number", "retriever_name"]
    date_hierarchy = "parked_at"
    list_select_related = ["lot", "retrieved_by"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "caller",
                    "place",
                    "parked",
                    "parker",
                    "back",
                    "ended",
                    "result",
                    "became",
                    "taken_by",
                    "waited",
                ]
            },
        ),
        (_("What people wrote"), {"fields": ["for_name", "note", "called_back_by", "remark"]}),
        (
            _("As Asterisk's logs name it"),
            {"fields": ["uniqueid", "linkedid", "channel", "parker_device", "retriever_channel"]},
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the name the slot has."""
        calls: QuerySet[Any] = super().get_queryset(request)
        names = SlotName.objects.filter(lot=OuterRef("lot"), slot=OuterRef("slot"))
        seen = calls if request.user.is_superuser else calls.filter(lot__in=lots_seen(request.user))
        named: QuerySet[Any] = seen.annotate(slot_name=Subquery(names.values("name")[:1]))
        return named

    @admin.display(description=_("parked at"), ordering="parked_at")
    def parked(self, call: ParkedCall) -> str:
        """In the reader's own time zone."""
        return moment(call.parked_at)

    @admin.display(description=_("goes back at"))
    def back(self, call: ParkedCall) -> str:
        """When nobody takes it."""
        return moment(call.timeout_at)

    @admin.display(description=_("ended at"))
    def ended(self, call: ParkedCall) -> str:
        """When it left the slot."""
        return moment(call.ended_at)

    @admin.display(description=_("place"), ordering="slot")
    def place(self, call: Any) -> str:
        """Lot and slot, and what people call it."""
        return f"{call.lot} {call.slot} {call.slot_name or ''}".strip()

    @admin.display(description=_("caller"))
    def caller(self, call: ParkedCall) -> str:
        """Name and number."""
        return f"{call.caller_name} {call.caller_number}".strip() or "–"

    @admin.display(description=_("outcome"), ordering="outcome")
    def result(self, call: ParkedCall) -> str:
        """How the stay ended."""
        return call.get_outcome_display() or "–"

    @admin.display(description=_("parked by"))
    def parker(self, call: ParkedCall) -> str:
        """Name and number."""
        return f"{call.parker_name} {call.parker_number}".strip() or call.parker_device

    @admin.display(description=_("waited"))
    def waited(self, call: ParkedCall) -> str:
        """How long the stay lasted."""
        return gettext("still there") if call.waited_seconds is None else short_span(call.waited_seconds)

    @admin.display(description=_("what became of it"))
    def became(self, call: ParkedCall) -> str:
        """Of a call that waited too long; who answered, if somebody did."""
        who = f"{call.came_name} {call.came_number}".strip()
        return f"{call.get_came_display()}: {who}" if who else call.get_came_display() or "–"

    @admin.display(description=_("taken by"))
    def taken_by(self, call: ParkedCall) -> str:
        """The user whose click it was, else what Asterisk told."""
        who = call.retrieved_by.get_username() if call.retrieved_by else call.retriever_name or call.retriever_number
        return who or "–"
