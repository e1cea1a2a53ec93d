"""A whole portal under test, as its processes: `serve`, or the split form with PostgreSQL and Redis."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from tests.kit.board_socket import BoardSocket

BASE = Path(__file__).resolve().parents[2]
PATIENCE = 30.0
"""Seconds a start may take on a busy machine."""


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
        self._manage("migrate", "--verbosity", "0")
        self.sessions = json.loads(self.script("fill"))
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def environment(self, port: int | None = None) -> dict[str, str]:
        """What every process of this portal gets; nothing of the caller's settings."""
        kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
        return {
            **kept,
            "VAR_DIR": str(self.folder),
            "PORT": str(port or self.ports[0]),
            "ASTERISK_AMI_URL": self.ami_url,
            "DEMO": "off",
            "SECRET_KEY": "a key for tests only, the same in every process",
            **self.env,
        }

    def _manage(self, *words: str) -> str:
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(command, cwd=BASE, env=self.environment(), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def script(self, name: str) -> str:
        """Run a function of tests.kit.people inside the portal's Django; what it printed."""
        return self._manage("shell", "--no-imports", "-c", f"from tests.kit.people import {name}; {name}()")

    def rows(self) -> list[dict[str, Any]]:
        """Every parked call the portal wrote down."""
        rows: list[dict[str, Any]] = json.loads(self.script("rows"))
        return rows

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
        codes = [process.wait(10) for process in self.processes]
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
