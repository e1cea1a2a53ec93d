"""The socket of wall screens: the secret of a link opens it, and nothing can be done through it."""

import asyncio
import json
import logging
from typing import Any

from channels.db import database_sync_to_async

from dashboard.consumers import LONGEST, BoardConsumer, refuse
from dashboard.hub import hub
from dashboard.messages import CloseCode
from dashboard.orders import as_text
from dashboard.replica import dumps
from dashboard.socket import Socket
from dashboard.version import version
from dashboard.wall import WallViewer, admit, note_seen

log = logging.getLogger(__name__)

PATIENCE = 10.0
"""Seconds a page has to say its secret."""
PAUSE = 1.0
"""Seconds that a wrong secret costs, and the connection with it."""

KINDS = ("hello", "snapshot", "change", "link", "beat", "progress", "returning")
HEARD = tuple(f'{{"type":"{kind}"' for kind in KINDS)
"""How a message begins that is for wall screens. What boards are told besides is for people who are logged in."""

aadmit = database_sync_to_async(admit)
anote_seen = database_sync_to_async(note_seen)


class WallConsumer(BoardConsumer):
    """One screen. Its first message is the secret; one that is wrong ends the connection."""

    entering = True
    _patience: asyncio.TimerHandle | None = None
    _noting: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        """Let anybody connect: the secret comes as a message, so that no log of addresses ever holds it."""
        await self.accept()
        self._patience = asyncio.get_running_loop().call_later(PATIENCE, self._give_up)

    def _give_up(self) -> None:
        if self.entering:
            self.entering = False
            self._noting = asyncio.create_task(self._end(CloseCode.TOO_SLOW))

    async def disconnect(self, code: int) -> None:
        """Forget the screen."""
        if self._patience:
            self._patience.cancel()
        await super().disconnect(code)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """The secret first, then what a page that may only look has to say."""
        if self.entering:
            self.entering = False
            await self._enter(_secret(text_data))
        else:
            await super().receive(text_data, bytes_data)

    async def _enter(self, secret: str) -> None:
        viewer = await aadmit(secret) if secret else None
        if viewer is None:
            await asyncio.sleep(PAUSE)
            await self.close(CloseCode.FORBIDDEN)
            return
        self.hub = await hub()
        rights = await self.hub.rights_of(viewer)
        if rights is None or not rights.see:
            await self.close(CloseCode.FORBIDDEN)
            return
        await self._text(dumps({"type": "hello", "version": version()}))
        await self.serve(Socket(viewer, rights, self._text, self._end))
        self._note_seen(viewer)

    async def _text(self, text: str) -> None:
        if text.startswith(HEARD):
            await super()._text(text)

    async def _answer(self, socket: Socket, message: dict[str, Any]) -> None:
        if message.get("type") == "ack" and isinstance(socket.viewer, WallViewer):
            self._note_seen(socket.viewer)
        await super()._answer(socket, message)

    async def _order(self, socket: Socket, message: dict[str, Any]) -> None:
        """Whatever it is: not from here."""
        await refuse(socket, as_text(message.get("command")), "forbidden")

    def _note_seen(self, viewer: WallViewer) -> None:
        """Beside the conversation: a slow database must not stop acks."""
        if self._noting is None or self._noting.done():
            self._noting = asyncio.create_task(_note(viewer.screen))


async def _note(screen: int) -> None:
    try:
        await anote_seen(screen)
    except Exception:
        log.exception("Cannot write down that a wall screen is in use.")


def _secret(text: str | None) -> str:
    """The secret in ``{"type": "wall", "secret": "..."}``; nothing in all else."""
    try:
        message = json.loads(text) if text and len(text) <= LONGEST else None
    except (ValueError, RecursionError):
        return ""
    if not isinstance(message, dict) or message.get("type") != "wall":
        return ""
    secret = message.get("secret")
    return secret if isinstance(secret, str) else ""
