"""Recordings over HTTP, for Asterisk and for browsers: ``/audio/<sha-256>.wav``, answered before Django.

No login: who knows the hash of the content has been told it by the portal. The name never changes its content, so
Asterisk and browsers may keep it for ever; that is what plays on while the portal is stopped.
"""

import asyncio
import os
import re
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

Send = Callable[[Mapping[str, Any]], Awaitable[None]]

CHUNK = 64 * 1024
"""Bytes read and sent at once."""
FOR_EVER = b"public, max-age=31536000, immutable"

_PATH = re.compile(r"/audio/([0-9a-f]{64})\.wav")
_RANGE = re.compile(r"bytes=([0-9]{0,15})-([0-9]{0,15})")


class Audio:
    """Serves the files in ``folder``; anything else is one and the same 404."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def __call__(self, scope: Mapping[str, Any], send: Send) -> None:
        """Answer one request."""
        if scope["method"] not in ("GET", "HEAD"):
            await _answer(send, 405, [(b"allow", b"GET, HEAD")])
            return
        found = _PATH.fullmatch(scope["path"])
        file = await asyncio.to_thread(self._open, found[1]) if found else None
        if file is None:
            await _answer(send, 404, [(b"cache-control", b"no-store")])
            return
        try:
            await _send_file(scope, send, file, f'"{found[1]}"'.encode() if found else b"")
        finally:
            os.close(file)

    def _open(self, digest: str) -> int | None:
        """A file descriptor; None: there is no such file."""
        try:
            return os.open(self.folder / f"{digest}.wav", os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
        except OSError:
            return None


async def _send_file(scope: Mapping[str, Any], send: Send, file: int, etag: bytes) -> None:
    """All of it, or the part a browser asks for (RFC 9110, section 14)."""
    asked = dict(scope["headers"])
    size = os.fstat(file).st_size
    headers = [(b"etag", etag), (b"cache-control", FOR_EVER), (b"accept-ranges", b"bytes")]
    if etag in asked.get(b"if-none-match", b""):
        await _answer(send, 304, headers)
        return
    headers.append((b"content-type", b"audio/wav"))
    part = _part(asked.get(b"range", b""), size) if asked.get(b"if-range", etag) == etag else None
    start, end = (0, size) if part is None else part
    if start >= end and part is not None:
        await _answer(send, 416, [(b"content-range", b"bytes */%d" % size)])
        return
    if part is not None:
        headers.append((b"content-range", b"bytes %d-%d/%d" % (start, end - 1, size)))
    await _begin(send, 200 if part is None else 206, [*headers, (b"content-length", b"%d" % (end - start))])
    if scope["method"] == "GET":
        for at in range(start, end, CHUNK):
            piece = await asyncio.to_thread(os.pread, file, min(CHUNK, end - at), at)
            await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


def _part(asked: bytes, size: int) -> tuple[int, int] | None:
    """From and to (not included) of the one range asked for; None: all. An empty one cannot be satisfied."""
    found = _RANGE.fullmatch(asked.decode("latin-1").strip())
    if not found or not (found[1] or found[2]):
        return None
    if not found[1]:
        return max(0, size - int(found[2])), size if int(found[2]) else 0
    first = int(found[1])
    if not found[2]:
        return first, size
    return None if int(found[2]) < first else (first, min(int(found[2]) + 1, size))


async def _answer(send: Send, status: int, headers: list[tuple[bytes, bytes]]) -> None:
    """An answer without a body."""
    length = [] if status == 304 else [(b"content-length", b"0")]  # noqa: PLR2004 - HTTP's number
    await _begin(send, status, [*headers, *length])
    await send({"type": "http.response.body", "body": b""})


async def _begin(send: Send, status: int, headers: list[tuple[bytes, bytes]]) -> None:
    headers = [*headers, (b"x-content-type-options", b"nosniff")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
