"""The list of lots: what each is, who waits now, and whether the PBX knows it."""

from collections.abc import Iterable
from typing import Any, cast

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from lots.admin.publishing import standings
from lots.admin.spans import short_span
from lots.models import ParkingLot

BADGES = {
    "added": ("new", _("not published yet")),
    "changed": ("changed", _("changed, not published")),
    "": ("live", _("published")),
}
"""By how a lot differs from what was published: the look, and the words."""

BAR_WIDTH = 64
BAR = (
    '<span class="occupied"><svg class="{}" viewBox="0 0 64 10" aria-hidden="true" focusable="false">'
    '<rect width="64" height="10" rx="5"/><rect class="bar-full" width="{}" height="10" rx="5"/></svg> {}</span>'
)
"""Attributes of a drawing, since the content policy allows no styles in a page."""


class KindFilter(admin.SimpleListFilter):
    """Removed lots are out of the way until asked for."""

    title = _("kind")
    parameter_name = "kind"
    KINDS = {
        "managed": Q(observed=False, retired=False),
        "found": Q(observed=True, retired=False),
        "removed": Q(retired=True),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:  # noqa: ARG002  (the base class's signature)
        """The choices."""
        return [("managed", _("set up here")), ("found", _("found on the PBX")), ("removed", _("removed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:  # noqa: ARG002  (as above)
        """The lots of that kind."""
        return queryset.filter(self.KINDS.get(str(self.value()), Q(retired=False)))


class WaitingFilter(admin.SimpleListFilter):
    """Lots in which somebody waits at this moment."""

    title = _("callers now")
    parameter_name = "callers"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:  # noqa: ARG002  (the base class's signature)
        """The choices."""
        return [("some", _("somebody waits")), ("none", _("nobody waits"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:  # noqa: ARG002  (as above)
        """The lots with, or without."""
        if self.value() in {"some", "none"}:
            return queryset.filter(waiting__gt=0) if self.value() == "some" else queryset.filter(waiting=0)
        return queryset


def note_kinds(request: HttpRequest, lots: Iterable[Any]) -> None:
    """Write on each lot how it differs from what was published."""
    kinds = {(one.pbx.pk, found.owner): found.kind for one in standings(request) for found in one.unpublished.found}
    for lot in lots:
        lot.kind_now = kinds.get((lot.pbx_id, f"lot:{lot.name}"), "")


class LotColumns:
    """The columns; mixed into the lots' admin."""

    @admin.display(description=_("codes"))
    def codes(self, lot: ParkingLot) -> str | SafeString:
        """Park, retrieve and take-next code."""
        if lot.observed:
            return "–"
        words = (
            (_("park"), lot.park_code),
            (_("retrieve"), lot.retrieve_code),
            (_("take next"), lot.next_code),
        )
        return format_html_join(
            " ", '<span class="code"><span>{}</span> {}</span>', [pair for pair in words if pair[1]]
        )

    @admin.display(description=_("slots"), ordering="first_slot")
    def slots(self, lot: ParkingLot) -> str:
        """The range."""
        return f"{lot.first_slot} – {lot.last_slot}"

    @admin.display(description=_("occupied now"), ordering="waiting")
    def occupied(self, lot: Any) -> SafeString:
        """How full it is."""
        total = lot.last_slot - lot.first_slot + 1
        words = _("%(waiting)d of %(total)d") % {"waiting": lot.waiting, "total": total}
        look = "bar bar-to-the-brim" if lot.waiting >= total else "bar"
        return format_html(BAR, look, round(BAR_WIDTH * min(lot.waiting, total) / total, 1), words)

    @admin.display(description=_("timeout"), ordering="timeout")
    def timeout_words(self, lot: ParkingLot) -> str:
        """In minutes and seconds."""
        return short_span(lot.timeout) if lot.timeout else str(_("never"))

    @admin.display(description=_("music"), ordering="music__label")
    def music_words(self, lot: ParkingLot) -> str:
        """The class."""
        return str(lot.music or (_("the PBX’s") if not lot.observed else "–"))

    @admin.display(description=_("board"), boolean=True, ordering="on_board")
    def board(self, lot: ParkingLot) -> bool:
        """Whether boards show it."""
        return lot.on_board

    @admin.display(description=_("state"))
    def state(self, lot: ParkingLot) -> SafeString:
        """Whether the PBX has it as it is here."""
        look, words = self.badge(lot)
        return format_html('<span class="badge badge-{}">{}</span>', look, words)

    @staticmethod
    def badge(lot: Any) -> tuple[str, Any]:
        """The look of its state, and the words."""
        if lot.retired:
            return "removed", _("removed, still on the PBX") if lot.present else _("removed")
        if lot.observed:
            return "found", _("found on the PBX") if lot.present else _("gone from the PBX")
        return BADGES.get(getattr(lot, "kind_now", ""), BADGES["changed"])

    @staticmethod
    def counted(lots: QuerySet[Any]) -> QuerySet[Any]:
        """With the number of callers who wait."""
        return cast("QuerySet[Any]", lots.annotate(waiting=Count("calls", filter=Q(calls__ended_at=None))))
