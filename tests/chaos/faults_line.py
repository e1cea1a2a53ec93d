"""The line breaks, Asterisk breaks."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.chaos.rounds import Breaking
from tests.chaos.world import World


def heard(world: World, state: str, timeout: float = 40.0) -> None:
    """Wait until the board says so of the link."""
    world.until(lambda: (board := world.look()) and board.link.get("state") == state, f"link {state}", timeout)


@contextmanager
def cut(world: World) -> Iterator[None]:
    """What Asterisk says is lost for a while, then the connection is closed, and the next one succeeds."""
    world.line.silence()
    yield
    world.line.cut()
    world.line.speak()


@contextmanager
def refused(world: World) -> Iterator[None]:
    """Connections are closed at once for some seconds."""
    world.line.open = False
    world.line.cut()
    heard(world, "lost")
    yield
    time.sleep(5)
    world.line.open = True


@contextmanager
def half_open(world: World) -> Iterator[None]:
    """Not a byte more comes or goes, and nobody says so."""
    world.line.silence()
    began = time.monotonic()
    yield
    heard(world, "lost")
    world.note = f"noticed after {time.monotonic() - began:.0f} s"
    world.line.cut()
    world.line.speak()


@contextmanager
def dripping(world: World) -> Iterator[None]:
    """All that Asterisk says comes a byte at a time, the lists too."""
    world.line.drip = True
    world.line.cut()
    heard(world, "lost")
    heard(world, "hearing")
    yield
    time.sleep(1)
    world.line.drip = False


@contextmanager
def mid_list(world: World) -> Iterator[None]:
    """Asterisk hangs up three times in the middle of the list of calls."""
    world.line.cuts, world.line.cut_before = 0, b"ParkeeUniqueid: "
    world.line.cut()
    yield
    world.until(lambda: world.line.cuts >= 3, "three lists cut off")
    world.line.cut_before = b""


@contextmanager
def killed(world: World) -> Iterator[None]:
    """A power cut: everybody's calls are gone, and nobody says goodbye."""
    world.part()
    world.pbx.pbx.kill()
    world.witness.deaf(died=True)
    heard(world, "lost")
    yield
    world.pbx.pbx.start()
    world.meet()


def frozen(seconds: float) -> Breaking:
    """Asterisk stands still, and goes on where it was."""

    @contextmanager
    def freeze(world: World) -> Iterator[None]:
        pid = world.pbx.pbx.pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        try:
            waiting = world.witness.open()
            if (board := world.look()) and waiting:  # a click into the void
                clicked = next(stay for stay in waiting if stay.lot == "reception")
                world.orders[clicked.uniqueid] += 1
                board.retrieve(clicked.slot, clicked.lot, clicked.uniqueid)
            time.sleep(seconds)
            yield
        finally:
            os.kill(pid, signal.SIGCONT)

    return freeze


@contextmanager
def reload(world: World) -> Iterator[None]:
    """``core reload`` while calls are parked."""
    world.pbx.pbx.cli("core reload")
    yield


@contextmanager
def restart_now(world: World) -> Iterator[None]:
    """``core restart now``: Asterisk says goodbye, and begins anew in the same process."""
    world.pbx.pbx.cli("core restart now")
    world.witness.hear_out()
    world.part(died=True)
    yield
    deadline = time.monotonic() + 40
    while True:
        try:
            world.meet()
        except (OSError, AssertionError):
            assert time.monotonic() < deadline, "Asterisk did not come back"
            time.sleep(0.2)
        else:
            break
