import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TypeVar

import pytest

from lots.ami import AmiAddress, AmiLink, Timing
from lots.types.events import Event, Settled
from tests.kit.fake_ami import PATIENCE, FakeAmi

E = TypeVar("E", bound=Event)

QUICK = Timing(
    connect=2,
    login=2,
    action=2,
    idle=30,
    pong=2,
    backoff_first=0.01,
    backoff_most=0.05,
    refused_first=0.1,
    refused_most=0.4,
    farewell=1,
)
SECRET = "s3cr3t-of-the-portal"


@dataclass
class Heard:
    """A running link and what it put into its inbox."""

    link: AmiLink
    inbox: asyncio.Queue[Event]
    task: asyncio.Task[None]
    log: list[Event] = field(default_factory=list)

    async def next(self) -> Event:
        async with asyncio.timeout(PATIENCE):
            event = await self.inbox.get()
        self.log.append(event)
        return event

    async def until(self, kind: type[E]) -> E:
        """The next event of this kind; those before it are in ``log``."""
        while not isinstance(event := await self.next(), kind):
            pass
        return event

    async def settled(self) -> None:
        """Logged in, listed and quiet; ``log`` starts anew."""
        await self.until(Settled)
        self.log.clear()

    async def stop(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)


Listen = Callable[..., Awaitable[Heard]]


@pytest.fixture
async def fake() -> AsyncIterator[FakeAmi]:
    async with FakeAmi() as server:
        yield server


@pytest.fixture
async def listen() -> AsyncIterator[Listen]:
    """Start a link to a fake; it is stopped with the test."""
    async with AsyncExitStack() as stack:

        @asynccontextmanager
        async def running(heard: Heard) -> AsyncIterator[None]:
            try:
                yield
            finally:
                failed = heard.task.done() and not heard.task.cancelled() and heard.task.exception()
                await heard.stop()
                assert not failed, failed

        async def start(server: FakeAmi, *, size: int = 10000, address: AmiAddress | None = None, **timing: float):
            address = address or AmiAddress(user="portal", secret=SECRET, host="127.0.0.1", port=server.port)
            inbox: asyncio.Queue[Event] = asyncio.Queue(size)
            link = AmiLink(address, inbox, timing=replace(QUICK, **timing))
            heard = Heard(link, inbox, asyncio.create_task(link.run(), name="link"))
            await stack.enter_async_context(running(heard))
            return heard

        yield start
