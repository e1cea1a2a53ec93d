"""A door for machines in a process that serves no pages: the bridge. It answers ``GET /metrics`` and ``/healthz``."""

import asyncio
import logging

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from lots.telemetry.access import Access
from lots.telemetry.health import PATHS, health

log = logging.getLogger(__name__)

LONGEST = 8192
"""Bytes of a request's head."""
PATIENCE = 5.0
"""Seconds it may take to arrive."""
REFUSED = "401 Unauthorized", "WWW-Authenticate: Bearer\r\n"


async def listen(bind: str, port: int, access: Access) -> asyncio.Server:
    """Answer until the server is closed. Raises ``OSError`` where nobody can listen."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                head = await reader.readuntil(b"\r\n\r\n")
                peer = writer.get_extra_info("peername") or ("",)
                writer.write(_answer(head, str(peer[0]), access))
                await writer.drain()
        except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # whoever it was has gone, or speaks something else
        finally:
            writer.close()

    return await asyncio.start_server(answer, bind, port, limit=LONGEST)


def _answer(head: bytes, client: str, access: Access) -> bytes:
    first, *lines = head.split(b"\r\n")
    pairs = [line.partition(b":") for line in lines if b":" in line]
    headers = [(name.strip(), value.strip()) for name, _, value in pairs]
    method, _, rest = first.partition(b" ")
    path = rest.partition(b" ")[0].decode("ascii", "replace")
    if method != b"GET" or path not in {"/metrics", *PATHS}:
        return _whole("404 Not Found")
    if path in PATHS:
        well, said = health(path)
        return _whole("200 OK" if well else "503 Service Unavailable", "Content-Type: application/json\r\n", said)
    if not access.allows(headers, client):
        return _whole(*REFUSED)
    return _whole("200 OK", f"Content-Type: {CONTENT_TYPE_LATEST}\r\n", generate_latest())


def _whole(status: str, more: str = "", body: bytes = b"") -> bytes:
    head = f"HTTP/1.1 {status}\r\n{more}Content-Length: {len(body)}\r\nCache-Control: no-store\r\nConnection: close\r\n"
    return head.encode() + b"\r\n" + body
