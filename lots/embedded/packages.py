"""Debian's and Ubuntu's own packages: is there one, and put it on this host."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from lots.embedded.errors import EmbeddedError
from lots.embedded.progress import Say
from lots.embedded.steps import StepError, run

POLICY = Path("/usr/sbin/policy-rc.d")
"""Asked by every package before it starts a service; exit code 101 means "do not" (Debian policy 9.3)."""
LISTS = Path("/var/lib/apt/lists")


def refresh(say: Say, *, force: bool = False) -> None:
    """Fetch the package lists when there are none, as on a fresh machine or in a container."""
    if force or not any(LISTS.glob("*_Packages*")):
        say("Fetching the lists of packages ...")
        with suppress(StepError):  # with old lists or some of them the rest may still work, and says what does not
            run(["apt-get", "update", "-q"])


def has_candidate(package: str) -> bool:
    """Whether apt could install ``package``."""
    try:
        policy = run(["apt-cache", "policy", package])
    except StepError:
        return False
    candidates = [line.split(":", 1)[1].strip() for line in policy.splitlines() if "Candidate:" in line]
    return bool(candidates) and candidates[0] != "(none)"


def install(package: str, say: Say) -> None:
    """Install ``package`` without starting its service, now or at the next boot. Raises EmbeddedError."""
    say(f"Installing the package {package} ...")
    try:
        with _no_services():
            _install(package, say)
    except StepError as error:
        raise EmbeddedError(
            f"The package {package} could not be installed ({error}); "
            "check the network, or set ASTERISK_AMI_URL to use an Asterisk of your own"
        ) from error
    if shutil.which("systemctl"):
        with suppress(StepError):  # no such service, or no systemd running: as wished
            run(["systemctl", "disable", "--quiet", package])


def _install(package: str, say: Say) -> None:
    command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", package]
    try:
        run(command)
    except StepError:
        refresh(say, force=True)  # the lists may name a version that is gone
        run(command)


@contextmanager
def _no_services() -> Iterator[None]:
    if POLICY.exists():  # the host has a policy of its own, in containers usually "do not"
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink(missing_ok=True)
