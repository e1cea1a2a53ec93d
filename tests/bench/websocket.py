"""The least WebSocket client that the measuring needs: a thousand of them cost one process little."""

import asyncio
import time
from collections.abc import Callable

TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA
FINAL, MASKED = 0x80, 0x80
NO_MASK = b"\0\0\0\0"
"""A mask that changes nothing: the protocol asks for one, not for a good one."""
SHORT, MEDIUM = 126, 127
"""Lengths from here on stand in two bytes; in eight bytes."""


def handshake(host: str, port: int, path: str, cookie: str) -> bytes:
    """The request a browser opens a socket with; ``cookie`` is ``name=value`` or empty."""
    place = f"{host}:{port}"
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: {place}",
        f"Origin: http://{place}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: cGFya2luZ2xvdCBiZW5jaA==",
        *([f"Cookie: {cookie}"] if cookie else []),
    ]
    return "\r\n".join([*lines, "", ""]).encode()


class Client(asyncio.Protocol):
    """One connection. ``heard`` gets each text and the ``time.monotonic()`` at which its last bytes were here."""

    def __init__(self, request: bytes, heard: Callable[["Client", bytes, float], None]) -> None:
        loop = asyncio.get_running_loop()
        self.open: asyncio.Future[None] = loop.create_future()
        self.closed: asyncio.Future[None] = loop.create_future()
        self._request = request
        self._heard = heard
        self._unread = b""
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(self._request)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  (the base class's signature)
        if not self.open.done():
            self.open.set_exception(ConnectionError("The server closed the connection before it was open."))
        self.closed.set_result(None)

    def data_received(self, data: bytes) -> None:
        at = time.monotonic()
        self._unread += data
        if self.open.done() or self._greeted():
            self._read(at)

    def _greeted(self) -> bool:
        head, end, rest = self._unread.partition(b"\r\n\r\n")
        if not end:
            return False
        if b" 101 " not in head.partition(b"\r\n")[0]:
            self.open.set_exception(ConnectionError(head.partition(b"\r\n")[0].decode()))
            self._transport.abort()
            return False
        self._unread = rest
        self.open.set_result(None)
        return True

    def _read(self, at: float) -> None:
        while len(self._unread) >= 2:
            start, length = 2, self._unread[1]
            if length >= SHORT:
                start = 4 if length == SHORT else 10
                length = int.from_bytes(self._unread[2:start])
            if len(self._unread) < start + length:
                return
            kind, payload = self._unread[0] & 0x0F, self._unread[start : start + length]
            self._unread = self._unread[start + length :]
            self._take(kind, payload, at)

    def _take(self, kind: int, payload: bytes, at: float) -> None:
        if kind == TEXT:
            self._heard(self, payload, at)
        elif kind == PING:
            self.say(payload, PONG)
        elif kind == CLOSE:
            self._transport.close()

    def say(self, payload: bytes, kind: int = TEXT) -> None:
        """Send up to 125 bytes."""
        self._transport.write(bytes([FINAL | kind, MASKED | len(payload)]) + NO_MASK + payload)

    def close(self) -> None:
        """Close in good order; ``closed`` is done when the server has closed too."""
        if not self._transport.is_closing():
            self.say(b"", CLOSE)
