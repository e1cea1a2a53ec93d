"""Sending one text to all sockets, and closing those that do not keep up."""

import asyncio
from collections.abc import Callable
from functools import cache

from dashboard.audience import Audience
from dashboard.form import Form
from dashboard.messages import CloseCode
from dashboard.rights import Rights
from dashboard.socket import Socket

AT_ONCE = 20
"""Sockets served before the event loop gets a turn."""
MISSING_ACKS = 3
"""Unanswered beats after which a socket is closed: its browser would only pile up what it never reads."""


class Fanout:
    """The open sockets of this process."""

    def __init__(self) -> None:
        self.sockets: dict[str, Socket] = {}

    def add(self, socket: Socket) -> None:
        """Serve ``socket``."""
        self.sockets[socket.id] = socket

    def remove(self, socket: Socket) -> None:
        """Forget ``socket``."""
        self.sockets.pop(socket.id, None)

    def count(self) -> tuple[int, int]:
        """How many boards and how many wall screens."""
        boards = sum(socket.rights.lots.form is Form.WHOLE for socket in self.sockets.values())
        return boards, len(self.sockets) - boards

    async def send_seers(self, lot: int, text_for: Callable[[Audience], str]) -> None:
        """Send everybody who may see ``lot``, when their turn comes, the text for them."""
        await self._send(lambda audience: text_for(audience) if lot in audience.see else "")

    async def _send(self, text_for: Callable[[Audience], str]) -> None:
        for number, socket in enumerate(list(self.sockets.values()), start=1):
            if socket.id in self.sockets and (text := text_for(socket.rights.lots)):
                await socket.send(text)
            if number % AT_ONCE == 0:
                await asyncio.sleep(0)

    async def send_made(self, text_for: Callable[[Audience], str]) -> None:
        """Send each audience a text of its own, made once for all who share it."""
        await self._send(cache(text_for))

    async def beat(self, number: int, text_for: Callable[[Audience], str]) -> None:
        """Send a beat, made once for each audience; close who has not answered the last ones."""
        for socket in list(self.sockets.values()):
            socket.first_beat = socket.first_beat or number
            if number - max(socket.acked, socket.first_beat - 1) > MISSING_ACKS:
                await self.close(socket, CloseCode.TOO_SLOW)
        await self.send_made(text_for)

    async def keep(self, socket: Socket, rights: Rights | None) -> bool:
        """Take over ``rights``. True: they changed and the page must hear; a viewer without any is closed."""
        if rights is None or not rights.see:
            await self.close(socket, CloseCode.LOGGED_OUT if rights is None else CloseCode.FORBIDDEN)
            return False
        changed, socket.rights = rights != socket.rights, rights
        return changed

    async def close(self, socket: Socket, code: int) -> None:
        """Close one."""
        self.remove(socket)
        await socket.close(code)

    async def close_all(self, code: int) -> None:
        """Close everybody."""
        for socket in list(self.sockets.values()):
            await self.close(socket, code)
