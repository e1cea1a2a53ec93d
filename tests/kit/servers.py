"""A real PostgreSQL and a real Redis, private to a test run, on loopback."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.kit.portal import free_port


def _wait_for(port: int, process: "subprocess.Popen[bytes]", timeout: float = 20) -> None:
    deadline = time.monotonic() + timeout
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert process.poll() is None, f"{process.args} ended"
            assert time.monotonic() < deadline, f"{process.args} does not answer"
            time.sleep(0.05)
        else:
            return


@dataclass
class Server:
    """One that can be killed and started again, on the same port with what it had on disk."""

    url: str
    port: int
    folder: Path
    words: list[str]
    user: str | None = None
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Start, and wait until it takes connections."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(self.words, stdout=log, stderr=log, cwd=self.folder, user=self.user)
        _wait_for(self.port, self.process)

    def start_again(self, timeout: float = 30.0) -> None:
        """After ``kill``. PostgreSQL refuses to start until the last process of the one before has noticed."""
        deadline = time.monotonic() + timeout
        while True:
            try:
                self.start()
                break
            except AssertionError:
                assert time.monotonic() < deadline
                time.sleep(0.3)
        ready = ["pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        while "postgres" in self.url and subprocess.run(ready, check=False).returncode:
            assert time.monotonic() < deadline
            time.sleep(0.1)

    def kill(self) -> None:
        """SIGKILL."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """In good order, and not waiting for clients."""
        self._end(signal.SIGINT)

    def _end(self, number: int) -> None:
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait(20)


@contextmanager
def redis_server(folder: Path) -> Iterator[Server]:
    """A Redis of our own, which keeps nothing."""
    folder.mkdir(parents=True)
    port = free_port()
    words = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    server = Server(f"redis://127.0.0.1:{port}/0", port, folder, words)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """The address of a Redis of our own."""
    with redis_server(folder) as server:
        yield server.url


def _postgres_folder() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    binary = found[-1] if found else Path(shutil.which("initdb") or "")
    assert binary.is_file(), "PostgreSQL is missing: install the package postgresql"
    return binary.parent


def _create_database(programs: Path, port: int, timeout: float = 20) -> None:
    """It takes connections a moment before it takes commands."""
    command = [str(programs / "createdb"), "-h", "127.0.0.1", "-p", str(port), "-U", "portal", "portal"]
    deadline = time.monotonic() + timeout
    while (done := subprocess.run(command, capture_output=True, text=True, check=False)).returncode:
        assert "starting up" in done.stderr, done.stderr
        assert time.monotonic() < deadline, done.stderr
        time.sleep(0.1)


@contextmanager
def postgres_server(folder: Path) -> Iterator[Server]:
    """A PostgreSQL of our own; it runs as nobody special, for it refuses to run as root."""
    folder.mkdir(parents=True)
    user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    data, port, programs = folder / "data", free_port(), _postgres_folder()
    if os.geteuid() == 0:
        for parent in (folder, *folder.parents):
            if parent.stat().st_uid == 0 and parent != Path("/") and not parent.stat().st_mode & 0o001:
                parent.chmod(parent.stat().st_mode | 0o011)
        shutil.chown(folder, user)
    run = {"user": user} if os.geteuid() == 0 else {}
    initdb = [str(programs / "initdb"), "-D", str(data), "-U", "portal", "-A", "trust", "-E", "UTF8"]
    subprocess.run(initdb, check=True, capture_output=True, cwd=folder, **run)  # type: ignore[call-overload]
    words = [str(programs / "postgres"), "-D", str(data), "-p", str(port), "-h", "127.0.0.1", "-k", str(folder), "-F"]
    url = f"postgres://portal@127.0.0.1:{port}/portal"
    server = Server(url, port, folder, words, user if run else None)
    server.start()
    try:
        _create_database(programs, port)
        yield server
    finally:
        server.stop()


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """DATABASE_URL of a PostgreSQL of our own."""
    with postgres_server(folder) as server:
        yield server.url
