"""A TCP proxy between portal and Asterisk that can cut the line, or go silent and keep it open."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Self


class Proxy:
    """Listens on ``port`` in a thread of its own. ``cut()`` closes every line, ``silence()`` forwards no byte more."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.port = 0
        self._forwarding = True
        self._writers: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(5)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _end(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _listen(self) -> None:
        server = await asyncio.start_server(self._line, "127.0.0.1", self.port)
        self.port = server.sockets[0].getsockname()[1]

    async def _line(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.close()
            return
        self._writers |= {writer, far_writer}
        await asyncio.gather(self._pump(reader, far_writer), self._pump(far_reader, writer))

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                if self._forwarding:
                    writer.write(data)
        if self._forwarding:
            writer.close()

    def _call(self, act: Callable[[], None]) -> None:
        done = threading.Event()

        def run() -> None:
            act()
            done.set()

        self._loop.call_soon_threadsafe(run)
        assert done.wait(5)

    def cut(self) -> None:
        """Close every open line at once; new ones are let through."""

        def act() -> None:
            for writer in self._writers:
                writer.transport.abort()
            self._writers.clear()

        self._call(act)

    def silence(self) -> None:
        """Forward nothing more, on open lines and on new ones, without closing any."""
        self._call(lambda: setattr(self, "_forwarding", False))

    def speak(self) -> None:
        """Forward again; what was swallowed is gone."""
        self._call(lambda: setattr(self, "_forwarding", True))
