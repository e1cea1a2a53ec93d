"""A whole portal under test, as its processes: `serve`, or the split form with PostgreSQL and Redis."""

import atexit
import functools
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from tests.kit.board_socket import BoardSocket

BASE = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
"""Seconds a start may take on a busy machine."""
DECIDED = 60.0
"""Seconds until the portal knows how a call left: five, on a machine with nothing else to do."""
DATABASE = "parkinglot.sqlite3"
ROWS = """
    SELECT stay.*, lot.name AS lot__name, person.username AS retrieved_by__username
    FROM lots_parkedcall stay JOIN lots_parkinglot lot ON lot.id = stay.lot_id
    LEFT JOIN auth_user person ON person.id = stay.retrieved_by_id ORDER BY stay.id"""
"""As tests.kit.people.rows, without starting a Django for it."""


def free_port() -> int:
    """A TCP port that is free now on loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Portal:
    """``form`` is "serve" or "split"; in the split form the two web processes are on ``ports``."""

    folder: Path
    ami_url: str
    form: str = "serve"
    env: dict[str, str] = field(default_factory=dict)
    ports: list[int] = field(default_factory=list)
    sessions: dict[str, str] = field(default_factory=dict)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __enter__(self) -> Self:
        self.ports = [free_port() for _ in range(1 if self.form == "serve" else 2)]
        if "DATABASE_URL" in self.env:
            self.make()
        else:
            made, sessions = made_once()
            shutil.copyfile(made / DATABASE, self.folder / DATABASE)
            self.sessions = dict(sessions)
        self.start()
        return self

    def make(self) -> None:
        """The tables, and everybody in them."""
        self._manage("migrate", "--verbosity", "0")
        self.sessions = json.loads(self.script("fill"))

    def __exit__(self, *_: object) -> None:
        self.stop()

    def environment(self, port: int | None = None) -> dict[str, str]:
        """What every process of this portal gets; nothing of the caller's settings."""
        kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
        return {
            **kept,
            "PYTHONFAULTHANDLER": "1",
            "VAR_DIR": str(self.folder),
            "PORT": str(port or self.ports[0]),
            "ASTERISK_AMI_URL": self.ami_url,
            "DEMO": "off",
            "SECRET_KEY": "a key for tests only, the same in every process",
            **self.env,
        }

    def _manage(self, *words: str, typed: str = "") -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=BASE,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
            input=typed,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def script(self, name: str, typed: str = "") -> str:
        """Run a function of tests.kit.people inside the portal's Django, which may read ``typed``; what it printed."""
        run = f"from tests.kit.people import {name}; {name}()"
        return self._manage("shell", "--no-imports", "-c", run, typed=typed)

    def rows(self) -> list[dict[str, Any]]:
        """Every parked call the portal wrote down, oldest first, once it is known how each that left went."""
        deadline = time.monotonic() + DECIDED
        while "left" in [row["outcome"] for row in self.rows_now()]:
            assert time.monotonic() < deadline, self.rows_now()
            time.sleep(0.05)
        return self.rows_now()

    def rows_now(self) -> list[dict[str, Any]]:
        """The same, whatever is known."""
        if "DATABASE_URL" in self.env:
            rows: list[dict[str, Any]] = json.loads(self.script("rows"))
            return rows
        with closing(sqlite3.connect(self.folder / DATABASE, timeout=20)) as database:
            database.row_factory = sqlite3.Row
            return [dict(row) for row in database.execute(ROWS)]

    def start(self) -> None:
        """Start the processes and wait until they answer."""
        if self.form == "serve":
            self._run(self.ports[0], "manage.py", "serve")
        else:
            self._run(self.ports[0], "manage.py", "bridge")
            for port in self.ports:
                daphne = ("-m", "daphne", "-b", "127.0.0.1", "-p", str(port), "parkinglot.asgi:application")
                self._run(port, *daphne)
        for port in self.ports:
            self._wait_for(port)

    def _run(self, port: int, *words: str) -> None:
        log = (self.folder / f"process-{len(self.processes)}.log").open("wb")
        command = [sys.executable, *words]
        self.processes.append(
            subprocess.Popen(command, cwd=BASE, env=self.environment(port), stdout=log, stderr=subprocess.STDOUT)
        )

    def _wait_for(self, port: int) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                    return
            except OSError:
                dead = [p.args for p in self.processes if p.poll() is not None]
                assert not dead, (dead, self.logs())
                assert time.monotonic() < deadline, self.logs()
                time.sleep(0.05)

    def stop(self) -> list[int]:
        """End all processes in good order; their exit statuses."""
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
        try:
            codes = [process.wait(30) for process in self.processes]
        except subprocess.TimeoutExpired:
            for process in self.processes:
                process.send_signal(signal.SIGABRT)  # to tell all its stacks
                process.wait(30)
            raise AssertionError(self.logs()) from None
        self.processes.clear()
        return codes

    def logs(self) -> str:
        """What the processes said."""
        return "\n".join(file.read_text(errors="replace") for file in sorted(self.folder.glob("process-*.log")))

    def url(self, number: int = 0) -> str:
        """The address of a web process."""
        return f"http://127.0.0.1:{self.ports[number]}"

    def cookie(self, username: str, number: int = 0) -> tuple[str, str]:
        """Name and value of a logged-in session's cookie."""
        return f"parkinglot_session_{self.ports[number]}", self.sessions[username]

    def board(self, username: str, number: int = 0) -> BoardSocket:
        """An open board, at the level of the protocol."""
        name, value = self.cookie(username, number)
        return BoardSocket(f"ws://127.0.0.1:{self.ports[number]}/ws/board/", f"{name}={value}", self.url(number))


@functools.cache
def made_once() -> tuple[Path, dict[str, str]]:
    """A folder with a filled database that no process has open, and its sessions: making one costs two seconds."""
    portal = Portal(Path(tempfile.mkdtemp(prefix="parkinglot-made-")), "", ports=[free_port()])
    atexit.register(shutil.rmtree, portal.folder, ignore_errors=True)
    portal.make()
    return portal.folder, portal.sessions
