"""Parking lots in the admin."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from lots.admin.lot_form import LotForm, ObservedLotForm
from lots.admin.lot_inlines import INLINES, LotRightInline, SlotNameInline
from lots.admin.lot_list import KindFilter, LotColumns, WaitingFilter, note_kinds
from lots.admin.lot_live import said, shown
from lots.admin.lot_removal import consequences, in_use, is_remembered, remove, removed_words
from lots.admin.lot_sections import READ_ONLY, sections
from lots.admin.seen import lots_known
from lots.admin.suggested import suggested
from lots.admin.telling import TellingAdmin
from lots.admin.tools import tools_for
from lots.bridge.announce import announce
from lots.bridge.messages import News
from lots.models import ParkingLot


@admin.register(ParkingLot)
class ParkingLotAdmin(LotColumns, TellingAdmin):
    """Lots that are set up here, and lots found on the PBX, of which only label and place on the board are ours."""

    news: News = {"kind": "lots"}
    form = LotForm
    list_display = ["label", "state", "codes", "slots", "occupied", "timeout_words", "music_words", "board"]
    list_filter = [KindFilter, WaitingFilter, "on_board", "pbx"]
    list_select_related = ["music"]
    search_fields = ["label", "name", "park_code", "description", "slot_names__name", "outside_numbers__number"]
    search_help_text = gettext_lazy("Label, code, slot name or outside number")
    actions = ["delete_selected"]
    save_on_top = False

    def get_urls(self) -> list[Any]:
        """With what the form asks while somebody types, and the way back for removed lots."""
        view = self.admin_site.admin_view
        own = [
            path("live/", view(self.live_view), name="lots_parkinglot_live_new"),
            path("<int:pk>/live/", view(self.live_view), name="lots_parkinglot_live"),
            path("<int:pk>/bring-back/", view(require_POST(self.bring_back)), name="lots_parkinglot_bring_back"),
        ]
        return [*own, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the number of callers who wait."""
        known = super().get_queryset(request).filter(pk__in=lots_known(request.user).values("pk"))
        return self.counted(known)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """With how each lot on the page differs from what was published."""
        found = super().get_changelist_instance(request)
        note_kinds(request, found.result_list)
        return found

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Of an observed lot only what people see is ours."""
        if obj is not None and (obj.observed or obj.retired):
            kwargs["form"] = ObservedLotForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: ParkingLot | None = None) -> Any:  # noqa: ARG002  (as above)
        """Grouped."""
        return sections(obj)

    def get_readonly_fields(self, request: HttpRequest, obj: ParkingLot | None = None) -> Any:  # noqa: ARG002
        """The name stays what it was; so does all that was found."""
        return READ_ONLY if obj and (obj.observed or obj.retired) else ["name", "pbx"] if obj else []

    def get_inlines(self, request: HttpRequest, obj: ParkingLot | None) -> Any:  # noqa: ARG002
        """Of an observed lot what boards show and who may see it; of a removed one nothing."""
        if obj is None or not (obj.observed or obj.retired):
            return INLINES
        return [] if obj.retired else [SlotNameInline, LotRightInline]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A lot that could be saved as it is, but for its name."""
        return {**suggested(), **super().get_changeform_initial_data(request)}

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """No buttons beside a choice but for adding hold music."""
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        widget: Any = getattr(field, "widget", None)
        if hasattr(widget, "can_add_related"):
            widget.can_add_related = widget.can_add_related and db_field.name == "music"
            widget.can_change_related = widget.can_view_related = widget.can_delete_related = False
        return field

    def has_change_permission(self, request: HttpRequest, obj: ParkingLot | None = None) -> bool:
        """A removed lot is brought back first."""
        return super().has_change_permission(request, obj) and not (obj is not None and obj.retired)

    def has_delete_permission(self, request: HttpRequest, obj: ParkingLot | None = None) -> bool:
        """Lots found on the PBX are removed there; a removed one goes when nothing remembers it."""
        if obj is not None and (obj.observed or (obj.retired and is_remembered(obj))):
            return False
        return super().has_delete_permission(request, obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What happens, and what stands against it."""
        lots = list(objs)
        found = [_("%(lot)s: found on the PBX, and removed only there.") % {"lot": lot} for lot in lots if lot.observed]
        used = [text for lot in lots for text in in_use(lot, [lot.pk for lot in lots])]
        may = request.user.has_perm("lots.delete_parkinglot")
        needed = set() if may else {self.opts.verbose_name}
        return consequences(lots), {self.opts.verbose_name_plural: len(lots)}, needed, [*found, *used]

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Out of the setup; boards hear of it."""
        self.delete_queryset(request, [obj])

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """Many; it is said what became of them."""
        lots = list(queryset)
        words = removed_words(lots)
        for lot in lots:
            remove(lot)
        announce(self.news)
        messages.success(request, words)

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: int) -> HttpResponse:  # noqa: ARG002
        """Back to the list; what became of the lot is said already."""
        return redirect("admin:lots_parkinglot_changelist")

    @admin.action(description=gettext_lazy("Remove the selected lots"), permissions=["delete"])
    def delete_selected(self, request: HttpRequest, chosen: QuerySet[Any]) -> Any:
        """Django's own, but for what it says in the end."""
        *_what, needed, protected = self.get_deleted_objects(chosen, request)
        if not request.POST.get("post") or needed or protected:
            return delete_selected(self, request, chosen)
        self.log_deletions(request, chosen)
        self.delete_queryset(request, chosen)
        return None

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save, tell, and say what is allowed and mostly not meant."""
        super().save_model(request, obj, form, change)
        for text in form.checked.warnings() if getattr(form, "checked", None) else []:
            messages.warning(request, text)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Under a heading that says what happens: nothing of the history is deleted."""
        return super().delete_view(request, object_id, {"title": _("Remove a parking lot"), **(extra_context or {})})

    def render_change_form(  # noqa: PLR0913, PLR0917  (the base class's signature)
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        """With what the lot does, and links to what can be done with it."""
        context["live_url"] = reverse("admin:lots_parkinglot_live", args=[obj.pk]) if obj else None
        context["live_url"] = context["live_url"] or reverse("admin:lots_parkinglot_live_new")
        context["show_save_and_add_another"] = not (obj and obj.observed)
        shown_form = context["adminform"].form
        context["about"] = shown(shown_form, obj)
        if isinstance(shown_form, LotForm):
            shown_form.ask_pin_again()
        if obj:
            note_kinds(request, [obj])
            context["badge"] = self.badge(obj)
        context["tools"] = tools_for(request, "lot", obj) if obj else []
        return super().render_change_form(request, context, add, change, form_url, obj)

    def live_view(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """What the form, as it is filled in at this moment, would do, and what is wrong with it. Saves nothing."""
        may = self.has_change_permission(request) if pk else self.has_add_permission(request)
        if not may or request.method != "POST":
            raise PermissionDenied
        lot = get_object_or_404(ParkingLot, pk=pk, retired=False) if pk else None
        form_class = self.get_form(request, lot, change=lot is not None)
        form = form_class(request.POST, instance=lot)
        parts = [made for made, _inline in self.get_formsets_with_inlines(request, lot)]
        formsets = [made(request.POST, instance=form.instance, prefix=made.get_default_prefix()) for made in parts]
        return JsonResponse(said(form, formsets))

    def bring_back(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A removed lot becomes part of the setup again."""
        if not request.user.has_perm("lots.add_parkinglot"):
            raise PermissionDenied
        lot = get_object_or_404(ParkingLot, pk=pk, retired=True)
        ParkingLot.objects.filter(pk=pk).update(retired=False)
        announce(self.news)
        messages.success(request, _("%(lot)s is back. Publish to have it on the PBX again.") % {"lot": lot})
        return redirect("admin:lots_parkinglot_change", pk)
