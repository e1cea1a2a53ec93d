"""What is answered before Django: static files, recordings and ``/healthz``."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from whitenoise.middleware import WhiteNoiseMiddleware

from parkinglot.audio import Audio

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

CHUNK = 64 * 1024
"""Bytes of a file sent at once."""


class Front:
    """Serves WhiteNoise's file table and recordings, and passes everything else on."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.table = WhiteNoiseMiddleware(lambda _request: None)
        self.audio = Audio(Path(settings.MEDIA_ROOT) / "audio" / "played")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        if scope["path"] == "/healthz":
            await _answer(send, 200, [(b"content-type", b"text/plain")], b"ok\n")
        elif file := self.table.files.get(scope["path"]):
            await self._file(file, scope, send)
        elif scope["path"].startswith("/audio/"):
            await self.audio(scope, send)
        else:
            await self.application(scope, receive, send)

    async def _file(self, file: Any, scope: Scope, send: Send) -> None:
        environ = {
            f"HTTP_{name.decode().upper().replace('-', '_')}": value.decode("latin-1")
            for name, value in scope["headers"]
        }
        response = file.get_response(scope["method"], environ)
        headers = [(name.lower().encode(), value.encode()) for name, value in response.headers]
        headers.append((b"x-content-type-options", b"nosniff"))
        body = b""
        if response.file is not None:
            with response.file:
                body = response.file.read()
        await _answer(send, response.status, headers, body)


async def _answer(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    for start in range(0, max(len(body), 1), CHUNK):
        more = start + CHUNK < len(body)
        await send({"type": "http.response.body", "body": body[start : start + CHUNK], "more_body": more})
