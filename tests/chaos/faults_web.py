"""Too many browsers, rude browsers, and a web process that is gone."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from tests.bench.websocket import handshake
from tests.chaos.crowd import Crowd
from tests.chaos.faults_words import lag
from tests.chaos.rounds import Breaking
from tests.chaos.world import World

WEB = 1
"""The process of the split form that the boards are at."""


def memory(pid: int) -> int:
    """Resident megabytes of a process."""
    text = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(text.partition("VmRSS:")[2].split()[0]) // 1024


def all_true(world: World, crowd: Crowd, timeout: float = 90.0) -> float:
    """Wait until every board of the crowd shows what Asterisk has."""

    def true() -> bool:
        there = {(stay.lot, stay.slot): stay.uniqueid for stay in world.witness.open()}
        return crowd.true(there) == len(crowd.boards)

    return world.until(true, f"{len(crowd.boards)} true boards", timeout)


def killed_with(number: int) -> Breaking:
    """SIGKILL to a web process with many boards, and a start after two seconds."""

    @contextmanager
    def breaking(world: World) -> Iterator[None]:
        with Crowd(world.portal, number) as crowd:
            all_true(world, crowd)
            world.kill(WEB)
            yield
            time.sleep(2)
            world.revive(WEB)
            world.portal._wait_for(world.portal.ports[0])
            began = time.monotonic()
            seconds = all_true(world, crowd)
            rush = crowd.rush(began - 0.5)
            world.note = f"all {number} boards true after {seconds:.1f} s; at most {rush} knocked within 0.1 s"

    return breaking


def many(number: int) -> Breaking:
    """So many boards at one web process."""

    @contextmanager
    def breaking(world: World) -> Iterator[None]:
        pid = world.portal.processes[WEB].pid
        calm, before = median(lag(world) for _ in range(3)), memory(pid)
        with Crowd(world.portal, number) as crowd:
            all_true(world, crowd, 180)
            lags = [lag(world) for _ in range(3)]
            open_, all_of_them = memory(pid), all_true(world, crowd)
            yield
            all_true(world, crowd)
        time.sleep(2)
        world.note = (
            f"{number} boards: {before} MB before, {open_} MB with them, {memory(pid)} MB after; one board's lag "
            f"{median(lags) * 1000:.0f} ms ({calm * 1000:.0f} before), the last of all {all_of_them:.1f} s more"
        )

    return breaking


def _knock(world: World) -> socket.socket:
    """A browser that has asked for a board, and has read nothing yet."""
    name, value = world.portal.cookie("rita")
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.connect(("127.0.0.1", world.portal.ports[0]))
    line.sendall(handshake("127.0.0.1", world.portal.ports[0], "/ws/board/", f"{name}={value}"))
    return line


@contextmanager
def deaf_clients(world: World) -> Iterator[None]:
    """Twenty browsers that read nothing at all while calls come and go."""
    number = WEB if world.portal.form == "split" else 0
    pid, calm = world.portal.processes[number].pid, lag(world)
    before, lines = memory(pid), [_knock(world) for _ in range(20)]
    try:
        lags = [lag(world) for _ in range(3)]
        yield
        lag_ms = f"lag {median(lags) * 1000:.0f} ms, {calm * 1000:.0f} before"
        world.note = f"{lag_ms}; {before} MB before, {memory(pid)} MB with them"
    finally:
        for line in lines:
            line.close()


@contextmanager
def slammed_doors(world: World) -> Iterator[None]:
    """A browser that opens and closes boards as fast as it can for ten seconds."""
    number = WEB if world.portal.form == "split" else 0
    pid, calm = world.portal.processes[number].pid, lag(world)
    before, over, count = memory(pid), threading.Event(), 0

    def slam() -> None:
        nonlocal count
        while not over.is_set():
            line = _knock(world)
            line.recv(100)
            line.close()
            count += 1

    thread = threading.Thread(target=slam, daemon=True)
    thread.start()
    began = time.monotonic()
    lags = [lag(world) for _ in range(3)]
    yield
    time.sleep(max(0.0, 10 - (time.monotonic() - began)))
    over.set()
    thread.join(20)
    rate = count / (time.monotonic() - began)
    lag_ms = f"lag {median(lags) * 1000:.0f} ms, {calm * 1000:.0f} before"
    world.note = f"{rate:.0f} boards a second; {lag_ms}; {before} MB before, {memory(pid)} MB after"


@contextmanager
def killed_serve(world: World) -> Iterator[None]:
    """SIGKILL to the one process of ``serve``, and a start after two seconds."""
    world.kill()
    yield
    time.sleep(2)
    world.revive()
    world.portal._wait_for(world.portal.ports[0])
