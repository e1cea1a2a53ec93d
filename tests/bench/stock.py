"""Channels as its tutorial teaches it: panoramisk's callback does ``group_send``, one ordinary consumer a browser.

Run by daphne's own command. No database, no login, no snapshot: only the way an event takes.
"""

import asyncio
import os
import time
from typing import Any

from django.conf import settings

settings.configure(
    SECRET_KEY="a key for measuring only",
    INSTALLED_APPS=["daphne", "channels"],
    CHANNEL_LAYERS={"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}},
)

import django  # noqa: E402  (the rest needs settings and apps)

django.setup()

from channels.generic.websocket import AsyncJsonWebsocketConsumer  # noqa: E402
from channels.layers import get_channel_layer  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.urls import path  # noqa: E402
from panoramisk import Manager  # noqa: E402
from twisted.internet import reactor  # noqa: E402

GROUP = "boards"


class BoardConsumer(AsyncJsonWebsocketConsumer):
    """One browser."""

    async def connect(self) -> None:
        await self.channel_layer.group_add(GROUP, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:  # noqa: ARG002  (the base class's signature)
        await self.channel_layer.group_discard(GROUP, self.channel_name)

    async def board_change(self, event: dict[str, Any]) -> None:
        """Pass a message of the group on."""
        await self.send_json(event["change"])


def slot(event: Any) -> dict[str, Any]:
    """What boards are told: as much as our own say (docs/protocol.md)."""
    number = int(event["ParkingSpace"])
    if event["Event"] == "UnParkedCall":
        return {"slot": number, "state": "free"}
    now = round(time.time() * 1000)
    parker = {"name": event["ParkeeConnectedLineName"], "number": event["ParkeeConnectedLineNum"]}
    return {
        "slot": number,
        "state": "parked",
        "uniqueid": event["ParkeeUniqueid"],
        "caller": {"name": event["ParkeeCallerIDName"], "number": event["ParkeeCallerIDNum"]},
        "parker": {**parker, "device": event["ParkerDialString"]},
        "parked_at": now,
        "timeout_at": now + 1000 * int(event["ParkingTimeout"]),
        "claimed_by": None,
    }


async def tell(_manager: Manager, event: Any) -> None:
    """panoramisk's callback."""
    change = {"type": "change", "lot": 1, "after": 1, "revision": 2, "slots": [slot(event)]}
    await get_channel_layer().group_send(GROUP, {"type": "board.change", "change": change})


def listen() -> None:
    """Connect to Asterisk."""
    port = int(os.environ["BENCH_AMI_PORT"])
    manager = Manager(loop=asyncio.get_running_loop(), host="127.0.0.1", port=port, username="portal", secret="secret")
    manager.register_event("ParkedCall", tell)
    manager.register_event("UnParkedCall", tell)
    manager.connect()


reactor.callLater(0, listen)  # daphne has no lifespan: as soon as its loop runs
application = ProtocolTypeRouter({"websocket": URLRouter([path("ws/board/", BoardConsumer.as_asgi())])})
