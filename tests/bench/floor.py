"""The floor: stock panoramisk and a callback. No web, no database; nothing that uses panoramisk can be faster."""

import asyncio
import time
from typing import Any

from panoramisk import Manager

from tests.bench.listening import Message, answer, serve


class Floor:
    """Notes the moment at which the callback is called."""

    def __init__(self, port: int) -> None:
        self.came: asyncio.Queue[float] = asyncio.Queue()
        self.manager = Manager(
            loop=asyncio.get_running_loop(), host="127.0.0.1", port=port, username="portal", secret="secret"
        )
        self.manager.register_event("ParkedCall", self._came)
        self.manager.register_event("UnParkedCall", self._came)
        self.connecting = self.manager.connect()

    def _came(self, _manager: Manager, _event: Any) -> None:
        self.came.put_nowait(time.monotonic())

    async def take(self, command: Message) -> None:
        """Obey: there are no boards to open, one callback to watch."""
        if command["do"] != "watch":
            answer(done=True)
            return
        answer(watching=1)
        try:
            async with asyncio.timeout(command["timeout"]):
                at = await self.came.get()
        except TimeoutError:
            at = None
        answer(arrived=[at], messages=[1], size=0)


if __name__ == "__main__":
    serve(lambda port: Floor(int(port)))
