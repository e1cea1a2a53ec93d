"""A private Asterisk: written, started, watched and stopped."""

import fcntl
import resource
import shutil
import subprocess
import time
from pathlib import Path
from typing import IO

from lots.embedded.config import LOOPBACK, Account, AsteriskConfig, Place, Ports
from lots.embedded.errors import EmbeddedError
from lots.embedded.files import render, tidy, write_all
from lots.embedded.installation import Installation
from lots.embedded.ports import remembered_ports
from lots.embedded.process import Child
from lots.embedded.ready import wait_booted
from lots.embedded.vault import with_secrets

MAX_FILES = 16384
"""Open files: a call needs a handful, and the usual limit of 1024 ends at some 200 calls."""
START_SECONDS = 30.0
"""How long a start may take; it takes one or two seconds, but a busy machine is no fault."""
STOP_SECONDS = 3.0
"""How long Asterisk may take to say goodbye before it is killed."""
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}
"""Nothing of ours is inherited: a proxy setting, say, would break hold music fetched from the portal."""


class EmbeddedAsterisk:
    """One private Asterisk. ``name`` and ``home`` (where ports and secrets are kept) tell it from the others."""

    def __init__(self, installation: Installation, name: str, home: Path, config: AsteriskConfig) -> None:
        self.installation = installation
        self.name = name
        self.home = home.absolute()
        self.config = config
        self._inside = installation.folder(name, self.home)
        self._folder = installation.outside(self._inside)
        self._child: Child | None = None
        self._lock: IO[bytes] | None = None
        self._ports: Ports | None = None

    def start(self) -> None:
        """Start and wait until calls can be made. Raises EmbeddedError with the last log lines otherwise."""
        self.home.mkdir(parents=True, exist_ok=True)
        self._take_lock()
        try:
            self._write()
            self._launch()
        except BaseException:
            self.kill()
            raise

    def stop(self) -> None:
        """Stop in good order, by force after three seconds. Harmless when it is not running."""
        if self._child is not None:
            self._child.stop(STOP_SECONDS)
        self._release()

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        if self._child is not None:
            self._child.kill()
        self._release()

    def remove(self) -> None:
        """Stop, and delete its files inside a root file system (``home`` stays); for instances nobody starts again."""
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def restart(self) -> None:
        """Stop and start, on the same ports; AsteriskConfig may have been replaced in between."""
        self.stop()
        self.start()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait up to ``timeout`` seconds for Asterisk to end; whether it has."""
        return self._child is None or self._child.wait(timeout)

    def cli(self, command: str) -> str:
        """What Asterisk's own command line answers to ``command``."""
        words = [self.installation.binary, "-C", f"{self._inside}/etc/asterisk.conf", "-rx", command]
        done = subprocess.run(
            self.installation.command(*words, home=self.home),
            capture_output=True,
            text=True,
            check=False,
            env=ENVIRONMENT,
            timeout=10,
        )
        return done.stdout

    def account(self, name: str) -> Account:
        """An AMI account with its secret; KeyError when there is none of that name."""
        return {account.name: account for account in self.config.accounts}[name]

    def password(self, number: str) -> str:
        """The SIP password of a registered phone; KeyError when there is none of that number."""
        return {phone.number: phone.password for phone in self.config.phones}[number]

    def url(self, account: str) -> str:
        """``ami://user:secret@host:port`` of an account."""
        who = self.account(account)
        return f"ami://{who.name}:{who.secret}@{LOOPBACK}:{self.ami_port}"

    @property
    def runtime_url(self) -> str:
        """For the bridge."""
        return self.url("runtime")

    @property
    def publish_url(self) -> str:
        """For publishing."""
        return self.url("publish")

    @property
    def ports(self) -> Ports:
        """Known once it was started."""
        if self._ports is None:
            raise EmbeddedError(f"Asterisk {self.name} has no ports yet; start it first")
        return self._ports

    @property
    def ami_port(self) -> int:
        """TCP port of AMI on loopback."""
        return self.ports.ami

    @property
    def sip_port(self) -> int:
        """UDP port of SIP on loopback."""
        return self.ports.sip

    @property
    def version(self) -> str:
        """Such as ``22.10.1``."""
        return self.installation.version

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        return self._child.process.pid if self._child is not None and self._child.is_running else None

    @property
    def is_running(self) -> bool:
        """Whether the process lives."""
        return self._child is not None and self._child.is_running

    @property
    def log(self) -> Path:
        """Asterisk's log of this run."""
        return self._folder / "log/messages"

    def _take_lock(self) -> None:
        """One process per home: a second one would rewrite files under the first one's feet."""
        lock = (self.home / "lock").open("wb")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise EmbeddedError(
                f"Asterisk {self.name} is already running for {self.home}; stop the other start first"
            ) from None
        self._lock = lock

    def _release(self) -> None:
        self._child = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _write(self) -> None:
        self._ports = remembered_ports(self.home / "ports.json")
        self.config = with_secrets(self.config, self.home / "secrets.json")
        hard_limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        place = Place(home=self._inside, ports=self._ports, max_files=min(MAX_FILES, hard_limit))
        write_all(self._folder, render(self.config, place), self.installation.owner(self.home))
        if self.installation.root is not None:
            tidy(self._folder, self.home)

    def _launch(self) -> None:
        words = [self.installation.binary, "-f", "-C", f"{self._inside}/etc/asterisk.conf"]
        command = self.installation.command(*words, home=self.home)
        with (self.home / "output").open("wb") as output:
            try:
                child = self._child = Child(command, output, ENVIRONMENT)
            except OSError as error:
                raise EmbeddedError(f"Asterisk {self.name} cannot be run: {error}") from error
        deadline = time.monotonic() + START_SECONDS
        if not wait_booted(self.ami_port, self.config.accounts[0], lambda: child.is_running, deadline):
            raise EmbeddedError(f"Asterisk {self.name} did not start: {self._last_words()}")

    def _last_words(self) -> str:
        """The last useful lines it wrote, errors first."""
        lines: list[str] = []
        for file in (self.home / "output", self.log):
            if file.exists():
                lines += file.read_text(encoding="utf-8", errors="replace").splitlines()
        errors = [line for line in lines if "ERROR" in line]
        return " | ".join((errors or [line for line in lines if line.strip()])[-3:]) or "it said nothing"
