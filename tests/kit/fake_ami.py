"""A scripted AMI server on loopback: real Asterisk's words, at moments a real one would not choose."""

import asyncio
import ssl
from collections.abc import Callable
from types import TracebackType
from typing import Self

from tests.recordings import section

Action = dict[str, str]
Answer = bytes | None | Callable[[Action], bytes | None]
"""Bytes in which the recorded ActionID is replaced; None: no answer at all."""

PATIENCE = 30.0
GOODBYE = b"Response: Goodbye\r\nActionID: x\r\nMessage: Thanks for all the fish.\r\n\r\n"


class FakeAmi:
    """``answers`` by action name can be changed at any time; ``actions`` is everything received, in order."""

    def __init__(self, version: str = "22", tls: ssl.SSLContext | None = None) -> None:
        self.banner, _, self.login = section(version, "login").partition(b"\r\n")
        self.banner += b"\r\n"
        if not self.banner.startswith(b"Asterisk Call Manager/"):
            raise AssertionError(self.banner)
        self.answers: dict[str, Answer] = {
            "Login": self.login,
            "Filter": section(version, "filters").partition(b"\r\n\r\n")[0] + b"\r\n\r\n",
            "Parkinglots": section(version, "lots"),
            "ParkedCalls": section(version, "no calls"),
            "Ping": section(version, "ping"),
            "Logoff": GOODBYE,
        }
        self.refusal = section(version, "unknown action")
        self.actions: list[Action] = []
        self.connections = 0
        self.port = 0
        self._tls = tls
        self._writers: list[asyncio.StreamWriter] = []
        self._news = asyncio.Condition()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        await self.shut()

    async def open(self) -> None:
        """Listen; again on the same port after ``shut()``."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]

    async def shut(self) -> None:
        """Stop listening and cut everyone off."""
        if self._server is not None:
            self._server.close()
        self.drop()

    def drop(self) -> None:
        """Cut the connections without a word."""
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    def say(self, data: bytes) -> None:
        """To the newest connection."""
        self._writers[-1].write(data)

    async def say_apart(self, *pieces: bytes) -> None:
        """Each piece in a read of its own, while somebody listens."""
        for piece in pieces:
            if not self._writers:
                return
            self._writers[-1].write(piece)
            await self._writers[-1].drain()
            await asyncio.sleep(0.02)

    def names(self) -> list[str]:
        """Of the actions received."""
        return [action["Action"] for action in self.actions]

    async def got(self, name: str, times: int = 1) -> Action:
        """Wait for the ``times``-th action of this name."""
        await self._until(lambda: self.names().count(name) >= times)
        return [action for action in self.actions if action["Action"] == name][times - 1]

    async def connected(self, times: int = 1) -> None:
        """Wait for the ``times``-th connection."""
        await self._until(lambda: self.connections >= times)

    async def left(self) -> None:
        """Wait until nobody is connected."""
        await self._until(lambda: not self._writers)

    async def _until(self, ready: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE), self._news:
            await self._news.wait_for(ready)

    async def _note(self) -> None:
        async with self._news:
            self._news.notify_all()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        self.connections += 1
        writer.write(self.banner)
        await self._note()
        try:
            while True:
                text = (await reader.readuntil(b"\r\n\r\n")).decode()
                await self._take(dict(line.split(": ", 1) for line in text.strip().split("\r\n")), writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            if writer in self._writers:
                self._writers.remove(writer)
            writer.transport.abort()
            await self._note()

    async def _take(self, action: Action, writer: asyncio.StreamWriter) -> None:
        self.actions.append(action)
        answer = self.answers.get(action["Action"], self.refusal)
        if callable(answer):
            answer = answer(action)
        if answer is not None:
            writer.write(readdress(answer, action["ActionID"]))
        await self._note()


def readdress(data: bytes, action_id: str) -> bytes:
    """The same words as an answer to this action."""
    lines = data.split(b"\r\n")
    mine = b"ActionID: " + action_id.encode()
    return b"\r\n".join(mine if line.startswith(b"ActionID: ") else line for line in lines)
