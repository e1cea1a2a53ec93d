"""Processes that are measured, and processes that measure."""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.bench.listening import Message
from tests.kit.portal import BASE

PATIENCE = 60.0
"""Seconds until a process must have answered; longer than anything it is asked to do."""
LONGEST = 1 << 24
"""Bytes in an answer."""


def cpu(pid: int) -> float:
    """Seconds of CPU time (user and system, all threads) of a process so far.

    The kernel's clock of that process: ``/proc/<pid>/stat`` says the same, rounded to 10 ms.
    """
    return time.clock_gettime((~pid << 3) | 2)  # CPUCLOCK_SCHED; clock_getcpuclockid(3)


def rss(pid: int) -> int:
    """Bytes of memory of a process now."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0


async def quiet(pid: int) -> None:
    """Wait until a process rests: what belongs to a broadcast may go on after the last board has it."""
    step, most, deadline = 0.05, 0.01, time.monotonic() + 10
    before = cpu(pid)
    while True:
        await asyncio.sleep(step)
        after = cpu(pid)
        if after - before < most or time.monotonic() > deadline:
            return
        before = after


class Failed(Exception):  # noqa: N818  (the benchmark's answer)
    """Something did not arrive, or did not start: one sentence."""


class Helper:
    """The asking side of ``tests.bench.listening``."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.pid = process.pid

    async def ask(self, **command: object) -> Message:
        """Give a command and wait for the first answer. Raises ``Failed``."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(command).encode() + b"\n")
        return await self.answer()

    async def answer(self) -> Message:
        """The next answer. Raises ``Failed``."""
        assert self.process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            line = await self.process.stdout.readline()
        message: Message = json.loads(line) if line else {"failed": "A process of the benchmark ended."}
        if "failed" in message:
            raise Failed(message["failed"])
        return message


@asynccontextmanager
async def running(
    *words: str, env: dict[str, str] | None = None, log: Path
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A Python process; what it says besides its answers is in ``log``. It is ended in any case."""
    with log.open("wb") as said:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *words,
            cwd=BASE,
            env=env,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=said,
            limit=LONGEST,
        )
        try:
            yield process
        finally:
            if process.returncode is None:
                process.terminate()
            try:
                async with asyncio.timeout(5):
                    await process.communicate()
            except TimeoutError:
                process.kill()
                await process.wait()


@asynccontextmanager
async def helper(module: str, *words: str, log: Path) -> AsyncIterator[Helper]:
    """A process that measures."""
    async with running("-m", f"tests.bench.{module}", *words, log=log) as process:
        yield Helper(process)
