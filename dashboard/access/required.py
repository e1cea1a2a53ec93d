"""Who must have a second factor and has none yet sets it up first: every other page leads there."""

from collections.abc import Callable
from typing import Any

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import sync_and_async_middleware

from dashboard.access.policy import lacking

SETTING_UP = "mfa_activate_totp"
OPEN = (SETTING_UP, "account_reauthenticate", "dashboard:login", "dashboard:logout", "set_language")
"""Pages one may use before: what setting up needs, and the way out."""


@sync_and_async_middleware  # a middleware that is only sync would keep the process from ending while a request runs
def second_factor(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """The middleware."""
    if iscoroutinefunction(get_response):

        async def later(request: HttpRequest) -> HttpResponse:
            answer = await sync_to_async(in_the_way)(request) if settings.SECOND_FACTOR != "optional" else None
            return answer or await get_response(request)

        return later
    return lambda request: in_the_way(request) or get_response(request)


def in_the_way(request: HttpRequest) -> HttpResponse | None:
    """The way to setting it up; None: go on."""
    if settings.SECOND_FACTOR == "optional" or request.path in {reverse(name) for name in OPEN}:
        return None
    user = request.user
    return redirect(SETTING_UP) if user.is_authenticated and lacking([user]) else None
