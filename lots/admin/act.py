"""The audit log in the admin: who did what on the board, and how it ended. To read, never to change."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from lots.admin.base import ReadOnlyAdmin
from lots.admin.seen import lots_seen
from lots.admin.spans import moment
from lots.models import Act


@admin.register(Act)
class ActAdmin(ReadOnlyAdmin):
    """Only the bridge writes these."""

    list_display = ["done", "user_name", "kind", "caller", "place", "detail", "result"]
    list_filter = ["kind", "code", "at", *((name, admin.RelatedOnlyFieldListFilter) for name in ("lot", "user"))]
    search_fields = ["user_name", "caller", "detail", "uniqueid"]
    date_hierarchy = "at"
    list_select_related = ["lot"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Of lots this person may see, like the calls themselves; and what was about no lot."""
        acts: QuerySet[Any] = super().get_queryset(request)
        seen = Q(lot=None) | Q(lot__in=lots_seen(request.user))
        return acts if request.user.is_superuser else acts.filter(seen)

    @admin.display(description=_("when"), ordering="at")
    def done(self, act: Act) -> str:
        """In the reader's own time zone."""
        return moment(act.at)

    @admin.display(description=_("place"), ordering="slot")
    def place(self, act: Act) -> str:
        """Lot and slot, as far as the action had one."""
        return " ".join(str(part) for part in (act.lot, act.slot) if part is not None) or "–"

    @admin.display(description=_("result"), ordering="code")
    def result(self, act: Act) -> str:
        """The code of docs/protocol.md, as words."""
        return act.code.replace("_", " ")
