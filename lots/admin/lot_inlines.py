"""What belongs to one lot, edited on its page. ``section`` is the group of the form it is shown in."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from lots.admin.lot_parts_forms import NameForm, NamesFormSet, NumberForm, RightsFormSet, StepForm, StepsFormSet
from lots.models import FallbackStep, LotRight, OutsideNumber, ParkingLot, SlotName

if TYPE_CHECKING:
    Inline = admin.options.InlineModelAdmin[Any, ParkingLot]
else:
    Inline = admin.options.InlineModelAdmin


class LotPart(Inline):
    """A table of the lot's parts; who may change the lot may change them."""

    section = ""
    hint: Any = ""
    extra = 0
    template = "admin/parts.html"

    def has_add_permission(self, request: HttpRequest, obj: ParkingLot | None = None) -> bool:
        """As the lot's."""
        return self._may(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: ParkingLot | None = None) -> bool:
        """As the lot's."""
        return self._may(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: ParkingLot | None = None) -> bool:
        """As the lot's."""
        return self._may(request, obj)

    def has_view_permission(self, request: HttpRequest, obj: ParkingLot | None = None) -> bool:
        """As the lot's."""
        return request.user.has_perm("lots.view_parkinglot") or self._may(request, obj)

    @staticmethod
    def _may(request: HttpRequest, obj: ParkingLot | None) -> bool:
        right = "lots.add_parkinglot" if obj is None or obj.pk is None else "lots.change_parkinglot"
        return request.user.has_perm(right)

    def get_extra(self, request: HttpRequest, obj: ParkingLot | None = None, **kwargs: Any) -> int:  # noqa: ARG002
        """An empty row for those whose browser runs no script."""
        return 1 if "rows" in request.GET else 0

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Choices without the buttons that open further windows."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        widget = getattr(field, "widget", None)
        for right in ("can_add_related", "can_change_related", "can_delete_related", "can_view_related"):
            if hasattr(widget, right):
                setattr(widget, right, False)
        return field


class SlotNameInline(LotPart):
    """Friendly names of slots."""

    section = "slots"
    hint = _("A name such as Pharmacy stands beside the number on the board.")
    model = SlotName
    form = NameForm
    formset = NamesFormSet


class StepInline(LotPart):
    """The fallback."""

    section = "waiting"
    hint = _("Tried one after the other when the parker does not answer, in order of their numbers.")
    model = FallbackStep
    fk_name = "lot"
    form = StepForm
    formset = StepsFormSet


class OutsideNumberInline(LotPart):
    """Numbers on which the lot is reached from outside."""

    section = "outside"
    hint = _("Colleagues on the road dial it, then the slot, and have the caller on the line.")
    model = OutsideNumber
    form = NumberForm


class LotRightInline(LotPart):
    """Who may do what in this lot."""

    section = "rights"
    hint = _("Empty: open to all whom their groups let park and retrieve. With a row: only to the groups listed.")
    model = LotRight
    formset = RightsFormSet

    def get_formset(self, request: HttpRequest, obj: ParkingLot | None = None, **kwargs: Any) -> Any:
        """A page without script sends its spare row whether it was filled in or not."""
        made: Any = super().get_formset(request, obj, **kwargs)
        made.spare = "rows" in request.GET
        return made


INLINES = [SlotNameInline, StepInline, OutsideNumberInline, LotRightInline]
