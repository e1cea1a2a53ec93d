"""`manage.py serve` as a person meets it: it starts, says what is wrong, ends in order, and goes on where it was."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.kit.asterisk import VAR, RealAsterisk, installation
from tests.kit.portal import BASE, free_port

pytestmark = pytest.mark.slow

READY = "Ctrl-C ends everything."
START = 120.0
"""Seconds a start may take on a busy machine."""


class Serve:
    """One run of ``serve`` in a process group of its own, as a terminal would start it."""

    def __init__(self, var: Path, **env: str) -> None:
        self.port = env.get("PORT") or str(free_port())
        kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
        self.log = var.parent / f"serve-{var.name}-{time.monotonic_ns()}.log"
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve"],
                cwd=BASE,
                env={**kept, "PYTHONFAULTHANDLER": "1", "VAR_DIR": str(var), **env, "PORT": self.port},
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def ready(self) -> None:
        deadline = time.monotonic() + START
        while READY not in self.said:
            assert self.process.poll() is None, self.said
            assert time.monotonic() < deadline, self.said
            time.sleep(0.05)

    def children(self) -> list[int]:
        """Everything that runs in this run's session."""
        stats = [p.read_text().rsplit(") ", 1) for p in Path("/proc").glob("[0-9]*/stat") if p.exists()]
        return [int(head.split()[0]) for head, tail in stats if int(tail.split()[3]) == self.process.pid]

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send a signal to the whole group, as Ctrl-C does; the exit status. If it hangs it tells its stacks."""
        os.killpg(self.process.pid, number)
        try:
            return self.process.wait(60)
        except subprocess.TimeoutExpired:
            os.kill(self.process.pid, signal.SIGABRT)
            self.process.wait(20)
            raise AssertionError(self.said) from None


@contextmanager
def serve(var: Path, **env: str) -> Iterator[Serve]:
    run = Serve(var, **env)
    try:
        yield run
    finally:
        if run.process.poll() is None:
            os.killpg(run.process.pid, signal.SIGKILL)
            run.process.wait()


@pytest.fixture
def var(tmp_path: Path) -> Path:
    """A VAR_DIR that has the root file system already, as after a first run."""
    installation("sid")
    folder = tmp_path / "var"
    folder.mkdir()
    (folder / "rootfs").symlink_to(VAR / "rootfs")
    return folder


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_everything_it_started(var: Path, number: int):
    """Exit status 0 says that it took less than ``lots.ending.LAST_RESORT``."""
    with serve(var) as run:
        run.ready()
        assert len(run.children()) > 1, "Asterisk runs beside it"
        assert (run.end(number), run.children()) == (0, []), run.said
        assert "Traceback" not in run.said


def test_a_killed_portal_takes_its_asterisk_along_and_the_next_start_works(var: Path):
    with serve(var) as run:
        run.ready()
        os.kill(run.process.pid, signal.SIGKILL)
        run.process.wait()
        deadline = time.monotonic() + 5
        while run.children():
            assert time.monotonic() < deadline, "Asterisk outlives the portal"
            time.sleep(0.02)
    with serve(var) as again:
        again.ready()


def test_a_second_run_goes_on_with_the_same_data(var: Path):
    accounts = re.compile(r"^    (\w+) +(\S+)", re.MULTILINE)
    with serve(var) as run:
        run.ready()
        first = accounts.findall(run.said)
        softphone = re.search(r"server .*", run.said)
        run.end()
    with serve(var, PORT=run.port) as again:
        again.ready()
        assert accounts.findall(again.said) == first
        assert softphone is not None
        assert softphone[0] in again.said
    assert [name for name, _ in first[:3]] == ["admin", "reception", "staff"]


def test_two_copies_run_side_by_side(var: Path, tmp_path: Path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "rootfs").symlink_to(VAR / "rootfs")
    with serve(var) as one, serve(other) as two:
        one.ready()
        two.ready()
        assert one.end() == two.end() == 0


def test_a_port_in_use_is_one_clear_line(var: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        with serve(var, PORT=port) as run:
            assert run.process.wait(60) == 1
            assert f"Cannot listen on 127.0.0.1:{port}: Address already in use. Set another PORT or BIND." in run.said
            assert "Traceback" not in run.said
            assert run.children() == []


def test_a_wrong_password_is_one_clear_line(var: Path, asterisk22: RealAsterisk):
    url = f"ami://runtime:wrong@127.0.0.1:{asterisk22.pbx.ami_port}"
    with serve(var, ASTERISK_AMI_URL=url) as run:
        assert run.process.wait(60) == 1
        assert "refuse" in run.said
        assert "ASTERISK_AMI_URL" in run.said
        assert "Traceback" not in run.said


@pytest.mark.parametrize(
    ("env", "says"),
    [
        ({"DATABASE_URL": "nonsense://x"}, "DATABASE_URL is not understood"),
        ({"DATABASE_URL": "postgres://nobody:x@127.0.0.1:1/none"}, "Check DATABASE_URL"),
        ({"ASTERISK_AMI_URL": "http://127.0.0.1"}, "ASTERISK_AMI_URL"),
        ({"PORT": "eighty"}, "PORT must be a number"),
        ({"EMBEDDED_SUITE": "potato"}, "EMBEDDED_SUITE"),
        ({"REDIS_URL": "redis://127.0.0.1:1/0"}, "REDIS_URL"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_setting_that_cannot_work_is_one_clear_line(var: Path, env: dict[str, str], says: str):
    with serve(var, **env) as run:
        assert run.process.wait(60) != 0
        assert says in run.said
        assert "Traceback" not in run.said
        assert run.children() == []
