"""The three cases: a fake Asterisk each, a server that hears it, and a process that has the boards."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.lines import Broadcast, lots, single
from tests.bench.processes import Failed, Helper, cpu, helper, quiet, running
from tests.kit.fake_ami import FakeAmi
from tests.kit.portal import Portal, free_port

PATIENCE = 20.0
"""Seconds after which what has not arrived never will."""
READY = "Ctrl-C ends everything."
"""The portal's last word at its start: Asterisk is heard."""


@dataclass(frozen=True, slots=True)
class Played:
    """One broadcast. Times in seconds."""

    lags: list[float]
    """From the write at Asterisk's socket to the arrival at each board's, in order of arrival."""
    cpu: float
    """Of the server, until it rested again."""
    messages: list[int]
    """How many it took, for each board."""
    size: int
    """Bytes of the last one."""


@dataclass
class Case:
    """``pid`` is the server's."""

    name: str
    asterisk: FakeAmi
    pid: int
    helper: Helper
    events: Iterator[Broadcast] = field(default_factory=single)

    async def play(self, broadcast: Broadcast) -> Played:
        """Let Asterisk say it and wait until every board has it. Raises ``Failed`` when one does not get it."""
        await self.helper.ask(do="watch", pattern=broadcast.pattern, times=broadcast.times, timeout=PATIENCE)
        cpu_before = cpu(self.pid)
        said = time.monotonic()
        self.asterisk.say(broadcast.lines)
        answer = await self.helper.answer()
        await quiet(self.pid)
        lags = sorted(at - said for at in answer["arrived"] if at is not None)
        if missing := len(answer["arrived"]) - len(lags):
            boards = len(answer["arrived"])
            raise Failed(f"{self.name}: {missing} of {boards} boards did not get everything in {PATIENCE:.0f} seconds.")
        return Played(lags, cpu(self.pid) - cpu_before, answer["messages"], answer["size"])


async def _logged_in(asterisk: FakeAmi, process: asyncio.subprocess.Process, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while "Login" not in asterisk.names():
        if process.returncode is not None or time.monotonic() > deadline:
            raise Failed(f"What the portal is compared with did not start. {_end_of(log)}")
        await asyncio.sleep(0.05)
    await asyncio.sleep(0.2)  # for the answer


def _end_of(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")[-1000:]


@asynccontextmanager
async def floor(folder: Path) -> AsyncIterator[Case]:
    """A bare panoramisk."""
    async with FakeAmi() as asterisk:
        async with helper("floor", str(asterisk.port), log=folder / "floor.log") as measuring:
            await _logged_in(asterisk, measuring.process, folder / "floor.log")
            yield Case("floor", asterisk, measuring.pid, measuring)


@asynccontextmanager
async def ours(folder: Path) -> AsyncIterator[Case]:
    """``manage.py serve``."""
    async with AsyncExitStack() as stack:
        asterisk = await stack.enter_async_context(FakeAmi())
        asterisk.answers["Parkinglots"] = lots()
        portal = Portal(folder, f"ami://portal:secret@127.0.0.1:{asterisk.port}")
        stack.push_async_callback(asyncio.to_thread, _stop, portal)
        await _start(portal)
        cookie = "=".join(portal.cookie("rita"))
        words = (str(portal.ports[0]), "/ws/board/", cookie, "snapshot")
        measuring = await stack.enter_async_context(helper("boards", *words, log=folder / "boards.log"))
        yield Case("ours", asterisk, portal.processes[0].pid, measuring)


async def _start(portal: Portal) -> None:
    """In a thread, because Asterisk must be answering meanwhile; when interrupted, wait for the thread all the same."""
    starting = asyncio.ensure_future(asyncio.to_thread(portal.__enter__))
    try:
        await asyncio.shield(starting)
    finally:
        await asyncio.wait([starting])
        starting.exception()  # taken note of: an interrupted start fails in its own way
    async with asyncio.timeout(PATIENCE):
        while READY not in portal.logs():  # noqa: ASYNC110  (another process says so, in a file)
            await asyncio.sleep(0.05)


def _stop(portal: Portal) -> None:
    processes = list(portal.processes)
    try:
        portal.stop()
    finally:
        for process in processes:
            process.kill()


@asynccontextmanager
async def stock(folder: Path) -> AsyncIterator[Case]:
    """Channels as everybody uses it."""
    port = free_port()
    words = ("-m", "daphne", "-v", "0", "-b", "127.0.0.1", "-p", str(port), "tests.bench.stock:application")
    async with AsyncExitStack() as stack:
        asterisk = await stack.enter_async_context(FakeAmi())
        server = running(*words, env={"BENCH_AMI_PORT": str(asterisk.port)}, log=folder / "stock.log")
        process = await stack.enter_async_context(server)
        await _logged_in(asterisk, process, folder / "stock.log")
        words = (str(port), "/ws/board/", "", "handshake")
        measuring = await stack.enter_async_context(helper("boards", *words, log=folder / "stock-boards.log"))
        yield Case("stock", asterisk, process.pid, measuring)
