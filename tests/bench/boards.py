"""A process of many open boards, which notes when a broadcast arrives at each; commanded as ``listening`` says."""

import asyncio
import gc
import json
import re
import time
from dataclasses import dataclass, field
from typing import Any

from tests.bench.listening import Message, answer, serve
from tests.bench.websocket import Client, handshake

AT_ONCE = 100
"""Boards that connect at the same time."""
PATIENCE = 30.0
"""Seconds in which a board must open."""


@dataclass(slots=True, eq=False)
class Board:
    """An open board, and what it saw of the broadcast that is watched for."""

    client: Client
    ready: asyncio.Future[None]
    seen: set[bytes] = field(default_factory=set)
    messages: int = 0
    arrived: float | None = None


class Boards:
    """``snapshot``: a board is open when it has one; else when its socket is open."""

    def __init__(self, port: int, path: str, cookie: str, *, snapshot: bool) -> None:
        self.port = port
        self.request = handshake("127.0.0.1", port, path, cookie)
        self.snapshot = snapshot
        self.boards: dict[Client, Board] = {}
        self.pattern: re.Pattern[bytes] | None = None
        self.times = 1
        self.size = 0
        self.missing = 0
        self.all_arrived = asyncio.Event()

    async def take(self, command: Message) -> None:
        """Obey one command."""
        match command["do"]:
            case "open":
                answer(seconds=await self._open_all(command["boards"]))
            case "watch":
                await self._watch(command)
            case "close":
                await self._close_all()
                answer(closed=True)

    async def _open_all(self, number: int) -> float:
        gate, began = asyncio.Semaphore(AT_ONCE), time.monotonic()
        async with asyncio.TaskGroup() as tasks:
            for _ in range(number):
                tasks.create_task(self._open(gate))
        seconds = time.monotonic() - began
        gc.freeze()  # a collection in the middle of a broadcast would count as lag
        return seconds

    async def _open(self, gate: asyncio.Semaphore) -> None:
        loop = asyncio.get_running_loop()
        async with gate, asyncio.timeout(PATIENCE):
            ready = loop.create_future()

            def make() -> Client:
                client = Client(self.request, self._heard)
                self.boards[client] = Board(client, ready)
                return client

            _, client = await loop.create_connection(make, "127.0.0.1", self.port)
            await client.open
            if self.snapshot:
                await ready

    def _heard(self, client: Client, text: bytes, at: float) -> None:
        board = self.boards[client]
        if self.pattern is not None and (found := self.pattern.findall(text)):
            self._saw(board, found, at)
            self.size = len(text)
        elif text.startswith(b'{"type":"beat"'):
            client.say(b'{"type":"ack","beat":%d}' % json.loads(text)["beat"])
        elif not board.ready.done() and text.startswith(b'{"type":"snapshot"'):
            board.ready.set_result(None)

    def _saw(self, board: Board, found: list[bytes], at: float) -> None:
        board.seen.update(found)
        board.messages += 1
        if board.arrived is None and len(board.seen) >= self.times:
            board.arrived = at
            self.missing -= 1
            if not self.missing:
                self.all_arrived.set()

    async def _watch(self, command: Message) -> None:
        """Answer at once that we watch, and again when every board has it, or the time is over."""
        self.pattern, self.times = re.compile(command["pattern"].encode()), command["times"]
        self.missing = len(self.boards)
        self.all_arrived.clear()
        for board in self.boards.values():
            board.seen, board.messages, board.arrived = set(), 0, None
        answer(watching=len(self.boards))
        try:
            async with asyncio.timeout(command["timeout"]):
                await self.all_arrived.wait()
        except TimeoutError:
            pass
        self.pattern = None
        boards: list[Any] = list(self.boards.values())
        answer(arrived=[b.arrived for b in boards], messages=[b.messages for b in boards], size=self.size)

    async def _close_all(self) -> None:
        for client in self.boards:
            client.close()
        if self.boards:
            await asyncio.wait([client.closed for client in self.boards], timeout=10)
        self.boards.clear()


if __name__ == "__main__":
    serve(lambda port, path, cookie, snapshot: Boards(int(port), path, cookie, snapshot=snapshot == "snapshot"))
