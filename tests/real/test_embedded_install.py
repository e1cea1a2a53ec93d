"""How Asterisk is got: nothing half-made stays, two starts do not collide, every refusal says what to do.

``debootstrap`` is a stand-in here (the real one takes a minute); processes, signals, locks and mounts are real.
"""

import fcntl
import io
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from lots.embedded import Console, EmbeddedError, Installation, ensure_asterisk, install, rootfs
from lots.embedded.install import version_in
from lots.embedded.progress import Progress, tell
from lots.embedded.rootfs import mounted_below
from tests.kit.asterisk import VAR

BEGINS = """#!/bin/sh
for last; do :; done
mkdir -p "$last/proc" "$last/etc"
"""
WAITS = (
    BEGINS
    + """
mount -t proc proc "$last/proc"
echo "I: Retrieving adduser 3.1"
read go < "$GATE"
umount "$last/proc"
"""
)
FAILS = BEGINS + 'echo "E: Failed getting release file"; exit 1\n'
START = """
import pathlib, sys
from lots.embedded import Console, ensure_asterisk
ensure_asterisk(pathlib.Path(sys.argv[1]), suite="sid", say=Console())
"""


@pytest.fixture(name="gate")
def gate_fixture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A pipe the stand-in waits at."""
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    monkeypatch.setenv("GATE", str(gate))
    monkeypatch.delenv("EMBEDDED_SUITE", raising=False)
    monkeypatch.setattr(install, "_opened", lambda root: Installation(binary="/x", version="22", root=root))
    return gate


@pytest.fixture(name="folder")
def folder_fixture(tmp_path: Path) -> Iterator[Path]:
    """Where root file systems go; afterwards nothing is mounted there."""
    folder = tmp_path / "var/rootfs"
    yield folder
    for suite in rootfs.SUITES:
        rootfs.unmount(folder / f"{suite}.partial")


def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Put ``script`` in place of debootstrap."""
    bin_dir = tmp_path / "bin"
    bin_dir.mkdir(exist_ok=True)
    (bin_dir / "debootstrap").write_text(script)
    (bin_dir / "debootstrap").chmod(0o755)
    monkeypatch.setenv("PATH", f"{bin_dir}:{os.environ['PATH']}")


def start(folder: Path) -> subprocess.Popen[str]:
    """A start in a process of its own, at the gate."""
    command = [sys.executable, "-c", START, str(folder.parent)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=VAR.parent)


def wait_at(gate: Path) -> io.TextIOWrapper:
    """Block until the stand-in waits at the gate; writing a line lets it go on."""
    return gate.open("w")


def test_interrupted_by_ctrl_c_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gate: Path, folder: Path
) -> None:
    stand_in(tmp_path, monkeypatch, WAITS)
    with start(folder) as process, wait_at(gate):
        assert mounted_below(folder, Path("/proc/self/mountinfo").read_text()) != []
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=120)[0]
    assert "Interrupted; removing" in said
    assert [entry.name for entry in folder.iterdir()] == ["lock"]
    assert mounted_below(folder, Path("/proc/self/mountinfo").read_text()) == []


def test_leftovers_of_a_killed_start_are_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gate: Path, folder: Path
) -> None:
    stand_in(tmp_path, monkeypatch, WAITS.replace("umount", "exit 1; umount"))
    with start(folder) as process, wait_at(gate) as go:
        process.kill()
        process.wait()
        with (folder / "lock").open("wb") as lock, pytest.raises(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # what it started lives on, and keeps others out
        go.write("go\n")
    (folder / "sid.partial/half-made").touch()
    stand_in(tmp_path, monkeypatch, BEGINS)
    found = ensure_asterisk(tmp_path / "var", suite="sid", say=print)
    assert found.root == folder / "sid"
    assert sorted(entry.name for entry in folder.iterdir()) == ["lock", "sid"]
    assert not (folder / "sid/half-made").exists()


def test_second_start_waits_for_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gate: Path, folder: Path
) -> None:
    stand_in(tmp_path, monkeypatch, WAITS)
    said: list[str] = []
    waiting = threading.Event()
    found: list[Installation] = []

    def say(line: str) -> None:
        said.append(line)
        waiting.set()

    def begin(say: object) -> threading.Thread:
        thread = threading.Thread(target=lambda: found.append(ensure_asterisk(tmp_path / "var", suite="sid", say=say)))
        thread.start()
        return thread

    first = begin(lambda _line: None)
    with wait_at(gate) as go:
        second = begin(say)
        assert waiting.wait(10)
        go.write("go\n")
    first.join(10)
    second.join(10)
    assert said == ["Another start is installing Asterisk; waiting for it ..."]
    assert [one.root for one in found] == [folder / "sid"] * 2


