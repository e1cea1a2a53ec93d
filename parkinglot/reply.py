"""Answers that need no Django."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

CHUNK = 64 * 1024
"""Bytes sent at once."""


async def reply(send: Send, status: int, headers: Headers, body: bytes = b"") -> None:
    """A whole answer."""
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    for start in range(0, max(len(body), 1), CHUNK):
        more = start + CHUNK < len(body)
        await send({"type": "http.response.body", "body": body[start : start + CHUNK], "more_body": more})


async def reply_now(send: Send, method: str, status: int, kind: bytes, body: bytes) -> None:
    """Text that is true at this moment only; nothing but GET and HEAD is understood."""
    if method not in {"GET", "HEAD"}:
        await reply(send, 405, [(b"allow", b"GET, HEAD")])
        return
    headers = [(b"content-type", kind), (b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff")]
    headers.append((b"content-length", str(len(body)).encode()))
    await reply(send, status, headers, body if method == "GET" else b"")
