"""A browser somebody has logged in with is known again, and wrong passwords from elsewhere do not hold it up.

A whole office may sit behind one address, and a colleague could keep another out by mistyping their password. So a
log-in leaves a signed cookie that names the browser, and wrong passwords from there are counted by this name. What is
counted are addresses; the name is written as one that no computer has (100::/64 leads nowhere: RFC 6666).
"""

import secrets
from collections.abc import Callable
from datetime import timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import sync_and_async_middleware

NOWHERE = IPv6Network("100::/64")
KEPT = timedelta(days=90)
"""For how long a browser, or an address, counts as one where somebody has logged in before."""


def device(request: HttpRequest) -> str | None:
    """The name of the browser; None: nobody has logged in with it, or its cookie is not one of ours."""
    named = request.get_signed_cookie(settings.DEVICE_COOKIE_NAME, default=None, salt=__name__, max_age=KEPT)
    return named if is_device(named) else None


def is_device(where: str | None) -> bool:
    """Whether this names a browser rather than an address of the network."""
    try:
        return where is not None and ip_address(where) in NOWHERE
    except ValueError:
        return False


def name_device(request: HttpRequest) -> str:
    """Somebody has logged in: the browser's name from now on, which goes out with the answer."""
    name = device(request) or str(IPv6Address(int(NOWHERE.network_address) + secrets.randbits(64)))
    request.META["parkinglot.device"] = name
    return name


@sync_and_async_middleware
def remembering(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """The middleware that lets the browser keep its name."""
    if iscoroutinefunction(get_response):

        async def later(request: HttpRequest) -> HttpResponse:
            return _remembered(request, await get_response(request))

        return later
    return lambda request: _remembered(request, get_response(request))


def _remembered(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    if name := request.META.get("parkinglot.device"):
        answer.set_signed_cookie(
            settings.DEVICE_COOKIE_NAME,
            name,
            salt=__name__,
            max_age=KEPT,
            secure=settings.BEHIND_HTTPS,
            httponly=True,
            samesite="Lax",
        )
    return answer
