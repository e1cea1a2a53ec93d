"""Many actions one after the other without waiting for each answer."""

import asyncio
from collections.abc import Callable, Iterable, Sequence

from lots.ami import AmiClient, Reply
from lots.config.operations import Header

AT_ONCE = 32
"""Actions on their way: more only fill buffers, for Asterisk works on one at a time."""
PATIENCE = 20.0
"""Seconds each may take, with those before it."""


async def pipeline(
    ami: AmiClient, action: str, each: Iterable[Sequence[Header]], told: Callable[[], None] = lambda: None
) -> list[Reply]:
    """Send ``action`` with the headers of ``each``, in their order; the replies likewise. Raises what the first raises.

    ``told`` is called for each answer. After an error nothing more is sent; what was sent may be done all the same.
    """
    room = asyncio.Semaphore(AT_ONCE)

    async def one(headers: Sequence[Header]) -> Reply:
        try:
            return await ami.send(action, headers, timeout=PATIENCE)
        finally:
            room.release()
            told()

    tasks: list[asyncio.Task[Reply]] = []
    try:
        async with asyncio.TaskGroup() as group:
            for headers in each:
                await room.acquire()
                tasks.append(group.create_task(one(headers), name=action))
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [task.result() for task in tasks]
