"""Everything that can be broken, running: an Asterisk, a line to it, a portal, a board, and a witness beside them."""

import itertools
import os
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row
from websockets.exceptions import ConnectionClosed, WebSocketException

from tests.chaos.line import Line
from tests.chaos.witness import Witness
from tests.kit.ami import Ami
from tests.kit.asterisk import RealAsterisk, real_asterisk
from tests.kit.board_socket import BoardSocket
from tests.kit.portal import DATABASE, ROWS, Portal
from tests.kit.servers import Server, postgres_server, redis_server

DESK = "desk300"
"""Who clicks: their phone answers by itself."""


@dataclass
class World:
    """``ami`` are the script's hands, ``witness`` its ears; neither goes through ``line``."""

    pbx: RealAsterisk
    line: Line
    portal: Portal
    witness: Witness = field(default_factory=Witness)
    orders: Counter[str] = field(default_factory=Counter)
    """Retrievals that were asked for, by the Uniqueid of the call."""
    parks: int = 20_000
    """Callers of the soak."""
    note: str = ""
    """What a fault wants to have said in its row."""
    names: "itertools.count[int]" = field(default_factory=itertools.count)
    board_number: int = 0
    """Which web process the board is at."""
    board: BoardSocket | None = None
    ami: Ami | None = None
    stores: dict[str, Server] = field(default_factory=dict)

    def meet(self) -> None:
        """Asterisk runs (again): hands and ears."""
        self.ami = self.pbx.ami()
        self.ami.action("Events", EventMask="off")
        self.witness.listen(self.pbx.ami())

    def part(self, *, died: bool = False) -> None:
        """Asterisk is about to go, or has gone."""
        self.witness.deaf(died=died)
        if self.ami is not None:
            self.ami.close()
            self.ami = None

    @property
    def hands(self) -> Ami:
        """The script's session; AssertionError while Asterisk is away."""
        assert self.ami is not None, "Asterisk is away"
        return self.ami

    def look(self) -> BoardSocket | None:
        """The board with all it was told until now; opened again when it was closed. None: not yet."""
        if self.board is not None and self.board.closed is not None:
            self.shut()
        if self.board is None:
            with suppress(OSError, WebSocketException, AssertionError):  # not yet: the next look tries again
                self.board = self.portal.board(DESK, self.board_number).__enter__()
        with suppress(ConnectionClosed):  # while a beat was answered; the next look sees it
            while self.board is not None and self.board.read(0.001):
                pass
        return self.board if self.board is not None and self.board.closed is None else None

    def shut(self) -> None:
        """Close the board."""
        if self.board is not None:
            with suppress(Exception):
                self.board.__exit__()
        self.board = None

    def until(self, true: Callable[[], object], what: str, timeout: float = 60.0) -> float:
        """Look again and again; the seconds it took."""
        began = time.monotonic()
        while not true():
            assert time.monotonic() - began < timeout, f"no {what}"
            time.sleep(0.02)
        return time.monotonic() - began

    def rows(self) -> list[dict[str, Any]]:
        """History, oldest first."""
        if address := self.portal.env.get("DATABASE_URL"):
            with psycopg.connect(address, row_factory=dict_row) as database:
                return database.execute(ROWS).fetchall()
        with closing(sqlite3.connect(self.portal.folder / DATABASE, timeout=20)) as database:
            database.row_factory = sqlite3.Row
            return [dict(row) for row in database.execute(ROWS)]

    def kill(self, number: int = 0) -> None:
        """SIGKILL to a process of the portal: 0 is ``serve``, or the bridge."""
        process = self.portal.processes[number]
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
        process.wait(10)

    def revive(self, number: int = 0, *words: str) -> None:
        """Start a process of the portal again, as a service manager would; ``words``: another command."""
        usual = ("manage.py", "serve" if self.portal.form == "serve" else "bridge")
        port = self.portal.ports[max(0, number - 1)]
        if number:
            usual = ("-m", "daphne", "-b", "127.0.0.1", "-p", str(port), "parkinglot.asgi:application")
        self.portal._run(port, *(words or usual))
        self.portal.processes[number] = self.portal.processes.pop()


@contextmanager
def serve_world(folder: Path) -> Iterator[World]:
    """``serve`` with SQLite and memory."""
    with ExitStack() as stack:
        yield _world(stack, folder, "serve", {})


@contextmanager
def clock_world(folder: Path) -> Iterator[World]:
    """``serve``, whose wall clock (and nobody else's, nor its monotonic one) goes by what a file says."""
    file = folder / "clock"
    file.write_text("+0\n", encoding="ascii")
    library = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
    assert library is not None, "libfaketime is missing: apt-get install libfaketime"
    env = {"LD_PRELOAD": str(library), "FAKETIME_TIMESTAMP_FILE": str(file)}
    with ExitStack() as stack:
        yield _world(stack, folder, "serve", {**env, "FAKETIME_CACHE_DURATION": "1", "DONT_FAKE_MONOTONIC": "1"})


@contextmanager
def split_world(folder: Path) -> Iterator[World]:
    """Two web processes and a bridge on PostgreSQL and Redis."""
    with ExitStack() as stack:
        stores = {
            "postgres": stack.enter_context(postgres_server(folder / "postgres")),
            "redis": stack.enter_context(redis_server(folder / "redis")),
        }
        env = {"DATABASE_URL": stores["postgres"].url, "REDIS_URL": stores["redis"].url}
        world = _world(stack, folder, "split", env)
        world.stores = stores
        yield world


def _world(stack: ExitStack, folder: Path, form: str, env: dict[str, str]) -> World:
    pbx = stack.enter_context(real_asterisk(folder))
    line = stack.enter_context(Line(pbx.pbx.ami_port))
    place = folder / "portal"
    place.mkdir()
    url = pbx.pbx.runtime_url.replace(f":{pbx.pbx.ami_port}", f":{line.port}")
    portal = Portal(place, url, form, env)
    stack.callback(_end, portal)
    portal.__enter__()
    world = World(pbx, line, portal)
    _crowd(portal)
    world.meet()
    stack.callback(world.part)
    stack.callback(world.shut)
    return world


def _crowd(portal: Portal) -> None:
    import json

    portal.sessions |= json.loads(portal.script("crowd"))


def _end(portal: Portal) -> None:
    """Whatever state they are in."""
    for process in portal.processes:
        if process.poll() is None:
            process.send_signal(signal.SIGCONT)
            process.terminate()
    for process in portal.processes:
        try:
            process.wait(10)
        except Exception:  # noqa: BLE001  (the end)
            process.kill()
            process.wait()
