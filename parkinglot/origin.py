"""Sockets are for pages of this very portal: a browser sends cookies along whatever page opens one."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from channels.security.websocket import WebsocketDenier

PORTS = {"http": 80, "https": 443}


def same_origin(origin: str, host: str) -> bool:
    """Whether a page of ``origin`` (as its header says) was served by ``host`` (the header Host), port included."""
    try:
        page, here = urlsplit(origin), urlsplit(f"//{host}")
        usual = PORTS[page.scheme]
        return bool(page.hostname) and (page.hostname, page.port or usual) == (here.hostname, here.port or usual)
    except (KeyError, ValueError):
        return False


class SameOrigin:
    """Refuses sockets of other pages, also of other ports of the same host: cookies do not tell ports apart."""

    def __init__(self, application: Callable[..., Awaitable[None]]) -> None:
        self.application = application

    async def __call__(self, scope: Mapping[str, Any], receive: Any, send: Any) -> None:
        """Pass on or refuse."""
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        fits = same_origin(headers.get(b"origin", ""), headers.get(b"host", ""))
        await (self.application if fits else WebsocketDenier())(scope, receive, send)
