"""The portal as docs/deploy.md has it: nginx with TLS, two web processes, two bridges, PostgreSQL and Redis."""

import json
import os
import re
import shutil
import signal
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.kit import deployed
from tests.kit.asterisk import RealAsterisk
from tests.kit.board_socket import BoardSocket
from tests.kit.portal import BASE, Portal, free_port
from tests.kit.servers import Server, postgres_server, redis_server

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]  # a dozen starts of the portal
NAME = "localhost"
TOKEN = "a-token-for-this-test-only"
BRIDGE, WEB = "parkinglot-bridge.service", "parkinglot-web@.service"
PATIENCE = 180.0
FORWARDED = {"Host": NAME, "X-Forwarded-Proto": "https", "X-Forwarded-For": "127.0.0.1"}
"""What nginx adds to a request."""


@dataclass
class Deployed:
    """``bridges`` by the port of their figures, ``webs`` by their port."""

    portal: Portal
    folder: Path
    https: int
    http: int
    bridges: dict[int, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    webs: dict[int, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    stores: dict[str, Server] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"https://{NAME}:{self.https}"

    def board(self, username: str) -> BoardSocket:
        """Through nginx, by whichever web process it likes."""
        cookie = f"parkinglot_session_8000={self.portal.sessions[username]}"
        return BoardSocket(self.url.replace("https", "wss") + "/ws/board/", cookie, self.url)

    def serving(self) -> list[int]:
        """The bridges that say they serve."""
        alive = [port for port, process in self.bridges.items() if process.poll() is None]
        return [
            port for port in alive if "parkinglot_bridge_serving{" in (text := figures(port)) and "} 1.0" in one(text)
        ]

    def logs(self) -> str:
        return "\n".join(file.read_text(errors="replace") for file in sorted(self.folder.glob("*.log")))

    def ended(self) -> set[str]:
        """How orders ended, by the log."""
        lines = [
            json.loads(line) for line in self.logs().splitlines() if line.startswith('{"time"') and line[-1] == "}"
        ]
        return {line["code"] for line in lines if line["message"] == "Order ended."}


def one(text: str, name: str = "parkinglot_bridge_serving") -> str:
    return next((line for line in text.splitlines() if line.startswith(name)), "")


def ask(url: str, **headers: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def figures(port: int) -> str:
    status, text = ask(f"http://127.0.0.1:{port}/metrics", Authorization=f"Bearer {TOKEN}")
    assert status == 200
    return text


def becomes(true: Callable[[], object], what: str, timeout: float = PATIENCE) -> None:
    """Asked of processes that nobody can wait for in another way."""
    deadline = time.monotonic() + timeout
    while True:
        try:
            if true():
                return
        except OSError:
            pass
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


@pytest.fixture
def whole(asterisk22: RealAsterisk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployed]:
    with ExitStack() as stack:
        ports = [free_port() for _ in range(6)]
        stores = {
            "database": stack.enter_context(postgres_server(tmp_path / "postgres")),
            "channel_layer": stack.enter_context(redis_server(tmp_path / "redis")),
        }
        env = {
            "DATABASE_URL": stores["database"].url,
            "REDIS_URL": stores["channel_layer"].url,
            "ALLOWED_HOSTS": NAME,
            "BEHIND_HTTPS": "on",
            "TRUSTED_PROXIES": "127.0.0.1",
            "PORTAL_URL": f"https://{NAME}",
            "ASTERISK_AMI_PUBLISH_URL": asterisk22.pbx.publish_url,
            "LOG_FORMAT": "json",
            "SECRET_KEY": "a key for this test only, long enough for a real one, 0123456789",
            "METRICS_TOKEN": TOKEN,
        }
        named = {*env, "VAR_DIR", "ASTERISK_AMI_URL", "METRICS_PORT"}
        assert set(deployed.settings()) == named, "the document's settings are the ones tried"
        folder = tmp_path / "portal"
        folder.mkdir()
        portal = Portal(folder, asterisk22.pbx.runtime_url, env=env, ports=[8000])
        portal.make()
        found = Deployed(portal, folder, https=ports[0], http=ports[1], stores=stores)

        def start(words: list[str], name: str, **more: str) -> "subprocess.Popen[bytes]":
            run = deployed.running(words, folder / f"{name}.log", {**portal.environment(8000), **more})
            return stack.enter_context(run)

        for port in ports[2:4]:
            found.bridges[port] = start(deployed.command(BRIDGE), f"bridge-{port}", METRICS_PORT=str(port))
        for port in ports[4:6]:
            found.webs[port] = start(deployed.command(WEB, str(port)), f"web-{port}")
        swaps = {"8001": str(ports[4]), "8002": str(ports[5]), "listen 443": f"listen 127.0.0.1:{found.https}"}
        swaps |= {"listen 80;": f"listen 127.0.0.1:{found.http};", "parking.example.org": NAME}
        certificate = deployed.certificate(folder, NAME)
        stack.enter_context(deployed.nginx(folder, {**swaps, "/etc/ssl/parkinglot": str(folder)}))
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        becomes(lambda: ask(f"{found.url}/healthz/all")[0] == 200, "all is well")
        yield found
        asterisk22.hang_up_all()


def retrieved(asterisk: RealAsterisk, board: BoardSocket) -> None:
    """A caller is parked, and Rita's telephone has them."""
    with asterisk.phone("203", answer_ms=100) as phone, asterisk.ami() as ami:
        slot = board.shows(asterisk.demo_call(ami))
        command = board.retrieve(slot)
        board.progress(command, "connected")
        board.free(slot)
        assert phone.received("INVITE")
    asterisk.hang_up_all()


def test_calls_are_retrieved_while_bridges_and_web_processes_die(asterisk22: RealAsterisk, whole: Deployed):
    with whole.board("rita") as board:
        cookie = f"parkinglot_session_8000={whole.portal.sessions['alex']}"
        pages = [ask(f"http://127.0.0.1:{port}/admin/status/", Cookie=cookie, **FORWARDED)[1] for port in whole.webs]
        assert all("1 board and 0 wall screens are open." in page for page in pages), "whichever process is asked"
        retrieved(asterisk22, board)
        boards = [one(figures(port), 'parkinglot_boards_open{kind="board"}').split()[1] for port in whole.webs]
        assert sorted(boards) == ["0.0", "1.0"]
        (serving,) = whole.serving()
        (waiting,) = set(whole.bridges) - {serving}
        assert re.search(
            r'parkinglot_commands_total\{code="connected",kind="retrieve",pbx="main"\} 1\.0', figures(serving)
        )
        assert "parkinglot_parked_calls{" not in figures(waiting)

        whole.bridges[serving].send_signal(signal.SIGKILL)
        becomes(lambda: whole.serving() == [waiting], "the other bridge takes over")
        board.hearing()
        retrieved(asterisk22, board)

    whole.webs[min(whole.webs)].send_signal(signal.SIGKILL)
    whole.webs[min(whole.webs)].wait(60)
    for _ in range(3):
        with whole.board("rita") as board:
            assert board.link["state"] == "hearing"
    with whole.board("rita") as board:
        retrieved(asterisk22, board)
    assert ask(f"{whole.url}/healthz/all")[0] == 200
    becomes(lambda: "connected" in whole.ended(), "a line about the order")
    for word in ("Maria", "4930123456", TOKEN, whole.portal.environment()["SECRET_KEY"]):
        assert word not in whole.logs()


@pytest.mark.parametrize("store", ["database", "channel_layer"])
def test_a_store_that_dies_and_comes_back_takes_nothing_with_it(asterisk22: RealAsterisk, whole: Deployed, store: str):
    """Who was parked meanwhile is on the board afterwards, and clicks work."""
    with asterisk22.ami() as ami:
        whole.stores[store].kill()
        web, bridge = next(iter(whole.webs)), whole.serving()[0]
        becomes(lambda: health(web)[store] == "unreachable", "the web processes say what is amiss")
        if store == "database":
            becomes(lambda: health(bridge)[store] == "unreachable", "and the bridge")
        assert ask(f"http://127.0.0.1:{bridge}/healthz/live")[0] == 200
        parked = asterisk22.demo_call(ami, patience=120)
        whole.stores[store].start_again()
        becomes(lambda: ask(f"{whole.url}/healthz/all")[0] == 200, "all is well")
        becomes(lambda: [health(port)["database"] for port in whole.bridges] == ["ok", "ok"], "so are the bridges")
        assert sorted(health(port)["bridge"] for port in whole.bridges) == ["ok", "standby"]
        with whole.board("rita") as board:
            board.shows(parked)
            # Orders reach the bridge again a second later; until then pages say that it is silent.
            board.until(lambda: any(message["type"] == "beat" for message in board.heard), "a beat")
            with asterisk22.phone("203", answer_ms=100):
                board.progress(board.retrieve(int(parked["ParkingSpace"])), "connected")


def health(port: int) -> dict[str, str]:
    """What a process says of itself and of what it needs."""
    checks: dict[str, str] = json.loads(ask(f"http://127.0.0.1:{port}/healthz")[1])["checks"]
    return checks


def test_what_stands_in_front_and_a_backup_meanwhile(whole: Deployed, tmp_path: Path):
    status, page = ask(f"{whole.url}/login/")
    assert (status, 'src="/static/' in page or 'href="/static/' in page) == (200, True)
    assert ask(f"{whole.url}/static/css/base.css")[0] == 200
    assert ask(f"{whole.url}/metrics", Authorization=f"Bearer {TOKEN}")[0] == 404
    assert ask(f"http://127.0.0.1:{next(iter(whole.webs))}/metrics")[0] == 401
    plain = urllib.request.Request(f"http://127.0.0.1:{whole.http}/login/?x=1", headers={"Host": NAME})
    with pytest.raises(urllib.error.URLError):  # nobody listens at port 443 here
        urllib.request.urlopen(plain, timeout=5)
    with urllib.request.urlopen(f"{whole.url}/login/", timeout=5, context=ssl.create_default_context()) as answer:
        assert "max-age=" in answer.headers["Strict-Transport-Security"]
        assert "Secure" in answer.headers["Set-Cookie"]
    file = tmp_path / "backup.zip"
    assert "rows" in whole.portal._manage("backup", str(file))
    assert "on postgresql" in whole.portal._manage("restore", "--check", str(file))
    words = [deployed.command(BRIDGE)[0], "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(
        words, env=whole.portal.environment(8000), cwd=BASE, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd here to read units")
@pytest.mark.parametrize("unit", ["parkinglot.service", BRIDGE, WEB])
def test_systemd_understands_the_units(unit: str, tmp_path: Path):
    text = deployed.files()[f"/etc/systemd/system/{unit}"].replace("/opt/parkinglot", str(BASE))
    file = tmp_path / unit.replace("@", "@8001")
    file.write_text(text.replace("User=parkinglot", "User=daemon"), encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(file)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ,
    )
    mine = [line for line in done.stderr.splitlines() if unit.partition("@")[0].partition(".")[0] in line]
    assert mine == [], done.stderr
