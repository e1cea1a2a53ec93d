"""A TCP proxy between portal and Asterisk that can cut the line, or go silent and keep it open."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Self

Act = Callable[[], object]


class Proxy:
    """Listens on ``port`` in a thread of its own. ``cut()`` closes every line, ``silence()`` forwards no byte more.

    ``trap(words, act)`` acts while these words are on their way to Asterisk, or its answer on the way back.
    """

    def __init__(self, target: int) -> None:
        self.target = target
        self.port = 0
        self.sent = bytearray()
        """All that was said to Asterisk."""
        self._forwarding = True
        self._trap: tuple[bytes, Act, bool] | None = None
        self._sprung: Act | None = None
        """What is done with the next word of Asterisk, which nobody hears."""
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
        await asyncio.gather(
            self._pump(reader, far_writer, self._is_caught), self._pump(far_reader, writer, self._is_swallowed)
        )

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, stops: Callable[[bytes], bool]
    ) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                if self._forwarding and not stops(data):
                    writer.write(data)
        if self._forwarding:
            writer.close()

    def _is_caught(self, data: bytes) -> bool:
        """Whether the trap swallows this, on the way to Asterisk."""
        self.sent += data
        if self._trap is None or self._trap[0] not in data:
            return False
        (_, act, heard), self._trap = self._trap, None
        if heard:
            self._sprung = act
        else:
            act()
        return not heard

    def _is_swallowed(self, _data: bytes) -> bool:
        act, self._sprung = self._sprung, None
        if act is not None:
            act()
        return act is not None

    def trap(self, words: bytes, act: Act, *, heard: bool) -> None:
        """``act`` once, in the proxy's thread: before Asterisk hears ``words``, or after it has ``heard`` them."""
        self._call(lambda: setattr(self, "_trap", (words, act, heard)))

    def _call(self, act: Callable[[], None]) -> None:
        done = threading.Event()

        def run() -> None:
            act()
            done.set()

        self._loop.call_soon_threadsafe(run)
        assert done.wait(5)

    def cut(self) -> None:
        """Close every open line at once; new ones are let through."""

        self._call(self.cut_now)

    def cut_now(self) -> None:
        """The same, in the proxy's own thread."""
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    def silence(self) -> None:
        """Forward nothing more, on open lines and on new ones, without closing any."""
        self._call(lambda: setattr(self, "_forwarding", False))

    def speak(self) -> None:
        """Forward again; what was swallowed is gone."""
        self._call(lambda: setattr(self, "_forwarding", True))
