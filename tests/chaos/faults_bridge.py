"""The bridge dies: at chosen steps, in the middle of an order, and with another one waiting."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.chaos import traffic
from tests.chaos.faults_line import heard
from tests.chaos.rounds import Breaking
from tests.chaos.witness import Stay
from tests.chaos.world import World
from tests.kit.board_socket import BoardSocket


def at(step: str) -> Breaking:
    """Killed at this step of its work (``tests.chaos.dying``), and started again as a service manager would."""

    @contextmanager
    def breaking(world: World) -> Iterator[None]:
        trigger = world.portal.folder / f"die-{time.monotonic_ns()}"
        world.portal.processes[0].terminate()
        world.portal.processes[0].wait(15)
        world.revive(0, "-m", "tests.chaos.dying", step, str(trigger))
        time.sleep(1)
        heard(world, "hearing")
        stays = traffic.park(world)
        traffic.shown(world, stays)
        trigger.touch()
        traffic.hang_up(world, stays)
        world.portal.processes[0].wait(20)
        yield
        trigger.unlink()
        world.revive()

    return breaking


def mid_order(answer_ms: int | None) -> Breaking:
    """Killed while a phone rings for somebody's click. The phone is picked up meanwhile, or never."""

    @contextmanager
    def breaking(world: World) -> Iterator[None]:
        with world.pbx.phone("203", answer_ms=answer_ms), world.portal.board("rita", world.board_number) as rita:
            stay = _ring(world, rita)
            world.kill()
            yield
            if answer_ms is not None:
                world.witness.until(lambda: stay.outcome == "retrieved", "who picks up has the call")
            world.revive()
            if answer_ms is None:
                seconds = world.until(lambda: not _ringing(world), "an end of the ringing")
                assert not stay.outcome, "the caller is still parked"
                world.note = f"ringing ended {seconds:.1f} s after the start"

    return breaking


def _ring(world: World, rita: BoardSocket) -> Stay:
    """Somebody clicks, and their phone rings."""
    stay = traffic.park(world)
    slot = rita.shows({"Parkinglot": stay.lot, "ParkingSpace": str(stay.slot), "ParkeeUniqueid": stay.uniqueid})
    world.orders[stay.uniqueid] += 1
    rita.progress(rita.retrieve(slot), "ringing")
    return stay


def _ringing(world: World) -> list[str]:
    """Phones that ring for the portal."""
    channels = world.hands.items("CoreShowChannels")
    ours = [one for one in channels if one["Uniqueid"].startswith("parkinglot-")]
    return [one["Channel"] for one in ours if one["ChannelStateDesc"] != "Up"]


@contextmanager
def with_another(world: World) -> Iterator[None]:
    """Two bridges; the one that serves is killed in the middle of an order, the other one takes over."""
    world.portal._run(world.portal.ports[0], "manage.py", "bridge")
    other = world.portal.processes.pop()
    time.sleep(3)
    assert other.poll() is None
    with world.pbx.phone("203", answer_ms=None), world.portal.board("rita", world.board_number) as rita:
        _ring(world, rita)
        world.kill()
        world.portal.processes[0] = other
        began = time.monotonic()
        fresh = traffic.park(world)
        traffic.shown(world, fresh)
        seconds = time.monotonic() - began
    world.note = f"taken over within {seconds:.1f} s"
    assert seconds < 10, world.note
    yield
