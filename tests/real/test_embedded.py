"""The private Asterisk itself: starts, stops, dies with its parent, keeps its ports and secrets."""

import contextlib
import json
import os
import select
import shutil
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from lots.embedded import AsteriskConfig, EmbeddedAsterisk, EmbeddedError, Installation, ParkingLot, Phone
from tests.kit.ami import Ami
from tests.kit.asterisk import VAR, installation

CONFIG = AsteriskConfig(
    lots=(ParkingLot(name="reception", first=701, last=705),),
    phones=(Phone(number="201", name="Rita", kind="simulated"), Phone(number="202", name="Sam")),
    ring_seconds=0,
)
PARENT = """
import sys, pathlib, time
from lots.embedded import AsteriskConfig, EmbeddedAsterisk, Installation
root, home = map(pathlib.Path, sys.argv[1:])
installation = Installation(binary="/usr/sbin/asterisk", version="", root=root)
asterisk = EmbeddedAsterisk(installation, "orphan", home, AsteriskConfig())
asterisk.start()
print(asterisk.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture(name="install", params=["sid", "bullseye"], scope="module")
def install_fixture(request: pytest.FixtureRequest) -> Installation:
    return installation(request.param)


@pytest.fixture(name="pbx")
def pbx_fixture(install: Installation, tmp_path: Path) -> Iterator[EmbeddedAsterisk]:
    pbx = EmbeddedAsterisk(install, "life", tmp_path / "life", CONFIG)
    yield pbx
    pbx.remove()


def ended(pid: int, timeout: float = 5) -> bool:
    """Whether the process is gone within ``timeout`` seconds."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([descriptor], [], [], timeout)[0])
    finally:
        os.close(descriptor)


def login(pbx: EmbeddedAsterisk, account: str = "runtime") -> Ami:
    return Ami(pbx.ami_port, account, pbx.account(account).secret)


def test_starts_ready_for_use_and_stops(pbx: EmbeddedAsterisk) -> None:
    pbx.start()
    pid = pbx.pid
    assert pbx.is_running
    assert pid is not None
    assert pbx.version in pbx.cli("core show version")
    with login(pbx) as ami:
        assert [lot["Name"] for lot in ami.items("Parkinglots")] == ["default", "reception"]
        pbx.stop()
        ami.event("Shutdown")  # it said goodbye, it was not killed
    assert not pbx.is_running
    assert ended(pid, 0)
    with pytest.raises(ConnectionRefusedError):
        login(pbx)


def test_starts_without_a_complaint(pbx: EmbeddedAsterisk) -> None:
    pbx.start()
    assert [line for line in pbx.log.read_text().splitlines() if "WARNING" in line or "ERROR" in line] == []


def test_runs_as_nobody_special(pbx: EmbeddedAsterisk) -> None:
    pbx.start()
    status = Path(f"/proc/{pbx.pid}/status").read_text()
    uids = next(line.split()[1:] for line in status.splitlines() if line.startswith("Uid:"))
    assert "0" not in uids


def sockets(pid: int) -> set[tuple[str, int]]:
    """Kind-address (hex) and port of all that a process has bound, after ``proc_pid_net(5)``."""
    mine = set()
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # it was closed meanwhile
            mine.add(str(entry.readlink()))
    found = set()
    for kind in ("tcp", "tcp6", "udp", "udp6"):
        for line in Path(f"/proc/net/{kind}").read_text().splitlines()[1:]:
            fields = line.split()
            address, port = fields[1].split(":")
            if f"socket:[{fields[9]}]" in mine:
                found.add((f"{kind}-{address}", int(port, 16)))
    return found


def test_listens_on_loopback_only(pbx: EmbeddedAsterisk) -> None:
    pbx.start()
    with login(pbx) as ami:  # a call, for RTP
        ami.action("Originate", Channel="PJSIP/201", Application="Wait", Data="9", ChannelId="parkinglot-1")
    assert pbx.pid is not None
    bound = sockets(pbx.pid)
    assert ("tcp-0100007F", pbx.ami_port) in bound
    assert ("udp-0100007F", pbx.sip_port) in bound
    assert {where for where, port in bound if pbx.ports.rtp_first <= port <= pbx.ports.rtp_last} == {"udp-0200007F"}
    # The two left over are PJSIP's DNS client: it asks, on ports of the kernel's choice, and serves nobody.
    assert len([where for where, _ in bound if where.startswith("udp") and set(where[4:].strip("6-")) == {"0"}]) <= 2
    assert {where for where, _ in bound if where.startswith("tcp")} == {"tcp-0100007F"}


