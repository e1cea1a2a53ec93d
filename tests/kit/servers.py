"""A real PostgreSQL and a real Redis, private to a test run, on loopback."""

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """The address of a Redis of our own."""
    folder.mkdir(parents=True)
    port = free_port()
    words = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    with (folder / "log").open("wb") as log, subprocess.Popen(words, stdout=log, stderr=log) as process:
        try:
            _wait_for(port, process)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            process.terminate()


def _postgres_folder() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    binary = found[-1] if found else Path(shutil.which("initdb") or "")
    assert binary.is_file(), "PostgreSQL is missing: install the package postgresql"
    return binary.parent


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """DATABASE_URL of a PostgreSQL of our own; it runs as nobody special, for it refuses to run as root."""
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
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(words, stdout=log, stderr=log, cwd=folder, **run) as process,
    ):  # type: ignore[call-overload]
        try:
            _wait_for(port, process)
            created = [str(programs / "createdb"), "-h", "127.0.0.1", "-p", str(port), "-U", "portal", "portal"]
            subprocess.run(created, check=True, capture_output=True)
            yield f"postgres://portal@127.0.0.1:{port}/portal"
        finally:
            process.terminate()
