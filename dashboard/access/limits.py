"""How often a password may be guessed. django-axes counts, in the database, for all web processes alike.

Two limits, both for a while (``LOGIN_LOCK``) and both per name, so that nobody is held up by what others mistype behind
the same address:

- a name at one address, or with one browser that somebody has logged in with before (``devices``):
  ``LOGIN_FAILURES`` wrong passwords;
- a name at all addresses together: ``EVERYWHERE`` times as many. Who guesses from many addresses is stopped; the person
  it belongs to is not, where they have logged in before.
"""

from datetime import datetime
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username
from axes.models import AccessAttempt, AccessLog
from django.conf import settings
from django.db.models import Max, Sum
from django.http import HttpRequest
from django.utils import timezone

from dashboard.access.devices import KEPT, device, is_device, name_device

EVERYWHERE = 5
"""Times ``LOGIN_FAILURES``, from all addresses together."""


class Limits(AxesDatabaseHandler):  # type: ignore[misc]  # axes has no types
    """axes' own counting, and the second limit."""

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        """Whether this name may not be tried from here now."""
        return locked_until(get_client_username(request, credentials), address(request)) is not None

    def user_logged_in(self, sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
        """Note where and with which browser, and forget what is too old to be of use."""
        super().user_logged_in(sender, request, user, **kwargs)
        name = name_device(request)
        if name != request.axes_ip_address:  # type: ignore[attr-defined]  # axes sets it
            AccessLog.objects.create(username=user.get_username(), ip_address=name, attempt_time=timezone.now())
        AccessLog.objects.filter(attempt_time__lt=timezone.now() - KEPT).delete()


def locked_until(username: str | None, where: str | None) -> datetime | None:
    """When this name may be tried from this address again, at the latest; None: now."""
    if not username:
        return None
    fresh = AccessAttempt.objects.filter(username=username, attempt_time__gte=timezone.now() - settings.LOGIN_LOCK)
    here = _reached(fresh.filter(ip_address=where), settings.LOGIN_FAILURES)
    if here or AccessLog.objects.filter(username=username, ip_address=where).exists():
        return here
    return _reached(fresh, settings.LOGIN_FAILURES * EVERYWHERE)


def _reached(attempts: Any, limit: int) -> datetime | None:
    counted = attempts.aggregate(failures=Sum("failures_since_start"), last=Max("attempt_time"))
    reached = (counted["failures"] or 0) >= limit
    return counted["last"] + settings.LOGIN_LOCK if reached else None


def lift(username: str) -> int:
    """Forget the failures of a name, wherever they came from. Returns how many rows there were."""
    return int(AccessAttempt.objects.filter(username=username).delete()[0])


def address(request: HttpRequest) -> str | None:
    """Where the request is counted: its known browser, else where it comes from. A Unix socket has no address.

    ``parkinglot.proxies`` has put ``REMOTE_ADDR`` right.
    """
    return device(request) or request.META.get("REMOTE_ADDR") or None


def described(username: str | None, where: str | None, _agent: str, _path: str, request: HttpRequest) -> str:
    """For the log. Whatever was typed as a name stays on its line."""
    known = " with a known browser" if is_device(where) else ""
    return f"{username!r} from {request.META.get('REMOTE_ADDR') or 'this machine'}{known}"
