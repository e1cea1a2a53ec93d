"""A portal as docs/deploy.md has it: its units' commands, its nginx, on ports and in places of a test."""

import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.kit.portal import BASE

DOCUMENT = BASE / "docs" / "deploy.md"


def files() -> dict[str, str]:
    """What the document puts where: by what its first line calls it."""
    blocks = re.findall(r"^```\w*\n# (.*?)\n(.*?)^```$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return dict(blocks)


def settings() -> list[str]:
    """The names of all settings it sets."""
    texts = [text for name, text in files().items() if name.startswith("/etc/parkinglot.env")]
    return re.findall(r"^(\w+)=", "\n".join(texts), re.MULTILINE)


def command(unit: str, instance: str = "") -> list[str]:
    """What systemd would run for ``unit``, with the portal where it is in truth."""
    (line,) = re.findall(r"^ExecStart=(.*)$", files()[f"/etc/systemd/system/{unit}"], re.MULTILINE)
    return shlex.split(
        line.replace("/opt/parkinglot/.venv/bin", str(Path(sys.executable).parent)).replace("%i", instance)
    )


@contextmanager
def running(words: list[str], log: Path, env: Mapping[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    """A process of the portal, which ends with the block."""
    with log.open("wb") as out, subprocess.Popen(words, cwd=BASE, env=env, stdout=out, stderr=out) as process:
        try:
            yield process
        finally:
            process.terminate()


def certificate(folder: Path, name: str) -> Path:
    """A certificate for ``name`` that nobody but the test trusts; its key lies beside it."""
    words = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}"]
    words += ["-addext", f"subjectAltName=DNS:{name}", "-keyout", "key.pem", "-out", "fullchain.pem"]
    subprocess.run(words, cwd=folder, check=True, capture_output=True)
    return folder / "fullchain.pem"


@contextmanager
def nginx(folder: Path, swaps: Mapping[str, str]) -> Iterator[None]:
    """The document's nginx; ``swaps`` are words of its configuration and what they are here."""
    text = files()["/etc/nginx/conf.d/parkinglot.conf"]
    for there, here in swaps.items():
        assert there in text, there
        text = text.replace(there, here)
    places = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{user}daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
        f"http {{ access_log off;\n{places}{text} }}\n"
    )
    words = ["/usr/sbin/nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")]
    with running(words, folder / "nginx.log", {}) as process:
        deadline = time.monotonic() + 10
        while not (folder / "pid").exists():
            assert process.poll() is None, (folder / "nginx.log").read_text()
            assert time.monotonic() < deadline
            time.sleep(0.02)
        yield
