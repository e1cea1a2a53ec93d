"""The lots a person may see, as boards show them: the general right, narrowed lot by lot to groups."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from lots.models import LotRight, ParkingLot


def lots_seen(user: Any) -> QuerySet[ParkingLot]:
    """Removed ones too, for their past. ``dashboard.audience`` is the same for boards; a test compares them."""
    lots = ParkingLot.objects.all()
    if user.is_superuser:
        return lots
    if not user.has_perm("lots.view_parkinglot"):
        return lots.none()
    mine = LotRight.objects.filter(see=True, group__in=user.groups.all())
    return lots.filter(~Q(pk__in=LotRight.objects.values("lot")) | Q(pk__in=mine.values("lot")))


def lots_known(user: Any) -> QuerySet[ParkingLot]:
    """Those a person meets in the administration: all, if they may set lots up; else the ones they see on boards."""
    return ParkingLot.objects.all() if user.has_perm("lots.change_parkinglot") else lots_seen(user)


class SeenLotFilter(admin.SimpleListFilter):
    """Only lots this person may see are offered."""

    title = _("lot")
    parameter_name = "lot"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:  # noqa: ARG002  (the base class's signature)
        """The choices."""
        return [(str(lot.pk), str(lot)) for lot in lots_seen(request.user)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:  # noqa: ARG002  (as above)
        """The calls of that lot; what is no choice is as good as none."""
        value = self.value() or ""
        known = [choice for choice, _words in self.lookup_choices]
        return queryset.filter(lot=int(value)) if value in known else queryset
