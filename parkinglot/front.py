"""What is answered before Django: static files, recordings, health and figures."""

from pathlib import Path
from typing import Any

from django.conf import settings
from whitenoise.middleware import WhiteNoiseMiddleware

from lots.telemetry.access import Access
from parkinglot import metrics
from parkinglot.audio import Audio
from parkinglot.health import PATHS, Health
from parkinglot.reply import Application, Receive, Scope, Send, reply


class Front:
    """Serves WhiteNoise's file table and recordings, and passes everything else on."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.table = WhiteNoiseMiddleware(lambda _request: None)
        self.health = Health()
        self.access: Access = settings.METRICS_ACCESS
        self.audio = Audio(Path(settings.MEDIA_ROOT) / "audio" / "played")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        if scope["path"] in PATHS:
            await self.health(scope["path"], scope["method"], send)
        elif scope["path"] == metrics.PATH and self.access:
            await metrics.metrics(self.access, scope, send)
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
        await reply(send, response.status, headers, body)
