"""What somebody sees who has guessed too often."""

from typing import Any

from axes.helpers import get_client_username
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from dashboard.access.limits import address, locked_until

TOO_MANY_REQUESTS = 429


def locked(request: HttpRequest, _answer: HttpResponse | None, credentials: dict[str, Any] | None) -> HttpResponse:
    """When to try again, and whom to ask. The same for names that exist and for those that do not."""
    name = get_client_username(request, credentials or getattr(request, "axes_credentials", None))
    until = locked_until(name, address(request)) or timezone.now() + settings.LOGIN_LOCK
    seconds = max(1, round((until - timezone.now()).total_seconds()))
    context = {"name": name, "until": until, "minutes": -(-seconds // 60)}
    answer = render(request, "registration/locked.html", context, status=TOO_MANY_REQUESTS)
    answer["Retry-After"] = str(seconds)
    answer["Cache-Control"] = "no-store"
    return answer
