"""Parked calls in the admin: to read, never to change."""

from django.contrib import admin
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lots.admin.base import ReadOnlyAdmin
from lots.admin.spans import moment, short_span
from lots.models import ParkedCall


@admin.register(ParkedCall)
class ParkedCallAdmin(ReadOnlyAdmin):
    """Live calls and history. Only the bridge writes them."""

    list_display = ["parked", "caller", "outcome", "taken_by", "waited", "place", "parker"]
    list_filter = ["outcome", "lot", "parked_at"]
    search_fields = ["caller_name", "caller_number", "parker_name", "parker_number", "retriever_name"]
    date_hierarchy = "parked_at"
    list_select_related = ["lot", "retrieved_by"]

    @admin.display(description=_("parked at"), ordering="parked_at")
    def parked(self, call: ParkedCall) -> str:
        """In the reader's own time zone."""
        return moment(call.parked_at)

    @admin.display(description=_("place"), ordering="slot")
    def place(self, call: ParkedCall) -> str:
        """Lot and slot."""
        return f"{call.lot} {call.slot}"

    @admin.display(description=_("caller"))
    def caller(self, call: ParkedCall) -> str:
        """Name and number."""
        return f"{call.caller_name} {call.caller_number}".strip() or "–"

    @admin.display(description=_("parked by"))
    def parker(self, call: ParkedCall) -> str:
        """Name and number."""
        return f"{call.parker_name} {call.parker_number}".strip() or call.parker_device

    @admin.display(description=_("waited"))
    def waited(self, call: ParkedCall) -> str:
        """How long the stay lasted."""
        return gettext("still there") if call.waited_seconds is None else short_span(call.waited_seconds)

    @admin.display(description=_("taken by"))
    def taken_by(self, call: ParkedCall) -> str:
        """The user whose click it was, else what Asterisk told."""
        who = call.retrieved_by.get_username() if call.retrieved_by else call.retriever_name or call.retriever_number
        return who or "–"
