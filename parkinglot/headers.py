"""Headers that every answer carries, whoever made it: a page, a file, an error, what is answered before Django.

What an answer says itself stays. Pages bring their own Content-Security-Policy; what is no page may load nothing.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

Pair = tuple[bytes, bytes]

NEVER = (
    *("accelerometer", "bluetooth", "camera", "display-capture", "geolocation", "gyroscope", "hid", "magnetometer"),
    *("microphone", "midi", "payment", "serial", "usb", "xr-spatial-tracking"),
)
"""What no page here asks a browser for."""
OURS = ("autoplay", "clipboard-write", "fullscreen", "screen-wake-lock")
"""What only our own pages may: a sound for a caller, copying a line, a wall screen that stays awake."""

COMMON: tuple[Pair, ...] = (
    (b"content-security-policy", b"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", ", ".join([*(f"{n}=()" for n in NEVER), *(f"{n}=(self)" for n in OURS)]).encode()),
)


def completed(headers: Iterable[Pair], *, hsts: int = 0) -> list[Pair]:
    """With what is missing. ``hsts``: seconds for which browsers are to insist on TLS; 0: nothing is said of it."""
    given = list(headers)
    names = {name.lower() for name, _ in given}
    wanted = (*COMMON, (b"strict-transport-security", b"max-age=%d" % hsts)) if hsts else COMMON
    return [*given, *(pair for pair in wanted if pair[0] not in names)]


class Headers:
    """Completes the headers of every HTTP answer of ``application``."""

    def __init__(self, application: Callable[..., Awaitable[None]], *, hsts: int, behind_https: bool) -> None:
        self.application = application
        self.hsts = hsts
        self.behind_https = behind_https

    async def __call__(self, scope: Mapping[str, Any], receive: Any, send: Callable[..., Awaitable[None]]) -> None:
        """Pass on; what comes back is completed."""
        hsts = self.hsts if self._secure(scope) else 0

        async def complete(message: Mapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": completed(message.get("headers", ()), hsts=hsts)}
            await send(message)

        await self.application(scope, receive, complete)

    def _secure(self, scope: Mapping[str, Any]) -> bool:
        """Whether the browser speaks TLS, by the word of the proxy (see ``BEHIND_HTTPS``)."""
        return self.behind_https and (b"x-forwarded-proto", b"https") in scope["headers"]
