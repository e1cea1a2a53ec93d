"""The line between portal and Asterisk, which can be cut, silenced, closed to callers, slowed down and spoken into."""

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress

from tests.kit.proxy import Proxy

END = b"\r\n\r\n"
TICK = 0.01


class Line(Proxy):
    """``drip``: forward what Asterisk says a byte at a time. ``cut_before``: hang up where these bytes would come."""

    def __init__(self, target: int) -> None:
        super().__init__(target)
        self.drip = False
        self.cut_before = b""
        self.cuts = 0
        """How often ``cut_before`` has cut."""
        self.open = True
        """Else who calls is turned away at once."""
        self._portals: set[asyncio.StreamWriter] = set()

    async def _line(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self.open:
            writer.transport.abort()
            return
        self._portals.add(writer)
        try:
            await super()._line(reader, writer)
        finally:
            self._portals.discard(writer)

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, stops: Callable[[bytes], bool]
    ) -> None:
        if writer not in self._portals:
            await super()._pump(reader, writer, stops)
            return
        with suppress(OSError):
            await self._down(reader, writer)
        if self._forwarding:
            writer.close()

    async def _down(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """What Asterisk says, after its greeting in whole messages: ``say`` never speaks into one."""
        await self._write(writer, await reader.readline())
        rest = b""
        while data := await reader.read(65536):
            if not self._forwarding:
                continue
            whole, _, rest = (rest + data).rpartition(END)
            if self.cut_before and self.cut_before in whole:
                writer.write(whole[: whole.find(self.cut_before)])
                await writer.drain()
                self.cuts += 1
                writer.close()
                return
            await self._write(writer, whole + END if whole else b"")

    async def _write(self, writer: asyncio.StreamWriter, data: bytes) -> None:
        if not self.drip:
            writer.write(data)
            await writer.drain()
            return
        for at in range(len(data)):
            if writer.is_closing():
                return
            writer.write(data[at : at + 1])
            await asyncio.sleep(0)

    def say(self, blocks: Sequence[bytes], number: int, a_second: float) -> "Future[float]":
        """Say whole messages to the portal, in turn, as if they were Asterisk's; how many a second went out."""
        return asyncio.run_coroutine_threadsafe(self._say(blocks, number, a_second), self._loop)

    async def _say(self, blocks: Sequence[bytes], wanted: int, a_second: float) -> float:
        began, said = time.monotonic(), 0
        while said < wanted:
            due = min(int((time.monotonic() - began) * a_second), wanted)
            data = b"".join(blocks[number % len(blocks)] for number in range(said, due))
            for writer in list(self._portals):
                writer.write(data)
                await writer.drain()  # a portal that does not keep up slows us down, as it would slow Asterisk
            said = due
            await asyncio.sleep(TICK)
        return said / (time.monotonic() - began)
