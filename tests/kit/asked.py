"""The whole portal, asked as a web server asks it: with what is answered before Django, without a socket."""

import asyncio
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from parkinglot.asgi import application

PATIENCE = 60.0


@dataclass(frozen=True)
class Answer:
    """Status, headers by their name in lower case (cookies apart), body."""

    status: int
    headers: dict[str, str]
    cookies: list[str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


async def ask(path: str, method: str = "GET", body: bytes = b"", app: Any = application, **headers: str) -> Answer:
    """One request. ``headers``: with ``_`` for ``-``."""
    sent = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()]
    if "host" not in headers:
        sent.append((b"host", b"localhost"))
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(path.partition("?")[0]),
        "raw_path": path.encode(),
        "query_string": path.partition("?")[2].encode(),
        "root_path": "",
        "headers": sent,
        "client": ["127.0.0.1", 4711],
        "server": ["localhost", 80],
    }
    told: list[dict[str, Any]] = []
    asked = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> dict[str, Any]:
        return asked.pop() if asked else await asyncio.Future()

    async def send(message: dict[str, Any]) -> None:
        told.append(message)

    async with asyncio.timeout(PATIENCE):
        await app(scope, receive, send)
    pairs = [(name.decode().lower(), value.decode("latin-1")) for name, value in told[0]["headers"]]
    cookies = [value for name, value in pairs if name == "set-cookie"]
    return Answer(told[0]["status"], dict(pairs), cookies, b"".join(part.get("body", b"") for part in told[1:]))
