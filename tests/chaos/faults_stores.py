"""What the portal writes to breaks: Redis, PostgreSQL, the disk under SQLite."""

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.chaos import traffic
from tests.chaos.rounds import Breaking
from tests.chaos.world import World

SMALL = 4096
"""Bytes a file may have when the disk is full: every write to the database fails."""


def killed(name: str, seconds: float = 5.0) -> Breaking:
    """SIGKILL, and a start after some seconds."""

    @contextmanager
    def breaking(world: World) -> Iterator[None]:
        world.stores[name].kill()
        yield
        time.sleep(seconds)
        world.stores[name].start_again()

    return breaking


@contextmanager
def disk_full(world: World) -> Iterator[None]:
    """No file of the portal may grow; then there is room again."""
    process = world.portal.processes[0]
    usual = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (SMALL, usual[1]))
    try:
        yield
        stay = traffic.park(world)
        time.sleep(6)
        board = world.look()
        shown = board is not None and stay.uniqueid in board.parked()
        assert not shown, "the board shows what could not be written: the disk is not full"
    finally:
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, usual)
