"""Who may look back, and at which lots."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required, permission_required
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.audience import audiences
from dashboard.history.zone import viewer_zone
from lots.models import ParkingLot

MAY = "lots.report_parkedcall"
View = Callable[[HttpRequest], HttpResponseBase]


def for_reporters(view: View) -> View:
    """A page to read, for those with the permission, in their time zone."""

    @wraps(view)
    def in_their_zone(request: HttpRequest) -> HttpResponseBase:
        with timezone.override(viewer_zone(request)):
            return view(request)

    allowed = permission_required(MAY, raise_exception=True)(in_their_zone)
    return require_safe(never_cache(login_required(allowed)))


def lots_of(user: AbstractBaseUser | AnonymousUser) -> list[ParkingLot]:
    """The lots whose past ``user`` may see, removed ones too: those they may see the present of."""
    if not isinstance(user, User):
        return []
    seers = {user.pk} if user.has_perm("lots.view_parkinglot") else set()
    return list(ParkingLot.objects.filter(pk__in=audiences([user], seers, {})[user.pk].see))