def test_two_at_once_do_not_meet(pbx: EmbeddedAsterisk, install: Installation, tmp_path: Path) -> None:
    other = EmbeddedAsterisk(install, "life", tmp_path / "other", AsteriskConfig())
    pbx.start()
    other.start()
    try:
        assert pbx.ami_port != other.ami_port
        with login(pbx) as mine, login(other) as theirs:
            assert len(mine.items("Parkinglots")) == 2
            assert len(theirs.items("Parkinglots")) == 1
    finally:
        other.remove()
    assert pbx.is_running


def test_second_start_for_the_same_home_is_refused(pbx: EmbeddedAsterisk, install: Installation) -> None:
    pbx.start()
    twin = EmbeddedAsterisk(install, pbx.name, pbx.home, CONFIG)
    with pytest.raises(EmbeddedError, match="is already running for"):
        twin.start()
    assert pbx.is_running
    assert json.loads((pbx.home / "ports.json").read_text())["ami"] == pbx.ami_port


def test_restart_keeps_ports_and_secrets(pbx: EmbeddedAsterisk) -> None:
    pbx.start()
    before = (pbx.ports, pbx.runtime_url, pbx.publish_url, pbx.password("202"))
    pbx.restart()
    again = EmbeddedAsterisk(pbx.installation, pbx.name, pbx.home, CONFIG)
    pbx.stop()
    again.start()
    after = (again.ports, again.runtime_url, again.publish_url, again.password("202"))
    again.stop()
    assert after == before
    assert len(set(before[1:])) == 3
    assert stat.S_IMODE((pbx.home / "secrets.json").stat().st_mode) == 0o600


def test_taken_port_is_replaced(pbx: EmbeddedAsterisk) -> None:
    pbx.start()
    old = pbx.ports
    pbx.stop()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as thief:
        thief.bind(("127.0.0.1", old.sip))
        pbx.start()
        assert pbx.sip_port != old.sip
        assert json.loads((pbx.home / "ports.json").read_text())["sip"] == pbx.sip_port


def test_published_files_survive_a_restart(pbx: EmbeddedAsterisk) -> None:
    pbx.start()
    with login(pbx, "publish") as ami:
        ami.action("CreateConfig", Filename="parkinglot_res_parking.conf")
        change = {"Action-000000": "NewCat", "Cat-000000": "extra"}
        names = {"SrcFilename": "parkinglot_res_parking.conf", "DstFilename": "parkinglot_res_parking.conf"}
        ami.action("UpdateConfig", **names, **change)
        ami.action("Reload", Module="res_parking")
    pbx.restart()
    with login(pbx) as ami:
        assert "extra" in [lot["Name"] for lot in ami.items("Parkinglots")]


def test_kill_is_at_once_and_start_works_after_it(pbx: EmbeddedAsterisk) -> None:
    pbx.start()
    pid = pbx.pid
    assert pid is not None
    pbx.kill()
    assert ended(pid, 0)
    pbx.start()
    assert pbx.is_running


def test_wait_notices_a_crash(pbx: EmbeddedAsterisk) -> None:
    pbx.start()
    assert not pbx.wait(0)
    assert pbx.pid is not None
    os.kill(pbx.pid, signal.SIGSEGV)
    assert pbx.wait(5)
    assert not pbx.is_running


def test_dies_with_a_parent_that_is_killed(install: Installation, tmp_path: Path) -> None:
    command = [sys.executable, "-c", PARENT, str(install.root), str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=VAR.parent) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert not ended(pid, 0)
        parent.kill()
    try:
        assert ended(pid)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def test_files_of_a_vanished_home_are_tidied_up(pbx: EmbeddedAsterisk, install: Installation, tmp_path: Path) -> None:
    lost = EmbeddedAsterisk(install, "lost", tmp_path / "lost", AsteriskConfig())
    lost.start()
    files = lost.log.parents[1]
    lost.stop()
    pbx.start()
    assert files.is_dir()
    shutil.rmtree(lost.home)
    pbx.restart()
    assert not files.exists()


def test_failed_start_says_why(install: Installation, tmp_path: Path) -> None:
    missing = Installation(binary="/usr/sbin/nothing", version="", root=install.root)
    pbx = EmbeddedAsterisk(missing, "life", tmp_path / "missing", CONFIG)
    with pytest.raises(EmbeddedError, match=r"did not start: .*No such file"):
        pbx.start()
    assert not pbx.is_running
    pbx.remove()


@pytest.mark.parametrize("name", ['"Rita"', "a\nb", "a;b", "${SHELL(id)}", "x" * 81])
def test_names_that_could_break_out_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="cannot be written"):
        Phone(number="201", name=name)
