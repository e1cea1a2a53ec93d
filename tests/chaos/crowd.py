"""Many boards in one thread, which come back by the page's own rule (static/board/socket.js) when they are closed."""

import asyncio
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Self

from tests.bench.websocket import Client, handshake
from tests.chaos.judge import Place
from tests.kit.portal import Portal

SHORTEST, SPREAD, LONGEST = 0.5, 3.0, 10.0
"""Seconds, as in socket.js; a test compares them."""
AT_ONCE = 50
"""First connections under way at a time."""


def pause(attempts: int, chance: float) -> float:
    """Seconds before the next attempt, the ``attempts``-th since the last snapshot; ``chance`` is from 0 to 1."""
    return SHORTEST + chance * (min(LONGEST, SPREAD * 2 ** (attempts - 1)) - SHORTEST)


@dataclass(slots=True)
class Board:
    """What one of them shows; ``slots`` is None while it shows nothing that counts."""

    lots: dict[int, str] = field(default_factory=dict)
    slots: dict[Place, str] | None = None
    attempts: int = 0


class Crowd:
    """``number`` boards of one person at one web process."""

    def __init__(self, portal: Portal, number: int, web: int = 0, username: str = "rita") -> None:
        name, value = portal.cookie(username, web)
        self.port = portal.ports[web]
        self.request = handshake("127.0.0.1", self.port, "/ws/board/", f"{name}={value}")
        self.boards = [Board() for _ in range(number)]
        self.knocks: list[float] = []
        """When each connection was tried, ``time.monotonic()``."""
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        for board in self.boards:
            asyncio.run_coroutine_threadsafe(self._live(board), self._loop)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(20)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    async def _end(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def true(self, there: Mapping[Place, str]) -> int:
        """How many show exactly this."""
        return sum(board.slots == there for board in list(self.boards))

    def rush(self, since: float, within: float = 0.1) -> int:
        """The most connections tried in any ``within`` seconds after ``since``."""
        return max(Counter(int((at - since) / within) for at in self.knocks if at >= since).values(), default=0)

    async def _live(self, board: Board) -> None:
        async with self._gate:
            await asyncio.sleep(random.random() * len(self.boards) / 200)
        while True:
            self.knocks.append(time.monotonic())
            with suppress(OSError):
                await self._stay(board)
            board.slots = None
            board.attempts += 1
            await asyncio.sleep(pause(board.attempts, random.random()))

    async def _stay(self, board: Board) -> None:
        def heard(client: Client, text: bytes, _at: float) -> None:
            self._heard(board, client, json.loads(text))

        transport, client = await asyncio.get_running_loop().create_connection(
            lambda: Client(self.request, heard), "127.0.0.1", self.port
        )
        try:
            await client.open
            await asyncio.shield(client.closed)
        finally:
            transport.abort()

    @staticmethod
    def _heard(board: Board, client: Client, message: Any) -> None:
        match message["type"]:
            case "beat":
                client.say(b'{"type":"ack","beat":%d}' % message["beat"])
            case "snapshot":
                board.attempts = 0
                board.lots = {lot["id"]: lot["name"] for lot in message["lots"]}
                board.slots = {(x["name"], s["slot"]): s["uniqueid"] for x in message["lots"] for s in x["slots"]}
            case "change" if board.slots is not None:
                for slot in message["slots"]:
                    place = board.lots[message["lot"]], slot["slot"]
                    board.slots.pop(place, None)
                    if slot["state"] != "free":
                        board.slots[place] = slot["uniqueid"]