@pytest.mark.usefixtures("gate")
def test_failure_says_what_to_do_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    stand_in(tmp_path, monkeypatch, FAILS)
    with pytest.raises(EmbeddedError, match=r"E: Failed getting release file.*network.*ASTERISK_AMI_URL"):
        ensure_asterisk(tmp_path / "var", suite="bullseye", say=print)
    assert [entry.name for entry in folder.iterdir()] == ["lock"]


@pytest.mark.usefixtures("gate")
def test_second_choice_when_the_first_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    stand_in(tmp_path, monkeypatch, BEGINS + 'case "$*" in *" sid "*) echo "E: no"; exit 1;; esac\n')
    monkeypatch.setattr(install, "on_host", lambda: None)
    monkeypatch.setattr(install, "_from_package", lambda _say: None)
    said: list[str] = []
    assert ensure_asterisk(tmp_path / "var", say=said.append).root == folder / "bullseye"
    assert any("Trying Debian bullseye instead" in line for line in said)


def test_not_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(install, "on_host", lambda: None)
    said: list[str] = []
    with pytest.raises(EmbeddedError, match=r"needs root.*ASTERISK_AMI_URL"):
        ensure_asterisk(tmp_path, say=said.append)
    assert said == [], "nor does it try another suite in vain"


def test_no_space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rootfs, "NEEDED_MB", 10**9)
    with pytest.raises(EmbeddedError, match=r"MB are free"):
        ensure_asterisk(tmp_path, suite="sid", say=print)


def test_unknown_suite(tmp_path: Path) -> None:
    with pytest.raises(EmbeddedError, match=r"choose one of sid, bullseye"):
        ensure_asterisk(tmp_path, suite="woody", say=print)


@pytest.mark.parametrize(("version", "used"), [("16.28.0", True), ("22.10.1", True), ("13.38.3", False)])
def test_asterisk_on_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, used: bool) -> None:
    program = tmp_path / "asterisk"
    program.write_text(f"#!/bin/sh\necho Asterisk {version}~dfsg\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    found = install.on_host()
    assert (found == Installation(binary=str(program), version=version)) is used


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("Asterisk 22.10.1+dfsg+~cs6.17.60671434-1", "22.10.1"),
        ("Asterisk certified/18.9-cert5", "18.9"),
        ("Asterisk GIT-master-123", ""),
    ],
)
def test_version(text: str, version: str) -> None:
    assert version_in(text) == version


def test_mounts_are_found_inside_only() -> None:
    info = (
        "1 2 0:1 / /a/sid.partial/proc rw - proc\n1 2 0:1 / /a/sid.partial2 rw - x\n1 2 0:1 / /a/sid.partial/s\\040p rw"
    )
    assert mounted_below(Path("/a/sid.partial"), info) == ["/a/sid.partial/proc", "/a/sid.partial/s p"]


def test_progress_counts_packages_not_lines() -> None:
    progress = Progress()
    lines = ["I: Retrieving adduser 3.1", "I: Retrieving adduser 3.1", "I: Retrieving apt 3", "I: Unpacking apt..."]
    assert [progress.read(line) for line in lines] == [
        "Downloading packages: 1",
        "Downloading packages: 1",
        "Downloading packages: 2",
        "Unpacking packages: 1 of 2",
    ]
    assert progress.read("W: something else") is None


def test_progress_speaks_once_per_second() -> None:
    said: list[str] = []
    ticks = iter(range(1000))
    tell([f"I: Retrieving p{n} 1" for n in range(20)], said.append, clock=lambda: next(ticks) / 4)
    assert 2 <= len(said) <= 5


def test_console_replaces_a_count_on_a_terminal_only() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    lines = ["Unpacking: 1", "Unpacking: 2"]
    terminal, file = Terminal(), io.StringIO()
    for out in (terminal, file):
        for line in map(Console(out), lines):
            assert line is None
    assert file.getvalue() == "Unpacking: 1\nUnpacking: 2\n"
    assert terminal.getvalue() == "Unpacking: 1\n\x1b[A\r\x1b[KUnpacking: 2\n"
