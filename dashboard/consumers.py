"""The board's socket: lets viewers in, and passes their orders on."""

import asyncio
import json
import logging
from typing import Any

from channels.consumer import get_handler_name
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer

from dashboard.hub import Hub, hub
from dashboard.messages import CloseCode, ProgressMessage
from dashboard.orders import Refused, as_int, as_text, order_of
from dashboard.replica import dumps
from dashboard.rights import Viewer
from dashboard.socket import Socket

log = logging.getLogger(__name__)

aorder_of = database_sync_to_async(order_of)

LONGEST = 4096
"""Characters in a message of a page."""
MOST_ASKED = 20
"""Orders of a page that may wait for the database; a page that sends more is not read until some are done."""


class BoardConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # channels has no types
    """One browser. The hub does the sending, so no channel of the layer is needed."""

    channel_layer_alias = "none: the hub listens for all"
    hub: Hub
    socket: Socket | None = None
    asked: asyncio.Queue[dict[str, Any] | None]
    doing: asyncio.Task[None]

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Without the base's visit to the database thread before each message: a slow database must not stop acks.

        ``database_sync_to_async`` tidies up connections around each use.
        """
        await getattr(self, get_handler_name(message))(message)

    async def connect(self) -> None:
        """Let the viewer in, or say by the close code why not (browsers see codes only after accepting)."""
        await self.accept()
        viewer = Viewer(getattr(self.scope["user"], "pk", None) or 0, self.scope["session"].session_key or "")
        self.hub = await hub()
        rights = await self.hub.rights_of(viewer)
        if rights is None:
            await self.close(CloseCode.LOGGED_OUT)
        elif not rights.see:
            await self.close(CloseCode.FORBIDDEN)
        else:
            await self.serve(Socket(viewer, rights, self._text, self._end))

    async def serve(self, socket: Socket) -> None:
        """The hub tells this browser all from now on, and its orders are taken."""
        self.socket = socket
        self.asked = asyncio.Queue(MOST_ASKED)
        self.doing = asyncio.create_task(self._do_all(socket))
        await self.hub.join(socket)

    async def _text(self, text: str) -> None:
        await self.base_send({"type": "websocket.send", "text": text})

    async def _end(self, code: int) -> None:
        await self.base_send({"type": "websocket.close", "code": code})

    async def disconnect(self, code: int) -> None:  # noqa: ARG002  (the base class's signature)
        """Forget the browser; what it ordered before it left is still passed on."""
        if self.socket:
            self.hub.leave(self.socket)
            await self.asked.put(None)
            await self.doing

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:  # noqa: ARG002
        """Answer one message of the page."""
        if self.socket is None:
            return
        try:
            message = json.loads(text_data or "") if len(text_data or "") <= LONGEST else None
        except (ValueError, RecursionError):
            message = None
        if isinstance(message, dict):
            await self._answer(self.socket, message)
        else:
            await refuse(self.socket, "", "bad_request")

    async def _answer(self, socket: Socket, message: dict[str, Any]) -> None:
        if message.get("type") == "ack":
            socket.acked = max(socket.acked, as_int(message.get("beat")) or 0)
        else:
            await self.asked.put(message)

    async def _do_all(self, socket: Socket) -> None:
        """One after the other, beside the conversation: an ack does not wait for the database behind an order."""
        while (message := await self.asked.get()) is not None:
            if message.get("type") == "resync":
                await self.hub.snapshot(socket)
            else:
                await self._order(socket, message)

    async def _order(self, socket: Socket, message: dict[str, Any]) -> None:
        try:
            order = await aorder_of(socket.viewer, message, socket.id, self.hub.channel)
            if "pbx" in order and self.hub.replica.links.is_silent(order["pbx"]):
                raise Refused("bridge_silent")  # noqa: TRY301  (one answer for all that is refused)
            await self.hub.give(order)
        except Refused as refused:
            await refuse(socket, as_text(message.get("command")), str(refused))
        except Exception:
            log.exception("An order could not be passed on.")
            await refuse(socket, as_text(message.get("command")), "bridge_silent")


async def refuse(socket: Socket, command: str, code: str) -> None:
    """Tell the page why its order is not passed on: a code of docs/protocol.md."""
    refusal: ProgressMessage = {
        "type": "progress",
        "command": command,
        "state": "failed",
        "code": code,
        "lot": None,
        "slot": None,
        "params": {},
    }
    await socket.send(dumps(refusal))
