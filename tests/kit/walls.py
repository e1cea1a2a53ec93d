"""Wall screens and their sockets, through the whole ASGI application."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from channels.testing import WebsocketCommunicator

from dashboard import hub as hubs
from lots.models import ParkingLot, WallScreen
from parkinglot.asgi import application
from tests.kit.layer import PATIENCE


def screen(*lots: ParkingLot, **fields: Any) -> tuple[WallScreen, str]:
    """A new screen and its secret."""
    made = WallScreen(label="Hall")
    secret = made.new_secret()
    for name, value in fields.items():
        setattr(made, name, value)
    made.save()
    made.lots.set(lots)
    return made, secret


class Wall:
    """One open `/ws/wall/`."""

    def __init__(self, origin: str = "http://localhost") -> None:
        headers = [(b"origin", origin.encode()), (b"host", b"localhost")]
        self.socket = WebsocketCommunicator(application, "/ws/wall/", headers=headers)

    async def say(self, **message: Any) -> None:
        await self.socket.send_json_to(message)

    async def next(self) -> dict[str, Any]:
        message: dict[str, Any] = await self.socket.receive_json_from(PATIENCE)
        return message

    async def until(self, kind: str) -> dict[str, Any]:
        while (message := await self.next())["type"] != kind:
            pass
        return message

    async def enter(self, secret: str) -> dict[str, Any]:
        """Say the secret; the snapshot that follows."""
        await self.say(type="wall", secret=secret)
        return await self.until("snapshot")

    async def closed(self, within: float = PATIENCE) -> int:
        message = await self.socket.receive_output(within)
        assert message["type"] == "websocket.close", message
        return int(message["code"])


@asynccontextmanager
async def opening() -> AsyncIterator[Any]:
    """A function that opens sockets; hub and sockets end with it."""
    async with AsyncExitStack() as stack:

        async def end() -> None:
            hub = await hubs.hub()
            await hub.stop(4012)
            await asyncio.gather(*hub._tasks, return_exceptions=True)

        async def start(origin: str = "http://localhost") -> Wall:
            wall = Wall(origin)
            stack.push_async_callback(wall.socket.disconnect)
            accepted, _ = await wall.socket.connect(timeout=PATIENCE)
            assert accepted
            return wall

        stack.push_async_callback(end)
        yield start
