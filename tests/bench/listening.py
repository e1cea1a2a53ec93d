"""The listening side of a process that measures: commands come as JSON lines, answers go back as JSON lines."""

import asyncio
import json
import signal
import sys
from collections.abc import Callable
from typing import Any, Protocol

Message = dict[str, Any]


class Listener(Protocol):
    """Whoever obeys commands."""

    async def take(self, command: Message) -> None:
        """Obey one command and ``answer()``."""


def answer(**message: Any) -> None:
    """Tell the process that started this one."""
    print(json.dumps(message), flush=True)


def serve(make: Callable[..., Listener]) -> None:
    """Make the listener from the command line's words and obey until the end of the input."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that started this one
    asyncio.run(_serve(make))


async def _serve(make: Callable[..., Listener]) -> None:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    listener = make(*sys.argv[1:])
    obeying: asyncio.Task[None] | None = None
    while line := await reader.readline():
        obeying = asyncio.create_task(listener.take(json.loads(line)))
        obeying.add_done_callback(_end_on_failure)
    if obeying and not obeying.done():
        obeying.cancel()


def _end_on_failure(task: "asyncio.Task[None]") -> None:
    """A listener that fails must not leave the other side waiting."""
    if not task.cancelled() and (error := task.exception()):
        answer(failed=f"{type(error).__name__}: {error}")
